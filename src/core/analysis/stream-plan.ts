import type { Gamut, Plan, Recipe } from '../types.js';
import { DistanceSearch } from './distance-search.js';
import { makePlan } from './radius.js';
import { settleOnStream } from './settle-reaches.js';
import { readTargets } from './targets.js';

/** The visible colors of a picture that is too large to keep, as often as they are asked for. */
export interface LabStream {
  /**
   * Goes once over all visible pixels, in any order.
   *
   * @param visit receives blocks: Oklab L, a, b of color i at 3 i, how many pixels each stands for (undefined: one), and
   *   the number of colors; the arrays are reused
   */
  each(visit: (lab: Float64Array, counts: Float64Array | undefined, length: number) => void): Promise<void>;
}

/**
 * Freezes a recipe's radii on colors that stream by: the plan of `planFromCensus` and `planFromPixels`, bit for bit, in memory
 * that does not grow with the picture. Takes two or three goes over the stream.
 *
 * @throws NO_ROWS, and what the stream throws
 */
export async function planFromStream(stream: LabStream, recipe: Recipe, gamut: Gamut): Promise<Plan> {
  const targets = readTargets(await settleOnStream(recipe, stream));
  const searches = targets.targets.map((target) => new DistanceSearch(target));
  for (let open = searches; open.length > 0; open = open.filter(({ isDone }) => !isDone)) {
    await stream.each((lab, counts, length) => {
      for (const search of open) search.look(lab, counts, length);
    });
    for (const search of open) search.finishLook();
  }
  const total = searches[0]?.total ?? 0;
  const radii = searches.map(({ radius }) => radius);
  return makePlan(targets, gamut, total, radii);
}
