import type { Gamut, Pixels } from '../../core/types.js';
import { BUCKET_COUNT, CHUNK_COLORS, MEASURED_ATTRACTORS } from './assembly/layout.js';
import type { Kernel } from './kernel.js';
import { packTargets } from './parameters.js';

export type OklabTarget = readonly [number, number, number];

/** Pixels in the sample that says where a picture's radii lie about. */
export const CENSUS_SAMPLE = 1 << 13;
/** Of the golden ratio: places the sample's pixels unevenly within their strides, so that no pattern keeps step. */
const UNEVEN = 0.6180339887498949;
/** A smaller sample says too little. */
const LEAST_SAMPLE = 1 << 10;
/** A picture must have this many times the pixels of a sample; a smaller one is looked at as a whole. */
const LEAST_STRIDE = 4;

/** How many pixels of a sample lie in each distance bucket around a target. A bucket is at least 1e-4 wide. */
export type DistanceBuckets = Float64Array;

/** Packed colors of visible pixels from all over a picture; none when it is small. @param size at most so many */
export function sampleColors({ data, channels }: Pick<Pixels, 'data' | 'channels'>, size: number): Uint32Array {
  const pixels = data.length / channels;
  if (size < LEAST_SAMPLE || pixels < LEAST_STRIDE * size) return new Uint32Array(0);
  const stride = pixels / size;
  const colors = new Uint32Array(size);
  let found = 0;
  for (let i = 0, within = 0; i < size; i++) {
    const at = Math.floor((i + within) * stride) * channels;
    within += UNEVEN;
    if (within >= 1) within -= 1;
    if (channels === 4 && data[at + 3] === 0) continue;
    colors[found++] = (data[at] as number) | ((data[at + 1] as number) << 8) | ((data[at + 2] as number) << 16);
  }
  return colors.subarray(0, found);
}

/** Sorts colors into buckets by their distance to each target. */
export function bucketColors(
  kernel: Kernel,
  colors: Uint32Array,
  targets: readonly OklabTarget[],
  gamut: Gamut,
): DistanceBuckets[] {
  const all = targets.map(() => new Float64Array(BUCKET_COUNT));
  for (let first = 0; first < targets.length; first += MEASURED_ATTRACTORS) {
    const group = all.slice(first, first + MEASURED_ATTRACTORS);
    kernel.setParameters(packTargets(targets.slice(first, first + MEASURED_ATTRACTORS), gamut));
    for (let start = 0; start < colors.length; start += CHUNK_COLORS) {
      const chunk = colors.subarray(start, start + CHUNK_COLORS);
      const measured = kernel.measure(chunk, group.length);
      group.forEach((pixels, i) => {
        for (const bucket of (measured[i] as Uint16Array).subarray(0, chunk.length)) {
          pixels[bucket] = (pixels[bucket] as number) + 1;
        }
      });
    }
  }
  return all;
}
