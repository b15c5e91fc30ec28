import { throwIfCanceled } from '../core/errors.js';
import { type Cancel, createSampler, type Interpolation, type Lut, type LutSampler } from '../core/index.js';
import { applyLut } from '../core/lut/open-lut.js';
import { checkInteger } from '../core/options.js';
import { THREADS_RANGE } from './engine.js';
import { readInput } from './files/input.js';
import { refuseInput, writeWhole } from './files/output.js';
import { decodeImage } from './image/decode.js';
import { encodeImage } from './image/encode.js';
import { fileTarget } from './image/encode-target.js';
import { checkFits } from './image/format-limits.js';
import { formatForOutput, type OutputFormat } from './image/format-names.js';
import { openWasm } from './open-wasm.js';

export interface ApplyLutOptions {
  /** Default: by the output's extension, else the input's. */
  readonly format?: OutputFormat;
  readonly quality?: number;
  readonly maxPixels?: number;
  /** Allows the output to replace the input. Default false. */
  readonly force?: boolean;
  readonly signal?: Cancel;
}

/** A table ready for images of both bit depths. */
export interface PreparedLut {
  samplerFor(is16Bit: boolean): Promise<LutSampler>;
  /** Ends its threads, if any. */
  dispose(): void;
}

export interface PrepareLutOptions {
  /** Threads an image may use, 1 to 256. Default: up to all cores. */
  readonly threads?: number;
}

/**
 * @param lut or its promise: threads start while it is read
 * @throws INVALID_OPTION
 */
export function prepareLut(
  lut: Lut | Promise<Lut>,
  interpolation: Interpolation,
  { threads }: PrepareLutOptions = {},
): PreparedLut {
  if (threads !== undefined) checkInteger(threads, 'threads', THREADS_RANGE);
  const samplers = new Map<boolean, Promise<LutSampler>>();
  Promise.resolve(lut).catch(() => undefined); // whoever asks for a sampler hears of it
  // SIMD and threads give the same bytes sooner; without them the core's own loop does the work.
  const starting = openWasm(threads).catch(() => undefined);
  async function create(maxCode: 255 | 65535): Promise<LutSampler> {
    const [table, wasm] = await Promise.all([lut, starting]);
    const fast = await wasm?.createSampler?.(table, interpolation, maxCode);
    return fast ?? createSampler(table, interpolation, maxCode);
  }
  return {
    dispose() {
      starting.then((wasm) => wasm?.dispose()).catch(() => undefined);
    },
    samplerFor(is16Bit) {
      let sampler = samplers.get(is16Bit);
      if (!sampler) samplers.set(is16Bit, (sampler = create(is16Bit ? 65535 : 255)));
      return sampler;
    },
  };
}

/**
 * Applies a table to an image file; metadata, profile and format are kept as by `recolorFile`. The table sees the file's own
 * encoded numbers.
 *
 * @returns size, and what was changed on the way
 * @throws ColorshineError
 */
export async function applyLutFile(
  input: string,
  output: string,
  prepared: PreparedLut,
  { format: asked, quality, maxPixels, force, signal }: ApplyLutOptions = {},
): Promise<{ width: number; height: number; pages: number; notices: readonly string[] }> {
  const named = asked ?? formatForOutput(output, input);
  const bytes = await readInput(input);
  if (!force) await refuseInput(output, input);
  const image = await decodeImage(bytes, { name: input, ...(maxPixels && { maxPixels }) });
  const { data, channels, width } = image.pixels;
  const format = named ?? (image.format === 'heic' ? 'avif' : image.format);
  checkFits(image, format, output);
  const sampler = await prepared.samplerFor(data instanceof Uint16Array);
  await applyLut(sampler, data, channels, signal);
  throwIfCanceled(signal);
  await writeWhole(output, async (temp) => {
    await encodeImage(image, { format, ...(quality && { quality }) }, fileTarget(temp));
  });
  return { width, height: image.pageHeight, pages: image.pages, notices: image.notices };
}
