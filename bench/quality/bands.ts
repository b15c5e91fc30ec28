import type { LabPicture } from './lab-picture.js';

/** The longest run of one color in the picture's smooth gradients, in pixels; a band is a run that has grown. */
export interface Bands {
  readonly before: number;
  readonly after: number;
}

/** Along a line, neighbors no further apart than this in each channel belong to one gradient, in codes. */
const SMOOTH_STEP = 2;
/** Shorter stretches are no gradient, and those that change less than this from end to end, in codes of a channel, are flat. */
const MIN_LENGTH = 48;
const MIN_CHANGE = 12;

/** Along rows and columns alike. */
export function measureBands(before: LabPicture, after: LabPicture): Bands {
  let longest = { before: 0, after: 0 };
  const { width, height } = before;
  const lines: { start: number; step: number; length: number }[] = [
    ...Array.from({ length: height }, (_, y) => ({ start: y * width, step: 1, length: width })),
    ...Array.from({ length: width }, (_, x) => ({ start: x, step: width, length: height })),
  ];
  for (const { start, step, length } of lines) {
    for (let from = 0; from < length; ) {
      let to = from + 1;
      while (to < length && largestStep(before.rgb, start + (to - 1) * step, start + to * step) <= SMOOTH_STEP) to++;
      const ends = largestStep(before.rgb, start + from * step, start + (to - 1) * step);
      if (to - from >= MIN_LENGTH && ends >= MIN_CHANGE) {
        const pixels = Array.from({ length: to - from }, (_, k) => start + (from + k) * step);
        longest = {
          before: Math.max(longest.before, longestRun(before.rgb, pixels)),
          after: Math.max(longest.after, longestRun(after.rgb, pixels)),
        };
      }
      from = to;
    }
  }
  return longest;
}

function largestStep(rgb: Uint8Array, p: number, q: number): number {
  return Math.max(
    Math.abs((rgb[3 * p] as number) - (rgb[3 * q] as number)),
    Math.abs((rgb[3 * p + 1] as number) - (rgb[3 * q + 1] as number)),
    Math.abs((rgb[3 * p + 2] as number) - (rgb[3 * q + 2] as number)),
  );
}

function longestRun(rgb: Uint8Array, pixels: readonly number[]): number {
  let longest = 1;
  let run = 1;
  for (let k = 1; k < pixels.length; k++) {
    run = largestStep(rgb, pixels[k - 1] as number, pixels[k] as number) === 0 ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}
