/** How fast a backend is here. */
import type { Backend } from '../core/backend.js';
import type { Plan } from '../core/types.js';
import { spreadColors } from './self-test.js';

/** Both the least time and the least runs must be reached, unless it gets too long. */
export interface TimingBudget {
  /** Milliseconds that the runs of a backend take together, at least. */
  readonly minMs: number;
  /** Runs of a backend, at least, unless `maxMs` is over. */
  readonly minRuns: number;
  /** Milliseconds after which `minRuns` is not waited for. */
  readonly maxMs: number;
  /** The sample grows while one run of it takes less. Default 6. */
  readonly goalMs?: number;
}

/**
 * For a session of many pictures. Engines compile hot code in the background and other programs want the processor too,
 * so early runs tell little.
 */
export const PATIENT: TimingBudget = { minMs: 60, minRuns: 12, maxMs: 400 };
/** For one image with a GPU in the race, whose speed shows only on large samples. */
export const BRIEF: TimingBudget = { minMs: 0, minRuns: 3, maxMs: 20 };

/** The sample grows from the smaller size to the larger while one run takes less than the goal. */
const SAMPLE_COLORS = { min: 1 << 13, max: 1 << 20, growth: 4 } as const;
const SAMPLE_GOAL_MS = 6;
/** Below this budget the sample does not grow: filling a large one would take longer than using it. */
const SHORT_MS = 50;

/**
 * Colors per second: the best run of a time budget, on a sample that grows until the clock can tell.
 *
 * @param now clock in milliseconds
 */
export async function timeBackend(
  backend: Backend,
  plan: Plan,
  now: () => number,
  budget: TimingBudget,
): Promise<number> {
  const sample = spreadColors(budget.maxMs < SHORT_MS ? SAMPLE_COLORS.min : SAMPLE_COLORS.max);
  const out = new Uint32Array(sample.length);
  const { goalMs = SAMPLE_GOAL_MS } = budget;
  let count: number = SAMPLE_COLORS.min;
  let best = 0;
  let spent = 0;
  for (let run = 0; spent < budget.minMs || (run < budget.minRuns && spent < budget.maxMs); run++) {
    const start = now();
    await backend.evaluate(sample.subarray(0, count), plan, out.subarray(0, count));
    const elapsed = Math.max(now() - start, 1e-3);
    best = Math.max(best, (count / elapsed) * 1000);
    spent += elapsed;
    if (elapsed < goalMs && count * SAMPLE_COLORS.growth <= sample.length) count *= SAMPLE_COLORS.growth;
  }
  return best;
}
