/** The one rule from a tolerance to a radius (docs/model.md, section 3). Finders only say which value stands at a rank. */
import type { Gamut, Plan, PlanAttractor } from '../types.js';
import type { Targets } from './targets.js';

/** Added to the largest distance at tolerance 100, so that the farthest pixel is inside. */
export const FULL_TOLERANCE_MARGIN = 1e-6;

/** A value of a sorted multiset, with how many values are before it and how many equal it. */
export interface RankedValue {
  readonly value: number;
  readonly below: number;
  readonly equal: number;
}

/** The distance within which an attractor acts, and how many visible pixels lie nearer than that. */
export interface Radius {
  readonly radius: number;
  readonly inside: number;
}

/**
 * The ranks, from 0 and ascending, at which a tolerance needs the distances of `total` visible pixels: none where there is
 * nothing to measure, the farthest pixel's at 100, else the one or two that a percentile of Hyndman-Fan type 7 lies between.
 *
 * @param tolerance 0 to 100
 */
export function wantedRanks(total: number, tolerance: number): readonly number[] {
  if (total === 0 || tolerance === 0) return [];
  if (tolerance === 100) return [total - 1];
  const low = Math.floor(percentileRank(total, tolerance));
  return low + 1 < total ? [low, low + 1] : [low];
}

/**
 * The radius of a tolerance, and the visible pixels within it.
 *
 * @param values the distances at `wantedRanks(total, tolerance)`, in their order
 */
export function radiusOf(total: number, tolerance: number, values: readonly RankedValue[]): Radius {
  const [low, high = low] = values;
  if (!low || !high) return { radius: 0, inside: 0 };
  if (tolerance === 100) return { radius: low.value + FULL_TOLERANCE_MARGIN, inside: total };
  const rank = percentileRank(total, tolerance);
  const radius = low.value + (high.value - low.value) * (rank - Math.floor(rank));
  // Nothing lies between the two; rounding may put the radius exactly on either of them, or just past.
  const through = ({ value, below, equal }: RankedValue): number => (value < radius ? below + equal : below);
  return { radius, inside: high.value < radius ? through(high) : through(low) };
}

/**
 * The plan of targets whose radii are known.
 *
 * @param total visible pixels that the radii were measured on
 * @param radii one for each target, in order
 */
export function makePlan({ channels, targets }: Targets, gamut: Gamut, total: number, radii: readonly Radius[]): Plan {
  const attractors = targets.map(({ attractor, oklab, powerlessHue }, i): PlanAttractor => {
    const { radius, inside } = radii[i] as Radius;
    return { ...attractor, oklab, powerlessHue, radius, share: total === 0 ? 0 : inside / total };
  });
  return { version: 1, gamut, channels, attractors, pixels: total };
}

/** Where in the sorted values a percentile lies, 0 to total - 1; fractions are between two of them. */
function percentileRank(total: number, percent: number): number {
  return ((total - 1) * percent) / 100;
}
