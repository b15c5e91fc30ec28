import type { Gamut, Plan, Recipe } from '../types.js';
import { DistanceSearch } from './distance-search.js';
import type { LabStream } from './lab-stream.js';
import { makePlan } from './radius.js';
import { settleOnStream } from './settle-reaches.js';
import { readTargets } from './targets.js';

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
