import { crc32 } from 'node:zlib';
import { deflateInParallel } from './deflate.js';

/** sharp's own default. */
const COMPRESSION_LEVEL = 6;
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

/**
 * An 8-bit RGB or RGBA picture as a PNG, its pixels compressed on several threads: libpng compresses on one, and that is nearly
 * all of a large PNG's time. Filter 0 and level 6, as sharp does by default; everything but the pixels comes from a template.
 *
 * @param template a whole PNG with the same channels and the wanted metadata, of any size
 * @param threads 1 or more
 * @returns the file in parts, in order
 */
export async function* encodePng(
  picture: PngRows,
  template: Buffer,
  threads: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { width, height } = picture;
  const { before, after } = splitAtPixels(template);
  const header = Buffer.from(before);
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  header.writeUInt32BE(crc32(header.subarray(12, HEADER_END - 4)), HEADER_END - 4);
  yield header;
  const pieces = filteredRows(picture, threads);
  for await (const part of deflateInParallel(pieces, { level: COMPRESSION_LEVEL, threads })) {
    // One part a chunk: each write to a file is a trip to the thread pool.
    const chunk = Buffer.allocUnsafe(part.length + 12);
    chunk.writeUInt32BE(part.length, 0);
    chunk.write('IDAT', 4, 'latin1');
    chunk.set(part, 8);
    chunk.writeUInt32BE(crc32(chunk.subarray(4, part.length + 8)), part.length + 8);
    yield chunk;
  }
  yield after;
}

/** Rows with their filter byte, in pieces of whole rows. The memory goes round: a fresh page costs more than the copy. */
function* filteredRows(
  { width, height, channels, read }: PngRows,
  threads: number,
): Generator<Uint8Array, void, undefined> {
  const rowBytes = width * channels;
  const stride = rowBytes + 1;
  const rows = Math.max(1, Math.round(PIECE_BYTES / stride));
  // As many pieces as may be at work, the one whose end is the next one's dictionary, and the one being filled.
  const memory = Array.from({ length: threads + 4 }, () => new Uint8Array(Math.min(rows, height) * stride));
  for (let y = 0, turn = 0; y < height; y += rows, turn++) {
    const piece = memory[turn % memory.length] as Uint8Array;
    const count = Math.min(rows, height - y);
    const data = read(y, count);
    for (let i = 0; i < count; i++) piece.set(data.subarray(i * rowBytes, (i + 1) * rowBytes), i * stride + 1);
    yield piece.subarray(0, count * stride);
  }
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
