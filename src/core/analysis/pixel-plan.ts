import { parseColor } from '../attractor/color.js';
import type { Gamut, Pixels, Plan, PlanAttractor, Recipe } from '../types.js';
import { bucketOfRank, percentileRanks } from './percentile.js';
import { membersOf, PIXEL_BUCKETS, type PixelBuckets, SORT_TARGETS, sortPixels, type Target } from './pixel-buckets.js';
import { enabledAttractors, FULL_TOLERANCE_MARGIN } from './plan.js';
import { type RankedValue, RankSearch, valueBetween } from './rank-search.js';

/** More values than this are searched, not sorted. */
const SORT_LIMIT = 1 << 16;

/** Sorts all pixels of a picture into buckets for each target: on one thread or many. */
export type SortPixels = (
  pixels: Pixels,
  targets: readonly Target[],
  gamut: Gamut,
) => readonly PixelBuckets[] | Promise<readonly PixelBuckets[]>;

/**
 * Freezes a recipe's radii pixel by pixel, without a census: for 16-bit pictures and small ones.
 * Gives the same plan as `planFromCensus` on 8-bit pixels, bit for bit. Needs up to 8 bytes a pixel.
 *
 * @throws NO_ATTRACTORS
 */
export function planFromPixels(pixels: Pixels, recipe: Recipe): Plan {
  const steps = planSteps(pixels, recipe);
  for (let step = steps.next(); ; ) {
    if (step.done) return step.value;
    step = steps.next(sortAlone(pixels, step.value, pixels.gamut ?? 'srgb'));
  }
}

/** The same with somebody else's sorting. @throws NO_ATTRACTORS, and what `sort` throws */
export async function planFromSorted(pixels: Pixels, recipe: Recipe, sort: SortPixels): Promise<Plan> {
  const steps = planSteps(pixels, recipe);
  for (let step = steps.next(); ; ) {
    if (step.done) return step.value;
    step = steps.next(await sort(pixels, step.value, pixels.gamut ?? 'srgb'));
  }
}

/** `SortPixels` on the calling thread. */
export function sortAlone({ data, channels }: Pixels, targets: readonly Target[], gamut: Gamut): PixelBuckets[] {
  const out = targets.map(() => ({
    buckets: new Uint16Array(data.length / channels),
    counts: new Uint32Array(PIXEL_BUCKETS),
  }));
  sortPixels(data, channels, targets, gamut, out);
  return out;
}

/** Yields targets, takes their buckets, returns the plan. */
function* planSteps(pixels: Pixels, recipe: Recipe): Generator<readonly Target[], Plan, readonly PixelBuckets[]> {
  const { gamut = 'srgb' } = pixels;
  const enabled = enabledAttractors(recipe);
  const attractors: PlanAttractor[] = [];
  let total = 0;
  for (let start = 0; start < enabled.length; start += SORT_TARGETS) {
    const group = enabled.slice(start, start + SORT_TARGETS).map((attractor) => ({
      attractor,
      ...parseColor(attractor.color),
    }));
    const sorted = yield group.map(({ oklab }) => oklab);
    total = (sorted[0] as PixelBuckets).counts.reduce((sum, count) => sum + count, 0);
    group.forEach(({ attractor, oklab, powerlessHue }, i) => {
      const measured = sorted[i] as PixelBuckets;
      const { radius, inside } = findRadius(measured, total, attractor.tolerance, (first, last) =>
        membersOf(pixels.data, pixels.channels, oklab, gamut, measured, first, last),
      );
      attractors.push({ ...attractor, oklab, powerlessHue, radius, share: total === 0 ? 0 : inside / total });
    });
  }
  return { version: 1, gamut, channels: recipe.channels, attractors, pixels: total };
}

/**
 * A radius and the visible pixels within it. Whoever sorted may have put a distance one bucket off, across a border: what is
 * two buckets below a wanted order statistic is nearer all the same.
 */
function findRadius(
  { counts }: PixelBuckets,
  total: number,
  tolerance: number,
  membersBetween: (first: number, last: number) => Float64Array,
): { radius: number; inside: number } {
  if (total === 0 || tolerance === 0) return { radius: 0, inside: 0 };
  if (tolerance === 100) {
    let last = PIXEL_BUCKETS - 1;
    while (counts[last] === 0) last--;
    return { radius: rangeOf(membersBetween(last - 1, last)).max + FULL_TOLERANCE_MARGIN, inside: total };
  }
  const { lowRank, highRank, way } = percentileRanks(total, tolerance);
  const first = bucketOfRank(counts, lowRank) - 1;
  const last = bucketOfRank(counts, highRank) + 1;
  let before = 0;
  for (let bucket = 0; bucket < first; bucket++) before += counts[bucket] as number;
  const statistics = orderStatistics(membersBetween(first, last), [lowRank - before, highRank - before]);
  const [low, high] = statistics as [RankedValue, RankedValue];
  const { value: radius, below } = valueBetween(low, high, way);
  return { radius, inside: before + below };
}

/** The values at some ranks, from 0. @param values may be sorted */
function orderStatistics(values: Float64Array, ranks: readonly number[]): RankedValue[] {
  if (values.length <= SORT_LIMIT) {
    values.sort();
    return ranks.map((rank) => {
      const value = values[rank] as number;
      const below = values.indexOf(value);
      return { value, below, equal: values.lastIndexOf(value) + 1 - below };
    });
  }
  // Whole areas of one color: sorting millions of equals takes seconds.
  const { min, max } = rangeOf(values);
  if (min === max) return ranks.map(() => ({ value: min, below: 0, equal: values.length }));
  const search = new RankSearch(max);
  const look = (): void => {
    for (let i = 0; i < values.length; i++) search.add(values[i] as number, 1);
  };
  look();
  search.want(() => [...new Set(ranks)]);
  while (!search.isDone) {
    look();
    search.finishLook();
  }
  return ranks.map((rank) => search.at(rank));
}

function rangeOf(values: Float64Array): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}
