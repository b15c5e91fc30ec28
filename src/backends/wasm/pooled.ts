import { CHUNK_COLORS } from './assembly/layout.js';
import type { JobResult, JobRunner } from './jobs.js';
import type { Pool } from './pool.js';

/** Below this many colors (2 ms) waking the workers costs more than they save. */
export const POOLED_MIN_COLORS = 1 << 16;
/** Shared buffers up to this many colors are kept between calls. */
const KEPT_COLORS = 1 << 21;

/** Evaluates colors on the calling thread and the workers of a pool at once. */
export interface PooledEvaluator {
  /**
   * @param parameters from `packParameters`
   * @param out words with the DOUBT bit are left for `settleDoubts`; the rest are the bytes one thread would give
   * @returns positions of the words that have the bit
   * @throws BACKEND_FAILED when a worker fails; `out` is then undefined
   */
  evaluate(colors: Uint32Array, parameters: Float32Array, out: Uint32Array): Promise<number[]>;
}

/** Spreads colors over a pool's workers and the calling thread: in shared memory, or moved where there is none. */
export function createPooledEvaluator(runner: JobRunner, pool: Pool): PooledEvaluator {
  let kept: SharedArrayBuffer | undefined;

  async function evaluateShared(colors: Uint32Array, parameters: Float32Array, out: Uint32Array): Promise<number[]> {
    const bytes = colors.length * 8;
    const memory = kept && kept.byteLength >= bytes ? kept : new SharedArrayBuffer(bytes);
    if (colors.length <= KEPT_COLORS) kept = memory;
    const sharedColors = new Uint32Array(memory, 0, colors.length);
    const sharedOut = new Uint32Array(memory, colors.length * 4, colors.length);
    sharedColors.set(colors);
    const next = new Int32Array(new SharedArrayBuffer(4));
    const job = { kind: 'pull-shared', parameters, colors: sharedColors, out: sharedOut, next } as const;
    const helpers = Math.min(pool.size, Math.ceil(colors.length / CHUNK_COLORS) - 1);
    let own: JobResult = {};
    const results = await pool.run(new Array(helpers).fill(job), () => {
      own = runner.run(job);
    });
    out.set(sharedOut);
    return [own, ...results].flatMap(({ doubts = [] }) => doubts);
  }

  async function evaluateMoved(colors: Uint32Array, parameters: Float32Array, out: Uint32Array): Promise<number[]> {
    const share = Math.ceil(colors.length / (pool.size + 1));
    const parts = Array.from({ length: pool.size }, (_, i) => colors.slice((i + 1) * share, (i + 2) * share));
    const jobs = parts.map((part) => ({ kind: 'pull-moved', parameters, colors: part }) as const);
    let own: JobResult = {};
    const results = await pool.run(jobs, () => {
      own = runner.run({ kind: 'pull-moved', parameters, colors: colors.slice(0, share) });
    });
    [own, ...results].forEach(({ moved }, i) => {
      if (moved) out.set(moved, i * share);
    });
    return [own, ...results].flatMap(({ doubts = [] }, i) => doubts.map((at) => i * share + at));
  }

  return { evaluate: pool.sharesMemory ? evaluateShared : evaluateMoved };
}
