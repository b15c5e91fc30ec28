import type { Backend } from '../../core/backend.js';
import { throwIfCanceled } from '../../core/errors.js';
import type { Cancel, Plan } from '../../core/types.js';
import { CHUNK_COLORS } from './assembly/layout.js';
import { DOUBT, type Kernel } from './kernel.js';

/** Chunks between two looks at the cancel signal: a few milliseconds. */
const CANCEL_INTERVAL = 16;

/**
 * Runs the kernel over colors, chunk by chunk.
 *
 * @param out words with the DOUBT bit are left for `settleDoubts`
 * @returns how many there are
 */
export function evaluateChunks(kernel: Kernel, colors: Uint32Array, out: Uint32Array, signal?: Cancel): number {
  let doubts = 0;
  for (let start = 0, n = 0; start < colors.length; start += CHUNK_COLORS, n++) {
    if (n % CANCEL_INTERVAL === 0) throwIfCanceled(signal);
    const end = start + CHUNK_COLORS;
    doubts += kernel.run(colors.subarray(start, end), out.subarray(start, end));
  }
  return doubts;
}

/**
 * Evaluates the doubtful colors in float64, so that membership and every other jump of the model is decided as the
 * reference decides it.
 *
 * @param count how many words of `out` have the DOUBT bit
 */
export async function settleDoubts(
  js: Backend,
  colors: Uint32Array,
  plan: Plan,
  out: Uint32Array,
  count: number,
  signal?: Cancel,
): Promise<void> {
  if (count === 0) return;
  const at = new Uint32Array(count);
  for (let i = 0, n = 0; n < count; i++) if ((out[i] as number) >= DOUBT) at[n++] = i;
  const doubtful = at.map((i) => colors[i] as number);
  await js.evaluate(doubtful, plan, doubtful, signal);
  for (let n = 0; n < count; n++) out[at[n] as number] = doubtful[n] as number;
}
