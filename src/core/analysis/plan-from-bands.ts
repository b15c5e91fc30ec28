import { createBreath } from '../breath.js';
import { ColorshineError, throwIfCanceled } from '../errors.js';
import type { Cancel, Gamut, Plan, Recipe } from '../types.js';
import { type BandFind, type BandSource, DISTANCE_DOUBT, type DistanceBand, type DistanceBuckets } from './bands.js';
import { bucketOfRank, sumBuckets } from './buckets.js';
import { exactDistances } from './exact-distances.js';
import { makePlan, type Radius, radiusOf, wantedRanks } from './radius.js';
import { type PlanTarget, readTargets } from './targets.js';

/** Half the width of a band, in standard deviations of a rank in the sample. A miss costs one more look. */
const DEVIATIONS = 6;
/**
 * The first look's bands, wider ones where that missed, and at last all distances there are; should even that not hold a rank,
 * all of them in float64.
 */
const LOOKS = [
  { widening: 1, doubt: DISTANCE_DOUBT },
  { widening: 8, doubt: DISTANCE_DOUBT },
  { widening: Number.POSITIVE_INFINITY, doubt: DISTANCE_DOUBT },
  { widening: Number.POSITIVE_INFINITY, doubt: Number.POSITIVE_INFINITY },
];
/** Pieces a band is split into, so that a few hundred of its pixels remain for float64. */
const PIECES = 2048;

/**
 * The plan of `planFromCensus` and `planFromPixels` of an 8-bit picture, to the last bit, without keeping distances: a sample tells
 * in which narrow band of distances each radius lies; one look at all pixels or colors counts those below the band and lists those
 * in it, in float32; float64 distances of the few around the wanted rank settle it.
 *
 * Exact because float32 is off by far less than DISTANCE_DOUBT: what it puts that much below the wanted rank's neighborhood
 * is nearer than the radius, and what it puts that much above is farther.
 *
 * @throws NO_ROWS, BACKEND_FAILED for a source whose pixels do not add up, CANCELED, and what the source throws
 */
export async function planFromBands(source: BandSource, recipe: Recipe, gamut: Gamut, signal?: Cancel): Promise<Plan> {
  const plan = readTargets(recipe);
  const { total, radii } = await radiiFromBands(source, plan.targets, gamut, signal);
  return makePlan(plan, gamut, total, radii);
}

/** The radii of `radiusInCensus`, in the same way. @throws BACKEND_FAILED, CANCELED, and what the source throws */
export async function radiiFromBands(
  source: BandSource,
  targets: readonly PlanTarget[],
  gamut: Gamut,
  signal?: Cancel,
): Promise<{ readonly total: number; readonly radii: readonly Radius[] }> {
  const sampled = source.sample(targets.map(({ center }) => center));
  const radii: (Radius | undefined)[] = targets.map(() => undefined);
  let total = 0;
  const breathe = createBreath();
  for (const { widening, doubt } of LOOKS) {
    const open = [...targets.entries()].filter(([i]) => !radii[i]);
    if (open.length === 0) break;
    const bands = open.map(([i, target]) =>
      bandOf(target, sampled[i] as DistanceBuckets, source.scaleOf(target.center), widening),
    );
    const { visible, bands: finds } = await source.collect(bands);
    total = visible;
    for (const [n, [i, target]] of open.entries()) {
      await breathe();
      throwIfCanceled(signal);
      radii[i] = settle(target, bands[n] as DistanceBand, finds[n] as BandFind, visible, gamut, doubt);
    }
  }
  const found = radii.filter((radius) => radius !== undefined);
  if (found.length === targets.length) return { total, radii: found };
  throw new ColorshineError('BACKEND_FAILED', `radii: expected ${total} visible pixels in all bands, got others`);
}

/** The band of distances that holds the wanted ranks, as far as the sample tells. */
function bandOf(
  { center, row: { tolerance = 0 } }: PlanTarget,
  pixels: DistanceBuckets,
  scale: number,
  widening: number,
): DistanceBand {
  if (tolerance === 0) return { center, from: 0, to: 0 };
  const size = sumBuckets(pixels);
  const share = tolerance / 100;
  const slack = (DEVIATIONS * Math.sqrt(size * share * (1 - share)) + DEVIATIONS) * widening;
  const [low, high] = [Math.floor(share * (size - 1) - slack), Math.ceil(share * (size - 1) + slack)];
  return {
    center,
    // Distances are rounded to buckets: a whole bucket outward leaves half of one to spare.
    from: low <= 0 ? -1 : (bucketOfRank(pixels, low) - 1) / scale,
    to: high >= size - 1 ? Number.POSITIVE_INFINITY : (bucketOfRank(pixels, high) + 1) / scale,
  };
}

/** @returns undefined when the band does not tell the radius */
function settle(
  { center, row }: PlanTarget,
  band: DistanceBand,
  find: BandFind,
  total: number,
  gamut: Gamut,
  doubt: number,
): Radius | undefined {
  const ranks = wantedRanks(total, row);
  const [low, high = low] = ranks;
  if (low === undefined || high === undefined) return radiusOf(total, row, []);
  if (low < find.below || high >= find.below + sumBuckets(find.counts)) return undefined;
  const { from, to } = neighborhood(find, low - find.below, high - find.below);
  const isTooNear = (end: number, value: number): boolean => Math.abs(value - end) < doubt;
  if ((band.from >= 0 && isTooNear(band.from, from)) || isTooNear(band.to, to)) return undefined;
  const distanceAt = exactDistances(find, { from: from - doubt, to: to + doubt }, center, gamut);
  const values = ranks.map(distanceAt).filter((value) => value !== undefined);
  return values.length === ranks.length ? radiusOf(total, row, values) : undefined;
}

/** Two distances that those at two neighboring ranks lie between. */
function neighborhood({ distances, counts }: BandFind, low: number, high: number): { from: number; to: number } {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (let i = 0; i < distances.length; i++) {
    const distance = distances[i] as number;
    if (distance < least) least = distance;
    if (distance > most) most = distance;
  }
  const scale = most > least ? (PIECES - 1) / (most - least) : 0;
  const pieces = new Float64Array(PIECES);
  for (let i = 0; i < distances.length; i++) {
    const piece = (((distances[i] as number) - least) * scale) | 0;
    pieces[piece] = (pieces[piece] as number) + (counts[i] as number);
  }
  if (scale === 0) return { from: least, to: most };
  const [first, last] = [bucketOfRank(pieces, low), bucketOfRank(pieces, high)];
  return { from: least + first / scale, to: Math.min(most, least + (last + 1) / scale) };
}
