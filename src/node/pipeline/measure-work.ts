import { performance } from 'node:perf_hooks';
import { withShares } from '../../core/analysis/measure-shares.js';
import { StripCensus } from '../../core/analysis/strip-census.js';
import { type Backend, type Cancel, createColorTable, type Pixels, type Plan, type Recipe } from '../../core/index.js';
import { labStreamOf, measurePlan } from '../../core/measure-plan.js';
import type { PixelWork } from './pixel-source.js';

const now = (): number => performance.now();

/** A recipe's radii on pixels in memory, and the share of them within, also of fixed reaches. */
export async function measurePixels(
  pixels: Pixels,
  recipe: Recipe,
  backend: Backend,
  signal: Cancel | undefined,
): Promise<Plan> {
  const given = { backend, signal };
  return withShares(await measurePlan(pixels, recipe, given), labStreamOf(pixels, given));
}

/** Freezes a recipe's radii on pixels without changing them. */
export function measureWork(recipe: Recipe, backend: Backend, signal: Cancel | undefined): PixelWork<Plan> {
  return {
    inMemory: ({ pixels }) => measurePixels(pixels, recipe, backend, signal),
    async onDisk({ spool, strips, image }) {
      const { deepStream, measureSpool } = await import('../spool/index.js');
      const census = spool.is16Bit ? undefined : new StripCensus(createColorTable());
      const { gamut = 'srgb' } = image.pixels;
      const request = { spool, strips, gamut, recipeOrPlan: recipe, backend, census, signal, now };
      const { plan } = await measureSpool(request);
      return withShares(plan, census?.toStream(gamut) ?? deepStream(request));
    },
  };
}
