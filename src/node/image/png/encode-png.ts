import { chooseWay, countSliceRows, PLAIN } from './choose-way.js';
import { countPiecesInUse, deflateInParallel } from './deflate.js';
import { deflateRuns } from './deflate-runs.js';
import { createKernel } from './kernel.js';
import type { PngKernel } from './kernel-types.js';
import type { PngRows } from './png-rows.js';
import { fillHeader, splitAtPixels, toChunk } from './template.js';

/** Large enough that the cuts cost under 0.1 %, small enough that two cores end at about the same time. */
const PIECE_BYTES = 1 << 19;

/** Memory for pieces when the rows are very long. */
const MEMORY_BYTES = 1 << 28;

/** A picture that has been looked at, ready to be encoded. */
export interface PngEncoder {
  /** What suits it are no filters and zlib's level 6. libpng does the same, sooner: its zlib finds repeats faster than Node's. */
  readonly isPlain: boolean;
  /**
   * @param template a whole PNG with the same channels and the wanted metadata, of any size
   * @returns the file in parts, in order
   */
  encode(template: Buffer): AsyncGenerator<Uint8Array, void, undefined>;
}

/**
 * Encodes 8-bit RGB or RGBA pictures on several threads: libpng compresses on one, and that is nearly all of a large PNG's
 * time. Filters and compression are those that suit the picture; everything but the pixels comes from a template. The bytes
 * do not depend on the number of threads.
 *
 * @param threads 1 or more
 */
export async function openPngEncoder(picture: PngRows, threads: number): Promise<PngEncoder> {
  const { width, height, channels } = picture;
  const rows = Math.min(height, Math.max(1, Math.round(PIECE_BYTES / (width * channels + 1))));
  const atOnce = Math.max(1, Math.min(threads, Math.floor(MEMORY_BYTES / (rows * width * channels))));
  const kernel = createKernel({
    rowBytes: width * channels,
    pixelBytes: channels,
    rows: Math.max(rows, countSliceRows(picture)),
    slots: countPiecesInUse(atOnce),
  });
  const way = await chooseWay(picture, kernel);
  const { filter, effort } = way;
  return {
    isPlain: way === PLAIN,
    async *encode(template) {
      const { before, after } = splitAtPixels(template);
      yield fillHeader(before, picture);
      const pieces = filterPieces(picture, rows, kernel, filter);
      const parts =
        effort === 'runs'
          ? deflateRuns(pieces, kernel)
          : deflateInParallel(pieces, { ...effort, threads: atOnce, checksum: kernel.checksum });
      // One part a chunk: each write to a file is a trip to the thread pool.
      for await (const part of parts) yield toChunk('IDAT', part);
      yield after;
    },
  };
}

/** Pieces of whole rows, filtered one by one as they are asked for. */
function* filterPieces(
  { height, read }: PngRows,
  rows: number,
  kernel: PngKernel,
  filter: number,
): Generator<Uint8Array, void, undefined> {
  kernel.begin();
  for (let y = 0; y < height; y += rows) yield kernel.filter(read(y, Math.min(rows, height - y)), filter);
}
