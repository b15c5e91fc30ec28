import type { Gamut, Plan, Recipe } from '../types.js';
import type { Census } from './census.js';
import { DistanceSearch } from './distance-search.js';
import { oklabOfColors } from './oklab-of-colors.js';
import { makePlan, type Radius } from './radius.js';
import { settleOnColors } from './settle-reaches.js';
import { type PlanTarget, readTargets } from './targets.js';

/**
 * Freezes a recipe's radii on a census: of one picture, of the frames of an animation, or pooled over a batch.
 *
 * @param lab `oklabOfColors(census.colors, gamut)`, from a caller that plans often on one census
 * @throws NO_ROWS when the recipe has none, or none enabled
 */
export function planFromCensus(
  census: Census,
  recipe: Recipe,
  gamut: Gamut,
  lab: Float64Array = oklabOfColors(census.colors, gamut),
): Plan {
  const targets = readTargets(settleOnColors(recipe, lab, census.counts));
  const radii = targets.targets.map((target) => radiusInCensus(target, lab, census.counts));
  return makePlan(targets, gamut, countVisible(census), radii);
}

/** Visible pixels of a census. */
export function countVisible({ counts }: Census): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * The radius of one target among the colors of a census.
 *
 * @param lab `oklabOfColors(census.colors, gamut)`
 * @param counts visible pixels of each color
 */
export function radiusInCensus(target: PlanTarget, lab: Float64Array, counts: Float64Array): Radius {
  const search = new DistanceSearch(target);
  while (!search.isDone) {
    search.look(lab, counts, counts.length);
    search.finishLook();
  }
  return search.radius;
}

/**
 * Freezes a recipe's radii on pictures of any gamut together: radii are Oklab distances, which know no gamut.
 *
 * @param gamut what the plan will say; it may be replaced by a picture's own
 */
export function planFromCensuses(
  parts: readonly { readonly census: Census; readonly gamut: Gamut }[],
  recipe: Recipe,
  gamut: Gamut,
): Plan {
  const total = parts.reduce((sum, { census }) => sum + census.colors.length, 0);
  const lab = new Float64Array(total * 3);
  const colors = new Uint32Array(total);
  const counts = new Float64Array(total);
  let at = 0;
  for (const { census, gamut: own } of parts) {
    lab.set(oklabOfColors(census.colors, own), at * 3);
    colors.set(census.colors, at);
    counts.set(census.counts, at);
    at += census.colors.length;
  }
  return planFromCensus({ colors, counts }, recipe, gamut, lab);
}
