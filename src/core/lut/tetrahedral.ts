import type { Samples } from '../types.js';
import type { AxisTable } from './axis-table.js';
import type { Lut, LutSampler } from './lut.js';

/**
 * Tetrahedral interpolation in floats: any bit depth, any node values.
 *
 * A cell is cut into six tetrahedra along its grey diagonal, and the order of the three fractions names the one that holds
 * the color. Only four nodes count, and along greys it is exact where trilinear interpolation mixes in colored corners.
 */
export function createTetrahedra(
  { size, nodes }: Lut,
  [red, green, blue]: [AxisTable, AxisTable, AxisTable],
  maxCode: number,
): LutSampler {
  const strides: [number, number, number] = [3, 3 * size, 3 * size * size];
  const { first, second, last } = makeCornerTables(strides);

  function apply(data: Samples, channels: 3 | 4): void {
    for (let i = 0; i < data.length; i += channels) {
      const r = data[i] as number;
      const g = data[i + 1] as number;
      const b = data[i + 2] as number;
      const fr = red.fraction[r] as number;
      const fg = green.fraction[g] as number;
      const fb = blue.fraction[b] as number;
      const order = (fr < fg ? 1 : 0) | (fg < fb ? 2 : 0) | (fr < fb ? 4 : 0);
      const high = fr < fg ? fg : fr;
      const low = fr < fg ? fr : fg;
      const most = high < fb ? fb : high;
      const least = low < fb ? low : fb;
      const middle = fr + fg + fb - most - least;
      const n0 =
        (red.cell[r] as number) * strides[0] +
        (green.cell[g] as number) * strides[1] +
        (blue.cell[b] as number) * strides[2];
      const n1 = n0 + (first[order] as number);
      const n2 = n0 + (second[order] as number);
      const n3 = n0 + last;
      const w0 = 1 - most;
      const w1 = most - middle;
      const w2 = middle - least;
      // Written out: a loop over the three takes twice as long.
      data[i] = toCode(
        w0 * (nodes[n0] as number) +
          w1 * (nodes[n1] as number) +
          w2 * (nodes[n2] as number) +
          least * (nodes[n3] as number),
        maxCode,
      );
      data[i + 1] = toCode(
        w0 * (nodes[n0 + 1] as number) +
          w1 * (nodes[n1 + 1] as number) +
          w2 * (nodes[n2 + 1] as number) +
          least * (nodes[n3 + 1] as number),
        maxCode,
      );
      data[i + 2] = toCode(
        w0 * (nodes[n0 + 2] as number) +
          w1 * (nodes[n1 + 2] as number) +
          w2 * (nodes[n2 + 2] as number) +
          least * (nodes[n3 + 2] as number),
        maxCode,
      );
    }
  }
  return { apply };
}

/** An encoded component as a code, rounded half up and clamped. */
export function toCode(value: number, maxCode: number): number {
  const code = Math.floor(value * maxCode + 0.5);
  return code < 0 ? 0 : code > maxCode ? maxCode : code;
}

/**
 * Address steps from a cell's low corner to the corners of its tetrahedra.
 *
 * @param strides address step of one node along red, green, blue
 * @returns `first` and `second`: step to the second and third corner by the order of the fractions
 *   (bit 0: red < green, bit 1: green < blue, bit 2: red < blue); `last`: step to the far corner
 */
export function makeCornerTables(strides: readonly [number, number, number]): {
  first: Int32Array;
  second: Int32Array;
  last: number;
} {
  const [red, green, blue] = strides;
  const last = red + green + blue;
  const first = new Int32Array(8);
  const second = new Int32Array(8);
  for (let order = 0; order < 8; order++) {
    const redBelowGreen = (order & 1) !== 0;
    const greenBelowBlue = (order & 2) !== 0;
    const redBelowBlue = (order & 4) !== 0;
    first[order] = redBelowGreen ? (greenBelowBlue ? blue : green) : redBelowBlue ? blue : red;
    const leastAxis = redBelowGreen ? (redBelowBlue ? red : blue) : greenBelowBlue ? green : blue;
    second[order] = last - leastAxis;
  }
  return { first, second, last };
}
