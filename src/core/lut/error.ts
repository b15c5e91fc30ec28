import type { Backend } from '../backend.js';
import { createBreath } from '../breath.js';
import { throwIfCanceled } from '../errors.js';
import { pullPixels } from '../pull-pixels.js';
import type { Cancel, Pixels, Plan } from '../types.js';
import type { LutSampler } from './lut.js';
import type { LutError } from './lut-options.js';

/** 16-bit pictures are compared at this many pixels at most, evenly spread: the exact pull is slow there. */
export const MAX_DEEP_SAMPLES = 1 << 16;

/**
 * Compares on the colors of a census, each weighted by its pixels.
 *
 * @param exact the colors as the backend gives them; same order as `colors`
 * @throws CANCELED
 */
export async function measureByteError(
  colors: Uint32Array,
  counts: Float64Array,
  exact: Uint32Array,
  sampler: LutSampler,
  signal?: Cancel,
): Promise<LutError> {
  const histogram = new Float64Array(256);
  const block = new Uint8Array(3 << 12);
  let samples = 0;
  const breathe = createBreath();
  for (let start = 0; start < colors.length; start += 1 << 12) {
    await breathe();
    throwIfCanceled(signal);
    const end = Math.min(colors.length, start + (1 << 12));
    for (let i = start, at = 0; i < end; i++, at += 3) writeColor(block, at, colors[i] as number);
    sampler.apply(block.subarray(0, (end - start) * 3), 3);
    for (let i = start, at = 0; i < end; i++, at += 3) {
      if (counts[i] === 0) continue;
      const color = exact[i] as number;
      const red = Math.abs((block[at] as number) - (color & 255));
      const green = Math.abs((block[at + 1] as number) - ((color >>> 8) & 255));
      const worst = Math.max(red, green, Math.abs((block[at + 2] as number) - (color >>> 16)));
      histogram[worst] = (histogram[worst] as number) + (counts[i] as number);
      samples++;
    }
  }
  return { ...summarizeHistogram(histogram, 1), samples, exhaustive: true };
}

/** The same for a 16-bit picture, on pixels spread over it. */
export async function measureDeepError(
  { data, channels }: Pixels,
  plan: Plan,
  backend: Backend,
  sampler: LutSampler,
  signal?: Cancel,
): Promise<LutError> {
  const pixels = data.length / channels;
  const step = Math.max(1, Math.ceil(pixels / MAX_DEEP_SAMPLES));
  const picked: number[] = [];
  for (let i = 0; i < pixels; i += step) {
    const at = i * channels;
    if (channels === 4 && data[at + 3] === 0) continue;
    picked.push(data[at] as number, data[at + 1] as number, data[at + 2] as number);
  }
  const exact = Uint16Array.from(picked);
  const approximate = Uint16Array.from(picked);
  const picture = { data: exact, width: exact.length / 3, height: 1, channels: 3 as const };
  await pullPixels(picture, plan, backend, signal);
  sampler.apply(approximate, 3);
  const histogram = new Float64Array(65536);
  for (let at = 0; at < exact.length; at += 3) {
    let worst = 0;
    for (let k = at; k < at + 3; k++)
      worst = Math.max(worst, Math.abs((exact[k] as number) - (approximate[k] as number)));
    histogram[worst] = (histogram[worst] as number) + 1;
  }
  return { ...summarizeHistogram(histogram, 257), samples: exact.length / 3, exhaustive: step === 1 };
}

/** @param unit steps of the histogram in one 8-bit code */
function summarizeHistogram(
  histogram: Float64Array,
  unit: number,
): Pick<LutError, 'max' | 'percentile99' | 'shareAboveOne'> {
  const total = histogram.reduce((sum, n) => sum + n, 0);
  if (total === 0) return { max: 0, percentile99: 0, shareAboveOne: 0 };
  let seen = 0;
  let percentile99 = -1;
  let max = 0;
  let above = 0;
  for (let step = 0; step < histogram.length; step++) {
    const n = histogram[step] as number;
    if (n === 0) continue;
    seen += n;
    max = step;
    if (percentile99 < 0 && seen >= total * 0.99) percentile99 = step;
    if (step > unit) above += n;
  }
  return { max: max / unit, percentile99: percentile99 / unit, shareAboveOne: above / total };
}

function writeColor(bytes: Uint8Array, at: number, color: number): void {
  bytes[at] = color & 255;
  bytes[at + 1] = (color >>> 8) & 255;
  bytes[at + 2] = color >>> 16;
}
