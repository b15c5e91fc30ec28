import { setImmediate } from 'node:timers/promises';
import { zlibHeader, zlibTrailer } from './deflate.js';
import type { PngKernel } from './kernel-types.js';

/**
 * One zlib stream of literals and runs, compressed by the kernel in this thread, which is done sooner than Node's thread pool
 * is with zlib. Between pieces others have their turn.
 *
 * @param pieces what the kernel's `filter` returned
 * @returns the stream in parts, in order, each good until the next
 */
export async function* deflateRuns(
  pieces: Iterable<Uint8Array>,
  kernel: PngKernel,
): AsyncGenerator<Uint8Array, void, undefined> {
  let sum = 1;
  yield zlibHeader(0);
  const iterator = pieces[Symbol.iterator]();
  let next = iterator.next();
  while (!next.done) {
    const piece = next.value;
    next = iterator.next();
    sum = kernel.checksum(piece, sum);
    yield kernel.deflateRuns(piece, next.done === true);
    await setImmediate();
  }
  yield zlibTrailer(sum);
}
