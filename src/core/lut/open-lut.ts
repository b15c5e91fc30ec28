import type { Backend } from '../backend.js';
import { createBreath } from '../breath.js';
import { throwIfCanceled } from '../errors.js';
import type { PictureCensus } from '../open-picture.js';
import { DEFAULT_INTERPOLATION, DEFAULT_LUT_SIZE } from '../options.js';
import type { Cancel, Pixels, Plan, Samples } from '../types.js';
import { buildLut, nodePrecision } from './build.js';
import { measureByteError, measureDeepError } from './error.js';
import type { LutSampler } from './lut.js';
import type { LutError, LutOptions, LutReport, LutStore } from './lut-options.js';
import { createSampler } from './sample.js';

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

const NO_STORE: LutStore = {
  fetch: async (_request, build) => ({ lut: await build(), hit: false, explanation: 'built; not kept' }),
};

/** How far a table's result lies from the exact one on a picture. @param census of an 8-bit one */
export async function measureLutError(
  pixels: Pixels,
  census: PictureCensus | undefined,
  plan: Plan,
  backend: Backend,
  sampler: LutSampler,
  signal?: Cancel,
): Promise<LutError> {
  if (!census) return measureDeepError(pixels, plan, backend, sampler, signal);
  const { colors, newColors } = census;
  await backend.evaluate(colors, plan, newColors, signal);
  return measureByteError(colors, await census.counts(), newColors, sampler, signal);
}

/** Pixels between two looks at the event loop: some 10 ms of 16 bits. */
const STRIP_PIXELS = 1 << 17;

/** Gives each pixel its new color from a table, in place, by all threads where the sampler has them. @throws CANCELED */
export async function applyLut(
  sampler: LutSampler,
  data: Samples,
  channels: 3 | 4,
  signal: Cancel | undefined,
): Promise<void> {
  if (sampler.applyTogether) return sampler.applyTogether(data, channels, signal);
  const breathe = createBreath();
  for (let at = 0; at < data.length; at += STRIP_PIXELS * channels) {
    throwIfCanceled(signal);
    sampler.apply(data.subarray(at, at + STRIP_PIXELS * channels), channels);
    await breathe();
  }
}
