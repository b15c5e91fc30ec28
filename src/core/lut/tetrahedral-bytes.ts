import type { Samples } from '../types.js';
import type { AxisTable } from './axis-table.js';
import type { Lut } from './lut.js';
import type { LutSampler } from './sample.js';
import { makeCornerTables } from './tetrahedral.js';

/** Weights of the four nodes sum to this: with 16-bit nodes every sum stays below 2^31. */
const WEIGHT_BITS = 14;
const WEIGHT_ONE = 1 << WEIGHT_BITS;
/** Nodes are held in 1/256 of a code. */
const NODE_BITS = 8;
const SHIFT = WEIGHT_BITS + NODE_BITS;
const HALF = 1 << (SHIFT - 1);

/**
 * Tetrahedral interpolation of 8-bit pixels in whole numbers, for tables whose nodes lie in [0, 1].
 * Reference: `createTetrahedra`, from which it differs where that is within 1/200 of a code of a half.
 */
export function createByteTetrahedra(lut: Lut, [red, green, blue]: [AxisTable, AxisTable, AxisTable]): LutSampler {
  const { size } = lut;
  const nodes = Uint16Array.from(lut.nodes, (value) => Math.round(value * (255 << NODE_BITS)));
  const strides: [number, number, number] = [3, 3 * size, 3 * size * size];
  const { first, second, last } = makeCornerTables(strides);
  // One word holds a code's share of the node's address; the weight has an array of its own.
  const redBase = addresses(red, strides[0]);
  const greenBase = addresses(green, strides[1]);
  const blueBase = addresses(blue, strides[2]);
  const redWeight = weights(red);
  const greenWeight = weights(green);
  const blueWeight = weights(blue);

  function apply(data: Samples, channels: 3 | 4): void {
    for (let i = 0; i < data.length; i += channels) {
      const r = data[i] as number;
      const g = data[i + 1] as number;
      const b = data[i + 2] as number;
      const fr = redWeight[r] as number;
      const fg = greenWeight[g] as number;
      const fb = blueWeight[b] as number;

      // Sorts the three by sign masks and names their order: branches would be mispredicted on noisy pixels.
      const d = fr - fg;
      const m = d & (d >> 31);
      const high = fr - m;
      const low = fg + m;
      const d1 = high - fb;
      const m1 = d1 & (d1 >> 31);
      const most = high - m1;
      const rest = fb + m1;
      const d2 = low - rest;
      const m2 = d2 & (d2 >> 31);
      const middle = low - m2;
      const least = rest + m2;
      const order = (d >>> 31) | (((fg - fb) >>> 31) << 1) | (((fr - fb) >>> 31) << 2);

      const n0 = (redBase[r] as number) + (greenBase[g] as number) + (blueBase[b] as number);
      const n1 = n0 + (first[order] as number);
      const n2 = n0 + (second[order] as number);
      const n3 = n0 + last;
      const w0 = WEIGHT_ONE - most;
      const w1 = most - middle;
      const w2 = middle - least;
      data[i] =
        (Math.imul(w0, nodes[n0] as number) +
          Math.imul(w1, nodes[n1] as number) +
          Math.imul(w2, nodes[n2] as number) +
          Math.imul(least, nodes[n3] as number) +
          HALF) >>>
        SHIFT;
      data[i + 1] =
        (Math.imul(w0, nodes[n0 + 1] as number) +
          Math.imul(w1, nodes[n1 + 1] as number) +
          Math.imul(w2, nodes[n2 + 1] as number) +
          Math.imul(least, nodes[n3 + 1] as number) +
          HALF) >>>
        SHIFT;
      data[i + 2] =
        (Math.imul(w0, nodes[n0 + 2] as number) +
          Math.imul(w1, nodes[n1 + 2] as number) +
          Math.imul(w2, nodes[n2 + 2] as number) +
          Math.imul(least, nodes[n3 + 2] as number) +
          HALF) >>>
        SHIFT;
    }
  }
  return { apply };
}

function addresses({ cell }: AxisTable, stride: number): Uint32Array {
  return Uint32Array.from(cell, (index) => index * stride);
}

function weights({ fraction }: AxisTable): Int32Array {
  return Int32Array.from(fraction, (f) => Math.round(f * WEIGHT_ONE));
}
