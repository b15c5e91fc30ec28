/** What every thread does while a kernel runs: workers all the time, the calling thread at the end. */
import { BUFFER_INPUT, BUFFER_RESULTS, BUFFERS } from './assembly/layout.js';
import type { BlockKernel } from './block-kernels.js';
import { BLOCK, CLOSED, COUNT, IS_DONE, NEXT, READY, RESULT } from './control.js';
import type { Heap } from './heap.js';

/** A thread that sleeps looks up this often, should nobody wake it. */
const NAP_MS = 1000;

/** Buffers that blocks travel in; the first one of the heap is the calling thread's own. */
export function ringLength({ threads }: Heap): number {
  return threads * BUFFERS - 1;
}

/** The buffer of a ticket: of the n-th block that was put into the ring. */
export function bufferOf(heap: Heap, ticket: number): number {
  return heap.bufferAt(1 + (ticket % ringLength(heap)));
}

/** Takes the next block from the ring until no more will come. Sleeps while there is none: only where a thread may. */
export function serve(heap: Heap, kernel: BlockKernel): void {
  const { i32 } = heap;
  for (;;) {
    const ticket = Atomics.add(i32, NEXT, 1);
    for (;;) {
      const ready = Atomics.load(i32, READY);
      if (ticket < (ready & ~CLOSED)) break;
      if (ready & CLOSED) return;
      Atomics.wait(i32, READY, ready, NAP_MS);
    }
    const buffer = bufferOf(heap, ticket);
    const head = buffer / 4;
    const [block, count] = [i32[head + BLOCK] as number, i32[head + COUNT] as number];
    i32[head + RESULT] = kernel(buffer + BUFFER_INPUT, buffer + BUFFER_RESULTS, count, block);
    Atomics.store(i32, head + IS_DONE, 1);
  }
}
