import type { Census } from '../../core/analysis/census.js';
import { oklabOfColors } from '../../core/analysis/oklab-of-colors.js';
import type { Gamut } from '../../core/types.js';

/** A picture in few numbers: mean Oklab colors of cells of the cut color cube, each with its share of the visible pixels. */
export interface Points {
  readonly count: number;
  /** L, a, b of point i at 3 i. */
  readonly lab: Float64Array;
  /** Sum 1. */
  readonly shares: Float64Array;
}

/** A photo cut to 4 bits a channel has several hundred points, enough to fit a dozen rows to. */
export const FIT_BITS = 4;
/** Several thousand points: radii are read off these. */
export const REACH_BITS = 5;

/**
 * @param bits that are kept of each channel, 4 to 6
 * @returns no points for a picture without visible pixels
 */
export function collectPoints(census: Census, gamut: Gamut, bits: number): Points {
  const { colors, counts } = census;
  const drop = 8 - bits;
  const lab = oklabOfColors(colors, gamut);
  const sums = new Float64Array((1 << (3 * bits)) * 4); // count, L, a, b
  let total = 0;
  for (let i = 0; i < colors.length; i++) {
    const color = colors[i] as number;
    const count = counts[i] as number;
    const r = (color & 255) >> drop;
    const g = ((color >>> 8) & 255) >> drop;
    const b = (color >>> 16) >> drop;
    const at = 4 * (r | (g << bits) | (b << (2 * bits)));
    sums[at] = (sums[at] as number) + count;
    for (let k = 0; k < 3; k++) sums[at + 1 + k] = (sums[at + 1 + k] as number) + count * (lab[3 * i + k] as number);
    total += count;
  }
  const cells: number[] = [];
  for (let at = 0; at < sums.length; at += 4) if ((sums[at] as number) > 0) cells.push(at);
  const points = new Float64Array(cells.length * 3);
  const shares = new Float64Array(cells.length);
  cells.forEach((at, i) => {
    const count = sums[at] as number;
    shares[i] = count / total;
    for (let k = 0; k < 3; k++) points[3 * i + k] = (sums[at + 1 + k] as number) / count;
  });
  return { count: cells.length, lab: points, shares };
}
