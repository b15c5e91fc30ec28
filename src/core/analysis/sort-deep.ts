import type { Backend } from '../backend.js';
import { createBreath } from '../breath.js';
import { throwIfCanceled } from '../errors.js';
import type { Center } from '../row/distance.js';
import type { Cancel, Gamut } from '../types.js';
import { PIXEL_BUCKETS, type PixelBuckets, sortPixels } from './pixel-buckets.js';

/** Pixels sorted between two looks at the event loop: some 10 ms. */
const STRIP_PIXELS = 1 << 16;

/** Room for the buckets of so many pixels, with nothing counted yet. */
export function makeBuckets(pixels: number): PixelBuckets {
  return { buckets: new Uint16Array(pixels), counts: new Uint32Array(PIXEL_BUCKETS) };
}

/**
 * `sortPixels` of 16-bit pixels, by the backend where it can. Twice the same pixels have twice the same buckets.
 *
 * @param centers at most SORT_TARGETS
 * @throws CANCELED
 */
export async function sortDeepPixels(
  samples: Uint16Array,
  channels: 3 | 4,
  centers: readonly Center[],
  gamut: Gamut,
  out: readonly PixelBuckets[],
  { backend, signal }: { backend?: Backend | undefined; signal?: Cancel | undefined },
): Promise<void> {
  const isDone = await backend?.sortPixels16?.(samples, channels, centers, gamut, out, signal);
  if (isDone) return;
  const breathe = createBreath();
  for (let first = 0; first < samples.length / channels; first += STRIP_PIXELS) {
    throwIfCanceled(signal);
    const end = first + STRIP_PIXELS;
    const part = out.map(({ buckets, counts }) => ({ buckets: buckets.subarray(first, end), counts }));
    sortPixels(samples.subarray(first * channels, end * channels), channels, centers, gamut, part);
    await breathe();
  }
  throwIfCanceled(signal);
}
