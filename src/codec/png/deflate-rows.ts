import { ADAPTIVE } from './assembly/layout.js';
import type { PngKernel } from './kernel.js';
import type { PngRows } from './png-rows.js';

/** Rows filtered and compressed at once: large enough that the blocks' own tables cost under 0.1 %. */
const PIECE_BYTES = 1 << 19;
/** A zlib stream begins: deflate with a 32 KiB window, tried lightly; both bytes make a multiple of 31. @see RFC 1950, section 2.2 */
const ZLIB_HEADER = Uint8Array.of(0x78, 0x01);

/** Rows that the kernel is given at once. */
export function countPieceRows({ width, height, channels }: PngRows): number {
  return Math.min(height, Math.max(1, Math.round(PIECE_BYTES / (width * channels + 1))));
}

/**
 * The rows of a picture as the IDAT chunks hold them: each in the filter that suits it, compressed with literals and runs alone. What filters
 * leave of a photograph repeats by chance only, so that a search for repeats costs ten times as much for nothing.
 *
 * @param kernel for `countPieceRows` rows
 * @param pause lets others have their turn
 * @returns one zlib stream, each part good until the next
 */
export async function* deflateRows(
  picture: PngRows,
  kernel: PngKernel,
  pause: () => Promise<void>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { height } = picture;
  const rows = countPieceRows(picture);
  let sum = 1;
  yield ZLIB_HEADER;
  kernel.begin();
  for (let row = 0; row < height; row += rows) {
    const filtered = kernel.filter(picture.read(row, Math.min(rows, height - row)), ADAPTIVE);
    sum = kernel.checksum(filtered, sum);
    yield kernel.deflateRuns(filtered, row + rows >= height);
    await pause();
  }
  yield Uint8Array.of(sum >>> 24, sum >>> 16, sum >>> 8, sum);
}
