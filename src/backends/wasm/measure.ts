import type { Gamut } from '../../core/types.js';
import { BUCKET_COUNT, CHUNK_COLORS, MEASURED_ATTRACTORS } from './assembly/layout.js';
import type { Kernel } from './kernel.js';
import { packTargets } from './parameters.js';

export type OklabTarget = readonly [number, number, number];

/**
 * Distances of colors to one target, roughly: each color's bucket, and the pixels in each bucket. A bucket is at least
 * 1e-4 wide, a hundred times float32's error: a color's true distance is in its bucket or just across a border.
 */
export interface DistanceBuckets {
  readonly buckets: Uint16Array;
  /** BUCKET_COUNT sums of counts. */
  readonly pixels: Float64Array;
}

/**
 * Buckets of every color for every target.
 *
 * @param colors a part of a census, and `counts` the same part
 */
export function measureColors(
  kernel: Kernel,
  colors: Uint32Array,
  counts: Float64Array,
  targets: readonly OklabTarget[],
  gamut: Gamut,
): DistanceBuckets[] {
  const all = targets.map(() => ({ buckets: new Uint16Array(colors.length), pixels: new Float64Array(BUCKET_COUNT) }));
  for (let first = 0; first < targets.length; first += MEASURED_ATTRACTORS) {
    const group = all.slice(first, first + MEASURED_ATTRACTORS);
    kernel.setParameters(packTargets(targets.slice(first, first + MEASURED_ATTRACTORS), gamut));
    for (let start = 0; start < colors.length; start += CHUNK_COLORS) {
      const chunk = colors.subarray(start, start + CHUNK_COLORS);
      const measured = kernel.measure(chunk, group.length);
      group.forEach(({ buckets, pixels }, i) => {
        const found = (measured[i] as Uint16Array).subarray(0, chunk.length);
        buckets.set(found, start);
        addCounts(pixels, found, counts, start);
      });
    }
  }
  return all;
}

function addCounts(pixels: Float64Array, buckets: Uint16Array, counts: Float64Array, start: number): void {
  for (let i = 0; i < buckets.length; i++) {
    const bucket = buckets[i] as number;
    pixels[bucket] = (pixels[bucket] as number) + (counts[start + i] as number);
  }
}
