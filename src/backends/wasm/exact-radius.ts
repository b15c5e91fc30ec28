/** The last step of a percentile: float64 distances of the few colors that may hold it. */
import { percentileRanks } from '../../core/analysis/percentile.js';
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
  const { lowRank, highRank, way } = percentileRanks(total, tolerance);
  const low = valueAtRank(members, lowRank - before);
  const high = valueAtRank(members, highRank - before);
  const radius = low + (high - low) * way;
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
