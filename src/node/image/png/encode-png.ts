import { crc32 } from 'node:zlib';
import { chooseWay, countSliceRows, PLAIN } from './choose-way.js';
import { countPiecesInUse, deflateInParallel } from './deflate.js';
import { deflateRuns } from './deflate-runs.js';
import { createKernel, type PngKernel } from './kernel.js';

/** Large enough that the cuts cost under 0.1 %, small enough that two cores end at about the same time. */
const PIECE_BYTES = 1 << 19;
/** Signature, and the length, type, 13 bytes and checksum of IHDR. */
const HEADER_END = 8 + 25;

/** Rows of an 8-bit RGB or RGBA picture, wherever they are. */
export interface PngRows {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** @returns the bytes of `count` rows from `row` on, good until the next call */
  read(row: number, count: number): Uint8Array | Uint8ClampedArray;
}

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
      yield resizeHeader(before, picture);
      const pieces = filterPieces(picture, rows, kernel, filter);
      const parts =
        effort === 'runs'
          ? deflateRuns(pieces, kernel)
          : deflateInParallel(pieces, { ...effort, threads: atOnce, checksum: kernel.checksum });
      for await (const part of parts) yield toChunk(part);
      yield after;
    },
  };
}

function resizeHeader(before: Buffer, { width, height }: PngRows): Buffer {
  const header = Buffer.from(before);
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  header.writeUInt32BE(crc32(header.subarray(12, HEADER_END - 4)), HEADER_END - 4);
  return header;
}

/** One part a chunk: each write to a file is a trip to the thread pool. */
function toChunk(part: Uint8Array): Buffer {
  const chunk = Buffer.allocUnsafe(part.length + 12);
  chunk.writeUInt32BE(part.length, 0);
  chunk.write('IDAT', 4, 'latin1');
  chunk.set(part, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, part.length + 8)), part.length + 8);
  return chunk;
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

/** Cuts out the IDAT chunks. @see PNG third edition, section 5.3 */
function splitAtPixels(png: Buffer): { before: Buffer; after: Buffer } {
  let begin = 0;
  for (let at = 8; ; ) {
    const length = png.readUInt32BE(at);
    const isPixels = png.toString('latin1', at + 4, at + 8) === 'IDAT';
    if (isPixels && begin === 0) begin = at;
    if (!isPixels && begin > 0) return { before: png.subarray(0, begin), after: png.subarray(at) };
    at += 12 + length;
  }
}
