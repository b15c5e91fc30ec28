import type { Choice, Strategy } from './choose-strategy.js';
import type { LutReport } from './lut/lut-options.js';
import type { Plan, RecolorTimings } from './types.js';

/** What was done, for `--verbose`, `--json` and the plugin's backend line. */
export interface RecolorReport {
  /** Rows with their radii: give it to other pictures to treat them alike. */
  readonly plan: Plan;
  /** Name of the backend that computed, such as `wasm`. */
  readonly backend: string;
  /** How the pixels were reached. */
  readonly strategy: Strategy;
  /** One sentence: why this strategy. */
  readonly reason: string;
  /** The decision with the expected cost of every strategy. */
  readonly choice: Choice;
  /** Pixels of the picture. */
  readonly pixels: number;
  /** Undefined when no census was taken. */
  readonly distinctColors?: number;
  /** Milliseconds of each stage. */
  readonly timings: RecolorTimings;
  /** Of the strategy `lut`: the table and its measured error. */
  readonly lut?: LutReport;
}
