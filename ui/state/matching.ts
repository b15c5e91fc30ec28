/** One reach for all images: that which the first of them needs. */
import type { Recipe, Row } from '../../src/core/types.js';
import type { SelectionInfo } from '../../src/protocol/replies.js';
import type { Host } from '../host.js';
import type { Engine } from '../worker/engine.js';
import { createStore, type Store } from './store.js';

export type Matching = 'each' | 'first';

export interface ReachMatcher {
  readonly choice: Store<Matching>;
  /** Hash of the image whose reach all others take; undefined where each takes its own. */
  leader(): string | undefined;
  /** Radii of the leader's plan, one for each row that is on; undefined without one. */
  measure(recipe: Recipe, leader: string | undefined): Promise<readonly number[] | undefined>;
}

interface Parts {
  readonly host: Host;
  readonly engine: Engine;
  readonly selection: Store<SelectionInfo | undefined>;
  /** Layers and images share a plan anyway. */
  readonly isPooled: () => boolean;
}

export function createReachMatcher({ host, engine, selection, isPooled }: Parts): ReachMatcher {
  const choice = createStore<Matching>('each');
  return {
    choice,
    leader() {
      const { images = [] } = selection.get() ?? {};
      return choice.get() === 'first' && images.length > 1 && !isPooled() ? images[0]?.hash : undefined;
    },
    async measure(recipe, hash) {
      if (hash === undefined) return undefined;
      return (
        (await engine.measure(hash, undefined, recipe)) ??
        (await engine.measure(hash, await host.readImage(hash), recipe))
      );
    },
  };
}

/** The recipe with its reaches fixed, so that it is the same for every image. */
export function fixReaches(recipe: Recipe, radii: readonly number[] | undefined): Recipe {
  if (!radii) return recipe;
  let place = 0;
  const rows = recipe.rows.map((row): Row => {
    if (row.enabled === false) return row;
    const { tolerance: _measured, ...rest } = row;
    return { ...rest, reach: Math.min(1, radii[place++] ?? 0) };
  });
  return { ...recipe, rows };
}
