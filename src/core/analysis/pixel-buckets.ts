import { linearTableFor } from '../color/linear-tables.js';
import { gamutMatrices, writeOklab } from '../color/oklab.js';
import { type Center, distanceTo, farthestFrom } from '../row/distance.js';
import type { Gamut, Samples } from '../types.js';

/** Buckets of distances: few enough that a thread's counters stay near the processor, many enough to leave few members. */
export const PIXEL_BUCKETS = 16_384;
/** Stands where a pixel is invisible: no bucket has this number. */
export const NO_BUCKET = 0xffff;

/** Centers that are measured at once, so that a pixel is converted once for them: two bytes a pixel each. */
export const SORT_TARGETS = 4;

/** Where the pixels of a picture, or a part of one, lie for one center. */
export interface PixelBuckets {
  /** The bucket of each pixel's distance, NO_BUCKET under alpha 0. */
  readonly buckets: Uint16Array;
  /** Visible pixels in each of PIXEL_BUCKETS. */
  readonly counts: Uint32Array;
}

/** Buckets per unit of distance; no color of either gamut lies beyond the last bucket. */
export function bucketScale(center: Center): number {
  return (PIXEL_BUCKETS - 1) / farthestFrom(center);
}

/**
 * Sorts pixels into buckets by their distance to each center. Works on parts of a picture, so threads may share it.
 *
 * @param data RGB or RGBA
 * @param out one for each center; `buckets` of as many entries as pixels are overwritten, `counts` are added to
 */
export function sortPixels(
  data: Samples,
  channels: 3 | 4,
  centers: readonly Center[],
  gamut: Gamut,
  out: readonly PixelBuckets[],
): void {
  const { toLms } = gamutMatrices(gamut);
  const linear = linearTableFor(data);
  const lab = new Float64Array(3);
  const scales = centers.map(bucketScale);
  for (let i = 0, n = 0; i < data.length; i += channels, n++) {
    if (channels === 4 && data[i + 3] === 0) {
      for (let t = 0; t < out.length; t++) (out[t] as PixelBuckets).buckets[n] = NO_BUCKET;
      continue;
    }
    const red = linear[data[i] as number] as number;
    const green = linear[data[i + 1] as number] as number;
    writeOklab(lab, 0, red, green, linear[data[i + 2] as number] as number, toLms);
    for (let t = 0; t < out.length; t++) {
      const distance = distanceTo(centers[t] as Center, lab[0] as number, lab[1] as number, lab[2] as number);
      const bucket = (distance * (scales[t] as number)) | 0;
      const { buckets, counts } = out[t] as PixelBuckets;
      buckets[n] = bucket;
      counts[bucket] = (counts[bucket] as number) + 1;
    }
  }
}

/** Exact distances to a center of the pixels in some buckets, in any order. */
export function membersOf(
  data: Samples,
  channels: 3 | 4,
  center: Center,
  gamut: Gamut,
  { buckets, counts }: PixelBuckets,
  first: number,
  last: number,
): Float64Array {
  const { toLms } = gamutMatrices(gamut);
  const linear = linearTableFor(data);
  let length = 0;
  for (let bucket = Math.max(0, first); bucket <= last && bucket < PIXEL_BUCKETS; bucket++) {
    length += counts[bucket] as number;
  }
  const members = new Float64Array(length);
  const lab = new Float64Array(3);
  for (let i = 0, found = 0; found < length; i++) {
    const bucket = buckets[i] as number;
    if (bucket < first || bucket > last || bucket === NO_BUCKET) continue;
    const at = i * channels;
    const red = linear[data[at] as number] as number;
    const green = linear[data[at + 1] as number] as number;
    writeOklab(lab, 0, red, green, linear[data[at + 2] as number] as number, toLms);
    members[found++] = distanceTo(center, lab[0] as number, lab[1] as number, lab[2] as number);
  }
  return members;
}
