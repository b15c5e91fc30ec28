import type { Census } from '../../core/analysis/census.js';
import { enabledAttractors, FULL_TOLERANCE_MARGIN } from '../../core/analysis/plan.js';
import { parseColor } from '../../core/attractor/color.js';
import type { Gamut, Plan, PlanAttractor, Recipe } from '../../core/types.js';
import { BUCKET_COUNT } from './assembly/layout.js';
import { type Member, membersOf, radiusAmong, wantedRanks } from './exact-radius.js';
import type { DistanceBuckets, OklabTarget } from './measure.js';

/** Sorts all colors of the census into buckets for each target: on one thread or many. */
export type Measure = (
  census: Census,
  targets: readonly OklabTarget[],
  gamut: Gamut,
) => DistanceBuckets[] | Promise<DistanceBuckets[]>;

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
  const enabled = enabledAttractors(recipe);
  const targets = enabled.map(({ color }) => parseColor(color));
  const measured = await measure(
    census,
    targets.map(({ oklab }) => oklab),
    gamut,
  );
  const total = (measured[0] as DistanceBuckets).pixels.reduce((sum, pixels) => sum + pixels, 0);
  const attractors = enabled.map((attractor, i): PlanAttractor => {
    const { oklab, powerlessHue } = targets[i] as (typeof targets)[number];
    const search = { census, gamut, oklab, total, ...(measured[i] as DistanceBuckets) };
    const { radius, inside } = findRadius(search, attractor.tolerance);
    return { ...attractor, oklab, powerlessHue, radius, share: total === 0 ? 0 : inside / total };
  });
  return { version: 1, gamut, channels: recipe.channels, attractors, pixels: total };
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
  const { low, high } = wantedRanks(total, tolerance);
  const first = bucketOfRank(pixels, low) - 1;
  const last = bucketOfRank(pixels, high) + 1;
  let before = 0;
  for (let bucket = 0; bucket < first; bucket++) before += pixels[bucket] as number;
  return radiusAmong(exactMembers(search, first, last), before, total, tolerance);
}

/** @returns the bucket that holds a rank of the sorted distances, from 0 */
export function bucketOfRank(pixels: Float64Array, rank: number): number {
  let bucket = 0;
  for (let seen = pixels[0] as number; seen <= rank; seen += pixels[++bucket] as number);
  return bucket;
}

/** Visible colors of some buckets. */
function exactMembers({ census, gamut, oklab, buckets }: Search, first: number, last: number): Member[] {
  const at: number[] = [];
  for (let i = 0; i < buckets.length; i++) {
    const bucket = buckets[i] as number;
    if (bucket >= first && bucket <= last && census.counts[i] !== 0) at.push(i);
  }
  const colors = Uint32Array.from(at, (i) => census.colors[i] as number);
  return membersOf(
    colors,
    at.map((i) => census.counts[i] as number),
    gamut,
    oklab,
  );
}
