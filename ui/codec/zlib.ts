/** zlib streams by the browser itself. */
import { concatBytes } from '../../src/codec/bytes.js';
import type { Pacer } from './pacer.js';

/** @throws TypeError for broken data, as the browser does */
export async function inflate(bytes: Uint8Array, pacer?: Pacer): Promise<Uint8Array> {
  return pump(bytes, new DecompressionStream('deflate'), pacer);
}

/** Compresses; where CompressionStream is missing, wraps the bytes uncompressed, which every reader accepts. */
export async function deflate(bytes: Uint8Array, pacer?: Pacer): Promise<Uint8Array> {
  return typeof CompressionStream === 'undefined' ? store(bytes) : pump(bytes, new CompressionStream('deflate'), pacer);
}

/** Bytes handed over at once. Chromium packs on the calling thread, and a promise alone ends no task. */
const PIECE = 1 << 16;

async function pump(bytes: Uint8Array, through: GenericTransformStream, pacer?: Pacer): Promise<Uint8Array> {
  const writer = (through.writable as WritableStream<Uint8Array>).getWriter();
  const feed = async (): Promise<void> => {
    for (let at = 0; at < bytes.length; at += PIECE) {
      await writer.write(bytes.subarray(at, at + PIECE));
      await pacer?.pause();
    }
    await writer.close();
  };
  const fed = feed();
  // A broken stream rejects on both sides; the reader's error is the one that is told.
  fed.catch(() => undefined);
  const reader = (through.readable as ReadableStream<Uint8Array>).getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    length += value.length;
  }
  await fed;
  return concatBytes(pieces, length);
}

/** zlib with stored blocks (RFC 1951, 3.2.4). */
export function store(bytes: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(bytes.length / 65535));
  const out = new Uint8Array(2 + blocks * 5 + bytes.length + 4);
  out.set([0x78, 0x01]);
  let at = 2;
  for (let block = 0; block < blocks; block++) {
    const part = bytes.subarray(block * 65535, (block + 1) * 65535);
    const size = part.length;
    out.set([block === blocks - 1 ? 1 : 0, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255], at);
    out.set(part, at + 5);
    at += 5 + size;
  }
  new DataView(out.buffer).setUint32(at, adler32(bytes));
  return out;
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let i = 0; i < bytes.length; ) {
    // 5552 is the longest run whose sums stay below 2^32.
    const end = Math.min(bytes.length, i + 5552);
    for (; i < end; i++) {
      a += bytes[i] as number;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
