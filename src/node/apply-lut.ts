import { createWasmBackend } from '../backends/wasm/index.js';
import { ColorshineError, createSampler, type Interpolation, type Lut, type LutSampler } from '../core/index.js';
import { readInput } from './files/input.js';
import { isSameFile, writeWhole } from './files/output.js';
import { decodeImage } from './image/decode.js';
import { encodeImage } from './image/encode.js';
import { fileTarget } from './image/encode-target.js';
import { formatFromPath, type OutputFormat } from './image/format-names.js';

export interface ApplyLutOptions {
  /** Default: by the output's extension, else the input's. */
  readonly format?: OutputFormat;
  readonly quality?: number;
  readonly maxPixels?: number;
  /** Allows the output to replace the input. Default false. */
  readonly force?: boolean;
}

/** A table ready for images of both bit depths. */
export interface PreparedLut {
  samplerFor(is16Bit: boolean): Promise<LutSampler>;
}

export function prepareLut(lut: Lut, interpolation: Interpolation): PreparedLut {
  const samplers = new Map<boolean, Promise<LutSampler>>();
  async function create(maxCode: 255 | 65535): Promise<LutSampler> {
    // SIMD gives the same bytes sooner; without it the core's own loop does the work.
    const wasm = await createWasmBackend().catch(() => undefined);
    const fast = await wasm?.createSampler?.(lut, interpolation, maxCode);
    return fast ?? createSampler(lut, interpolation, maxCode);
  }
  return {
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
  { format: asked, quality, maxPixels, force }: ApplyLutOptions = {},
): Promise<{ width: number; height: number; pages: number; notices: readonly string[] }> {
  const bytes = await readInput(input);
  if (!force && (await isSameFile(input, output))) {
    throw new ColorshineError(
      'OUTPUT_IS_INPUT',
      `${output}: expected an output other than the input, got the same file; use --force to replace it`,
    );
  }
  const image = await decodeImage(bytes, { name: input, ...(maxPixels && { maxPixels }) });
  const { data, channels, width } = image.pixels;
  (await prepared.samplerFor(data instanceof Uint16Array)).apply(data, channels);
  const format = asked ?? formatFromPath(output) ?? (image.format === 'heic' ? 'avif' : image.format);
  await writeWhole(output, async (temp) => {
    await encodeImage(image, { format, ...(quality && { quality }) }, fileTarget(temp));
  });
  return { width, height: image.pageHeight, pages: image.pages, notices: image.notices };
}
