import { profileOf } from '../../codec/make-icc.js';
import type { PngRows } from '../../codec/png/png-rows.js';
import type { Pixels } from '../../core/index.js';
import { convertPixels } from './convert-pixels.js';
import type { DecodedImage } from './decode.js';
import { type EncodeOptions, encodeWithSharp } from './encode.js';
import { chooseEncoding, encodeAs } from './encode-fast.js';
import type { EncodeTarget } from './encode-target.js';
import { fitImage } from './fit.js';
import { checkFits, checkPages } from './format-limits.js';
import type { OutputFormat } from './format-names.js';

/** What was written. */
export interface Encoded<T> {
  readonly result: T;
  /** Of one page. */
  readonly width: number;
  readonly height: number;
}

/**
 * Encodes a recolored image with the metadata and the ways of its source.
 *
 * @param image what `decodeImage` gave, its pixels recolored in place
 * @throws OUTPUT_UNSUPPORTED for more pages or pixels than the format holds
 */
export async function encodeImage<T>(
  image: DecodedImage,
  asked: EncodeOptions,
  target: EncodeTarget<T>,
): Promise<Encoded<T>> {
  const options = settleOrientation(image, asked);
  checkPages(image, options.format, 'format');
  const fitted = await settleProfile(await fitImage(image, options), options.format);
  checkFits(fitted, options.format, 'format');
  const encoding = await chooseEncoding(fitted, rowsInMemory(fitted), options);
  const result = await encodeAs(encoding, target, (settled) => encodeWithSharp(fitted, settled, target));
  return { result, width: fitted.pixels.width, height: fitted.pageHeight };
}

/** Only EXIF carries an orientation from file to file, and a GIF has none: the pixels are turned where it would be lost. */
export function settleOrientation({ orientation, metadata, pages }: DecodedImage, asked: EncodeOptions): EncodeOptions {
  if (orientation === undefined || pages > 1) return asked;
  const isLost = asked.format === 'gif' || !metadata.exif;
  return isLost ? { ...asked, upright: true } : asked;
}

/** An image in the numbers that are written: those of its own profile, or sRGB's where no profile can be said. */
async function settleProfile(image: DecodedImage, format: OutputFormat): Promise<DecodedImage> {
  const { pixels, metadata, outputProfile } = image;
  const { gamut = 'srgb' } = pixels;
  const isUntold = format === 'gif' && gamut !== 'srgb';
  if (!isUntold && !outputProfile) return image;
  const from = metadata.icc ?? profileOf(gamut);
  const { icc: _, ...others } = metadata;
  if (isUntold) return { ...image, pixels: await convertPixels(pixels, from, 'srgb'), metadata: others };
  const written = outputProfile as Uint8Array;
  return {
    ...image,
    pixels: await convertPixels(pixels, from, written),
    metadata: { ...others, icc: written },
  };
}

function rowsInMemory({ pixels }: DecodedImage): PngRows {
  const { data, width, height, channels } = pixels as Pixels & { readonly data: Uint8Array };
  const read = (row: number, count: number): Uint8Array =>
    data.subarray(row * width * channels, (row + count) * width * channels);
  return { width, height, channels, read };
}
