import type { KernelName } from './block-kernels.js';

/**
 * How many threads take part in a run. More are not always faster: on two hardware threads of one core, kernels that wait for
 * memory lose. So the clock decides: the first run of a kernel that is long enough does one leg alone and others with more threads,
 * and what took least time for a block is kept. When the user names a number, all of them take part.
 */
export interface ThreadScale {
  start(kernel: KernelName): Pace;
}

/** Of one run. */
export interface Pace {
  /** @param blocks still to do @param there threads that could take part now */
  threads(blocks: number, there: number): number;
  /** Says what a leg took. */
  note(threads: number, blocks: number, milliseconds: number): void;
  /** Whether workers are to be waited for, if they have not started. */
  needsWorkers(): boolean;
}

/** Less work than this is done before a worker has heard of it. */
const SHARED_FROM_MS = 1.5;
/** What a block takes, as long as nothing else is known. */
const USUAL_BLOCK_MS = 0.06;
/** A shorter leg says nothing. */
const TRIAL_MS = 4;

export function createThreadScale(threads: number, isAdaptive: boolean): ThreadScale {
  /** All sizes that are tried. */
  const sizes = [...new Set([1, threads, Math.ceil(threads / 2)])];
  const best = new Map<KernelName, number>();
  /** Milliseconds of a block on one thread. */
  const alone = new Map<KernelName, number>();

  return {
    start(kernel) {
      const trials = new Map<number, number>();
      let wanted = 1;

      function choose(there: number): number {
        if (!isAdaptive) return threads;
        const known = best.get(kernel);
        if (known !== undefined) return known;
        const untried = sizes.find((size) => !trials.has(size)) ?? 1;
        return untried > there ? 1 : untried;
      }

      return {
        threads(blocks, there) {
          const expected = blocks * (alone.get(kernel) ?? USUAL_BLOCK_MS);
          wanted = threads === 1 || expected < SHARED_FROM_MS ? 1 : choose(there);
          return wanted;
        },
        needsWorkers: () => wanted > 1 && !isAdaptive,
        note(size, blocks, milliseconds) {
          const perBlock = milliseconds / blocks;
          if (size === 1) alone.set(kernel, perBlock);
          if (best.has(kernel) || milliseconds < TRIAL_MS) return;
          trials.set(size, perBlock);
          if (sizes.some((tried) => !trials.has(tried))) return;
          best.set(
            kernel,
            sizes.reduce((p, q) => ((trials.get(q) as number) < (trials.get(p) as number) ? q : p)),
          );
        },
      };
    },
  };
}
