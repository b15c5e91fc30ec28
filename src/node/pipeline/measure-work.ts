import { performance } from 'node:perf_hooks';
import { StripCensus } from '../../core/analysis/strip-census.js';
import { type Backend, type Cancel, createColorTable, type Plan, type Recipe } from '../../core/index.js';
import { measurePlan } from '../../core/measure-plan.js';
import type { PixelWork } from './pixel-source.js';

const now = (): number => performance.now();

/** Freezes a recipe's radii on pixels without changing them. */
export function measureWork(recipe: Recipe, backend: Backend, signal: Cancel | undefined): PixelWork<Plan> {
  return {
    inMemory: ({ pixels }) => measurePlan(pixels, recipe, { backend, signal }),
    async onDisk({ spool, strips, image }) {
      const { measureSpool } = await import('../spool/index.js');
      const census = spool.is16Bit ? undefined : new StripCensus(createColorTable());
      const { gamut = 'srgb' } = image.pixels;
      return (await measureSpool({ spool, strips, gamut, recipeOrPlan: recipe, backend, census, signal, now })).plan;
    },
  };
}
