import { type Census, clearTable, countColors, createColorTable } from '../analysis/census.js';
import { planFromCensus } from '../analysis/plan.js';
import type { Backend } from '../backend.js';
import { throwIfCanceled } from '../errors.js';
import { measurePlan } from '../measure-plan.js';
import { DEFAULT_INTERPOLATION, DEFAULT_LUT_SIZE, type Interpolation } from '../options.js';
import { checkGamut, isPlan } from '../recipe.js';
import type { RecolorOptions } from '../recolor.js';
import type { Cancel, Pixels, Plan, Recipe, RecolorTimings } from '../types.js';
import { buildLut, type NodePrecision, nodePrecision } from './build.js';
import { type LutError, measureByteError, measureDeepError } from './error.js';
import type { Lut } from './lut.js';
import { createSampler, type LutSampler } from './sample.js';

/** How the strategy `lut` does its work. */
export interface LutOptions {
  /** Nodes on each axis, 2 to 129. Default 33. */
  readonly size?: number;
  /** Default tetrahedral. */
  readonly interpolation?: Interpolation;
  /** Where tables are kept between calls, such as a cache on disk. Default: each is built and forgotten. */
  readonly store?: LutStore;
  /** Whether the error is measured, which takes the exact pull on the picture's colors. Default true. */
  readonly measureError?: boolean;
}

/** What decides a table's content, apart from the engine's version. */
export interface LutRequest {
  readonly plan: Plan;
  readonly size: number;
  readonly precision: NodePrecision;
  /** Name of the backend, which matters for 8-bit nodes: they may be a code apart. */
  readonly backend: string;
}

/** Keeps tables. */
export interface LutStore {
  /** @returns the table, from the store or from `build`, and one sentence that says which and why */
  fetch(request: LutRequest, build: () => Promise<Lut>): Promise<{ lut: Lut; hit: boolean; explanation: string }>;
}

/** What was done, for people and programs. */
export interface LutReport {
  readonly size: number;
  readonly interpolation: Interpolation;
  readonly precision: NodePrecision;
  /** Whether it came from the store, and one sentence that explains it. */
  readonly hit: boolean;
  readonly explanation: string;
  /** Milliseconds to build or load it. */
  readonly fetchMs: number;
  /** Undefined when it was not asked for. */
  readonly error?: LutError;
}

interface Outcome {
  readonly plan: Plan;
  readonly distinctColors?: number;
  readonly timings: RecolorTimings;
  readonly lut: LutReport;
}

/** The strategy `lut`: the plan of this picture, or a given one, frozen into a table that every pixel looks into. */
export async function recolorByLut(
  pixels: Pixels,
  recipeOrPlan: Recipe | Plan,
  { backend, signal, table: given, now = Date.now, lut: options = {} }: RecolorOptions,
): Promise<Outcome> {
  const { measureError = true } = options;
  const { data, channels, gamut = 'srgb' } = pixels;
  const t0 = now();
  let census: Census | undefined;
  if (!(data instanceof Uint16Array) && (measureError || !isPlan(recipeOrPlan))) {
    const table = given ?? createColorTable();
    census = countColors(data, channels, table);
    clearTable(table, census.colors);
  }
  const t1 = now();
  throwIfCanceled(signal);
  const plan = isPlan(recipeOrPlan)
    ? checkGamut(recipeOrPlan, gamut)
    : census
      ? planFromCensus(census, recipeOrPlan, gamut)
      : await measurePlan(pixels, recipeOrPlan, { backend, signal });
  const t2 = now();
  const maxCode = data instanceof Uint16Array ? 65535 : 255;
  const { sampler, report } = await openLut(plan, maxCode, backend, options, now, signal);
  const error = measureError ? await measure(pixels, census, plan, backend, sampler, signal) : undefined;
  const t4 = now();
  throwIfCanceled(signal);
  if (sampler.applyTogether) await sampler.applyTogether(data, channels, signal);
  else sampler.apply(data, channels);
  const timings = { census: t1 - t0, radii: t2 - t1, pull: t4 - t2, repaint: now() - t4 };
  const lut = { ...report, ...(error && { error }) };
  return { plan, ...(census && { distinctColors: census.colors.length }), timings, lut };
}

/**
 * Fetches or builds the table of a plan and makes the fastest sampler for it.
 *
 * @param maxCode 255 or 65535, of the pixels that it will see
 */
export async function openLut(
  plan: Plan,
  maxCode: 255 | 65535,
  backend: Backend,
  { size = DEFAULT_LUT_SIZE, interpolation = DEFAULT_INTERPOLATION, store = NO_STORE }: LutOptions,
  now: () => number,
  signal?: Cancel,
): Promise<{ sampler: LutSampler; report: LutReport }> {
  const began = now();
  const precision = nodePrecision(backend);
  const request = { plan, size, backend: backend.name, precision };
  const { lut, hit, explanation } = await store.fetch(request, () => buildLut(plan, size, backend, signal));
  const fetchMs = now() - began;
  const sampler =
    (await backend.createSampler?.(lut, interpolation, maxCode)) ?? createSampler(lut, interpolation, maxCode);
  return { sampler, report: { size, interpolation, precision, hit, explanation, fetchMs } };
}

async function measure(
  pixels: Pixels,
  census: Census | undefined,
  plan: Plan,
  backend: Backend,
  sampler: LutSampler,
  signal?: Cancel,
): Promise<LutError> {
  if (!census) return measureDeepError(pixels, plan, backend, sampler, signal);
  const exact = new Uint32Array(census.colors.length);
  await backend.evaluate(census.colors, plan, exact, signal);
  return measureByteError(census.colors, census.counts, exact, sampler);
}

const NO_STORE: LutStore = {
  fetch: async (_request, build) => ({ lut: await build(), hit: false, explanation: 'built; not kept' }),
};
