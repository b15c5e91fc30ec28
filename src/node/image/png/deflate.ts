import { promisify } from 'node:util';
import { constants, deflateRaw } from 'node:zlib';
import { adler32 } from './adler32.js';

const deflatePiece = promisify<Uint8Array, object, Buffer>(deflateRaw);

/** Deflate looks back this far. */
export const WINDOW_BYTES = 32_768;

/** How hard zlib tries. */
export interface Effort {
  /** 0 to 9. */
  readonly level: number;
  /** Default: zlib's own. The other two that look back fit as well. */
  readonly strategy?: number;
}

export interface DeflateOptions extends Effort {
  /** Pieces compressed at once, in Node's own thread pool. */
  readonly threads: number;
  /** Adler-32 of a piece, continued. Default: `adler32`. */
  readonly checksum?: (data: Uint8Array, start: number) => number;
}

/** Pieces that `deflateInParallel` may have in use at once. */
export function countPiecesInUse(threads: number): number {
  // At work or waiting, the one whose end is the next one's dictionary, and the one being made.
  return threads + 4;
}

/**
 * One zlib stream out of pieces that are compressed side by side: each piece but the last ends on a byte border, and starts
 * with the end of the piece before it as its dictionary, so that nothing is lost to the cuts. The bytes depend on the pieces
 * and the effort, not on the number of threads.
 *
 * @param pieces in order; at most `countPiecesInUse` of them are in use at once, so their memory may go round
 * @returns the stream in parts, in order
 * @see RFC 1950, RFC 1951
 */
export async function* deflateInParallel(
  pieces: Iterable<Uint8Array>,
  { threads, checksum = adler32, ...effort }: DeflateOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  let sum = 1;
  let previous: Uint8Array | undefined;
  const waiting: Promise<Buffer>[] = [];
  const iterator = pieces[Symbol.iterator]();
  yield zlibHeader(effort.level);
  let next = iterator.next();
  while (!next.done) {
    const piece = next.value;
    // Copied: it must survive until the piece is done, whatever becomes of the piece before.
    const dictionary = previous && Buffer.from(previous.subarray(Math.max(0, previous.length - WINDOW_BYTES)));
    sum = checksum(piece, sum);
    previous = piece;
    next = iterator.next();
    const finishFlush = next.done ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
    const compressed = compress(piece, effort, finishFlush, dictionary);
    compressed.catch(() => undefined); // awaited below, in order
    waiting.push(compressed);
    // More than threads, so that none waits for this loop or for whoever writes the parts.
    while (waiting.length > (next.done ? 0 : threads + 1)) yield (await waiting.shift()) as Buffer;
  }
  yield zlibTrailer(sum);
}

/** Compresses a piece in Node's thread pool. @param dictionary what came before it */
export function compress(
  piece: Uint8Array,
  { level, strategy = constants.Z_DEFAULT_STRATEGY }: Effort,
  finishFlush: number,
  dictionary?: Uint8Array,
): Promise<Buffer> {
  // Room for all of it: with zlib's usual 16 KiB each would come back here many times for more.
  const chunkSize = Math.max(64, piece.length + (piece.length >> 8) + 64);
  return deflatePiece(piece, { level, strategy, finishFlush, chunkSize, ...(dictionary && { dictionary }) });
}

/** Deflate with a 32 KiB window; the second byte says how hard it was tried and makes both a multiple of 31. */
export function zlibHeader(level: number): Uint8Array {
  const effort = level < 2 ? 0 : level < 6 ? 1 : level === 6 ? 2 : 3;
  const first = 0x78;
  const second = effort << 6;
  return Uint8Array.of(first, second + (31 - ((first * 256 + second) % 31)));
}

/** @param checksum Adler-32 of all that was compressed */
export function zlibTrailer(checksum: number): Uint8Array {
  const trailer = Buffer.alloc(4);
  trailer.writeUInt32BE(checksum);
  return trailer;
}
