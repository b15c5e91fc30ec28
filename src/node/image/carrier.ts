import sharp, { type Sharp } from 'sharp';
import type { DecodedImage } from './decode.js';
import { finishFor, openRaw, sizeOf } from './encode.js';
import { hasAny } from './metadata.js';
import { finishBuffer } from './splice.js';

/**
 * A sharp instance over recolored pixels that carries profile and metadata in memory, so that the caller's own
 * `keepMetadata()` and color conversions work as on any opened image. Raw input cannot carry them, a PNG can:
 * it is stored, not compressed.
 */
export async function openCarrier(image: DecodedImage): Promise<Sharp> {
  if (!hasAny(image.metadata, 'png') || image.pages > 1) return openRaw(image);
  const is16Bit = image.pixels.data instanceof Uint16Array;
  const pipeline = is16Bit ? openRaw(image).toColourspace('rgb16') : openRaw(image);
  const png = await pipeline.png({ compressionLevel: 0 }).toBuffer();
  return sharp(finishBuffer(png, finishFor(image, 'png', sizeOf(image))), { limitInputPixels: false });
}
