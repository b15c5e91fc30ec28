import { type Census, type ColorTable, clearTable, countColors, createColorTable } from '../../core/analysis/census.js';
import { repaint } from '../../core/repaint.js';
import type { Gamut } from '../../core/types.js';
import { CHUNK_COLORS } from './assembly/layout.js';
import { DOUBT, type Kernel } from './kernel.js';
import { type DistanceBuckets, measureColors, type OklabTarget } from './measure.js';

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
  /** If given, each color's slot receives the new color (`fillTable`), doubtful ones excepted. */
  readonly slots?: Uint32Array;
}

/** Colors that are moved to the worker, which overwrites them and moves them back: where memory cannot be shared. */
export interface MovedPullJob {
  readonly kind: 'pull-moved';
  readonly parameters: Float32Array;
  readonly colors: Uint32Array<ArrayBuffer>;
}

/** Counts the colors of a part of a picture. */
export interface CensusJob {
  readonly kind: 'census';
  readonly data: Uint8Array;
  readonly channels: 3 | 4;
}

/** Sorts a part of a census into distance buckets. */
export interface MeasureJob {
  readonly kind: 'measure';
  readonly colors: Uint32Array;
  readonly counts: Float64Array;
  readonly targets: readonly OklabTarget[];
  readonly gamut: Gamut;
}

/** Repaints a part of a picture, in place. */
export interface RepaintJob {
  readonly kind: 'repaint';
  readonly data: Uint8Array;
  readonly channels: 3 | 4;
  readonly slots: Uint32Array;
}

export type Job = SharedPullJob | MovedPullJob | CensusJob | MeasureJob | RepaintJob;

/** What a job gives back: what its kind has. */
export interface JobResult {
  /** Words with the DOUBT bit. */
  readonly doubts: number;
  /** The colors of a moved job, evaluated. */
  readonly moved?: Uint32Array<ArrayBuffer>;
  readonly census?: Census;
  readonly measured?: DistanceBuckets[];
}

/** Keeps what is dear to make between the jobs of one thread. */
export interface JobRunner {
  /** Does a job, or the part of it that no other thread has taken. */
  run(job: Job): JobResult;
}

/** The same code runs in workers and on the calling thread. */
export function createJobRunner(kernel: Kernel): JobRunner {
  let table: ColorTable | undefined;

  function count({ data, channels }: CensusJob): JobResult {
    table ??= createColorTable();
    const { colors, counts } = countColors(data, channels, table);
    clearTable(table, colors);
    return { doubts: 0, census: { colors: colors.slice(), counts } };
  }

  function run(job: Job): JobResult {
    switch (job.kind) {
      case 'pull-shared':
        return pullShared(job, kernel);
      case 'pull-moved':
        return pullMoved(job, kernel);
      case 'census':
        return count(job);
      case 'measure':
        return { doubts: 0, measured: measureColors(kernel, job.colors, job.counts, job.targets, job.gamut) };
      case 'repaint':
        repaint(job.data, job.channels, { slots: job.slots });
        return { doubts: 0 };
    }
  }
  return { run };
}

function pullMoved({ parameters, colors }: MovedPullJob, kernel: Kernel): JobResult {
  kernel.setParameters(parameters);
  let doubts = 0;
  for (let start = 0; start < colors.length; start += CHUNK_COLORS) {
    const chunk = colors.subarray(start, start + CHUNK_COLORS);
    doubts += kernel.run(chunk, chunk);
  }
  return { doubts, moved: colors };
}

function pullShared({ parameters, colors, out, next, slots }: SharedPullJob, kernel: Kernel): JobResult {
  kernel.setParameters(parameters);
  let doubts = 0;
  for (;;) {
    const start = Atomics.add(next, 0, 1) * CHUNK_COLORS;
    if (start >= colors.length) return { doubts };
    const chunk = colors.subarray(start, start + CHUNK_COLORS);
    const newColors = out.subarray(start, start + CHUNK_COLORS);
    doubts += kernel.run(chunk, newColors);
    if (slots) fillSlots(slots, chunk, newColors);
  }
}

function fillSlots(slots: Uint32Array, colors: Uint32Array, newColors: Uint32Array): void {
  for (let i = 0; i < colors.length; i++) {
    const newColor = newColors[i] as number;
    if (newColor < DOUBT) slots[colors[i] as number] = newColor;
  }
}
