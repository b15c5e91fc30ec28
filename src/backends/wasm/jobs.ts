import type { Collected } from '../../core/analysis/bands.js';
import type { TableReport } from '../../core/backend.js';
import type { LutSampler } from '../../core/lut/sample.js';
import type { Plan } from '../../core/types.js';
import { createGridFiller } from '../js/grid.js';
import { createJsBackend } from '../js/index.js';
import { CHUNK_COLORS } from './assembly/layout.js';
import { type CollectColorsJob, type CollectPixelsJob, collectColors, collectPixels } from './collect-jobs.js';
import { type PullPixelsJob, pullPixels } from './direct-jobs.js';
import { evaluateChunks } from './evaluate.js';
import type { Kernel } from './kernel.js';
import { createLonePicture, type LonePicture, type LoneWork } from './lone-picture.js';
import { createSamplerHand, type SamplerTable } from './lut-sampler.js';
import { createPictureHand, type PictureHand, type PictureMemory } from './picture-hand.js';
import { createPixelHand, type PixelJob } from './pixel-jobs.js';

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

/** The same, into a table of all colors: each color's slot receives the new color (`fillTable`), doubtful ones excepted. */
export interface SlotPullJob {
  readonly kind: 'pull-slots';
  readonly parameters: Float32Array;
  readonly colors: Uint32Array;
  readonly slots: Uint32Array;
  readonly next: Int32Array;
}

/** Colors that are moved to the worker, which overwrites them and moves them back: where memory cannot be shared. */
export interface MovedPullJob {
  readonly kind: 'pull-moved';
  readonly parameters: Float32Array;
  readonly colors: Uint32Array<ArrayBuffer>;
}

/** A stage of a picture that several threads do together (picture-hand.ts). */
interface HandJob {
  readonly picture: PictureMemory;
  /** Which of the picture's threads this is. */
  readonly index: number;
}

/** Counts the colors of a part of a picture. */
export interface CountJob extends HandJob {
  readonly kind: 'count';
  readonly data: Uint8Array;
  readonly channels: 3 | 4;
}

/** Joins the threads' tables, or numbers the colors; each thread takes the next group until none is left. */
export interface MergeJob extends HandJob {
  readonly kind: 'merge';
  readonly next: Int32Array;
  readonly totals: Int32Array;
  readonly hasAlpha: boolean;
}

export interface EmitJob extends HandJob {
  readonly kind: 'emit';
  readonly next: Int32Array;
  readonly bases: Int32Array;
  readonly hasAlpha: boolean;
  readonly colors: Uint32Array;
  readonly counts: Uint32Array;
}

/** Repaints a part of a picture, in place. */
export interface PaintJob extends HandJob {
  readonly kind: 'paint';
  readonly data: Uint8Array;
  readonly channels: 3 | 4;
}

/** Nodes of a lookup table; each thread takes the next value of blue until none is left. */
export interface GridJob {
  readonly kind: 'grid';
  readonly axis: Float64Array;
  readonly plan: Plan;
  readonly out: Float32Array;
  readonly next: Int32Array;
}

/** Interpolates a part of a picture in a lookup table, in place. */
export interface SampleJob {
  readonly kind: 'sample';
  readonly table: SamplerTable;
  readonly data: Uint8Array;
  readonly channels: 3 | 4;
}

/** A whole picture, moved to the worker and back. */
export interface LoneJob extends LoneWork {
  readonly kind: 'lone';
  readonly data: Uint8Array<ArrayBuffer>;
}

export type Job = StageJob | LoneJob;

/** Jobs that are done in one go. */
export type StageJob =
  | SharedPullJob
  | SlotPullJob
  | MovedPullJob
  | CountJob
  | MergeJob
  | EmitJob
  | PaintJob
  | CollectPixelsJob
  | CollectColorsJob
  | PullPixelsJob
  | GridJob
  | SampleJob
  | PixelJob;

/** What a job gives back: what its kind has. */
export interface JobResult {
  /** Positions of the words with the DOUBT bit. */
  readonly doubts?: readonly number[];
  /** Their colors, of a job with slots. */
  readonly doubtful?: readonly number[];
  /** The colors of a moved job, evaluated. */
  readonly moved?: Uint32Array<ArrayBuffer>;
  /** Colors that ran over while counting (`PictureHand.count`). */
  readonly spilled?: Uint32Array;
  readonly collected?: Collected;
  /** Positions of the pixels that `pull-pixels` left as they were. */
  readonly left?: Uint32Array;
  /** A lone picture, recolored, and what was done. */
  readonly picture?: Uint8Array<ArrayBuffer>;
  readonly report?: TableReport;
}

/** Keeps what is dear to make between the jobs of one thread. */
export interface JobRunner {
  readonly kernel: Kernel;
  /** Does a job, or the part of it that no other thread has taken. */
  run(job: StageJob): JobResult;
  runLone(job: LoneJob): Promise<JobResult>;
  /** What recolors pictures on this thread; 80 MiB and more, so made on first use. */
  lone(): Promise<LonePicture>;
}

/** The same code runs in workers and on the calling thread. */
export function createJobRunner(kernel: Kernel): JobRunner {
  let hand: { readonly id: number; readonly index: number; readonly works: PictureHand } | undefined;

  let sampler: { readonly id: number; readonly works: LutSampler } | undefined;

  const pixelHand = createPixelHand();

  function samplerFor(table: SamplerTable): LutSampler {
    if (sampler?.id !== table.id) sampler = { id: table.id, works: createSamplerHand(table) };
    return sampler.works;
  }

  function handFor({ picture, index }: HandJob): PictureHand {
    if (hand?.id !== picture.id || hand.index !== index) {
      hand = { id: picture.id, index, works: createPictureHand(picture, index) };
    }
    return hand.works;
  }

  let lonePicture: Promise<LonePicture> | undefined;
  const lone = (): Promise<LonePicture> => (lonePicture ??= createLonePicture(kernel, createJsBackend()));

  async function runLone({ data, ...work }: LoneJob): Promise<JobResult> {
    const report = await (await lone()).recolor(data, work, () => performance.now());
    return { picture: data, report };
  }

  function run(job: StageJob): JobResult {
    switch (job.kind) {
      case 'pull-shared':
        return pullShared(job, kernel);
      case 'pull-slots':
        return pullSlots(job, kernel);
      case 'pull-moved':
        return pullMoved(job, kernel);
      case 'count':
        return { spilled: handFor(job).count(job.data, job.channels) };
      case 'merge':
        handFor(job).merge(job.next, job.totals, job.hasAlpha);
        return NOTHING;
      case 'emit':
        handFor(job).emit(job.next, job.bases, job.hasAlpha, job.colors, job.counts);
        return NOTHING;
      case 'paint':
        handFor(job).paint(job.data, job.channels);
        return NOTHING;
      case 'collect-pixels':
        return { collected: collectPixels(kernel, job) };
      case 'collect-colors':
        return { collected: collectColors(kernel, job) };
      case 'pull-pixels':
        return { left: pullPixels(kernel, job) };
      case 'grid':
        fillGrid(job);
        return NOTHING;
      case 'sample':
        samplerFor(job.table).apply(job.data, job.channels);
        return NOTHING;
      case 'pull16':
      case 'sort16':
      case 'look-up':
        pixelHand(job);
        return NOTHING;
    }
  }
  return { kernel, run, runLone, lone };
}

const NOTHING: JobResult = {};

function fillGrid({ axis, plan, out, next }: GridJob): void {
  const fill = createGridFiller(axis, plan);
  for (let blue = Atomics.add(next, 0, 1); blue < axis.length; blue = Atomics.add(next, 0, 1)) fill(blue, out);
}

function pullMoved({ parameters, colors }: MovedPullJob, kernel: Kernel): JobResult {
  kernel.setParameters(parameters);
  return { doubts: evaluateChunks(kernel, colors, colors), moved: colors };
}

function pullShared({ parameters, colors, out, next }: SharedPullJob, kernel: Kernel): JobResult {
  kernel.setParameters(parameters);
  const doubts: number[] = [];
  eachChunk(colors, next, (chunk, start) => {
    for (const at of kernel.run(chunk, out.subarray(start, start + chunk.length))) doubts.push(start + at);
  });
  return { doubts };
}

function pullSlots({ parameters, colors, slots, next }: SlotPullJob, kernel: Kernel): JobResult {
  kernel.setParameters(parameters);
  const doubtful: number[] = [];
  const newColors = new Uint32Array(CHUNK_COLORS);
  eachChunk(colors, next, (chunk) => {
    for (const at of kernel.run(chunk, newColors.subarray(0, chunk.length))) doubtful.push(chunk[at] as number);
    for (let i = 0; i < chunk.length; i++) slots[chunk[i] as number] = newColors[i] as number;
  });
  return { doubtful };
}

/** Chunks that no other thread has taken. */
function eachChunk(colors: Uint32Array, next: Int32Array, work: (chunk: Uint32Array, start: number) => void): void {
  for (;;) {
    const start = Atomics.add(next, 0, 1) * CHUNK_COLORS;
    if (start >= colors.length) return;
    work(colors.subarray(start, start + CHUNK_COLORS), start);
  }
}
