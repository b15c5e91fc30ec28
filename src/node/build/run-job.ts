import { performance } from 'node:perf_hooks';
import type { OutputInfo } from 'sharp';
import { throwIfCanceled } from '../../core/errors.js';
import type { Cancel, ColorshineError, Plan, Samples } from '../../core/index.js';
import type { Engine } from '../engine.js';
import { readInput } from '../files/input.js';
import { type DecodedImage, decodeImage } from '../image/decode.js';
import { encodeImage } from '../image/encode.js';
import { BUFFER_TARGET, type EncodeTarget } from '../image/encode-target.js';
import { chooseFormat, recolorDecoded, type Stage } from '../recolor-buffer.js';
import { idleRowNotices } from '../report.js';
import { createBuildEngine } from './engine.js';
import { checkEngine, hashBytes, type RecolorJob } from './job.js';
import { resolveInRoot } from './paths.js';
import { withSingleThread } from './single-thread.js';

export interface RunJobOptions {
  /** Folder that the job's paths start from. */
  readonly root: string;
  /** The input's bytes, when they are at hand; else they are read. */
  readonly input?: Uint8Array;
  /** `createBuildEngine()`, shared by many jobs. Default: one for this call. */
  readonly engine?: Engine;
  readonly signal?: Cancel;
  /** Called as each stage begins. */
  readonly onProgress?: (stage: Stage) => void;
}

/** What was made: the same on every machine, apart from `ms`. */
export interface JobReport {
  readonly inputHash: string;
  /** SHA-256 of the output, 64 hex digits. */
  readonly hash: string;
  readonly byteLength: number;
  readonly format: string;
  /** Of the output, of one page. */
  readonly width: number;
  readonly height: number;
  readonly pages: number;
  /** The radii used, and the share of the input's visible pixels within each. */
  readonly plan: Plan;
  readonly notices: readonly string[];
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
 * `runJob` for several jobs of one input, with the same bytes: the input is decoded once and recolored once for each
 * recipe.
 *
 * @param jobs at least one, all with the same `input`
 * @returns in an order that shares work; a failure of the input fails every job
 * @throws CANCELED
 */
export async function* runJobs(jobs: readonly RecolorJob[], options: RunJobOptions): AsyncGenerator<JobOutcome> {
  const engine = options.engine ?? createBuildEngine();
  try {
    let source: Source;
    try {
      source = await openSource(jobs[0] as RecolorJob, options, engine);
    } catch (error) {
      if (isCancel(error)) throw error;
      for (const job of jobs) yield { job, error };
      return;
    }
    const looks = groupByLook(jobs);
    for (const [i, look] of looks.entries()) yield* runLook(look, source, i === looks.length - 1, options, engine);
  } finally {
    if (!options.engine) engine.dispose();
  }
}

interface Source {
  readonly image: DecodedImage;
  readonly hash: string;
}

async function openSource(
  job: RecolorJob,
  { root, input, onProgress }: RunJobOptions,
  engine: Engine,
): Promise<Source> {
  checkEngine(job);
  onProgress?.('decode');
  const bytes = input
    ? Buffer.from(input.buffer, input.byteOffset, input.byteLength)
    : await readInput(await resolveInRoot(root, job.input, 'INVALID_JOB'));
  const limit = job.maxPixels === undefined ? {} : { maxPixels: job.maxPixels };
  const image = await decodeImage(bytes, {
    name: job.input,
    ...limit,
    onStart: (pixels) => engine.warmUp(pixels), // beside the decoder's threads
  });
  return { image, hash: hashBytes(bytes) };
}

/** Jobs that differ in format and size alone share a recoloring. */
function groupByLook(jobs: readonly RecolorJob[]): RecolorJob[][] {
  const looks = new Map<string, RecolorJob[]>();
  for (const job of jobs) {
    const look = JSON.stringify([job.recipe, job.plan ?? null, job.engine]);
    const group = looks.get(look);
    if (group) group.push(job);
    else looks.set(look, [job]);
  }
  return [...looks.values()];
}

async function* runLook(
  jobs: readonly RecolorJob[],
  source: Source,
  isLast: boolean,
  { signal, onProgress }: RunJobOptions,
  engine: Engine,
): AsyncGenerator<JobOutcome> {
  const began = performance.now();
  let image: DecodedImage;
  let plan: Plan;
  try {
    const [{ recipe, plan: frozen }] = jobs as readonly [RecolorJob];
    for (const job of jobs) checkEngine(job);
    throwIfCanceled(signal);
    onProgress?.('recolor');
    const { backend } = await engine.select();
    const { pixels } = source.image;
    // Recoloring works in place: every look but the last needs a copy of the pixels.
    image = isLast ? source.image : { ...source.image, pixels: { ...pixels, data: copySamples(pixels.data) } };
    const options = { anyGamut: true, ...(signal && { signal }) };
    ({ plan } = await recolorDecoded(image, frozen ?? recipe, engine, backend, options));
  } catch (error) {
    if (isCancel(error)) throw error;
    for (const job of jobs) yield { job, error };
    return;
  }
  const shared = (performance.now() - began) / jobs.length;
  for (const job of jobs) {
    throwIfCanceled(signal);
    onProgress?.('encode');
    try {
      yield { job, result: await encodeJob(job, image, plan, source.hash, shared) };
    } catch (error) {
      yield { job, error };
    }
  }
}

async function encodeJob(
  { format: asked, size, quality }: RecolorJob,
  image: DecodedImage,
  plan: Plan,
  inputHash: string,
  sharedMs: number,
): Promise<JobResult> {
  const began = performance.now();
  const { format, notices } = chooseFormat(image, asked);
  const options = {
    format,
    upright: true,
    sharpOnly: true,
    ...(size && { size }),
    ...(quality !== undefined && { quality }),
  };
  const encode = () => encodeImage(image, options, targetOf(image));
  const { data, info } = await (format === 'avif' ? withSingleThread(encode) : encode());
  return {
    bytes: data,
    report: {
      inputHash,
      hash: hashBytes(data),
      byteLength: data.length,
      format,
      width: info.width,
      height: info.pageHeight ?? info.height,
      pages: info.pages ?? image.pages,
      plan,
      notices: [...image.notices, ...idleRowNotices(plan), ...notices],
      ms: sharedMs + performance.now() - began,
    },
  };
}

interface SizedOutput {
  readonly data: Buffer;
  readonly info: Pick<OutputInfo, 'width' | 'height' | 'pageHeight' | 'pages'>;
}

/** Bytes with the size that sharp found; what is put together by us has the image's own. */
function targetOf({ pixels: { width, height } }: DecodedImage): EncodeTarget<SizedOutput> {
  return {
    fromSharp: (pipeline) => pipeline.toBuffer({ resolveWithObject: true }),
    fromParts: async (parts) => ({ data: await BUFFER_TARGET.fromParts(parts), info: { width, height } }),
  };
}

/** Not `slice`: that of a Buffer shares its memory. */
function copySamples(data: Samples): Samples {
  return data instanceof Uint16Array ? Uint16Array.from(data) : Uint8Array.from(data);
}

function isCancel(error: unknown): boolean {
  return (error as Partial<ColorshineError>).code === 'CANCELED';
}
