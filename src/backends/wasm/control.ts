/** Words that the threads share while a kernel runs, as indexes of 32-bit words. */
import { CONTROL, LEFT_LEG, THREAD_BYTES, THREADS } from './assembly/layout.js';

/** Blocks that are ready in the buffers, and CLOSED once no more will come. */
export const READY = CONTROL / 4;
/** The next block to take. */
export const NEXT = READY + 1;
/** Counts the threads that have found nothing more to take: to be slept on; who it was stands in their regions. */
export const LEFT = READY + 2;
/** Colors of the census that is being emitted. */
export const EMITTED = READY + 3;

export const CLOSED = 1 << 30;

// Words of a buffer, ahead of its input.
/** 1 when the results are there. */
export const IS_DONE = 0;
export const BLOCK = 1;
export const COUNT = 2;
/** What the kernel returned. */
export const RESULT = 3;

/** Where a thread writes the number of the leg that it has left. */
export function legOf(thread: number): number {
  return (THREADS + thread * THREAD_BYTES + LEFT_LEG) / 4;
}
