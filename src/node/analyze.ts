import type { Sharp } from 'sharp';
import { withShares } from '../core/analysis/measure-shares.js';
import {
  type Backend,
  type Cancel,
  makeRecipe,
  type Pixels,
  type Plan,
  type Recipe,
  type RecipeInput,
  type Row,
} from '../core/index.js';
import { labStreamOf, measurePlan } from '../core/measure-plan.js';
import { checkInteger } from '../core/options.js';
import { createEngine, type Engine, THREADS_RANGE } from './engine.js';
import { readInput } from './files/input.js';
import { decodeBaked } from './image/baked.js';
import { decodeImage } from './image/decode.js';
import { lendBackend } from './lend-backend.js';
import { openLargeFile } from './spool/large-file.js';
import { checkSpoolOptions, DEFAULT_SPOOL_ABOVE, type SpoolOptions } from './spool/options.js';

export interface AnalyzeOptions extends SpoolOptions {
  /** Refuses larger images, counted over all pages. Default 100 million. */
  readonly maxPixels?: number;
  readonly signal?: Cancel;
  /** Threads that a 16-bit image may use, 1 to 256. Default: all cores. Ignored when an engine is given. */
  readonly threads?: number;
  /** Default: one for this call, if it is needed. */
  readonly engine?: Engine;
  /** How errors call an encoded image. Default `(buffer)`. */
  readonly name?: string;
}

/** Smaller 16-bit images are measured before an engine has started. */
const THREADS_MIN_PIXELS = 1 << 18;

/**
 * Measures an image: a recipe's radii, frozen and serializable, to recolor other images alike or to inspect.
 * A large file is measured strip by strip, in memory that does not grow with it.
 *
 * @param input a path, an encoded image, or a sharp instance with its queued operations
 * @throws ColorshineError
 */
export async function analyze(
  input: string | Uint8Array | Sharp,
  recipe: RecipeInput | readonly (string | Row)[],
  options: AnalyzeOptions = {},
): Promise<Plan> {
  const checked = makeRecipe(recipe as RecipeInput);
  checkSpoolOptions(options);
  if (options.threads !== undefined) checkInteger(options.threads, 'threads', THREADS_RANGE);
  if (typeof input !== 'string' && !(input instanceof Uint8Array)) {
    return measure((await decodeBaked(input)).pixels, checked, options);
  }
  const limits = options.maxPixels === undefined ? {} : { maxPixels: options.maxPixels };
  if (input instanceof Uint8Array) {
    const name = options.name ?? '(buffer)';
    return measure((await decodeImage(Buffer.from(input), { name, ...limits })).pixels, checked, options);
  }
  const file = await openLargeFile(input, options.maxPixels);
  try {
    if (file.weight > (options.spoolAbove ?? DEFAULT_SPOOL_ABOVE)) {
      const { analyzeSpooled } = await import('./spool/analyze-spooled.js');
      return await withBackend(file.describe().pixels, options, (backend) =>
        analyzeSpooled(file, checked, { ...options, backend }),
      );
    }
    return await measure(
      (await decodeImage(await readInput(input), { name: input, ...limits })).pixels,
      checked,
      options,
    );
  } finally {
    await file.close();
  }
}

function measure(pixels: Pixels, recipe: Recipe, options: AnalyzeOptions): Promise<Plan> {
  return withBackend(pixels, options, async (backend) => {
    const given = { backend, signal: options.signal };
    return withShares(await measurePlan(pixels, recipe, given), labStreamOf(pixels, given));
  });
}

/** Lends a backend: with threads for large 16-bit pictures, as 8-bit ones are measured before threads have started. @param data may be empty */
async function withBackend<T>(
  { data, width, height }: Pixels,
  { engine: shared, threads }: AnalyzeOptions,
  work: (backend: Backend) => Promise<T>,
): Promise<T> {
  const wantsThreads = data instanceof Uint16Array && width * height >= THREADS_MIN_PIXELS;
  if (shared || !wantsThreads) return lendBackend(shared, work);
  const engine = createEngine(threads === undefined ? {} : { threads });
  try {
    return await lendBackend(engine, work);
  } finally {
    engine.dispose();
  }
}
