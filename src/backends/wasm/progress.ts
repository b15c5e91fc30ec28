import { BUFFER_INPUT, BUFFER_RESULTS } from './assembly/layout.js';
import type { BlockKernel, KernelName } from './block-kernels.js';
import { BLOCK, CLOSED, COUNT, IS_DONE, NEXT, READY, RESULT } from './control.js';
import type { Heap } from './heap.js';
import type { Run } from './run.js';
import { bufferOf, ringLength, serve } from './serve.js';

/** How far a run has come: the ring takes blocks from the front, the calling thread from the back. */
export class Progress {
  private front = 0;
  private back: number;
  /** Blocks that were put into the ring in this leg, and those whose results were taken; in their order. */
  private readonly fed: number[] = [];
  private taken = 0;

  constructor(
    private readonly job: Run<KernelName>,
    private readonly heap: Heap,
    private readonly kernel: BlockKernel,
  ) {
    this.back = job.blocks;
  }

  get left(): number {
    return this.back - this.front;
  }

  /** Does blocks until all are done or time is up; one at least. */
  alone(isTimeUp: () => boolean): void {
    do this.doOne(this.front++);
    while (this.left > 0 && !isTimeUp());
  }

  /**
   * The same with others: feeds them, takes their results, and does blocks itself meanwhile. No more blocks will come then: at the end it
   * helps with those that nobody has begun, and when time is up it takes them back.
   */
  shared(isTimeUp: () => boolean): void {
    if (this.feedUntil(isTimeUp)) this.recall();
    this.shut();
    serve(this.heap, this.kernel);
  }

  /** @returns whether time is up */
  private feedUntil(isTimeUp: () => boolean): boolean {
    const { heap } = this;
    const room = ringLength(heap);
    this.fed.length = 0;
    this.taken = 0;
    while (this.left > 0) {
      this.takeDone();
      if (this.fed.length - this.taken < room) this.feed();
      else this.doOne(--this.back);
      if (isTimeUp()) return true;
    }
    return false;
  }

  shut(): void {
    Atomics.or(this.heap.i32, READY, CLOSED);
    Atomics.notify(this.heap.i32, READY);
  }

  /** Takes what is left in the ring once all have stopped; blocks that were lost on the way are done again. @returns whether there were some */
  redoLost(): boolean {
    let hasLost = false;
    while (this.taken < this.fed.length) {
      if (this.takeDone()) continue;
      hasLost = true;
      if (!this.job.accumulates) this.doOne(this.fed[this.taken] as number);
      this.taken++;
    }
    return hasLost;
  }

  private recall(): void {
    const begun = Math.min(Atomics.add(this.heap.i32, NEXT, CLOSED), this.fed.length);
    this.front -= this.fed.length - begun;
    this.fed.length = begun;
  }

  private feed(): void {
    const { heap, job } = this;
    const { i32 } = heap;
    const block = this.front++;
    const buffer = bufferOf(heap, this.fed.length);
    const head = buffer / 4;
    i32[head + BLOCK] = block;
    i32[head + COUNT] = job.put(block, buffer + BUFFER_INPUT, heap);
    Atomics.store(i32, head + IS_DONE, 0);
    this.fed.push(block);
    Atomics.add(i32, READY, 1);
    Atomics.notify(i32, READY, 1);
  }

  /** @returns whether the oldest block in the ring was done */
  private takeDone(): boolean {
    const { heap } = this;
    let hasTaken = false;
    while (this.taken < this.fed.length) {
      const buffer = bufferOf(heap, this.taken);
      const head = buffer / 4;
      if (Atomics.load(heap.i32, head + IS_DONE) === 0) return hasTaken;
      this.take(this.fed[this.taken] as number, buffer, heap.i32[head + RESULT] as number);
      this.taken++;
      hasTaken = true;
    }
    return hasTaken;
  }

  /** Does a block in the calling thread's own buffer. */
  private doOne(block: number): void {
    const { heap, job, kernel } = this;
    const buffer = heap.bufferAt(0);
    const count = job.put(block, buffer + BUFFER_INPUT, heap);
    this.take(block, buffer, kernel(buffer + BUFFER_INPUT, buffer + BUFFER_RESULTS, count, block));
  }

  private take(block: number, buffer: number, result: number): void {
    this.job.take?.(block, { input: buffer + BUFFER_INPUT, results: buffer + BUFFER_RESULTS }, result, this.heap);
  }
}
