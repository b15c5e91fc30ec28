import type { Backend } from '../../core/backend.js';
import { linearTable, quantize } from '../../core/color/srgb.js';
import { compilePlan } from '../../core/compiled-plan.js';
import { throwIfCanceled } from '../../core/errors.js';
import type { Cancel, Plan } from '../../core/types.js';
import { createByteEncoder, encodeByte } from './encode.js';
import { evaluateGrid } from './grid.js';
import { createPullScratch, pullLinear } from './pull-linear.js';

/** Colors between two looks at the cancel signal: a few milliseconds. */
const CANCEL_INTERVAL = 1 << 16;

/** Typed arrays and float64: runs everywhere, the fallback of every other backend. Reference: `pull`. */
export function createJsBackend(): Backend {
  const linear8 = linearTable(255);
  const encoder = createByteEncoder();
  let linear16: Float64Array | undefined;

  async function evaluate(colors: Uint32Array, plan: Plan, out: Uint32Array, signal?: Cancel): Promise<void> {
    const compiled = compilePlan(plan);
    const scratch = createPullScratch(compiled.count);
    const { linear } = scratch;
    for (let i = 0; i < colors.length; i++) {
      if (i % CANCEL_INTERVAL === 0) throwIfCanceled(signal);
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
  }

  async function evaluate16(samples: Uint16Array, channels: 3 | 4, plan: Plan, signal?: Cancel): Promise<void> {
    linear16 ??= linearTable(65535);
    const table = linear16;
    const compiled = compilePlan(plan);
    const scratch = createPullScratch(compiled.count);
    const { linear } = scratch;
    for (let i = 0, n = 0; i < samples.length; i += channels, n++) {
      if (n % CANCEL_INTERVAL === 0) throwIfCanceled(signal);
      const r = table[samples[i] as number] as number;
      const g = table[samples[i + 1] as number] as number;
      if (!pullLinear(r, g, table[samples[i + 2] as number] as number, compiled, scratch)) continue;
      for (let k = 0; k < 3; k++) samples[i + k] = quantize(linear[k] as number, 65535);
    }
  }

  return { name: 'js', evaluate, evaluate16, evaluateGrid, dispose() {} };
}
