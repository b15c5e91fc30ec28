import { parseColor } from '../attractor/color.js';
import { gamutMatrices, writeOklab } from '../color/oklab.js';
import { linearTable } from '../color/srgb.js';
import { ColorshineError } from '../errors.js';
import type { Attractor, Gamut, Plan, PlanAttractor, Recipe } from '../types.js';
import type { Census } from './census.js';
import { percentile, summarize } from './percentile.js';

/** Added to the largest distance at tolerance 100, so that the farthest pixel is inside (docs/model.md, section 2). */
export const FULL_TOLERANCE_MARGIN = 1e-6;

/**
 * Freezes a recipe's radii on a census: of one picture, of the frames of an animation, or pooled over a batch.
 *
 * @param lab `oklabOfColors(census.colors, gamut)`, from a caller that plans often on one census
 * @throws NO_ATTRACTORS when the recipe has none, or none enabled
 */
export function planFromCensus(
  census: Census,
  recipe: Recipe,
  gamut: Gamut,
  lab: Float64Array = oklabOfColors(census.colors, gamut),
): Plan {
  const distances = new Float64Array(census.colors.length);
  return makePlan(recipe, gamut, census.counts, (L, a, b) => {
    for (let i = 0; i < distances.length; i++) {
      distances[i] = distanceAt(lab, i * 3, L, a, b);
    }
    return distances;
  });
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

/** Oklab of packed 8-bit colors: L, a, b of color i at 3 i. */
export function oklabOfColors(colors: Uint32Array, gamut: Gamut): Float64Array {
  const { toLms } = gamutMatrices(gamut);
  const linear = linearTable(255);
  const lab = new Float64Array(colors.length * 3);
  for (let i = 0; i < colors.length; i++) {
    const color = colors[i] as number;
    const red = linear[color & 255] as number;
    const green = linear[(color >>> 8) & 255] as number;
    writeOklab(lab, i * 3, red, green, linear[color >>> 16] as number, toLms);
  }
  return lab;
}

/** The enabled attractors of a recipe. @throws NO_ATTRACTORS */
export function enabledAttractors(recipe: Recipe): readonly Attractor[] {
  const enabled = recipe.attractors.filter((attractor) => attractor.enabled !== false);
  if (enabled.length === 0) {
    throw new ColorshineError('NO_ATTRACTORS', 'attractors: expected at least one such as "blue;50;70", got 0');
  }
  return enabled;
}

type MeasureDistances = (L: number, a: number, b: number) => Float64Array;

function makePlan(recipe: Recipe, gamut: Gamut, counts: Float64Array, measure: MeasureDistances): Plan {
  let pixels = 0;
  const attractors = enabledAttractors(recipe).map((attractor): PlanAttractor => {
    const { oklab, powerlessHue } = parseColor(attractor.color);
    const distances = measure(...oklab);
    const { total, max } = summarize(distances, counts);
    pixels = total;
    const radius = total === 0 ? 0 : radiusFor(distances, counts, attractor.tolerance, max);
    const inside = countInside(distances, counts, radius);
    return { ...attractor, oklab, powerlessHue, radius, share: total === 0 ? 0 : inside / total };
  });
  return { version: 1, gamut, channels: recipe.channels, attractors, pixels };
}

function radiusFor(distances: Float64Array, counts: Float64Array, tolerance: number, max: number): number {
  if (tolerance === 0) return 0;
  if (tolerance === 100) return max + FULL_TOLERANCE_MARGIN;
  return percentile(distances, counts, tolerance);
}

function countInside(distances: Float64Array, counts: Float64Array, radius: number): number {
  let inside = 0;
  for (let i = 0; i < distances.length; i++) {
    if ((distances[i] as number) < radius) inside += counts[i] as number;
  }
  return inside;
}

function distanceAt(lab: Float64Array, at: number, L: number, a: number, b: number): number {
  const dL = (lab[at] as number) - L;
  const da = (lab[at + 1] as number) - a;
  const db = (lab[at + 2] as number) - b;
  return Math.sqrt(dL * dL + da * da + db * db);
}
