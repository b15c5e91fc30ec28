import { performance } from 'node:perf_hooks';
import { withShares } from '../../core/analysis/measure-shares.js';
import { StripCensus } from '../../core/analysis/strip-census.js';
import { type Backend, type Cancel, createColorTable, type Plan, type Recipe } from '../../core/index.js';
import { startSpooling } from './decode-spool.js';
import type { LargeFile } from './large-file.js';
import { deepStream, measureSpool } from './measure.js';
import type { SpoolOptions } from './options.js';

/**
 * A recipe's radii on a file that is too large for memory.
 *
 * @param options `backend` sorts 16-bit pixels
 * @throws ColorshineError; the temporary file is gone then too
 */
export async function analyzeSpooled(
  large: LargeFile,
  recipe: Recipe,
  options: SpoolOptions & { readonly signal?: Cancel; readonly backend?: Backend | undefined },
): Promise<Plan> {
  const { signal, backend } = options;
  const spooling = await startSpooling(large, options);
  try {
    const { spool, strips, image } = spooling;
    const census = spool.is16Bit ? undefined : new StripCensus(createColorTable());
    const { gamut = 'srgb' } = image.pixels;
    const now = (): number => performance.now();
    const request = { spool, strips, gamut, recipeOrPlan: recipe, backend, census, signal, now };
    const { plan } = await spooling.settle(measureSpool(request), () => undefined);
    return await withShares(plan, census?.toStream(gamut) ?? deepStream(request));
  } finally {
    await spooling.release();
  }
}
