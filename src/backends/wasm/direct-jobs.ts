/** What one thread does to the pixels of a picture that is computed pixel by pixel. */
import { CHUNK_COLORS } from './assembly/layout.js';
import type { Kernel } from './kernel.js';

/** Pulls the pixels of a part of a picture, in place. */
export interface PullPixelsJob {
  readonly kind: 'pull-pixels';
  /** Parameter block (parameters.ts). */
  readonly parameters: Float32Array;
  readonly data: Uint8Array;
  readonly channels: 3 | 4;
}

/** @returns positions of the pixels that are to be evaluated in float64, and are as they were */
export function pullPixels(kernel: Kernel, { parameters, data, channels }: PullPixelsJob): Uint32Array {
  kernel.setParameters(parameters);
  const pixels = data.length / channels;
  const doubtful: number[] = [];
  for (let first = 0; first < pixels; first += CHUNK_COLORS) {
    const left = kernel.recolor(data.subarray(first * channels, (first + CHUNK_COLORS) * channels), channels);
    for (const at of left) doubtful.push(first + at);
  }
  return Uint32Array.from(doubtful);
}
