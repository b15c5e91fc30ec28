import type { Samples } from '../types.js';
import type { AxisTable } from './axis-table.js';
import type { Lut, LutSampler } from './lut.js';
import { toCode } from './tetrahedral.js';

/** Trilinear interpolation in floats: all eight corners of the cell, smoother across cells, less exact along greys. */
export function createTrilinear(
  { size, nodes }: Lut,
  [red, green, blue]: [AxisTable, AxisTable, AxisTable],
  maxCode: number,
): LutSampler {
  const strideR = 3;
  const strideG = 3 * size;
  const strideB = 3 * size * size;

  function apply(data: Samples, channels: 3 | 4): void {
    for (let i = 0; i < data.length; i += channels) {
      const r = data[i] as number;
      const g = data[i + 1] as number;
      const b = data[i + 2] as number;
      const fr = red.fraction[r] as number;
      const fg = green.fraction[g] as number;
      const fb = blue.fraction[b] as number;
      const base =
        (red.cell[r] as number) * strideR + (green.cell[g] as number) * strideG + (blue.cell[b] as number) * strideB;
      for (let k = 0; k < 3; k++) {
        const n = base + k;
        const n01 = n + strideG;
        const n10 = n + strideB;
        const n11 = n10 + strideG;
        const c00 = lerp(nodes[n] as number, nodes[n + strideR] as number, fr);
        const c01 = lerp(nodes[n01] as number, nodes[n01 + strideR] as number, fr);
        const c10 = lerp(nodes[n10] as number, nodes[n10 + strideR] as number, fr);
        const c11 = lerp(nodes[n11] as number, nodes[n11 + strideR] as number, fr);
        data[i + k] = toCode(lerp(lerp(c00, c01, fg), lerp(c10, c11, fg), fb), maxCode);
      }
    }
  }
  return { apply };
}

function lerp(from: number, to: number, t: number): number {
  return from + (to - from) * t;
}
