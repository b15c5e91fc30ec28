import type { PngHeader } from '../../src/codec/png-chunks.js';

/** Samples of a pixel by color type. */
export const SAMPLES = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

/** Turns one row of packed samples into RGBA pixels that lie `step` bytes apart from `at` on. */
export type Expand = (line: Uint8Array, width: number, out: Uint8Array, at: number, step: number) => void;

/** @param plte @param trns data of the chunks, where the file has them */
export function createExpander({ colorType, bitDepth }: PngHeader, plte?: Uint8Array, trns?: Uint8Array): Expand {
  if (bitDepth === 8 && colorType === 6) return copyRgba;
  if (bitDepth === 8 && colorType === 2 && !trns) return addAlpha;
  const samples = SAMPLES[colorType];
  const max = (1 << bitDepth) - 1;
  const sample = (line: Uint8Array, i: number): number => {
    if (bitDepth === 8) return line[i] as number;
    if (bitDepth === 16) return ((line[2 * i] as number) << 8) | (line[2 * i + 1] as number);
    const bit = i * bitDepth;
    return ((line[bit >> 3] as number) >> (8 - bitDepth - (bit & 7))) & max;
  };
  const to8 = (x: number): number => (bitDepth === 8 ? x : Math.round((x * 255) / max));
  const key = (i: number): number =>
    trns && trns.length > 2 * i + 1 ? ((trns[2 * i] ?? 0) << 8) | (trns[2 * i + 1] ?? 0) : -1;

  return (line, width, out, start, step) => {
    for (let x = 0, at = start; x < width; x++, at += step) {
      const first = sample(line, x * samples);
      if (colorType === 3) {
        out[at] = plte?.[first * 3] ?? 0;
        out[at + 1] = plte?.[first * 3 + 1] ?? 0;
        out[at + 2] = plte?.[first * 3 + 2] ?? 0;
        out[at + 3] = trns?.[first] ?? 255;
        continue;
      }
      const grey = samples < 3;
      const second = grey ? first : sample(line, x * samples + 1);
      const third = grey ? first : sample(line, x * samples + 2);
      out[at] = to8(first);
      out[at + 1] = to8(second);
      out[at + 2] = to8(third);
      const isKey = first === key(0) && (grey || (second === key(1) && third === key(2)));
      out[at + 3] = colorType >= 4 ? to8(sample(line, x * samples + samples - 1)) : isKey ? 0 : 255;
    }
  };
}

const copyRgba: Expand = (line, width, out, start, step) => {
  if (step === 4) out.set(line, start);
  else for (let x = 0, at = start; x < width; x++, at += step) out.set(line.subarray(4 * x, 4 * x + 4), at);
};

const addAlpha: Expand = (line, width, out, start, step) => {
  for (let x = 0, from = 0, at = start; x < width; x++, from += 3, at += step) {
    out[at] = line[from] as number;
    out[at + 1] = line[from + 1] as number;
    out[at + 2] = line[from + 2] as number;
    out[at + 3] = 255;
  }
};
