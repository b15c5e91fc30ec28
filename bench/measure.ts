import { createHash } from 'node:crypto';
import type { BarChart } from '../src/node/bench/bar-chart.js';
import type { Machine } from '../src/node/bench/machine.js';

/** Milliseconds of a few runs after a warm-up. */
export interface Timing {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function summarize(samples: readonly number[]): Timing {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (i: number): number => sorted[i] as number;
  return { median: at(Math.floor(sorted.length / 2)), min: at(0), max: at(sorted.length - 1) };
}

/**
 * Times tasks in turn, A B C A B C, so that a drifting machine hits all alike; the first turn is a warm-up.
 *
 * @param tasks each returns its own milliseconds, so that preparation stays outside
 * @returns for each task its milliseconds, turn by turn
 */
export function timeTurns(turns: number, tasks: readonly (() => number)[]): number[][] {
  const samples = tasks.map(() => [] as number[]);
  for (let turn = -1; turn < turns; turn++) {
    for (const [i, task] of tasks.entries()) {
      const milliseconds = task();
      if (turn >= 0) samples[i]?.push(milliseconds);
    }
  }
  return samples;
}

/** Median of the ratios turn by turn. */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  return summarize(a.map((x, i) => x / (b[i] as number))).median;
}

/** First eight hex digits of the SHA-256: shows that every run did the same work. */
export function checksum(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 8);
}

/** What a part of the bench found: Markdown for people and docs/internals/performance.md, and a chart where one helps. */
export interface PartResult {
  readonly markdown: string;
  readonly chart?: BarChart;
}

/** The same as it is kept: where and when it was found. */
export interface KeptResult extends PartResult {
  readonly machine: Machine;
  readonly date: string;
}

/** A Markdown table with right-aligned numbers. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), `|${header.map((_, i) => (i === 0 ? ' --- ' : ' ---: ')).join('|')}|`, ...rows.map(line)].join(
    '\n',
  );
}
