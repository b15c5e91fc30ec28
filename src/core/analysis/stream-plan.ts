import { parseColor } from '../attractor/color.js';
import { FARTHEST_COLOR } from '../color/oklab.js';
import type { Gamut, Plan, PlanAttractor, Recipe } from '../types.js';
import { percentileRanks } from './percentile.js';
import { enabledAttractors, FULL_TOLERANCE_MARGIN } from './plan.js';
import { RankSearch, valueBetween } from './rank-search.js';

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
 * @throws NO_ATTRACTORS, and what the stream throws
 */
export async function planFromStream(stream: LabStream, recipe: Recipe, gamut: Gamut): Promise<Plan> {
  const enabled = enabledAttractors(recipe);
  const targets = enabled.map(({ color }) => parseColor(color));
  const searches = targets.map(({ oklab }) => new RankSearch(Math.hypot(...oklab) + FARTHEST_COLOR));
  const look = (wanted: readonly RankSearch[]): Promise<void> =>
    stream.each((lab, counts, length) => {
      for (const [i, { oklab }] of targets.entries()) {
        const search = searches[i] as RankSearch;
        if (wanted.includes(search)) addDistances(search, oklab, lab, counts, length);
      }
    });

  await look(searches);
  for (const [i, { tolerance }] of enabled.entries()) searches[i]?.want((total) => ranksFor(total, tolerance));
  for (;;) {
    const open = searches.filter((search) => !search.isDone);
    if (open.length === 0) break;
    await look(open);
    for (const search of open) search.finishLook();
  }

  const total = searches[0]?.total ?? 0;
  const attractors = enabled.map((attractor, i): PlanAttractor => {
    const { oklab, powerlessHue } = targets[i] as (typeof targets)[number];
    const search = searches[i] as RankSearch;
    const { radius, inside } = radiusFrom(search, total, attractor.tolerance, () => search.max);
    return { ...attractor, oklab, powerlessHue, radius, share: total === 0 ? 0 : inside / total };
  });
  return { version: 1, gamut, channels: recipe.channels, attractors, pixels: total };
}

/** The ranks that have to be found; none where the radius needs no percentile. */
export function ranksFor(total: number, tolerance: number): number[] {
  if (total === 0 || tolerance === 0 || tolerance === 100) return [];
  const { lowRank, highRank } = percentileRanks(total, tolerance);
  return lowRank === highRank ? [lowRank] : [lowRank, highRank];
}

/** A radius, and how many pixels lie within. @param search knows the values at `ranksFor` */
export function radiusFrom(
  search: RankSearch,
  total: number,
  tolerance: number,
  largest: () => number,
): { radius: number; inside: number } {
  if (total === 0 || tolerance === 0) return { radius: 0, inside: 0 };
  if (tolerance === 100) return { radius: largest() + FULL_TOLERANCE_MARGIN, inside: total };
  const { lowRank, highRank, way } = percentileRanks(total, tolerance);
  const { value: radius, below: inside } = valueBetween(search.at(lowRank), search.at(highRank), way);
  return { radius, inside };
}

function addDistances(
  search: RankSearch,
  [L, a, b]: readonly [number, number, number],
  lab: Float64Array,
  counts: Float64Array | undefined,
  length: number,
): void {
  for (let i = 0, at = 0; i < length; i++, at += 3) {
    const dL = (lab[at] as number) - L;
    const da = (lab[at + 1] as number) - a;
    const db = (lab[at + 2] as number) - b;
    search.add(Math.sqrt(dL * dL + da * da + db * db), counts ? (counts[i] as number) : 1);
  }
}
