import type { SortedStream } from '../../src/core/analysis/deep-stream-plan.js';
import { NO_BUCKET, PIXEL_BUCKETS, SORT_TARGETS } from '../../src/core/analysis/pixel-buckets.js';
import { makeBuckets, sortDeepPixels } from '../../src/core/analysis/sort-deep.js';
import type { Pixels } from '../../src/index.js';

/** By how many buckets a pixel is put beside the right one, every time alike. */
export type Shift = (pixel: number) => number;

/** A 16-bit picture in strips, sorted by the core; `looks` tells how often it was gone over. */
export function sortedStreamOf(
  { data, channels, gamut = 'srgb' }: Pixels,
  stripPixels: number,
  shift: Shift = () => 0,
) {
  const samples = data as Uint16Array;
  let looks = 0;
  const stream: SortedStream = {
    async each(targets, visit) {
      looks++;
      for (let from = 0; from < samples.length / channels; from += stripPixels) {
        const part = samples.subarray(from * channels, (from + stripPixels) * channels);
        for (let first = 0; first < targets.length; first += SORT_TARGETS) {
          const group = targets.slice(first, first + SORT_TARGETS);
          const sorted = group.map(() => makeBuckets(part.length / channels));
          await sortDeepPixels(part, channels, group, gamut, sorted, {});
          for (const { buckets, counts } of sorted) {
            for (const [n, bucket] of buckets.entries()) {
              if (bucket === NO_BUCKET) continue;
              const moved = Math.max(0, Math.min(PIXEL_BUCKETS - 1, bucket + shift(from + n)));
              counts[bucket] = (counts[bucket] as number) - 1;
              counts[moved] = (counts[moved] as number) + 1;
              buckets[n] = moved;
            }
          }
          visit({ samples: part, channels, first, sorted });
        }
      }
    },
  };
  return { stream, looks: () => looks };
}
