import type { Census } from '../../core/analysis/census.js';
import { enabledAttractors, FULL_TOLERANCE_MARGIN, oklabOfColors } from '../../core/analysis/plan.js';
import { parseColor } from '../../core/attractor/color.js';
import { oklabDistance } from '../../core/color/oklab.js';
import type { Attractor, Gamut, Plan, PlanAttractor, Recipe } from '../../core/types.js';
import { BUCKET_COUNT } from './assembly/layout.js';
import type { DistanceBuckets, OklabTarget } from './measure.js';

/** Sorts all colors of the census into buckets for each target: on one thread or many. */
export type Measure = (
  census: Census,
  targets: readonly OklabTarget[],
  gamut: Gamut,
) => DistanceBuckets[] | Promise<DistanceBuckets[]>;

/** The attractors that act, with their colors read. */
export interface Targets {
  readonly channels: Recipe['channels'];
  readonly targets: readonly (Pick<PlanAttractor, 'oklab' | 'powerlessHue'> & { readonly attractor: Attractor })[];
}

/** @throws NO_ATTRACTORS */
export function readTargets(recipe: Recipe): Targets {
  const targets = enabledAttractors(recipe).map((attractor) => ({ attractor, ...parseColor(attractor.color) }));
  return { channels: recipe.channels, targets };
}

/**
 * `planFromCensus`, to the last bit, several times faster: float32 distances sort the colors into buckets; only the
 * colors in and beside the bucket of the wanted order statistics get float64 distances, by the core's own formulas.
 *
 * Exact because a color's true distance lies in its bucket or just across a border, and so does every order statistic:
 * all colors two buckets below are nearer than the radius, all two above farther.
 *
 * @returns rejects with NO_ATTRACTORS
 */
export async function planFromBuckets(census: Census, recipe: Recipe, gamut: Gamut, measure: Measure): Promise<Plan> {
  const read = readTargets(recipe);
  const measured = await measure(
    census,
    read.targets.map(({ oklab }) => oklab),
    gamut,
  );
  return planFromMeasured(census, read, gamut, measured);
}

/** The same when the colors have been sorted. @param measured for each target */
export function planFromMeasured(
  census: Census,
  { channels, targets }: Targets,
  gamut: Gamut,
  measured: readonly DistanceBuckets[],
): Plan {
  const total = (measured[0] as DistanceBuckets).pixels.reduce((sum, pixels) => sum + pixels, 0);
  const attractors = targets.map(({ attractor, oklab, powerlessHue }, i): PlanAttractor => {
    const search = { census, gamut, oklab, total, ...(measured[i] as DistanceBuckets) };
    const { radius, inside } = findRadius(search, attractor.tolerance);
    return { ...attractor, oklab, powerlessHue, radius, share: total === 0 ? 0 : inside / total };
  });
  return { version: 1, gamut, channels, attractors, pixels: total };
}

interface Search extends DistanceBuckets {
  readonly census: Census;
  readonly gamut: Gamut;
  readonly oklab: OklabTarget;
  readonly total: number;
}

/** A radius and the visible pixels within it. */
function findRadius(search: Search, tolerance: number): { radius: number; inside: number } {
  const { total, pixels } = search;
  if (total === 0 || tolerance === 0) return { radius: 0, inside: 0 };
  if (tolerance === 100) {
    let last = BUCKET_COUNT - 1;
    while (pixels[last] === 0) last--;
    const farthest = exactMembers(search, last - 1, last).at(-1)?.distance ?? 0;
    return { radius: farthest + FULL_TOLERANCE_MARGIN, inside: total };
  }
  // As in `percentile`: Hyndman-Fan type 7.
  const rank = ((total - 1) * tolerance) / 100;
  const lowRank = Math.floor(rank);
  const highRank = Math.min(lowRank + 1, total - 1);
  const first = bucketOfRank(pixels, lowRank) - 1;
  const last = bucketOfRank(pixels, highRank) + 1;
  let before = 0;
  for (let bucket = 0; bucket < first; bucket++) before += pixels[bucket] as number;
  const members = exactMembers(search, first, last);
  const low = valueAtRank(members, lowRank - before);
  const high = valueAtRank(members, highRank - before);
  const radius = low + (high - low) * (rank - lowRank);
  let inside = before;
  for (const { distance, count } of members) if (distance < radius) inside += count;
  return { radius, inside };
}

function bucketOfRank(pixels: Float64Array, rank: number): number {
  let bucket = 0;
  for (let seen = pixels[0] as number; seen <= rank; seen += pixels[++bucket] as number);
  return bucket;
}

interface Member {
  readonly distance: number;
  readonly count: number;
}

/** Visible colors of some buckets with their float64 distances, nearest first. */
function exactMembers({ census, gamut, oklab, buckets }: Search, first: number, last: number): Member[] {
  const at: number[] = [];
  for (let i = 0; i < buckets.length; i++) {
    const bucket = buckets[i] as number;
    if (bucket >= first && bucket <= last && census.counts[i] !== 0) at.push(i);
  }
  const lab = oklabOfColors(
    Uint32Array.from(at, (i) => census.colors[i] as number),
    gamut,
  );
  return at
    .map((i, n) => {
      const color = [lab[3 * n] as number, lab[3 * n + 1] as number, lab[3 * n + 2] as number] as const;
      return { distance: oklabDistance(color, oklab), count: census.counts[i] as number };
    })
    .sort((p, q) => p.distance - q.distance);
}

function valueAtRank(members: readonly Member[], rank: number): number {
  let seen = 0;
  for (const { distance, count } of members) {
    seen += count;
    if (seen > rank) return distance;
  }
  throw new RangeError('planFromBuckets: a rank fell outside its buckets');
}
