import type { DistanceBuckets, OklabTarget } from '../../core/analysis/bands.js';
import type { Gamut } from '../../core/types.js';
import { BUCKET_COUNT, CHUNK_COLORS, MEASURED_ATTRACTORS } from './assembly/layout.js';
import type { Kernel } from './kernel.js';
import { packTargets } from './parameters.js';

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
