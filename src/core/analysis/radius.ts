/** The one rule from a reach to a radius (docs/internals/model.md, section 3). Finders only say which value stands at a rank. */
import { ColorshineError } from '../errors.js';
import type { Gamut, Plan, PlanRow, Recipe, Row } from '../types.js';
import { RECIPE_VERSION } from '../version.js';
import { readTargets, type Targets } from './targets.js';

/** Added to the largest distance at tolerance 100, so that the farthest pixel is inside. */
export const FULL_TOLERANCE_MARGIN = 1e-6;

/** A value of a sorted multiset, with how many values are before it and how many equal it. */
export interface RankedValue {
  readonly value: number;
  readonly below: number;
  readonly equal: number;
}

/** The distance within which a row acts, and how many visible pixels lie nearer than that; absent where nobody had to measure. */
export interface Radius {
  readonly radius: number;
  readonly inside?: number;
}

/** What a row says of its radius. */
export type Reach = Pick<Row, 'tolerance' | 'reach'>;

/**
 * The ranks, from 0 and ascending, at which a reach needs the distances of `total` visible pixels: none where there is
 * nothing to measure, the farthest pixel's at 100, else the one or two that a percentile of Hyndman-Fan type 7 lies between.
 */
export function wantedRanks(total: number, { tolerance = 0 }: Reach): readonly number[] {
  if (total === 0 || tolerance === 0) return [];
  if (tolerance === 100) return [total - 1];
  const low = Math.floor(percentileRank(total, tolerance));
  return low + 1 < total ? [low, low + 1] : [low];
}

/**
 * The radius of a reach, and the visible pixels within it.
 *
 * @param values the distances at `wantedRanks(total, reach)`, in their order
 */
export function radiusOf(total: number, { tolerance = 0, reach }: Reach, values: readonly RankedValue[]): Radius {
  if (reach === 'auto')
    throw new ColorshineError('INVALID_RECIPE', 'reach: expected auto to be settled by an image, got auto');
  if (reach !== undefined) return { radius: reach };
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
export function makePlan(recipe: Targets, gamut: Gamut, total: number, radii: readonly Radius[]): Plan {
  const { channels, blend, targets } = recipe;
  const rows = targets.map(({ row, oklab, center, powerlessHue }, i): PlanRow => {
    const { radius, inside } = radii[i] as Radius;
    return {
      ...row,
      oklab,
      ...(row.from !== undefined && { center: center.oklab }),
      powerlessHue,
      radius,
      ...(inside !== undefined && { share: total === 0 ? 0 : inside / total }),
    };
  });
  return { version: RECIPE_VERSION, gamut, channels, blend, rows, pixels: total };
}

/** The plan of a recipe whose reaches are all fixed, so that no picture has a say in it; undefined for others. @throws NO_ROWS */
export function fixedPlan(recipe: Recipe, gamut: Gamut): Plan | undefined {
  const targets = readTargets(recipe);
  if (!targets.targets.every(({ row }) => typeof row.reach === 'number')) return undefined;
  return makePlan(
    targets,
    gamut,
    0,
    targets.targets.map(({ row }) => radiusOf(0, row, [])),
  );
}

/** Where in the sorted values a percentile lies, 0 to total - 1; fractions are between two of them. */
function percentileRank(total: number, percent: number): number {
  return ((total - 1) * percent) / 100;
}
