import type { Pixels } from '../types.js';

/** Pixels of a sample that tells roughly what colors there are and how they lie. They are far apart: each waits for memory. */
export const SAMPLE_PIXELS = 1 << 13;
/** Of the golden ratio: places the sample's pixels unevenly within their strides, so that no pattern keeps step. */
const UNEVEN = 0.6180339887498949;
/** A smaller sample says too little. */
const LEAST_SAMPLE = 1 << 10;
/** A picture must have this many times the pixels of a sample; a smaller one is looked at as a whole. */
const LEAST_STRIDE = 4;

/** Whether a sample of this size says something about a picture, and costs little beside looking at all of it. */
export function canSample({ data, channels }: Pick<Pixels, 'data' | 'channels'>, size: number): boolean {
  return size >= LEAST_SAMPLE && data.length / channels >= LEAST_STRIDE * size;
}

/** Packed colors of visible pixels from all over a picture; none when it is too small. @param size at most so many */
export function sampleColors({ data, channels }: Pick<Pixels, 'data' | 'channels'>, size: number): Uint32Array {
  const pixels = data.length / channels;
  if (!canSample({ data, channels }, size)) return new Uint32Array(0);
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
