import { open, rm } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { frameAsTiff } from '../src/node/image/tiff-frame.js';
import { makePhotoLike } from './photo-like.js';

/** The photo-like picture that larger ones repeat. */
const TILE = 4096;
/** Room for a TIFF's header. */
const PIXELS_AT = 16;

/**
 * A photo-like picture of any size as a file, row by row, so that the bench itself needs no memory for it.
 *
 * @param is16Bit repeats each byte into a 16-bit sample with some noise in the low half
 * @param encode e.g. `(image) => image.jpeg().toFile(path)`
 */
export async function makeHugePicture<T>(
  size: number,
  scratch: string,
  encode: (image: Sharp) => Promise<T>,
  is16Bit = false,
): Promise<T> {
  const side = Math.min(size, TILE);
  const photo = (photos[side] ??= makePhotoLike(side));
  const layout = { width: size, height: size, channels: 3, is16Bit, pixelsAt: PIXELS_AT } as const;
  const { header, trailer } = frameAsTiff(layout);
  const file = await open(scratch, 'w');
  try {
    await file.write(header);
    const row = new Uint8Array(size * 3);
    for (let y = 0; y < size; y++) {
      const from = photo.subarray((y % side) * side * 3, ((y % side) + 1) * side * 3);
      for (let at = 0; at < row.length; at += from.length) row.set(from.subarray(0, row.length - at), at);
      await file.write(is16Bit ? Uint16Array.from(row, (value, i) => value * 257 + ((i * 7919 + y) % 61)) : row);
    }
    await file.write(trailer);
  } finally {
    await file.close();
  }
  try {
    return await encode(sharp(scratch, { limitInputPixels: false }));
  } finally {
    await rm(scratch);
  }
}

const photos: Record<number, Uint8Array> = {};
