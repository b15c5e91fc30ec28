import type { Samples } from '../types.js';
import type { AxisTable } from './axis-table.js';
import type { Lut, LutSampler } from './lut.js';
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
export function createByteTetrahedra(lut: Lut, tables: readonly [AxisTable, AxisTable, AxisTable]): LutSampler {
  const { nodes, axes, first, second, last } = makeByteTables(lut, tables, 3);
  const [{ base: redBase, weight: redWeight }, { base: greenBase, weight: greenWeight }] = axes;
  const { base: blueBase, weight: blueWeight } = axes[2];

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

/** One axis in whole numbers: a code's share of the node's address, and its weight on the way to the next node. */
interface ByteAxis {
  readonly base: Uint32Array;
  readonly weight: Int32Array;
}

/**
 * A table in whole numbers, for this loop and its SIMD twin.
 *
 * @param step address step from node to node
 * @returns nodes in 1/256 of a code, weights in 1/2^14, address steps as `makeCornerTables` gives them
 */
export function makeByteTables(lut: Lut, tables: readonly [AxisTable, AxisTable, AxisTable], step: number) {
  const { size } = lut;
  // A loop: `Uint16Array.from` with a function takes ten times as long, a second at 129 nodes.
  const nodes = new Uint16Array(lut.nodes.length);
  for (let i = 0; i < nodes.length; i++) nodes[i] = (lut.nodes[i] as number) * (255 << NODE_BITS) + 0.5;
  const strides: [number, number, number] = [step, step * size, step * size * size];
  const axis = (k: 0 | 1 | 2): ByteAxis => ({
    base: Uint32Array.from(tables[k].cell, (index) => index * strides[k]),
    weight: Int32Array.from(tables[k].fraction, (f) => Math.round(f * WEIGHT_ONE)),
  });
  const axes: readonly [ByteAxis, ByteAxis, ByteAxis] = [axis(0), axis(1), axis(2)];
  return { nodes, axes, ...makeCornerTables(strides) };
}
