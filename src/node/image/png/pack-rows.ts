import sharp from 'sharp';
import { deflateInParallel } from './deflate.js';
import { splitAtPixels, toChunk } from './template.js';

/** Rows of a PNG in memory of their own, each after the byte of its filter. */
export interface PackedRows {
  /** Bytes of a row, its filter's included. */
  readonly stride: number;
  readonly height: number;
  /** Some rows at a time, in order. */
  readonly blocks: Iterable<Uint8Array>;
}

/** Compresses the rows of a picture with few bytes. @returns whole IDAT chunks, in order */
export type PackRows = (rows: PackedRows) => AsyncIterable<Uint8Array>;

/** Pictures with a palette are made to be small, and have few bytes. */
const LEVEL = 9;

/** By Node's zlib, on so many threads; the bytes do not depend on their number. */
export function packByNode(threads: number): PackRows {
  return async function* ({ blocks }) {
    for await (const part of deflateInParallel(blocks, { level: LEVEL, threads })) yield toChunk('IDAT', part);
  };
}

/**
 * By sharp, so that the bytes depend on its version alone: it writes the packed rows as those of a gray picture that is as wide as a row has
 * bytes, and a PNG's pixels are compressed without regard to what they mean. For rows of filter 0 whose pixels have at most 8 bits.
 */
export const packBySharp: PackRows = async function* ({ stride, height, blocks }) {
  const width = stride - 1;
  const gray = new Uint8Array(width * height);
  let filled = 0;
  for (const block of blocks) {
    for (let at = 0; at < block.length; at += stride, filled += width) {
      gray.set(block.subarray(at + 1, at + stride), filled);
    }
  }
  const png = await sharp(gray, { limitInputPixels: false, raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png({ compressionLevel: LEVEL, adaptiveFiltering: false, palette: false, progressive: false })
    .toBuffer();
  const { before, after } = splitAtPixels(png);
  yield png.subarray(before.length, png.length - after.length);
};
