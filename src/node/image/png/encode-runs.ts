import { setImmediate } from 'node:timers/promises';
import { ADAPTIVE } from './assembly/layout.js';
import type { PngKernel } from './kernel.js';
import type { PngRows } from './png-rows.js';
import { fillHeader, splitAtPixels, toChunk } from './template.js';

/** Rows filtered and compressed at once: large enough that the blocks' own tables cost under 0.1 %. */
const PIECE_BYTES = 1 << 19;
/** A zlib stream begins: deflate with a 32 KiB window, tried lightly; both bytes make a multiple of 31. @see RFC 1950, section 2.2 */
const ZLIB_HEADER = Uint8Array.of(0x78, 0x01);

/** Rows that `encodeRuns` gives the kernel at once. */
export function countPieceRows({ width, height, channels }: PngRows): number {
  return Math.min(height, Math.max(1, Math.round(PIECE_BYTES / (width * channels + 1))));
}

/**
 * An 8-bit RGB or RGBA picture as a PNG: each row in the filter that suits it, compressed with literals and runs alone. What
 * filters leave of a photograph repeats by chance only, so that a search for repeats costs ten times as much for nothing. Everything
 * but the pixels comes from a template.
 *
 * @param kernel for `countPieceRows` rows
 * @param template a whole PNG with the same channels and the wanted metadata, of any size
 * @returns the file in parts, in order, each in memory of its own; between them others have their turn
 */
export async function* encodeRuns(
  picture: PngRows,
  kernel: PngKernel,
  template: Buffer,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { before, after } = splitAtPixels(template);
  yield fillHeader(before, picture);
  // One part a chunk: each write to a file is a trip to the thread pool.
  for await (const part of deflateRows(picture, kernel)) yield toChunk('IDAT', part);
  yield after;
}

/** One zlib stream, each part good until the next. */
async function* deflateRows(picture: PngRows, kernel: PngKernel): AsyncGenerator<Uint8Array, void, undefined> {
  const { height } = picture;
  const rows = countPieceRows(picture);
  let sum = 1;
  yield ZLIB_HEADER;
  kernel.begin();
  for (let row = 0; row < height; row += rows) {
    const filtered = kernel.filter(picture.read(row, Math.min(rows, height - row)), ADAPTIVE);
    sum = kernel.checksum(filtered, sum);
    yield kernel.deflateRuns(filtered, row + rows >= height);
    await setImmediate();
  }
  const trailer = Buffer.alloc(4);
  trailer.writeUInt32BE(sum);
  yield trailer;
}
