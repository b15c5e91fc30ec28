import type { Sharp } from 'sharp';
import { type Cancel, makeRecipe, type Plan, planFor, type RecipeInput } from '../core/index.js';
import { readInput } from './files/input.js';
import { decodeBaked } from './image/baked.js';
import { decodeImage } from './image/decode.js';
import { openLargeFile } from './spool/large-file.js';
import { checkSpoolOptions, DEFAULT_SPOOL_ABOVE, type SpoolOptions } from './spool/options.js';

export interface AnalyzeOptions extends SpoolOptions {
  /** Refuses larger images, counted over all pages. Default 100 million. */
  readonly maxPixels?: number;
  readonly signal?: Cancel;
  /** How errors call an encoded image. Default `(buffer)`. */
  readonly name?: string;
}

/**
 * Measures an image: a recipe's radii, frozen and serializable, to recolor other images alike or to inspect.
 * A large file is measured strip by strip, in memory that does not grow with it.
 *
 * @param input a path, an encoded image, or a sharp instance with its queued operations
 * @throws ColorshineError
 */
export async function analyze(
  input: string | Uint8Array | Sharp,
  recipe: RecipeInput | RecipeInput['attractors'],
  options: AnalyzeOptions = {},
): Promise<Plan> {
  const checked = makeRecipe(recipe as RecipeInput);
  checkSpoolOptions(options);
  if (typeof input !== 'string' && !(input instanceof Uint8Array))
    return planFor((await decodeBaked(input)).pixels, checked);
  const limits = options.maxPixels === undefined ? {} : { maxPixels: options.maxPixels };
  if (input instanceof Uint8Array) {
    return planFor(
      (await decodeImage(Buffer.from(input), { name: options.name ?? '(buffer)', ...limits })).pixels,
      checked,
    );
  }
  const file = await openLargeFile(input, options.maxPixels);
  try {
    if (file.weight > (options.spoolAbove ?? DEFAULT_SPOOL_ABOVE)) {
      const { analyzeSpooled } = await import('./spool/analyze-spooled.js');
      return await analyzeSpooled(file, checked, options);
    }
    return planFor((await decodeImage(await readInput(input), { name: input, ...limits })).pixels, checked);
  } finally {
    await file.close();
  }
}
