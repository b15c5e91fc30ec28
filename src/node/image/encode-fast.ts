import { availableParallelism } from 'node:os';
import { chooseWay } from '../../codec/png/choose-way.js';
import { countPieceRows } from '../../codec/png/deflate-rows.js';
import { openKernel } from '../../codec/png/kernel.js';
import { findPalette } from '../../codec/png/palette.js';
import type { PngRows } from '../../codec/png/png-rows.js';
import type { Pixels } from '../../core/index.js';
import type { DecodedImage } from './decode.js';
import { applyFormat, type EncodeOptions, encodeWithSharp, openRaw, sizeOf, weighPixels } from './encode.js';
import { BUFFER_TARGET, type EncodeTarget } from './encode-target.js';
import { encodeJpeg } from './jpeg/encode-jpeg.js';
import { LARGE_PIXELS } from './large-pixels.js';
import { encodeIndexedPng } from './png/encode-indexed.js';
import { encodeRuns } from './png/encode-runs.js';
import { SHARP_PACKERS } from './png/sharp-packers.js';

/** From this size on a JPEG's Huffman tables are made by us; below it nothing is gained in a fresh process. */
const RECODED_JPEG_PIXELS = 1 << 21;
/** From this size on a PNG's pixels are looked at for the way that suits them. */
const CHOSEN_PNG_PIXELS = 1 << 16;

/** How a picture is best encoded. */
export interface Encoding {
  /** The whole file in parts, put together by us: sooner, or smaller, with the same pixels. Undefined where sharp does as well. */
  readonly parts?: (() => AsyncIterable<Uint8Array>) | undefined;
  /** For sharp, also where our own encoder fails. */
  readonly options: EncodeOptions;
}

/**
 * The one door to the encoders of our own. The bytes depend on the pixels, on our version and on sharp's, never on Node's zlib or on the
 * number of threads.
 *
 * @param image whose format and metadata are written, with the pixels as they are written
 * @param rows the same pixels, wherever they are; the empty `data` of a picture on disk means that only rows are there
 */
export async function chooseEncoding(image: DecodedImage, rows: PngRows, options: EncodeOptions): Promise<Encoding> {
  try {
    if (isRecodedJpeg(image, options)) return { parts: () => encodeRecodedJpeg(image, options), options };
    if (isChosenPng(image, options)) return await choosePng(image, rows, options);
  } catch {
    // No memory for WebAssembly, or a picture that our encoders do not know: sharp's turn.
  }
  return { options };
}

/**
 * Encodes as chosen. What our own encoder cannot do, for whatever reason, sharp does: the target begins anew.
 *
 * @param isStopped true when whoever asked does not want the file any more
 */
export async function encodeAs<T>(
  { parts, options }: Encoding,
  target: EncodeTarget<T>,
  bySharp: (options: EncodeOptions) => Promise<T>,
  isStopped: () => boolean = () => false,
): Promise<T> {
  if (parts) {
    try {
      return await target.fromParts(parts());
    } catch (error) {
      if (isStopped()) throw error;
    }
  }
  return bySharp(options);
}

/** An interlaced PNG stays one, which only sharp writes. */
function isChosenPng({ pixels, pages, format, source }: DecodedImage, options: EncodeOptions): boolean {
  const isInterlaced = format === 'png' && source.progressive === true;
  if (options.format !== 'png' || pages > 1 || isInterlaced || pixels.data instanceof Uint16Array) return false;
  return source.palette === true || pixels.width * pixels.height >= CHOSEN_PNG_PIXELS;
}

/** A picture that came with a palette keeps one, as long as its colors fit. */
async function choosePng(image: DecodedImage, rows: PngRows, options: EncodeOptions): Promise<Encoding> {
  const { width, height, channels } = rows;
  const palette = image.source.palette ? await findPalette(rows) : undefined;
  if (palette) return { parts: () => fillTemplate((template) => encodeIndexedPng(rows, palette, template)), options };
  if (width * height < CHOSEN_PNG_PIXELS) return { options };
  const way = await chooseWay(rows, SHARP_PACKERS);
  if (way === 'plain') return { options };
  const filtered = { ...options, isFiltered: true };
  if (way === 'filtered') return { options: filtered };
  return {
    parts: () =>
      fillTemplate((template) => {
        const kernel = openKernel({ rowBytes: width * channels, pixelBytes: channels, rows: countPieceRows(rows) });
        if (!kernel) throw new Error('no SIMD in WebAssembly');
        return encodeRuns(rows, kernel, template);
      }),
    options: filtered,
  };

  async function* fillTemplate(encode: (template: Buffer) => AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    yield* encode(await encodeWithSharp(onePixel(image), options, BUFFER_TARGET, sizeOf(image)));
  }
}

/** Whether a JPEG's Huffman tables are made by us rather than by sharp. The bytes are the same. */
function isRecodedJpeg({ pixels, format, source }: DecodedImage, options: EncodeOptions): boolean {
  const { width, height, data } = pixels;
  const isProgressive = format === 'jpeg' && source.progressive === true;
  const isInRange = width * height >= RECODED_JPEG_PIXELS && weighPixels(pixels) <= LARGE_PIXELS;
  return options.format === 'jpeg' && !isProgressive && isInRange && data.length > 0;
}

function encodeRecodedJpeg(image: DecodedImage, options: EncodeOptions): AsyncIterable<Uint8Array> {
  const { data, width, height, channels } = image.pixels as Pixels & { readonly data: Uint8Array };
  const encode = (row: number, count: number): Promise<Buffer> => {
    const rows = data.subarray(row * width * channels, (row + count) * width * channels);
    const strip = { ...image, pixels: { ...image.pixels, data: rows, height: count }, pageHeight: count };
    return applyFormat(openRaw(strip), strip, options).jpeg({ optimiseCoding: false }).toBuffer();
  };
  const template = encodeWithSharp(onePixel(image), options, BUFFER_TARGET, sizeOf(image));
  template.catch(() => undefined); // awaited at the end
  return encodeJpeg({ width, height, encode }, template, { threads: options.threads ?? availableParallelism() });
}

/** An image of one black pixel with the same metadata. */
function onePixel(image: DecodedImage): DecodedImage {
  const data = new Uint8Array(image.pixels.channels);
  return { ...image, pixels: { ...image.pixels, data, width: 1, height: 1 }, pageHeight: 1 };
}
