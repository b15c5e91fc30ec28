import type { RawImage } from '../codec/bitmap.js';
import type { Pacer } from '../codec/pacer.js';
import { writeMeanOfBox } from './mean-of-box.js';

/**
 * Shrinks by averaging whole boxes of pixels, colors weighed by alpha, so that no dark rim appears around
 * translucent shapes. A picture that fits is copied.
 *
 * @param side longest side of the result, pixels
 */
export async function shrink({ data, width, height }: RawImage, side: number, pacer: Pacer): Promise<RawImage> {
  const scale = Math.max(width, height) / side;
  if (scale <= 1) return { data: data.slice(), width, height };
  const w = Math.max(1, Math.round(width / scale));
  const h = Math.max(1, Math.round(height / scale));
  const out = new Uint8Array(w * h * 4);
  for (let y = 0; y < h; y++) {
    const y0 = Math.floor((y * height) / h);
    const y1 = Math.max(y0 + 1, Math.floor(((y + 1) * height) / h));
    for (let x = 0; x < w; x++) {
      const x0 = Math.floor((x * width) / w);
      const x1 = Math.max(x0 + 1, Math.floor(((x + 1) * width) / w));
      writeMeanOfBox(data, width, x0, x1, y0, y1, out, (y * w + x) * 4);
    }
    await pacer.pause();
  }
  return { data: out, width: w, height: h };
}

/** A part of a picture, copied. */
export function crop({ data, width }: RawImage, x: number, y: number, w: number, h: number): RawImage {
  const out = new Uint8Array(w * h * 4);
  for (let row = 0; row < h; row++) {
    const from = ((y + row) * width + x) * 4;
    out.set(data.subarray(from, from + w * 4), row * w * 4);
  }
  return { data: out, width: w, height: h };
}
