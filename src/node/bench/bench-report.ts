import type { Plan, Recipe } from '../../core/index.js';
import type { BenchRow } from './bench-turn.js';
import { backendLabel, isApproximate, strategyLabel } from './configurations.js';
import { type Machine, machineLine } from './machine.js';
import type { BenchSize } from './run-bench.js';
import type { Spread } from './statistics.js';

/** Everything a bench found out; `--json` prints it as it is. */
export interface BenchReport {
  readonly version: 1;
  readonly colorshine: string;
  readonly machine: Machine;
  readonly image: string;
  readonly format: string;
  readonly recipe: Recipe | Plan;
  readonly runs: number;
  readonly warmups: number;
  readonly sizes: readonly BenchSize[];
}

const BAR_WIDTH = 16;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** The report as a person reads it on a terminal. */
export function formatBenchReport(report: BenchReport): string {
  const { image, runs, warmups, recipe, machine, colorshine } = report;
  const attractors = recipe.rows.length;
  const lines = [
    `${image}: ${plural(attractors, 'attractor')}, ${plural(runs, 'run')} of each in turns after ${plural(warmups, 'warm-up')}`,
    `Colorshine ${colorshine} on ${machineLine(machine)}`,
    ...report.sizes.flatMap((size) => ['', ...sizeLines(size, report.format)]),
  ];
  return `${lines.join('\n')}\n`;
}

function sizeLines(size: BenchSize, format: string): string[] {
  const { width, height, pixels, distinctColors, decode, encode, rows } = size;
  const colors = distinctColors === undefined ? '' : `, ${distinctColors.toLocaleString('en-US')} distinct colors`;
  const fastest = Math.max(...rows.map(({ result }) => result?.megapixelsPerSecond ?? 0));
  const header = ['backend', 'strategy', 'median ms', 'min .. max', 'Mpx/s', '', 'off by (1/255)'];
  const measured = rows.filter(({ result }) => result);
  const body = measured.map((row) => rowCells(row, fastest));
  const widths = header.map((cell, i) => Math.max(cell.length, ...body.map((cells) => (cells[i] ?? '').length)));
  const isNumber = [false, false, true, true, true, false, false];
  const layOut = (cells: readonly string[]): string =>
    `  ${cells
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i] as number) : cell.padEnd(widths[i] as number)))
      .join('  ')}`.trimEnd();
  return [
    `${width} x ${height} (${(pixels / 1e6).toFixed(1)} Mpx${colors})`,
    layOut(header),
    ...body.map(layOut),
    ...missingRows(rows).map(([name, why]) => `  ${name}: not measured, ${why}`),
    `  ${verdict(rows)}`,
    ...hierarchicalVerdict(rows).map((sentence) => `  ${sentence}`),
    `  On top of that: decoding ${ms(decode.median)} ms, encoding ${ms(encode.median)} ms (${format.toUpperCase()}).`,
  ];
}

function rowCells(row: BenchRow, fastest: number): string[] {
  const names = [backendLabel(row), strategyLabel(row)];
  if (!row.result) return names;
  const { milliseconds, megapixelsPerSecond, difference, isRight } = row.result;
  const { max, shareDifferent, shareAboveOne } = difference;
  const off = max === 0 ? '0' : `${codes(max)}, ${percent(max <= 1 ? shareDifferent : shareAboveOne)} of pixels`;
  return [
    ...names,
    ms(milliseconds.median),
    range(milliseconds),
    rate(megapixelsPerSecond),
    bar(megapixelsPerSecond / fastest),
    `${off}${max > 1 ? ' above 1' : ''}${isRight ? '' : '  WRONG: expected at most 1'}`,
  ];
}

/** What could not run and why; one line where all ways of a backend are missing for one reason. */
export function missingRows(rows: readonly BenchRow[]): [name: string, why: string][] {
  const found = new Map<string, string>();
  for (const row of rows) {
    if (row.result) continue;
    const backend = backendLabel(row);
    const why = (row.why ?? 'it did not run').replace(/^not available: /, '');
    const isWhole = rows.every((other) => backendLabel(other) !== backend || other.why === row.why);
    found.set(isWhole ? backend : `${backend}, ${strategyLabel(row)}`, why);
  }
  return [...found];
}

/** What to take away. */
function verdict(rows: readonly BenchRow[]): string {
  const best = fastestExact(rows);
  if (!best?.result) return 'No exact way was measured.';
  const limit = best.result.megapixelsPerSecond;
  const isFaster = rows.some(
    ({ strategy, result }) => strategy === 'lut' && (result?.megapixelsPerSecond ?? 0) > limit,
  );
  const aside = isFaster ? '; a lookup table is faster here, and approximate' : '';
  return `Fastest exact way: ${backendLabel(best)}, ${strategyLabel(best)} (${best.flags})${aside}.`;
}

/** What radii of a small copy gain and cost, against the exact table of the same backend. */
function hierarchicalVerdict(rows: readonly BenchRow[]): string[] {
  const coarse = rows.filter(({ result }) => result?.radiusError);
  const exactOf = (row: BenchRow): number | undefined => {
    const times = rows
      .filter((other) => !isApproximate(other) && backendLabel(other) === backendLabel(row))
      .flatMap(({ result }) => (result?.isRight ? [result.milliseconds.median] : []));
    return times.length > 0 ? Math.min(...times) : undefined;
  };
  return coarse.map((row) => {
    const { radiusError, milliseconds } = row.result as NonNullable<typeof row.result>;
    const { distance, share, milliseconds: copy } = radiusError as NonNullable<typeof radiusError>;
    const exact = exactOf(row);
    const gain = exact === undefined ? undefined : exact - milliseconds.median;
    const against =
      gain === undefined ? '' : `, ${ms(Math.abs(gain))} ms ${gain >= 0 ? 'saved' : 'lost'} against exact radii`;
    return `Hierarchical, ${backendLabel(row)}: radii at most ${distance.toFixed(5)} off (${percent(share)}), the small copy takes ${ms(copy)} ms${against}.`;
  });
}

function fastestExact(rows: readonly BenchRow[]): BenchRow | undefined {
  let best: BenchRow | undefined;
  for (const row of rows) {
    if (isApproximate(row) || !row.result?.isRight) continue;
    if (row.result.megapixelsPerSecond > (best?.result?.megapixelsPerSecond ?? 0)) best = row;
  }
  return best;
}

function range({ min, max }: Spread): string {
  return `${ms(min)} .. ${ms(max)}`;
}

/** @param share of the longest bar, 0 to 1 */
function bar(share: number): string {
  const eighths = Math.round(share * BAR_WIDTH * 8);
  return ('█'.repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? '') || '▏').padEnd(BAR_WIDTH);
}

export function ms(value: number): string {
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
}

function rate(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

function codes(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

function percent(share: number): string {
  const value = share * 100;
  return value > 0 && value < 0.01 ? '< 0.01 %' : `${value.toFixed(value < 10 ? 2 : 1)} %`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
