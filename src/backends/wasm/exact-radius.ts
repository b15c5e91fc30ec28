/** The last step of a percentile: float64 distances of the few colors that may hold it. */
import { oklabOfColors } from '../../core/analysis/plan.js';
import { oklabDistance } from '../../core/color/oklab.js';
import type { Gamut } from '../../core/types.js';

/** A color with its exact distance, and how many pixels have it. */
export interface Member {
  readonly distance: number;
  readonly count: number;
}

/** Nearest first. @param colors packed, and the pixels of each */
export function membersOf(
  colors: Uint32Array,
  counts: ArrayLike<number>,
  gamut: Gamut,
  target: readonly [number, number, number],
): Member[] {
  const lab = oklabOfColors(colors, gamut);
  return Array.from(colors, (_, i): Member => {
    const color = [lab[3 * i] as number, lab[3 * i + 1] as number, lab[3 * i + 2] as number] as const;
    return { distance: oklabDistance(color, target), count: counts[i] as number };
  }).sort((p, q) => p.distance - q.distance);
}

/** Ranks, from 0, of the two distances that a tolerance lies between. As in `percentile`: Hyndman-Fan type 7. */
export function wantedRanks(total: number, tolerance: number): { rank: number; low: number; high: number } {
  const rank = ((total - 1) * tolerance) / 100;
  const low = Math.floor(rank);
  return { rank, low, high: Math.min(low + 1, total - 1) };
}

/**
 * A radius and the visible pixels within it.
 *
 * @param members all that may hold the wanted ranks
 * @param before pixels that are nearer than every member
 */
export function radiusAmong(
  members: readonly Member[],
  before: number,
  total: number,
  tolerance: number,
): { radius: number; inside: number } {
  const { rank, low, high } = wantedRanks(total, tolerance);
  const lowValue = valueAtRank(members, low - before);
  const highValue = valueAtRank(members, high - before);
  const radius = lowValue + (highValue - lowValue) * (rank - low);
  let inside = before;
  for (const { distance, count } of members) if (distance < radius) inside += count;
  return { radius, inside };
}

function valueAtRank(members: readonly Member[], rank: number): number {
  let seen = 0;
  for (const { distance, count } of members) {
    seen += count;
    if (seen > rank) return distance;
  }
  throw new RangeError('radiusAmong: a rank fell outside its members');
}
