/** One reach for all images: that which the first of them needs. */
import type { Recipe, Row } from '../../src/core/types.js';
import type { SelectionInfo } from '../../src/protocol/replies.js';
import type { Host } from '../host.js';
import type { Engine } from '../worker/engine.js';
import { createStore, type Store } from './store.js';

export type Matching = 'each' | 'first';

export interface ReachMatcher {
  readonly choice: Store<Matching>;
  /** Some image would take another reach. */
  isActive(): boolean;
  /** Radii of the first image's plan, one for each row that is on; undefined where each image takes its own. */
  measure(recipe: Recipe): Promise<readonly number[] | undefined>;
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
  const isActive = (): boolean => choice.get() === 'first' && (selection.get()?.images.length ?? 0) > 1 && !isPooled();
  return {
    choice,
    isActive,
    async measure(recipe) {
      const hash = selection.get()?.images[0]?.hash;
      if (!isActive() || hash === undefined) return undefined;
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
