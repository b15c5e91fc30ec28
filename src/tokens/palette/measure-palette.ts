import type { Census } from '../../core/analysis/census.js';
import { oklabOfColors } from '../../core/analysis/oklab-of-colors.js';
import { planFromCensus } from '../../core/analysis/plan.js';
import { packColor, unpackColor } from '../../core/color/packed.js';
import { createPull } from '../../core/pull.js';
import type { Gamut, Recipe } from '../../core/types.js';
import type { DesignColor } from './match-colors.js';
import { nearestDistance } from './score.js';

/** Colors of a picture that stand for all: what a recipe really does is measured on them. */
export interface CensusSample extends Census {
  readonly gamut: Gamut;
}

/** Enough for the mean distance to be right to about one percent. */
const SAMPLE_COLORS = 6000;

/** Every n-th color of the census, each with the pixels of the colors up to it. Left in no order that matters. */
export function sampleCensus({ colors, counts }: Census, gamut: Gamut): CensusSample {
  const sorted = Uint32Array.from(colors.keys()).sort((p, q) => (colors[p] as number) - (colors[q] as number));
  const step = Math.max(1, Math.ceil(colors.length / SAMPLE_COLORS));
  const size = Math.ceil(colors.length / step);
  const sampled = new Uint32Array(size);
  const weights = new Float64Array(size);
  sorted.forEach((at, i) => {
    const slot = Math.floor(i / step);
    weights[slot] = (weights[slot] as number) + (counts[at] as number);
    if (i % step === step >> 1 || i % step === 0) sampled[slot] = colors[at] as number;
  });
  return { colors: sampled, counts: weights, gamut };
}

/**
 * Mean Oklab distance of the pixels to the nearest design color, before and after the recipe, and how well the order of
 * lightness is kept: Spearman's rank correlation, 1 when every darker pixel stays darker.
 */
export function measurePalette(
  { colors, counts, gamut }: CensusSample,
  recipe: Recipe,
  design: readonly DesignColor[],
): { before: number; after: number; order: number } {
  const pull = createPull(planFromCensus({ colors, counts }, recipe, gamut));
  const pulled = Uint32Array.from(colors, (color) => {
    const [r, g, b] = pull(unpackColor(color));
    return packColor(r, g, b);
  });
  const old = oklabOfColors(colors, gamut);
  const now = oklabOfColors(pulled, gamut);
  return {
    before: meanDistance(old, counts, design),
    after: meanDistance(now, counts, design),
    order: rankCorrelation(lightnessRanks(old, counts), lightnessRanks(now, counts), counts),
  };
}

/** The rank of each color by lightness, in pixels; equal ones share their mean rank. */
function lightnessRanks(lab: Float64Array, counts: Float64Array): Float64Array {
  const lightness = (i: number): number => lab[3 * i] as number;
  const order = Uint32Array.from(counts.keys()).sort((p, q) => lightness(p) - lightness(q));
  const ranks = new Float64Array(counts.length);
  let passed = 0;
  for (let i = 0; i < order.length; ) {
    let end = i;
    let together = 0;
    while (end < order.length && lightness(order[end] as number) === lightness(order[i] as number)) {
      together += counts[order[end++] as number] as number;
    }
    for (; i < end; i++) ranks[order[i] as number] = passed + together / 2;
    passed += together;
  }
  return ranks;
}

/** @returns 1 where one of the two knows no order, a flat picture */
function rankCorrelation(p: Float64Array, q: Float64Array, counts: Float64Array): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / 2;
  let [pq, pp, qq] = [0, 0, 0];
  counts.forEach((count, i) => {
    const dp = (p[i] as number) - mean;
    const dq = (q[i] as number) - mean;
    pq += count * dp * dq;
    pp += count * dp * dp;
    qq += count * dq * dq;
  });
  return pp === 0 || qq === 0 ? 1 : pq / Math.sqrt(pp * qq);
}

function meanDistance(lab: Float64Array, counts: Float64Array, design: readonly DesignColor[]): number {
  let sum = 0;
  let total = 0;
  counts.forEach((count, i) => {
    sum += count * nearestDistance(lab, 3 * i, design);
    total += count;
  });
  return total === 0 ? 0 : sum / total;
}
