import { performance } from 'node:perf_hooks';
import type { Pixels, Plan, Recipe } from '../../core/index.js';
import type { MeasureOptions } from '../../core/measure-plan.js';
import { openPicture } from '../../core/picture.js';

/**
 * Radii from all pixels of a picture in memory, and the time they take beyond the census, which 8-bit pictures need anyway.
 */
export function measureExactly(pixels: Pixels, { backend, signal }: MeasureOptions) {
  return async (recipe: Recipe): Promise<{ plan: Plan; milliseconds: number }> => {
    const isCounted = !(pixels.data instanceof Uint16Array);
    const picture = await openPicture(pixels, backend, { wantsCensus: isCounted, signal });
    try {
      if (isCounted) await picture.census();
      const began = performance.now();
      const plan = await picture.plan(recipe);
      return { plan, milliseconds: performance.now() - began };
    } finally {
      picture.close();
    }
  };
}
