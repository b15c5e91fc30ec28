import { type PixelBuckets, sortPixels, type Target } from '../../core/analysis/pixel-buckets.js';
import type { Lut } from '../../core/lut/lut.js';
import { createSampler, type LutSampler } from '../../core/lut/sample.js';
import type { Interpolation } from '../../core/options.js';
import type { Gamut, Plan } from '../../core/types.js';
import { createDeepPuller } from '../js/pull-deep.js';
import { DEEP_CHUNK } from './assembly/deep-layout.js';
import { createDeepKernel, type DeepKernel } from './deep-kernel.js';

/** Pixels in memory that all threads see; each takes the next piece of them until none is left. */
interface PiecewiseJob {
  readonly channels: 3 | 4;
  /** One number: the next piece to take. */
  readonly next: Int32Array;
}

/** Recolors 16-bit pixels, in place. */
export interface DeepPullJob extends PiecewiseJob {
  readonly kind: 'pull16';
  readonly samples: Uint16Array;
  readonly plan: Plan;
  /** The 16-bit kernel (compile.ts); without it js does the work. */
  readonly module: WebAssembly.Module | undefined;
}

/** Sorts 16-bit pixels by their distances. */
export interface DeepSortJob extends PiecewiseJob {
  readonly kind: 'sort16';
  readonly samples: Uint16Array;
  readonly targets: readonly Target[];
  readonly gamut: Gamut;
  readonly module: WebAssembly.Module | undefined;
  /** For each target: buckets of all pixels, and this thread's own counts. */
  readonly sorted: readonly PixelBuckets[];
}

/** A lookup table with its values in shared memory. */
export interface SharedLut {
  /** Tells one table from the next. */
  readonly id: number;
  readonly lut: Lut;
  readonly interpolation: Interpolation;
  readonly maxCode: 255 | 65535;
}

/** Interpolates pixels in a lookup table by the core's own code, in place. */
export interface LookUpJob extends PiecewiseJob {
  readonly kind: 'look-up';
  readonly samples: Uint8Array | Uint16Array;
  readonly table: SharedLut;
}

export type PixelJob = DeepPullJob | DeepSortJob | LookUpJob;

/** Pixels a thread takes at once: a chunk of the kernel. */
const PIECE_PIXELS = DEEP_CHUNK;

/** @returns does a job, or the part of it that no other thread has taken */
export function createPixelHand(): (job: PixelJob) => void {
  // Its tables of 65,536 codes take as long to make as a million pixels.
  let last: { readonly id: number; readonly sampler: LutSampler } | undefined;

  function samplerFor({ id, lut, interpolation, maxCode }: SharedLut): LutSampler {
    if (last?.id !== id) last = { id, sampler: createSampler(lut, interpolation, maxCode) };
    return last.sampler;
  }

  let deep: DeepKernel | undefined;

  function deepKernel(module: WebAssembly.Module | undefined): DeepKernel | undefined {
    if (module) deep ??= createDeepKernel(module);
    return module && deep;
  }

  return (job) => {
    switch (job.kind) {
      case 'pull16': {
        const pull = deepKernel(job.module)?.createPuller(job.plan) ?? createDeepPuller(job.plan);
        eachPiece(job, (from, to) => pull(job.samples.subarray(from, to), job.channels));
        return;
      }
      case 'sort16': {
        const sort = deepKernel(job.module)?.sort ?? sortPixels;
        eachPiece(job, (from, to) => {
          const [first, last] = [from / job.channels, to / job.channels];
          const out = job.sorted.map(({ buckets, counts }) => ({ buckets: buckets.subarray(first, last), counts }));
          sort(job.samples.subarray(from, to), job.channels, job.targets, job.gamut, out);
        });
        return;
      }
      case 'look-up': {
        const sampler = samplerFor(job.table);
        eachPiece(job, (from, to) => sampler.apply(job.samples.subarray(from, to), job.channels));
        return;
      }
    }
  };
}

/** @param visit receives the first sample of a piece and the one after its last */
function eachPiece({ samples, channels, next }: PixelJob, visit: (from: number, to: number) => void): void {
  const step = PIECE_PIXELS * channels;
  for (;;) {
    const from = Atomics.add(next, 0, 1) * step;
    if (from >= samples.length) return;
    visit(from, Math.min(samples.length, from + step));
  }
}
