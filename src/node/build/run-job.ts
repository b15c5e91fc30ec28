import { stat } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { type Checks, callback, cancelSignal, checkOptions, having, text } from '../../core/check-options.js';
import { throwIfCanceled } from '../../core/errors.js';
import { type Cancel, ColorshineError, type Plan } from '../../core/index.js';
import type { Engine } from '../engine.js';
import { hashFile } from '../files/hash-file.js';
import { BUFFER_TARGET, type EncodeTarget, fileTarget } from '../image/encode-target.js';
import { type OpenImage, openImage } from '../image/open-image.js';
import { readingOf } from '../image/reading-options.js';
import { openPixelSource, type PixelSource, type WorkedPixels } from '../pipeline/pixel-source.js';
import { listNotices } from '../pipeline/recolor-image.js';
import { type Recolored, recolorWork } from '../pipeline/recolor-work.js';
import type { Stage } from '../pipeline/stage.js';
import { chooseFormat } from '../recolor-options.js';
import { createBuildEngine } from './engine.js';
import { checkEngine, hashBytes, type RecolorJob } from './job.js';
import { resolveInRoot } from './paths.js';
import { withSingleThread } from './single-thread.js';

export interface RunJobOptions {
  /** Folder that the job's paths start from. */
  readonly root: string;
  /** The input's bytes, when they are at hand; else they are read. */
  readonly input?: Uint8Array;
  /** SHA-256 that the input must have, where somebody else read it. */
  readonly inputHash?: string;
  /** `createBuildEngine()`, shared by many jobs. Default: one for this call. */
  readonly engine?: Engine;
  /** Aborting it ends the work with CANCELED. */
  readonly signal?: Cancel;
  /** Called as each stage begins, and for large images now and then with the share of it that is done, 0 to 1. */
  readonly onProgress?: (stage: Stage, share?: number) => void;
}

const CHECKS: Checks<RunJobOptions> = {
  root: text,
  input: having('byteLength', 'the bytes of an image'),
  inputHash: text,
  engine: having('select', 'an engine (createBuildEngine)'),
  signal: cancelSignal,
  onProgress: callback,
};

/** What was made: the same on every machine, apart from `ms`. */
export interface JobReport {
  /** SHA-256 of the input, 64 hex digits. */
  readonly inputHash: string;
  /** SHA-256 of the output, 64 hex digits. */
  readonly hash: string;
  /** Bytes of the output. */
  readonly byteLength: number;
  /** Format of the output. */
  readonly format: string;
  /** Width of the output, of one page, pixels. */
  readonly width: number;
  /** Height of the output, of one page, pixels. */
  readonly height: number;
  /** Frames or pages of the output, from 1. */
  readonly pages: number;
  /** The radii used, and the share of the input's visible pixels within each. */
  readonly plan: Plan;
  /** What was changed, left out or ignored, one sentence each. */
  readonly notices: readonly string[];
  /** Milliseconds that it took. */
  readonly ms: number;
}

export interface JobResult {
  readonly bytes: Buffer;
  readonly report: JobReport;
}

/**
 * Makes one output of a build. Nothing is written. The same job on the same input gives the same bytes on every machine
 * that has the job's engine. The whole picture is recolored first and then shrunk, so that all sizes show one look; it is
 * turned upright, since not every format can say how it is to be shown.
 *
 * @throws INVALID_JOB for a job of another engine or a path out of the root, CANCELED, and what `recolorBuffer` throws
 */
export async function runJob(job: RecolorJob, options: RunJobOptions): Promise<JobResult> {
  for await (const { result, error } of runJobs([job], options)) {
    if (result) return result;
    throw error;
  }
  throw new Error('runJobs gave nothing for a job');
}

/** How one job of several ended. */
export type JobOutcome =
  | { readonly job: RecolorJob; readonly result: JobResult; readonly error?: undefined }
  | { readonly job: RecolorJob; readonly result?: undefined; readonly error: unknown };

/**
 * `runJob` for several jobs of one input, with the same bytes: the input is recolored once for each recipe, and decoded once
 * unless it is too large for memory.
 *
 * @param jobs at least one, all with the same `input`
 * @returns in an order that shares work; a failure of the input fails every job
 * @throws CANCELED
 */
export async function* runJobs(jobs: readonly RecolorJob[], options: RunJobOptions): AsyncGenerator<JobOutcome> {
  for await (const { job, encode, error } of prepareJobs(jobs, options)) {
    try {
      if (!encode) throw error;
      const { result: bytes, report } = await encode(TO_BYTES);
      yield { job, result: { bytes, report } };
    } catch (failure) {
      if (isCancel(failure)) throw failure;
      yield { job, error: failure };
    }
  }
}

/** A job whose output only has to be encoded, while it is this job's turn; or why there is none. */
export type PreparedJob =
  | { readonly job: RecolorJob; encode<T>(place: OutputPlace<T>): Promise<Made<T>>; readonly error?: undefined }
  | { readonly job: RecolorJob; readonly encode?: undefined; readonly error: unknown };

interface Made<T> {
  readonly result: T;
  readonly report: JobReport;
}

/** Where an output goes. */
interface OutputPlace<T> {
  readonly target: EncodeTarget<T>;
  describe(written: T): Promise<{ readonly hash: string; readonly byteLength: number }>;
}

const TO_BYTES: OutputPlace<Buffer> = {
  target: BUFFER_TARGET,
  describe: async (bytes) => ({ hash: hashBytes(bytes), byteLength: bytes.length }),
};

/** @param path of a file that is made, or overwritten: a large output never is in memory as a whole */
export function toFile(path: string): OutputPlace<void> {
  return {
    target: fileTarget(path),
    describe: async () => ({ hash: await hashFile(path), byteLength: (await stat(path)).size }),
  };
}

/** `runJobs`, up to the encoder. @throws CANCELED, also from `encode` */
export async function* prepareJobs(jobs: readonly RecolorJob[], options: RunJobOptions): AsyncGenerator<PreparedJob> {
  checkOptions(options, CHECKS);
  const engine = options.engine ?? createBuildEngine();
  try {
    for (const group of groupBy(jobs, readingOf)) yield* prepareReading(group, options, engine);
  } finally {
    if (!options.engine) engine.dispose();
  }
}

/** Jobs of one input that read it alike. */
async function* prepareReading(
  jobs: readonly RecolorJob[],
  options: RunJobOptions,
  engine: Engine,
): AsyncGenerator<PreparedJob> {
  const opened: { source?: Source } = {};
  try {
    opened.source = await openSource(jobs[0] as RecolorJob, options, engine);
    // Jobs that differ in format and size alone share a recoloring.
    const looks = groupBy(jobs, (job) => [job.recipe, job.plan, job.engine]);
    for (const [i, look] of looks.entries()) {
      yield* prepareLook(look, opened.source, i === looks.length - 1, options, engine);
    }
  } catch (error) {
    if (opened.source || isCancel(error)) throw error;
    for (const job of jobs) yield { job, error };
  } finally {
    await opened.source?.pixels.close();
    await opened.source?.image.close();
  }
}

interface Source {
  readonly image: OpenImage;
  readonly hash: string;
  readonly pixels: PixelSource;
}

/** @throws INPUT_CHANGED, and what opening an image throws */
async function openSource(job: RecolorJob, options: RunJobOptions, engine: Engine): Promise<Source> {
  const { root, input, inputHash, signal, onProgress } = options;
  checkEngine(job);
  const bytes = input && Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const image = await openImage(bytes ?? (await resolveInRoot(root, job.input, 'INVALID_JOB')), {
    ...readingOf(job),
    name: job.input,
  });
  try {
    const hash = await image.hash();
    if (inputHash !== undefined && hash !== inputHash) throw inputChanged(job.input, root);
    const pixels = openPixelSource(image, { engine, signal, onStage: onProgress, ...(onProgress && { onProgress }) });
    return { image, hash, pixels };
  } catch (error) {
    await image.close();
    throw error;
  }
}

/** The error for an input that is not the one that the build read. */
export function inputChanged(name: string, root: string): ColorshineError {
  return new ColorshineError(
    'INPUT_CHANGED',
    `${name}: expected the file that the build read, got another in ${root}; is that the build's root (--root of a worker)?`,
  );
}

/** Jobs for which `look` says the same, as JSON. */
function groupBy(jobs: readonly RecolorJob[], look: (job: RecolorJob) => unknown): RecolorJob[][] {
  const groups = new Map<string, RecolorJob[]>();
  for (const job of jobs) {
    const key = JSON.stringify(look(job));
    groups.set(key, [...(groups.get(key) ?? []), job]);
  }
  return [...groups.values()];
}

async function* prepareLook(
  jobs: readonly RecolorJob[],
  source: Source,
  isLast: boolean,
  { signal }: RunJobOptions,
  engine: Engine,
): AsyncGenerator<PreparedJob> {
  const began = performance.now();
  let worked: WorkedPixels<Recolored>;
  try {
    const [{ recipe, plan }] = jobs as readonly [RecolorJob];
    for (const job of jobs) checkEngine(job);
    throwIfCanceled(signal);
    const work = recolorWork(plan ?? recipe, engine, { anyGamut: true, ...(signal && { signal }) });
    worked = await source.pixels.work(work, isLast);
  } catch (error) {
    if (isCancel(error)) throw error;
    for (const job of jobs) yield { job, error };
    return;
  }
  const shared = (performance.now() - began) / jobs.length;
  for (const job of jobs) {
    throwIfCanceled(signal);
    yield { job, encode: (place) => encodeJob(job, worked, source.hash, shared, place) };
  }
}

async function encodeJob<T>(
  { format: asked, size, quality }: RecolorJob,
  worked: WorkedPixels<Recolored>,
  inputHash: string,
  sharedMs: number,
  { target, describe }: OutputPlace<T>,
): Promise<Made<T>> {
  const began = performance.now();
  const { image, decodedAt } = worked;
  const { plan } = worked.result.report(decodedAt);
  const { format } = chooseFormat(image, asked);
  const settings = {
    format,
    upright: true,
    ...(size && { size }),
    ...(quality !== undefined && { quality }),
  };
  const encode = () => worked.encode(settings, target);
  const { result, width, height } = await (format === 'avif' ? withSingleThread(encode) : encode());
  const report: JobReport = {
    inputHash,
    ...(await describe(result)),
    format,
    width,
    height,
    pages: image.pages,
    plan,
    notices: listNotices(image, { ...settings, format: asked }, plan),
    ms: sharedMs + performance.now() - began,
  };
  return { result, report };
}

export function isCancel(error: unknown): boolean {
  return (error as Partial<ColorshineError>).code === 'CANCELED';
}
