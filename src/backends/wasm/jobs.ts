import { CHUNK_COLORS } from './assembly/layout.js';
import type { Kernel } from './kernel.js';

/** Colors in memory that all threads see; each takes the next chunk until none is left. */
export interface SharedPullJob {
  readonly kind: 'pull-shared';
  /** Parameter block (parameters.ts). */
  readonly parameters: Float32Array;
  readonly colors: Uint32Array;
  /** Receives the new colors; words with the DOUBT bit are left to the caller. */
  readonly out: Uint32Array;
  /** One number: the next chunk to take. */
  readonly next: Int32Array;
}

/** Colors that are moved to the worker, which overwrites them and moves them back: where memory cannot be shared. */
export interface MovedPullJob {
  readonly kind: 'pull-moved';
  readonly parameters: Float32Array;
  readonly colors: Uint32Array<ArrayBuffer>;
}

export type Job = SharedPullJob | MovedPullJob;

/** What a job gives back. */
export interface JobResult {
  /** Words with the DOUBT bit. */
  readonly doubts: number;
  /** The colors of a moved job, evaluated. */
  readonly moved?: Uint32Array<ArrayBuffer>;
}

/** Does a job, or the part of it that no other thread has taken. The same code runs in workers and on the calling thread. */
export function runJob(job: Job, kernel: Kernel): JobResult {
  kernel.setParameters(job.parameters);
  let doubts = 0;
  if (job.kind === 'pull-moved') {
    const { colors } = job;
    for (let start = 0; start < colors.length; start += CHUNK_COLORS) {
      const chunk = colors.subarray(start, start + CHUNK_COLORS);
      doubts += kernel.run(chunk, chunk);
    }
    return { doubts, moved: colors };
  }
  const { colors, out, next } = job;
  for (;;) {
    const start = Atomics.add(next, 0, 1) * CHUNK_COLORS;
    if (start >= colors.length) return { doubts };
    const end = start + CHUNK_COLORS;
    doubts += kernel.run(colors.subarray(start, end), out.subarray(start, end));
  }
}
