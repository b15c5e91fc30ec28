import { linearFromEncoded } from '../../core/color/srgb.js';

/** Cells of the guess table. One cell spans less than one code, so that a guess is at most one short. */
const CELLS = 4096;

/**
 * Linear component to its 8-bit code, rounded half up, without a power function.
 *
 * `guess[cell]` is the code at the cell's lower end and `limits[code]` the linear value where code + 1 begins:
 * 12.92 * 255 / 4096 = 0.8 codes a cell where the curve is steepest, so one comparison settles it.
 * Reference: `quantize`.
 */
export interface ByteEncoder {
  readonly guess: Uint8Array;
  readonly limits: Float64Array;
}

export function createByteEncoder(): ByteEncoder {
  const limits = new Float64Array(256);
  for (let code = 0; code < 255; code++) limits[code] = linearFromEncoded((code + 0.5) / 255);
  limits[255] = Number.POSITIVE_INFINITY;
  const guess = new Uint8Array(CELLS + 1);
  for (let cell = 0, code = 0; cell <= CELLS; cell++) {
    while (cell / CELLS >= (limits[code] as number)) code++;
    guess[cell] = code;
  }
  return { guess, limits };
}

/** @param linear 0 to 1 */
export function encodeByte(linear: number, { guess, limits }: ByteEncoder): number {
  const code = guess[(linear * CELLS) | 0] as number;
  return linear >= (limits[code] as number) ? code + 1 : code;
}
