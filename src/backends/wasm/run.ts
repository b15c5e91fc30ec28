import type { Cancel } from '../../core/types.js';
import type { KernelName, Setups } from './block-kernels.js';
import type { Heap } from './heap.js';

/** A kernel's work on the blocks of something. */
export interface Run<K extends KernelName> {
  readonly kernel: K;
  readonly setup: Setups[K];
  readonly blocks: number;
  /**
   * Puts a block's items where the kernel reads them.
   *
   * @param input address in the heap
   * @returns how many items it has
   */
  put(block: number, input: number, heap: Heap): number;
  /** Takes a block's results: once for each block, in any order. @param result what the kernel returned */
  take?(block: number, at: BlockPlace, result: number, heap: Heap): void;
  /** The threads add to tables of their own: then a block whose thread was lost cannot be done again alone. */
  readonly accumulates?: boolean;
  readonly signal?: Cancel | undefined;
  /** Threads that can take part at most: those with a table. */
  readonly maxThreads?: number;
  /** Writes what all blocks need into the heap. Called whenever somebody else may have used it: cheap when nobody has. */
  prepare?(heap: Heap): void;
  /** Called once before the first block and once after the last one, while nobody else runs anything. */
  begin?(heap: Heap): void;
  end?(heap: Heap): void;
}

/** Addresses of a block in its buffer. */
export interface BlockPlace {
  readonly input: number;
  readonly results: number;
}
