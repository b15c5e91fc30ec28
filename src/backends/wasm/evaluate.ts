import type { Backend } from '../../core/backend.js';
import { throwIfCanceled } from '../../core/errors.js';
import type { Cancel, Plan } from '../../core/types.js';
import { CHUNK_COLORS } from './assembly/layout.js';
import type { Kernel } from './kernel.js';

/** Chunks between two looks at the cancel signal: a few milliseconds. */
const CANCEL_INTERVAL = 16;

/**
 * Runs the kernel over colors, chunk by chunk.
 *
 * @param out words with the DOUBT bit are left for `settleDoubts`
 * @returns their positions
 */
export function evaluateChunks(kernel: Kernel, colors: Uint32Array, out: Uint32Array, signal?: Cancel): number[] {
  const doubts: number[] = [];
  for (let start = 0, n = 0; start < colors.length; start += CHUNK_COLORS, n++) {
    if (n % CANCEL_INTERVAL === 0) throwIfCanceled(signal);
    const end = start + CHUNK_COLORS;
    for (const at of kernel.run(colors.subarray(start, end), out.subarray(start, end))) doubts.push(start + at);
  }
  return doubts;
}

/**
 * Evaluates the doubtful colors in float64, so that membership and every other jump of the model is decided as the
 * reference decides it.
 *
 * @param at positions of the words of `out` that have the DOUBT bit
 */
export async function settleDoubts(
  js: Backend,
  colors: Uint32Array,
  plan: Plan,
  out: Uint32Array,
  at: readonly number[],
  signal?: Cancel,
): Promise<void> {
  if (at.length === 0) return;
  const doubtful = Uint32Array.from(at, (i) => colors[i] as number);
  await js.evaluate(doubtful, plan, doubtful, signal);
  for (const [n, i] of at.entries()) out[i] = doubtful[n] as number;
}
