import type { Choice, Strategy } from './choose-strategy.js';
import type { LutReport } from './lut/lut-options.js';
import type { Plan, RecolorTimings } from './types.js';

/** What was done, for `--verbose`, `--json` and the plugin's backend line. */
export interface RecolorReport {
  readonly plan: Plan;
  readonly backend: string;
  readonly strategy: Strategy;
  /** One sentence: why this strategy. */
  readonly reason: string;
  /** The decision with the expected cost of every strategy. */
  readonly choice: Choice;
  readonly pixels: number;
  /** Undefined when no census was taken. */
  readonly distinctColors?: number;
  readonly timings: RecolorTimings;
  /** Of the strategy `lut`: the table and its measured error. */
  readonly lut?: LutReport;
}
