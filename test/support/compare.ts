/** How far two results of the same colors are apart. */
export interface Difference {
  readonly compared: number;
  /** Largest difference of a component, 0 to 255; 255 where the fourth byte of the packed color differs. */
  readonly max: number;
  /** Colors that differ at all. */
  readonly different: number;
  /** Share of colors that are identical, 0 to 1. */
  readonly identical: number;
}

export const LARGEST_DIFFERENCE = 1;
export const IDENTICAL_SHARE = 0.999;

export function compareColors(found: Uint32Array, expected: Uint32Array): Difference {
  if (found.length !== expected.length) throw new RangeError(`expected ${expected.length} colors, got ${found.length}`);
  let max = 0;
  let different = 0;
  for (let i = 0; i < expected.length; i++) {
    const a = found[i] as number;
    const b = expected[i] as number;
    if (a === b) continue;
    different++;
    for (let shift = 0; shift < 24; shift += 8) {
      const off = Math.abs(((a >>> shift) & 255) - ((b >>> shift) & 255));
      if (off > max) max = off;
    }
    if (a >>> 24 !== b >>> 24) max = 255;
  }
  return { compared: expected.length, max, different, identical: 1 - different / expected.length };
}
