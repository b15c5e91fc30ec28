import { corrupt } from '../../src/codec/corrupt.js';
import { withIccProfile } from '../../src/codec/jpeg-write.js';
import { openReadableCanvas } from './bitmap.js';
import type { DecodedImage } from './decode.js';
import type { Pacer } from './pacer.js';
import { encodePng } from './png-encode.js';

export interface EncodedImage {
  readonly bytes: Uint8Array;
  readonly format: 'png' | 'jpeg';
}

/** JPEGs are not written worse than this, however bad the source: its own artifacts would be coded again. */
const MIN_QUALITY = 60;

/**
 * Encodes in the source's own format, quality class and color space. What is neither PNG nor JPEG becomes a PNG.
 *
 * @param image `data` recolored
 */
export async function encodeImage(image: DecodedImage, pacer: Pacer): Promise<EncodedImage> {
  const { head } = image;
  if (head.format === 'jpeg') return { bytes: await encodeJpeg(image, head.quality), format: 'jpeg' };
  // Chunks about a color space that the browser has converted away would be wrong now.
  const isColorKept = head.format === 'png' && head.gamut !== 'other';
  const kept = isColorKept ? head.chunks : [];
  return { bytes: await encodePng(image, kept, pacer), format: 'png' };
}

async function encodeJpeg({ data, width, height, head }: DecodedImage, quality: number): Promise<Uint8Array> {
  const painter = openReadableCanvas(width, height);
  // The canvas takes the numbers for sRGB and writes them as they are; the profile is put in afterwards.
  painter.putImageData(new ImageData(new Uint8ClampedArray(data.buffer as ArrayBuffer), width, height), 0, 0);
  const blob = await toJpegBlob(painter.canvas, Math.max(MIN_QUALITY, quality) / 100);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const icc = head.format === 'jpeg' && head.gamut === 'display-p3' ? head.icc : undefined;
  return icc ? withIccProfile(bytes, icc) : bytes;
}

function toJpegBlob(canvas: OffscreenCanvas | HTMLCanvasElement, quality: number): Promise<Blob> {
  if ('convertToBlob' in canvas) return canvas.convertToBlob({ type: 'image/jpeg', quality });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(corrupt('encoding failed'))), 'image/jpeg', quality);
  });
}
