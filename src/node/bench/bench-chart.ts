import { writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import sharp from 'sharp';
import { ColorshineError, quote } from '../../core/index.js';
import { writeWhole } from '../files/output.js';
import { allowSvg } from '../image/loaders.js';
import { type Bar, type BarGroup, drawBarChart } from './bar-chart.js';
import { type BenchReport, missingRows } from './bench-report.js';
import type { BenchRow } from './bench-turn.js';
import { backendLabel, isApproximate, strategyLabel } from './configurations.js';
import { machineLine } from './machine.js';

/** Pixels of the PNG for one of the drawing, for sharp text on dense screens. */
const PNG_SCALE = 2;
const SVG_DPI = 72;

/** @throws INVALID_OPTION: the chart is SVG or PNG, by its extension. Asked before anything is measured. */
export function checkChartPath(path: string): void {
  if (/^\.(svg|png)$/i.test(extname(path))) return;
  throw new ColorshineError(
    'INVALID_OPTION',
    `--chart: expected a file name that ends in .svg or .png, got ${quote(path)}`,
  );
}

/** The report as bars: speed of each configuration, the runs' spread as whiskers. @returns SVG */
export function drawBenchChart(report: BenchReport): string {
  const { image, recipe, runs, machine, colorshine } = report;
  const groups = report.sizes.map(({ width, height, pixels, rows }): BarGroup => {
    const bars = rows.flatMap((row) => toBar(row, pixels));
    const missing = missingRows(rows).map(([label, why]): Bar => {
      return { label, value: 0, tone: 'ours', missing: `not measured, ${why}`.slice(0, 72) };
    });
    return { title: `${width} x ${height}`, bars: [...bars, ...missing] };
  });
  const count = recipe.rows.length;
  return drawBarChart({
    title: `Recoloring ${basename(image)}, without decoding and encoding`,
    subtitle: `Million pixels a second, longer is faster; ${count} attractor${count === 1 ? '' : 's'}, median of ${runs}, whiskers: slowest and fastest run`,
    unit: 'Mpx/s',
    groups,
    legend: [
      ['ours', 'exact'],
      ['approximate', 'approximate (lookup table, radii of a small copy)'],
    ],
    footer: `Colorshine ${colorshine}, ${machineLine(machine)}`,
  });
}

function toBar(row: BenchRow, pixels: number): Bar[] {
  if (!row.result) return [];
  const label = `${backendLabel(row)}: ${strategyLabel(row)}`;
  const { milliseconds, megapixelsPerSecond } = row.result;
  const speed = (time: number): number => pixels / time / 1000;
  const tone = isApproximate(row) ? 'approximate' : 'ours';
  return [{ label, value: megapixelsPerSecond, low: speed(milliseconds.max), high: speed(milliseconds.min), tone }];
}

/**
 * Writes the chart as SVG or PNG, whole or not at all.
 *
 * SVG as an input is refused everywhere (files/input.ts), since a small one can run for minutes. This one is drawn by
 * `drawBarChart` from escaped text and numbers, refers to nothing and never came from a file, so sharp may render it.
 */
export async function writeChart(path: string, svg: string): Promise<void> {
  checkChartPath(path);
  const isPng = extname(path).toLowerCase() === '.png';
  const bytes = isPng ? await renderChart(svg) : Buffer.from(svg);
  await writeWhole(path, (temp) => writeFile(temp, bytes));
}

async function renderChart(svg: string): Promise<Buffer> {
  allowSvg();
  return sharp(Buffer.from(svg), { density: SVG_DPI * PNG_SCALE })
    .png({ palette: true })
    .toBuffer();
}
