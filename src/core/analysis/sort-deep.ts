import type { Backend } from '../backend.js';
import type { Cancel, Gamut } from '../types.js';
import { PIXEL_BUCKETS, type PixelBuckets, sortPixels, type Target } from './pixel-buckets.js';

/** Room for the buckets of so many pixels, with nothing counted yet. */
export function makeBuckets(pixels: number): PixelBuckets {
  return { buckets: new Uint16Array(pixels), counts: new Uint32Array(PIXEL_BUCKETS) };
}

/**
 * `sortPixels` of 16-bit pixels, by the backend where it can. Twice the same pixels have twice the same buckets.
 *
 * @param targets at most SORT_TARGETS
 * @throws CANCELED
 */
export async function sortDeepPixels(
  samples: Uint16Array,
  channels: 3 | 4,
  targets: readonly Target[],
  gamut: Gamut,
  out: readonly PixelBuckets[],
  { backend, signal }: { backend?: Backend | undefined; signal?: Cancel | undefined },
): Promise<void> {
  const isDone = await backend?.sortPixels16?.(samples, channels, targets, gamut, out, signal);
  if (!isDone) sortPixels(samples, channels, targets, gamut, out);
}
