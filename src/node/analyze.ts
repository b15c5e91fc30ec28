import type { Sharp } from 'sharp';
import { type Checks, cancelSignal, checkOptions, having, text, whole } from '../core/check-options.js';
import {
  type Backend,
  type Cancel,
  makeRecipe,
  type Pixels,
  type Plan,
  type RecipeInput,
  type Row,
} from '../core/index.js';
import { THREADS_RANGE } from '../core/options.js';
import { createEngine, type Engine } from './engine.js';
import { decodeBaked } from './image/baked.js';
import { openImage } from './image/open-image.js';
import { READING_OPTION_CHECKS, type ReadingOptions } from './image/reading-options.js';
import { lendBackend } from './lend-backend.js';
import { measurePixels, measureWork } from './pipeline/measure-work.js';
import { openPixelSource } from './pipeline/pixel-source.js';
import { refuseText } from './recolor-options.js';
import { SPOOL_CHECKS, type SpoolOptions } from './spool/options.js';

export interface AnalyzeOptions extends SpoolOptions, ReadingOptions {
  /** Aborting it ends the work with CANCELED. */
  readonly signal?: Cancel;
  /** Threads that a 16-bit image may use, 1 to 256. Default: all cores. Ignored when an engine is given. */
  readonly threads?: number;
  /** Default: one for this call, if it is needed. */
  readonly engine?: Engine;
  /** How errors call an encoded image. Default `(buffer)`. */
  readonly name?: string;
}

const CHECKS: Checks<AnalyzeOptions> = {
  ...READING_OPTION_CHECKS,
  ...SPOOL_CHECKS,
  signal: cancelSignal,
  threads: whole(THREADS_RANGE),
  engine: having('select', 'an engine (createEngine)'),
  name: text,
};

/** Smaller 16-bit images are measured before an engine has started. */
const THREADS_MIN_PIXELS = 1 << 18;

/**
 * Measures an image: a recipe's radii, frozen and serializable, to recolor other images alike or to inspect.
 * A large file is measured strip by strip, in memory that does not grow with it.
 *
 * @param input a path, an encoded image, or a sharp instance with its queued operations
 * @param recipe rows or a recipe; its design tokens are resolved already
 * @throws ColorshineError
 */
export async function analyze(
  input: string | Uint8Array | Sharp,
  recipe: RecipeInput | readonly (string | Row)[],
  options: AnalyzeOptions = {},
): Promise<Plan> {
  refuseText(recipe);
  const checked = makeRecipe(recipe as RecipeInput);
  checkOptions(options, CHECKS);
  if (typeof input !== 'string' && !(input instanceof Uint8Array)) {
    const { pixels } = await decodeBaked(input);
    return withBackend(pixels, options, (backend) => measurePixels(pixels, checked, backend, options.signal));
  }
  const isPath = typeof input === 'string';
  const image = await openImage(isPath ? input : Buffer.from(input), isPath ? { ...options, name: input } : options);
  const source = openPixelSource(image, { ...options, engine: undefined });
  try {
    return await withBackend(image.describe().pixels, options, async (backend) => {
      const { result } = await source.work(measureWork(checked, backend, options.signal));
      return result;
    });
  } finally {
    await source.close();
    await image.close();
  }
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
