import type { Backend } from '../../core/backend.js';
import { throwIfCanceled } from '../../core/errors.js';
import type { Cancel, Plan } from '../../core/types.js';
import { createBreath } from '../breath.js';
import { evaluateGrid } from './grid.js';
import { createColorPuller } from './pull-bytes.js';
import { createDeepPuller } from './pull-deep.js';

/** Colors between two looks at the cancel signal: a few milliseconds. */
const CANCEL_INTERVAL = 1 << 16;

/** Typed arrays and float64: runs everywhere, the fallback of every other backend. Reference: `pull`. */
export function createJsBackend(): Backend {
  async function evaluate(colors: Uint32Array, plan: Plan, out: Uint32Array, signal?: Cancel): Promise<void> {
    const pull = createColorPuller(plan);
    for (let start = 0; start < colors.length; start += CANCEL_INTERVAL) {
      throwIfCanceled(signal);
      pull(colors.subarray(start, start + CANCEL_INTERVAL), out.subarray(start, start + CANCEL_INTERVAL));
    }
  }

  async function evaluate16(samples: Uint16Array, channels: 3 | 4, plan: Plan, signal?: Cancel): Promise<void> {
    const pull = createDeepPuller(plan);
    const block = CANCEL_INTERVAL * channels;
    const breathe = createBreath();
    for (let start = 0; start < samples.length; start += block) {
      throwIfCanceled(signal);
      pull(samples.subarray(start, start + block), channels);
      await breathe();
    }
  }

  return { name: 'js', evaluate, evaluate16, evaluateGrid, dispose() {} };
}
