import { performance } from 'node:perf_hooks';
import { planFromPixels } from '../../core/analysis/pixel-plan.js';
import {
  countColors,
  createColorTable,
  type Pixels,
  type Plan,
  planFromCensus,
  type Recipe,
} from '../../core/index.js';

/**
 * Radii from all pixels of a picture in memory, and the time they take beyond the census, which 8-bit pictures need anyway.
 */
export function measureExactly({ data, channels, gamut = 'srgb', ...size }: Pixels) {
  return async (recipe: Recipe): Promise<{ plan: Plan; milliseconds: number }> => {
    if (data instanceof Uint16Array) {
      const began = performance.now();
      const plan = planFromPixels({ data, channels, gamut, ...size }, recipe);
      return { plan, milliseconds: performance.now() - began };
    }
    const census = countColors(data, channels, createColorTable());
    const began = performance.now();
    const plan = planFromCensus(census, recipe, gamut);
    return { plan, milliseconds: performance.now() - began };
  };
}
