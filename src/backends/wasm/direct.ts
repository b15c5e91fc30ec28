import type { BandSource, Collected } from '../../core/analysis/bands.js';
import { planFromBands } from '../../core/analysis/plan-from-bands.js';
import { sampleColors } from '../../core/analysis/sample-colors.js';
import type { Backend, DirectReport, TableOptions } from '../../core/backend.js';
import { throwIfCanceled } from '../../core/errors.js';
import { checkGamut, isPlan } from '../../core/recipe.js';
import type { Gamut, Pixels, Plan, Recipe } from '../../core/types.js';
import { joinCollected } from './collect-jobs.js';
import type { JobResult, JobRunner, StageJob } from './jobs.js';
import { bucketScale, packParameters } from './parameters.js';
import type { Cut, Parts } from './parts.js';
import type { Pool } from './pool.js';
import { bucketColors } from './sample.js';

/** Recolors whole pictures pixel by pixel; the bytes are those of the core's direct strategy. One at a time. */
export type DirectRecolorer = (
  pixels: Pixels,
  recipeOrPlan: Recipe | Plan,
  options: TableOptions,
) => Promise<DirectReport>;

/** Pixels in the sample that says where the radii lie about: at most a millisecond's, at most this share of all. */
const SAMPLE_PIXELS = 1 << 16;
const SAMPLED_SHARE = 1 / 8;

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
  async function runParts(parts: Parts, work: (data: Uint8Array) => StageJob): Promise<JobResult[]> {
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
    const sample = sampleColors(
      pixels,
      Math.min(SAMPLE_PIXELS, Math.floor((pixels.data.length / channels) * SAMPLED_SHARE)),
    );
    const source: BandSource = {
      sample: (targets) => bucketColors(runner.kernel, sample, targets, gamut),
      scaleOf: bucketScale,
      async collect(bands) {
        const results = await runParts(parts, (data) => ({ kind: 'collect-pixels', data, channels, bands, gamut }));
        return joinCollected(results.map(({ collected }) => collected as Collected));
      },
    };
    return planFromBands(source, recipe, gamut);
  }

  async function pull({ own, theirs }: Parts, channels: 3 | 4, plan: Plan): Promise<void> {
    const parameters = packParameters(plan);
    const work = (data: Uint8Array): StageJob => ({ kind: 'pull-pixels', data, channels, parameters });
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

function colorAt(data: Uint8Array, at: number): number {
  return (data[at] as number) | ((data[at + 1] as number) << 8) | ((data[at + 2] as number) << 16);
}
