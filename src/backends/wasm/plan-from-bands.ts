import { bucketOfRank, percentileRanks } from '../../core/analysis/percentile.js';
import { FULL_TOLERANCE_MARGIN } from '../../core/analysis/plan.js';
import type { Gamut, Plan, PlanAttractor } from '../../core/types.js';
import type { BandFind, Collected } from './collect-jobs.js';
import { type Member, membersOf, radiusAmong } from './exact-radius.js';
import { bucketScale, DISTANCE_DOUBT, type DistanceBand } from './parameters.js';
import type { DistanceBuckets, OklabTarget } from './sample.js';
import type { Targets } from './targets.js';

/** What `planFromBands` asks of a picture or its census. */
export interface BandSource {
  /** Distance buckets of a sample of the visible pixels; no pixel in it: the sample says nothing. */
  sample(targets: readonly OklabTarget[]): DistanceBuckets[];
  /** Looks at all of it. */
  collect(bands: readonly DistanceBand[]): Promise<Collected>;
}

/** Half the width of a band, in standard deviations of a rank in the sample. A miss costs one more look. */
const DEVIATIONS = 6;
/** The first look's bands, wider ones where that missed, and at last all distances there are. */
const WIDENINGS = [1, 8, Number.POSITIVE_INFINITY];
/** Pieces a band is split into, so that a few hundred of its pixels remain for float64. */
const PIECES = 2048;

interface Wanted {
  readonly oklab: OklabTarget;
  readonly tolerance: number;
}
interface Found {
  readonly radius: number;
  readonly inside: number;
}

/**
 * `planFromCensus` and `planFromPixels` of 8-bit pictures, to the last bit, without keeping distances: a sample tells in
 * which narrow band of distances each radius lies; one look at all pixels or colors counts those below the band and lists
 * those in it, in float32; float64 distances of the few around the wanted rank settle it.
 *
 * Exact because float32 is off by far less than DISTANCE_DOUBT: what it puts that much below the wanted rank's neighborhood
 * is nearer than the radius, and what it puts that much above is farther.
 */
export async function planFromBands(source: BandSource, { channels, targets }: Targets, gamut: Gamut): Promise<Plan> {
  const wanted = targets.map(({ attractor, oklab }): Wanted => ({ tolerance: attractor.tolerance, oklab }));
  const sampled = source.sample(wanted.map(({ oklab }) => oklab));
  const found: (Found | undefined)[] = wanted.map(() => undefined);
  let total = 0;
  for (const widening of WIDENINGS) {
    const open = [...found.keys()].filter((i) => !found[i]);
    if (open.length === 0) break;
    const bands = open.map((i) => bandOf(wanted[i] as Wanted, sampled[i] as DistanceBuckets, widening));
    const { visible, bands: finds } = await source.collect(bands);
    total = visible;
    for (const [n, i] of open.entries()) {
      found[i] = settle(wanted[i] as Wanted, bands[n] as DistanceBand, finds[n] as BandFind, visible, gamut);
    }
  }
  const attractors = targets.map(({ attractor, oklab, powerlessHue }, i): PlanAttractor => {
    const { radius, inside } = found[i] as Found;
    return { ...attractor, oklab, powerlessHue, radius, share: total === 0 ? 0 : inside / total };
  });
  return { version: 1, gamut, channels, attractors, pixels: total };
}

/** The band of distances that holds the wanted ranks, as far as the sample tells. */
function bandOf({ oklab, tolerance }: Wanted, pixels: DistanceBuckets, widening: number): DistanceBand {
  const size = sum(pixels);
  if (tolerance === 0) return { target: oklab, from: 0, to: 0 };
  const share = tolerance / 100;
  const slack = (DEVIATIONS * Math.sqrt(size * share * (1 - share)) + DEVIATIONS) * widening;
  const [low, high] = [Math.floor(share * (size - 1) - slack), Math.ceil(share * (size - 1) + slack)];
  const scale = bucketScale(oklab);
  return {
    target: oklab,
    // Distances are rounded to buckets: a whole bucket outward leaves half of one to spare.
    from: low <= 0 ? -1 : (bucketOfRank(pixels, low) - 1) / scale,
    to: high >= size - 1 ? Number.POSITIVE_INFINITY : (bucketOfRank(pixels, high) + 1) / scale,
  };
}

/** @returns undefined when a wanted rank lies outside the band, or too near to its end for float32 to tell */
function settle(
  { oklab, tolerance }: Wanted,
  band: DistanceBand,
  find: BandFind,
  total: number,
  gamut: Gamut,
): Found | undefined {
  if (total === 0 || tolerance === 0) return { radius: 0, inside: 0 };
  const { lowRank, highRank } = percentileRanks(total, tolerance);
  const { below } = find;
  const listed = sum(find.counts);
  if (lowRank < below || highRank >= below + listed) return undefined;
  const { from, to } = neighborhood(find, lowRank - below, highRank - below);
  const isTooNear = (end: number, value: number): boolean => Math.abs(value - end) < DISTANCE_DOUBT;
  if ((band.from >= 0 && isTooNear(band.from, from)) || isTooNear(band.to, to)) return undefined;
  const { members, nearer } = exactMembers(find, from - DISTANCE_DOUBT, to + DISTANCE_DOUBT, gamut, oklab);
  if (tolerance < 100) return radiusAmong(members, below + nearer, total, tolerance);
  return { radius: (members.at(-1) as Member).distance + FULL_TOLERANCE_MARGIN, inside: total };
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

/** The listed colors between two float32 distances, each once, and the pixels that are nearer than those. */
function exactMembers(
  { colors, counts, distances }: BandFind,
  from: number,
  to: number,
  gamut: Gamut,
  target: OklabTarget,
): { members: Member[]; nearer: number } {
  const pixels = new Map<number, number>();
  let nearer = 0;
  for (let i = 0; i < distances.length; i++) {
    const distance = distances[i] as number;
    const count = counts[i] as number;
    if (distance < from) nearer += count;
    else if (distance <= to) {
      const color = colors[i] as number;
      pixels.set(color, (pixels.get(color) ?? 0) + count);
    }
  }
  return { members: membersOf(Uint32Array.from(pixels.keys()), [...pixels.values()], gamut, target), nearer };
}

function sum(numbers: Float64Array | Uint32Array): number {
  let total = 0;
  for (let i = 0; i < numbers.length; i++) total += numbers[i] as number;
  return total;
}
