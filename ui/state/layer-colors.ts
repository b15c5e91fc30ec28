import type { Gamut, Recipe } from '../../src/core/types.js';
import type { LayerCensus, SelectionInfo } from '../../src/protocol/replies.js';
import type { Host } from '../host.js';
import type { Engine } from '../worker/engine.js';
import { orCanceled } from './apply.js';
import { createLatest } from './latest.js';
import { createStore, type Store } from './store.js';

/** A packed color before and after. */
export interface ColorPair {
  readonly from: number;
  readonly to: number;
}

export interface Measuring {
  readonly done: number;
  readonly total: number;
}

/** Colors of the selected layers, and the one plan that they share with the images. */
export interface LayerColors {
  /** Undefined until it was read. */
  readonly census: Store<LayerCensus | undefined>;
  /** The person's choice; see `isActive`. */
  readonly isOn: Store<boolean>;
  /** Images on their way into the plan. */
  readonly measuring: Store<Measuring | undefined>;
  /** Rises when previews are to be made anew: the plan is measured on something else. */
  readonly changes: Store<number>;
  /** The recipe's effect on the colors that change or not, the largest area first; empty while nothing is known. */
  readonly preview: Store<readonly ColorPair[]>;
  /** Makes `preview` anew; undefined empties it. */
  show(recipe: Recipe | undefined): void;
  /** Colors are recolored: asked for, or all there is. */
  isActive(): boolean;
  /** Reads the colors of a selection that is shown. @throws what the host says; there are none then */
  refresh(selection: SelectionInfo): Promise<void>;
  /** An image could be read: it gets its part in the plan, if it lacked it. */
  include(hash: string): void;
  /** The engine has forgotten the plan. */
  rebuild(): void;
  /** Waits until every image has its part in the plan. @throws CANCELED */
  ready(signal: AbortSignal): Promise<void>;
}

const NO_COLORS = { colors: [], images: {}, layers: 0, styles: [], recolored: 0 };

export function createLayerColors(host: Host, engine: Engine, gamut: () => Gamut): LayerColors {
  const census = createStore<LayerCensus | undefined>(undefined);
  const isOn = createStore(false);
  const measuring = createStore<Measuring | undefined>(undefined);
  const changes = createStore(0);
  const preview = createStore<readonly ColorPair[]>([]);
  /** Images that could not be read have no part in the plan; they are told of at Apply. */
  const lacking = new Set<string>();
  let hasImages = false;
  let pooling: Promise<void> = Promise.resolve();
  let current: AbortController | undefined;

  function isActive(): boolean {
    const colors = census.get()?.colors.length ?? 0;
    return host.kind === 'figma' && colors > 0 && (isOn.get() || !hasImages);
  }

  /** Sets the pool, then counts the images that it lacks, one after the other. A newer call ends an older one. */
  function rebuild(): void {
    current?.abort();
    lacking.clear(); // each is tried again: the network may be back
    const mine = new AbortController();
    current = mine;
    pooling = build(mine.signal).catch(() => {
      if (!mine.signal.aborted) measuring.set(undefined);
    });
  }

  async function build(signal: AbortSignal): Promise<void> {
    const given = census.get();
    if (!given || !isActive()) {
      measuring.set(undefined);
      await engine.pool(undefined);
      if (!signal.aborted) changes.update((n) => n + 1);
      return;
    }
    const spec = {
      colors: Uint32Array.from(given.colors, ({ color }) => color),
      areas: Float64Array.from(given.colors, ({ area }) => area),
      gamut: gamut(),
      images: Object.entries(given.images).map(([hash, area]) => ({ hash, area })),
    };
    const missing = await engine.pool(spec);
    if (signal.aborted) return;
    changes.update((n) => n + 1);
    for (const [done, hash] of missing.entries()) {
      measuring.set({ done, total: missing.length });
      await count(hash, signal);
      if (signal.aborted) return;
      // Not at each: every pool begins with a new conversion of all its colors.
      if (done === missing.length - 1) await engine.pool(spec);
    }
    measuring.set(undefined);
    if (missing.length > 0 && !signal.aborted) changes.update((n) => n + 1);
  }

  async function count(hash: string, signal: AbortSignal): Promise<void> {
    try {
      const file = await orCanceled(host.readImage(hash), signal);
      await engine.count(hash, file, signal);
    } catch {
      if (!signal.aborted) lacking.add(hash);
    }
  }

  const show = createLatest(async (recipe: Recipe | undefined) => {
    const shown = [...(isActive() ? (census.get()?.colors ?? []) : [])].sort((p, q) => q.area - p.area);
    const colors = Uint32Array.from(shown, ({ color }) => color);
    try {
      const after = recipe && colors.length > 0 ? await engine.paint(recipe, colors) : colors;
      preview.set(Array.from(colors, (from, i) => ({ from, to: after[i] ?? from })));
    } catch {
      preview.set([]); // the plan is being measured: the next preview shows them
    }
  });

  isOn.subscribe(rebuild);
  return {
    census,
    isOn,
    measuring,
    changes,
    preview,
    show,
    isActive,
    async refresh({ images, revision }) {
      const withImages = images.length > 0;
      let next: LayerCensus;
      try {
        next = await host.getLayerCensus(revision);
      } catch (error) {
        // Those of the selection before are not meant.
        if (revision >= (census.get()?.revision ?? 0)) {
          census.set({ ...NO_COLORS, revision });
          rebuild();
        }
        throw error;
      }
      const known = census.get();
      if (known && next.revision < known.revision) return;
      const isSame = known && withImages === hasImages && isSameCensus(known, next);
      hasImages = withImages;
      census.set(next);
      if (!isSame) rebuild();
    },
    include(hash) {
      if (lacking.has(hash)) rebuild();
    },
    rebuild,
    async ready(signal) {
      // A rebuild may begin meanwhile.
      for (let waited: Promise<void> | undefined; waited !== pooling; ) {
        waited = pooling;
        await orCanceled(pooling, signal);
      }
    },
  };
}

function isSameCensus(p: LayerCensus, q: LayerCensus): boolean {
  return JSON.stringify([p.colors, p.images]) === JSON.stringify([q.colors, q.images]);
}
