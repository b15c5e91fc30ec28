import type { Backend } from '../../core/backend.js';
import { createBreath } from '../../core/breath.js';
import { throwIfCanceled } from '../../core/errors.js';
import type { Cancel, Plan } from '../../core/types.js';
import { evaluateGrid } from './grid.js';
import { createColorPuller } from './pull-bytes.js';
import { createDeepPuller } from './pull-deep.js';

/** Colors between two looks at the event loop: a few milliseconds, with many attractors more. */
const BLOCK_COLORS = 1 << 14;

/** Typed arrays and float64: runs everywhere, the fallback of every other backend. Reference: `pull`. */
export function createJsBackend(): Backend {
  async function evaluate(colors: Uint32Array, plan: Plan, out: Uint32Array, signal?: Cancel): Promise<void> {
    const pull = createColorPuller(plan);
    const breathe = createBreath();
    for (let start = 0; start < colors.length; start += BLOCK_COLORS) {
      throwIfCanceled(signal);
      pull(colors.subarray(start, start + BLOCK_COLORS), out.subarray(start, start + BLOCK_COLORS));
      await breathe();
    }
    throwIfCanceled(signal);
  }

  async function evaluate16(samples: Uint16Array, channels: 3 | 4, plan: Plan, signal?: Cancel): Promise<void> {
    const pull = createDeepPuller(plan);
    const block = BLOCK_COLORS * channels;
    const breathe = createBreath();
    for (let start = 0; start < samples.length; start += block) {
      throwIfCanceled(signal);
      pull(samples.subarray(start, start + block), channels);
      await breathe();
    }
    throwIfCanceled(signal);
  }

  return { name: 'js', evaluate, evaluate16, evaluateGrid, dispose() {} };
}
