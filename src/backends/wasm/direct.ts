import type { Backend, DirectReport, TableOptions } from '../../core/backend.js';
import { throwIfCanceled } from '../../core/errors.js';
import { checkGamut, isPlan } from '../../core/recipe.js';
import type { Gamut, Pixels, Plan, Recipe } from '../../core/types.js';
import type { Collected } from './direct-jobs.js';
import type { JobResult, JobRunner } from './jobs.js';
import type { DistanceBuckets, OklabTarget } from './measure.js';
import { type DistanceBand, packParameters } from './parameters.js';
import type { Cut, Parts } from './parts.js';
import { planFromBands } from './plan-from-bands.js';
import type { Pool } from './pool.js';

/** Recolors whole pictures pixel by pixel; the bytes are those of the core's direct strategy. One at a time. */
export type DirectRecolorer = (
  pixels: Pixels,
  recipeOrPlan: Recipe | Plan,
  options: TableOptions,
) => Promise<DirectReport>;

/** Pixels in the sample that says where the radii lie about; smaller pictures are looked at as a whole. */
const SAMPLE_PIXELS = 1 << 16;
const SAMPLED_FROM = 4 * SAMPLE_PIXELS;
/** Of the golden ratio: places the sample's pixels unevenly within their strides, so that no pattern keeps step. */
const UNEVEN = 0.6180339887498949;

/**
 * @param evaluate in float64: does the pixels that float32 is not sure of
 * @param pool workers that share memory; undefined: the calling thread does all
 */
export function createDirectRecolorer(
  runner: JobRunner,
  evaluate: Backend['evaluate'],
  cut: Cut,
  pool?: Pool,
): DirectRecolorer {
  /** Gives every part to a thread; the results in the order of the parts. */
  async function runParts(parts: Parts, work: (data: Uint8Array) => CollectOrPull): Promise<JobResult[]> {
    let own: JobResult | undefined;
    const doOwn = (): void => {
      own = runner.run(work(parts.own));
    };
    if (!pool) {
      doOwn();
      return [own as unknown as JobResult];
    }
    const theirs = await pool.run(
      parts.theirs.map(({ copy }) => work(copy)),
      doOwn,
    );
    return [own as unknown as JobResult, ...theirs];
  }

  async function measurePlan(pixels: Pixels, parts: Parts, recipe: Recipe, gamut: Gamut): Promise<Plan> {
    const { channels } = pixels;
    const source = {
      sample(targets: readonly OklabTarget[]): DistanceBuckets[] {
        const colors = sampleColors(pixels);
        const counts = new Float64Array(colors.length).fill(1);
        return runner.run({ kind: 'measure', colors, counts, targets, gamut }).measured ?? [];
      },
      async collect(bands: readonly DistanceBand[]): Promise<Collected> {
        const results = await runParts(parts, (data) => ({ kind: 'collect', data, channels, bands, gamut }));
        return joinCollected(results.map(({ collected }) => collected as Collected));
      },
    };
    return planFromBands(source, recipe, gamut);
  }

  async function pull({ own, theirs }: Parts, channels: 3 | 4, plan: Plan): Promise<void> {
    const parameters = packParameters(plan);
    const work = (data: Uint8Array): CollectOrPull => ({ kind: 'pull-pixels', data, channels, parameters });
    const left: JobResult[] = [];
    const jobs = theirs.map(({ copy }) => work(copy));
    const doOwn = (): void => {
      left[0] = runner.run(work(own));
    };
    try {
      if (pool) left.push(...(await pool.run(jobs, doOwn)));
      else doOwn();
      for (const { original, copy } of theirs) original.set(copy);
    } catch {
      // A worker was lost this late: the originals of its part are untouched.
      left.length = 1;
      for (const { original } of theirs) left.push(runner.run(work(original)));
    }
    const parts = [own, ...theirs.map(({ original }) => original)];
    for (const [i, data] of parts.entries()) await settle(data, channels, plan, left[i]?.left ?? new Uint32Array(0));
  }

  /** Evaluates the pixels at some positions in float64. */
  async function settle(data: Uint8Array, channels: 3 | 4, plan: Plan, positions: Uint32Array): Promise<void> {
    const colors = positions.map((at) => colorAt(data, at * channels));
    const newColors = new Uint32Array(colors.length);
    await evaluate(colors, plan, newColors);
    for (const [i, at] of positions.entries()) {
      const color = newColors[i] as number;
      data[at * channels] = color & 255;
      data[at * channels + 1] = (color >>> 8) & 255;
      data[at * channels + 2] = color >>> 16;
    }
  }

  return async (pixels, recipeOrPlan, { signal, now = Date.now }) => {
    const { channels, gamut = 'srgb' } = pixels;
    const data = new Uint8Array(pixels.data.buffer, pixels.data.byteOffset, pixels.data.byteLength);
    const t0 = now();
    const parts = cut(data, channels, pool?.size ?? 0);
    const plan = isPlan(recipeOrPlan)
      ? checkGamut(recipeOrPlan, gamut)
      : await measurePlan({ ...pixels, data }, parts, recipeOrPlan, gamut);
    const t1 = now();
    throwIfCanceled(signal);
    await pull(parts, channels, plan);
    return { plan, timings: { census: 0, radii: t1 - t0, pull: now() - t1, repaint: 0 } };
  };
}

type CollectOrPull = Parameters<JobRunner['run']>[0];

/** Packed colors of visible pixels from all over a picture; none when it is small. */
function sampleColors({ data, channels }: Pixels): Uint32Array {
  const pixels = data.length / channels;
  if (pixels < SAMPLED_FROM) return new Uint32Array(0);
  const stride = pixels / SAMPLE_PIXELS;
  const colors = new Uint32Array(SAMPLE_PIXELS);
  let found = 0;
  for (let i = 0; i < SAMPLE_PIXELS; i++) {
    const at = Math.floor((i + ((i * UNEVEN) % 1)) * stride) * channels;
    if (channels === 4 && data[at + 3] === 0) continue;
    colors[found++] = colorAt(data, at);
  }
  return colors.subarray(0, found);
}

function colorAt(data: Pixels['data'], at: number): number {
  return (data[at] as number) | ((data[at + 1] as number) << 8) | ((data[at + 2] as number) << 16);
}

function joinCollected(parts: readonly Collected[]): Collected {
  const [first] = parts;
  if (!first || parts.length === 1) return first as Collected;
  const bands = first.bands.map((_, i) => {
    const pieces = parts.map((part) => part.bands[i] as Collected['bands'][number]);
    const length = pieces.reduce((sum, { colors }) => sum + colors.length, 0);
    const colors = new Uint32Array(length);
    const distances = new Float32Array(length);
    let at = 0;
    for (const piece of pieces) {
      colors.set(piece.colors, at);
      distances.set(piece.distances, at);
      at += piece.colors.length;
    }
    return { below: pieces.reduce((sum, { below }) => sum + below, 0), colors, distances };
  });
  return { visible: parts.reduce((sum, { visible }) => sum + visible, 0), bands };
}
