import { performance } from 'node:perf_hooks';
import type { Metadata } from 'sharp';
import {
  type Backend,
  type BackendChoice,
  type Cancel,
  ColorshineError,
  type LutOptions,
  makeRecipe,
  type Plan,
  quote,
  type Recipe,
  type RecipeInput,
  recolorPixels,
  type StrategyChoice,
} from '../core/index.js';
import { checkInteger } from '../core/options.js';
import { checkPlan, isPlan } from '../core/plan-file.js';
import type { Row } from '../core/types.js';
import { createEngine, type Engine } from './engine.js';
import type { CoarsePass } from './hierarchical/coarse-pass.js';
import { measureExactly } from './hierarchical/measure-exactly.js';
import { rowsOf } from './hierarchical/sample.js';
import { type DecodedImage, decodeImage } from './image/decode.js';
import { encodeImage } from './image/encode.js';
import { BUFFER_TARGET, type EncodeTarget } from './image/encode-target.js';
import { checkFits } from './image/format-limits.js';
import { OUTPUT_EXTENSIONS, type OutputFormat, QUALITY_RANGE } from './image/format-names.js';
import { makeReport, type Report } from './report.js';
import { enterImage, imagesUnderWay } from './under-way.js';

/** A recipe, a list of rows ("blue;50;70", "blue -> teal;40;100" or objects), or a plan with frozen radii. */
export type RecipeLike = RecipeInput | Recipe | Plan | readonly (string | Row)[];

export type Stage = 'decode' | 'recolor' | 'encode';

export interface NodeRecolorOptions {
  /** Default: the input's format; HEIC becomes AVIF. */
  readonly format?: OutputFormat;
  /** 1 to 100 for lossy formats. Default: that of a JPEG or lossy WebP input, estimated from its tables, else sharp's default. */
  readonly quality?: number;
  readonly backend?: BackendChoice;
  /** Threads an image may use. Default: all cores. Ignored when an engine is given. */
  readonly threads?: number;
  readonly strategy?: StrategyChoice;
  /** For the strategy `lut`. Default: 33 nodes, tetrahedral, not kept, error measured. */
  readonly lut?: LutOptions;
  /** Lets the strategy `auto` take a lookup table where it expects that to be faster. Default false: exact. */
  readonly approximate?: boolean;
  /** Uses a plan for images of the other gamut too, as one measured on a reference or a batch. Default false: refused. */
  readonly anyGamut?: boolean;
  /** Refuses larger images, counted over all pages. Default 100 million. */
  readonly maxPixels?: number;
  readonly signal?: Cancel;
  /** Called as each stage begins. */
  readonly onStage?: (stage: Stage) => void;
  /** How errors and the report call the input. Default `(buffer)`. */
  readonly name?: string;
  /** Shared by a batch; default: one for this call. */
  readonly engine?: Engine;
}

/** How an image is called that has no name. */
const BUFFER = '(buffer)';

/**
 * Recolors an encoded image, bytes to bytes.
 *
 * @returns the new file's bytes in the input's format unless asked otherwise, and what was done
 * @throws ColorshineError: a code of the recipe, the input or the options; CANCELED
 */
export async function recolorBuffer(
  input: Uint8Array,
  recipe: RecipeLike,
  options: NodeRecolorOptions = {},
): Promise<{ data: Buffer; report: Report }> {
  if (!(input instanceof Uint8Array)) {
    throw new ColorshineError('INVALID_OPTION', `input: expected the bytes of an image, got ${quote(input)}`);
  }
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const job = { name: options.name ?? BUFFER, output: BUFFER, input: bytes };
  const { result, report } = await runRecolor(job, recipe, options, BUFFER_TARGET);
  return { data: result, report };
}

export interface RecolorJob {
  readonly input: Buffer;
  /** How errors and the report call the input and the output. */
  readonly name: string;
  readonly output: string;
  /** Settles the plan by a shrunken copy, if asked to. */
  readonly coarse?: CoarsePass | undefined;
  /** Of these very bytes, if it has been read already. */
  readonly meta?: Metadata | undefined;
}

/** Decode, recolor, encode: what every face of the Node package goes through. */
export async function runRecolor<T>(
  { input, name, output, coarse, meta }: RecolorJob,
  recipeLike: RecipeLike,
  options: NodeRecolorOptions,
  target: EncodeTarget<T>,
): Promise<{ result: T; report: Report }> {
  const recipe = readRecipeLike(recipeLike);
  checkNodeOptions(options);
  const { engine = engineFor(options), onStage } = options;
  const leave = enterImage(engine);
  try {
    const t0 = performance.now();
    onStage?.('decode');
    const image = await decodeImage(input, {
      name,
      ...(options.maxPixels && { maxPixels: options.maxPixels }),
      ...(meta && { meta }),
      // Beside the decoder's threads.
      onStart: (pixels) => {
        engine.warmUp(imagesUnderWay(engine) > 1 ? 0 : pixels);
        engine.select().catch(() => undefined); // awaited below
      },
    });
    const t1 = performance.now();
    onStage?.('recolor');
    const { format, notices } = chooseFormat(image, options.format);
    checkFits(image, format, output === BUFFER ? name : output);
    const { chosen, backend, sentence: backendReason, candidates: backends } = await engine.select();
    const colorsPerSecond = backends.find(({ name }) => name === chosen)?.colorsPerSecond;
    const exactly = measureExactly(image.pixels, { backend, signal: options.signal });
    const settled = coarse ? await coarse.settle(rowsOf(image.pixels), exactly) : recipe;
    const recolored = await recolorDecoded(image, settled, engine, backend, { ...options, colorsPerSecond });
    const t2 = performance.now();
    onStage?.('encode');
    const result = await encodeImage(
      image,
      {
        format,
        ...(options.quality && { quality: options.quality }),
        ...(options.threads && { threads: options.threads }),
      },
      target,
    );
    const t3 = performance.now();
    const times = { decode: t1 - t0, encode: t3 - t2, total: t3 - t0 };
    const report = makeReport({
      input: name,
      output,
      outputFormat: format,
      image,
      recolored,
      backendReason,
      backends,
      device: backend.stats?.(),
      hierarchical: coarse?.report(),
      notices: [...notices, ...(coarse?.notices ?? [])],
      ...times,
    });
    return { result, report };
  } finally {
    leave();
    if (!options.engine) engine.dispose();
  }
}

/** Recolors a decoded image's pixels in place. */
export async function recolorDecoded(
  image: Pick<DecodedImage, 'pixels'>,
  recipe: Recipe | Plan,
  engine: Engine,
  backend: Backend,
  options: NodeRecolorOptions & { readonly colorsPerSecond?: number | undefined },
) {
  const { strategy, lut, approximate, anyGamut, signal, colorsPerSecond } = options;
  const { gamut = 'srgb' } = image.pixels;
  const fitting = anyGamut && isPlan(recipe) ? { ...recipe, gamut } : recipe;
  return recolorPixels(image.pixels, fitting, {
    backend,
    now: () => performance.now(),
    ...(strategy && { strategy }),
    ...(lut && { lut }),
    ...(approximate && { approximate }),
    colorsPerSecond,
    isOneOfMany: imagesUnderWay(engine) > 1,
    ...(signal && { signal }),
  });
}

/** An engine for one call. */
export function engineFor({ backend, threads }: NodeRecolorOptions): Engine {
  return createEngine({ ...(backend && { backend }), ...(threads && { threads }) });
}

export function readRecipeLike(value: RecipeLike): Recipe | Plan {
  return isPlan(value) ? checkPlan(value) : makeRecipe(value as RecipeInput);
}

/** @throws INVALID_OPTION */
export function checkNodeOptions({ format, quality, maxPixels }: NodeRecolorOptions): void {
  if (format !== undefined && !(format in OUTPUT_EXTENSIONS)) {
    throw new ColorshineError(
      'INVALID_OPTION',
      `format: expected one of ${Object.keys(OUTPUT_EXTENSIONS).join(', ')}, got ${JSON.stringify(format)}`,
    );
  }
  if (quality !== undefined) checkInteger(quality, 'quality', QUALITY_RANGE);
  if (maxPixels !== undefined) checkInteger(maxPixels, 'max-pixels', { min: 1, max: Number.MAX_SAFE_INTEGER });
}

/** The format to write, and what is lost by it. */
export function chooseFormat(
  image: DecodedImage,
  asked: OutputFormat | undefined,
): { format: OutputFormat; notices: string[] } {
  const notices: string[] = [];
  if (asked === undefined && image.format === 'heic')
    notices.push('HEIC is written as AVIF: the HEVC encoder is not free');
  const format = asked ?? (image.format === 'heic' ? 'avif' : image.format);
  const is16Bit = image.pixels.data instanceof Uint16Array;
  if (is16Bit && (format === 'jpeg' || format === 'webp' || format === 'gif')) {
    notices.push(`${format} holds 8 bits a sample: the 16-bit result was reduced`);
  }
  if (format === 'jpeg' && image.pixels.channels === 4) notices.push('jpeg has no alpha: laid over white');
  return { format, notices };
}
