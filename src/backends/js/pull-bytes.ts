import { linearTable } from '../../core/color/srgb.js';
import { compilePlan } from '../../core/compiled-plan.js';
import type { Plan } from '../../core/types.js';
import { type ByteEncoder, createByteEncoder, encodeByte } from './encode.js';
import { createPullScratch, pullLinear } from './pull-linear.js';

let tables: { readonly linear: Float64Array; readonly encoder: ByteEncoder } | undefined;

/**
 * The pull on packed 8-bit colors. Reference: `createPull(plan)`.
 *
 * @returns writes the new colors to `out`, which may be `colors` itself
 */
export function createColorPuller(plan: Plan): (colors: Uint32Array, out: Uint32Array) => void {
  tables ??= { linear: linearTable(255), encoder: createByteEncoder() };
  const { linear: linear8, encoder } = tables;
  const compiled = compilePlan(plan);
  const scratch = createPullScratch(compiled);
  const { linear } = scratch;
  return (colors, out) => {
    for (let i = 0; i < colors.length; i++) {
      const color = colors[i] as number;
      const r = linear8[color & 255] as number;
      const g = linear8[(color >>> 8) & 255] as number;
      if (!pullLinear(r, g, linear8[color >>> 16] as number, compiled, scratch)) {
        out[i] = color;
        continue;
      }
      const red = encodeByte(linear[0] as number, encoder);
      const green = encodeByte(linear[1] as number, encoder);
      out[i] = red | (green << 8) | (encodeByte(linear[2] as number, encoder) << 16);
    }
  };
}
