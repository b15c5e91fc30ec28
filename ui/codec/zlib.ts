/** zlib streams by the browser itself. */
import { concatBytes } from '../../src/codec/bytes.js';
import { storeZlib } from '../../src/codec/store-zlib.js';
import type { Pacer } from './pacer.js';

/** @throws TypeError for broken data, as the browser does */
export async function inflate(bytes: Uint8Array, pacer?: Pacer): Promise<Uint8Array> {
  return pump(bytes, new DecompressionStream('deflate'), pacer);
}

/** Compresses; where CompressionStream is missing, wraps the bytes uncompressed, which every reader accepts. */
export async function deflate(bytes: Uint8Array, pacer?: Pacer): Promise<Uint8Array> {
  return typeof CompressionStream === 'undefined'
    ? storeZlib(bytes)
    : pump(bytes, new CompressionStream('deflate'), pacer);
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
