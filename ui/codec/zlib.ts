/** zlib streams by the browser itself. */
import { concatBytes } from '../../src/codec/bytes.js';
import { storeZlib } from '../../src/codec/store-zlib.js';
import type { Pacer } from './pacer.js';

/** What goes into a stream, piece by piece; each is used up before the next is asked for. */
type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** @throws TypeError for broken data, as the browser does */
export async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  return concatBytes(await gather(through(cut([bytes]), new DecompressionStream('deflate'))));
}

/**
 * Unpacks into memory of a known size; what a stream holds beyond that is left alone, however much it is.
 *
 * @returns bytes of `out` that were filled
 * @throws TypeError for broken data, as the browser does
 */
export async function inflateInto(out: Uint8Array, packed: Iterable<Uint8Array>, pacer: Pacer): Promise<number> {
  let at = 0;
  for await (const piece of through(cut(packed), new DecompressionStream('deflate'))) {
    const part = piece.subarray(0, out.length - at);
    out.set(part, at);
    at += part.length;
    if (part.length < piece.length) break;
    await pacer.pause();
  }
  return at;
}

/** Compresses; where CompressionStream is missing, wraps the bytes uncompressed, which every reader accepts. */
export async function deflate(pieces: Pieces): Promise<Uint8Array[]> {
  if (typeof CompressionStream === 'undefined') return [storeZlib(await join(pieces))];
  return gather(through(pieces, new CompressionStream('deflate')));
}

/** Bytes handed over at once. Chromium works on the calling thread, and a promise alone ends no task. */
const PIECE = 1 << 16;

export function* cut(all: Iterable<Uint8Array>, size = PIECE): Generator<Uint8Array> {
  for (const bytes of all) for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function join(pieces: Pieces): Promise<Uint8Array> {
  const copies: Uint8Array[] = [];
  for await (const piece of pieces) copies.push(piece.slice());
  return concatBytes(copies);
}

async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

async function* through(pieces: Pieces, stream: GenericTransformStream): AsyncGenerator<Uint8Array> {
  const writer = (stream.writable as WritableStream<Uint8Array>).getWriter();
  const reader = (stream.readable as ReadableStream<Uint8Array>).getReader();
  const feed = async (): Promise<void> => {
    for await (const piece of pieces) await writer.write(piece);
    await writer.close();
  };
  const fed = feed();
  // A broken stream rejects on both sides; the reader's error is the one that is told. What fails in `pieces` ends the stream.
  fed.catch((error: unknown) => writer.abort(error).catch(() => undefined));
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    await fed;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
