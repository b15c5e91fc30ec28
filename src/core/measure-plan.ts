import { type ColorTable, clearTable, countColors, createColorTable } from './analysis/census.js';
import { planFromPixels, planFromSorted } from './analysis/pixel-plan.js';
import { planFromCensus } from './analysis/plan.js';
import { makeBuckets, sortDeepPixels } from './analysis/sort-deep.js';
import type { Backend } from './backend.js';
import type { Cancel, Pixels, Plan, Recipe } from './types.js';

/** From this many 8-bit pixels on, counting colors pays for its table of 64 MiB. */
export const CENSUS_MIN_PIXELS = 1 << 17;

/**
 * Freezes a recipe's radii on a picture for a strategy that needs no census otherwise, in the fastest way; all ways give the
 * same plan, bit for bit.
 *
 * @param table all zero, and so on return
 * @throws NO_ATTRACTORS, CANCELED
 */
export async function measurePlan(
  pixels: Pixels,
  recipe: Recipe,
  { backend, table, signal }: { backend: Backend; table?: ColorTable | undefined; signal?: Cancel | undefined },
): Promise<Plan> {
  const { data, channels, width, height, gamut = 'srgb' } = pixels;
  if (data instanceof Uint16Array) {
    return planFromSorted(pixels, recipe, async (_, targets) => {
      const sorted = targets.map(() => makeBuckets(width * height));
      await sortDeepPixels(data, channels, targets, gamut, sorted, { backend, signal });
      return sorted;
    });
  }
  if (width * height < CENSUS_MIN_PIXELS) return planFromPixels(pixels, recipe);
  const counted = table ?? createColorTable();
  const census = countColors(data, channels, counted);
  clearTable(counted, census.colors);
  return planFromCensus(census, recipe, gamut);
}
