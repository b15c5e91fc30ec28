/** The contact sheet: small results of those images that are on the screen, and which images Apply takes. */
import type { Recipe } from '../../src/core/types.js';
import type { Host } from '../host.js';
import type { Engine, Picture } from '../worker/engine.js';
import { createLatest } from './latest.js';
import { createStore, type Store } from './store.js';

export interface Sheet {
  /** By hash; those not made yet are missing. */
  readonly cards: Store<ReadonlyMap<string, Picture | 'broken'>>;
  /** Images that Apply leaves as they are. */
  readonly unticked: Store<ReadonlySet<string>>;
  /** Makes cards of these images, one after the other, and of no others. */
  show(hashes: readonly string[]): void;
  /** What they show; undefined the originals. */
  request(recipe: Recipe | undefined): void;
  tick(hashes: readonly string[], isOn: boolean): void;
  /** Other images are selected now: ticks are about what is there. */
  follow(hashes: readonly string[]): void;
}

export function createSheet(host: Host, engine: Engine): Sheet {
  const cards = createStore<ReadonlyMap<string, Picture | 'broken'>>(new Map());
  const unticked = createStore<ReadonlySet<string>>(new Set());
  let visible: readonly string[] = [];
  let recipe: Recipe | undefined;
  /** Of each card, the recipe that it shows. */
  const made = new Map<string, string>();

  async function draw(hash: string): Promise<Picture | 'broken'> {
    try {
      const known = await engine.card(hash, undefined, recipe);
      return known ?? (await engine.card(hash, await host.readImage(hash), recipe)) ?? 'broken';
    } catch {
      return 'broken';
    }
  }

  const run = createLatest(async () => {
    const [wanted, shown] = [JSON.stringify(recipe ?? null), visible];
    for (const hash of shown) {
      if (made.get(hash) === wanted) continue;
      const card = await draw(hash);
      made.set(hash, wanted);
      const kept = [...cards.get()].filter(([one]) => visible.includes(one));
      cards.set(new Map([...kept, [hash, card]]));
      // Something newer was asked for: it begins with what is on the screen now.
      if (visible !== shown || JSON.stringify(recipe ?? null) !== wanted) return;
    }
  });

  return {
    cards,
    unticked,
    show(hashes) {
      visible = hashes;
      for (const hash of made.keys()) if (!hashes.includes(hash)) made.delete(hash);
      run(undefined);
    },
    request(next) {
      recipe = next;
      run(undefined);
    },
    tick(hashes, isOn) {
      const next = new Set(unticked.get());
      for (const hash of hashes) {
        if (isOn) next.delete(hash);
        else next.add(hash);
      }
      unticked.set(next);
    },
    follow(hashes) {
      const kept = hashes.length > 1 ? [...unticked.get()].filter((hash) => hashes.includes(hash)) : [];
      if (kept.length < unticked.get().size) unticked.set(new Set(kept));
    },
  };
}
