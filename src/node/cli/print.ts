import type { DeviceStats } from '../../core/backend.js';
import { formatRow, kindOf, type LutReport, type Plan } from '../../core/index.js';
import type { HierarchicalReport } from '../hierarchical/options.js';
import type { Report } from '../report.js';

const DEFAULT_TILE_SIZE = 1024;

/** One line for people: what became what, and how long it took. */
export function summaryLine({ input, output, width, height, pages, timings }: Report): string {
  const size = `${width} x ${height}${pages > 1 ? ` x ${pages} frames` : ''}`;
  return `${input} -> ${output}  ${size}, ${seconds(timings.total)}`;
}

/** The long form, in the order in which things happen. */
export function verboseLines(report: Report, tileSize = DEFAULT_TILE_SIZE): string[] {
  const { width, height, pages, pixels, bitDepth, plan, timings } = report;
  const gamut = report.gamut === 'display-p3' ? 'Display P3' : 'sRGB';
  const lines = [
    `Image: ${report.input} (${report.inputFormat}, ${bitDepth} bits, ${gamut})`,
    `Image size: ${width}x${height}${pages > 1 ? ` x ${pages} frames` : ''} (${millions(pixels)} pixels)`,
    ...tileLines(report, tileSize),
    report.distinctColors === undefined
      ? 'Distinct colors: not counted, every pixel is computed'
      : `Distinct colors: ${report.distinctColors.toLocaleString('en-US')}`,
    ...rowLines(plan),
    `Backend: ${report.backendReason}`,
    ...(report.device ? [deviceLine(report.device)] : []),
    `Strategy: ${report.strategy} (${report.strategyReason})`,
    ...(report.lut ? lutLines(report.lut) : []),
    ...(report.hierarchical ? hierarchicalLines(report.hierarchical) : []),
  ];
  const stages: [string, number][] = [
    ['Decode', timings.decode],
    ['Census', timings.census],
    ['Radii', timings.radii],
    ['Pull', timings.pull],
    ['Repaint', timings.repaint],
    ['Encode', timings.encode],
  ];
  lines.push(...stages.map(([name, ms]) => `${name}: ${seconds(ms)}`));
  lines.push(`Total processing time: ${seconds(timings.total)}`);
  lines.push(`Peak memory usage: ${gigabytes(report.peakMemory)}`);
  lines.push(`Wrote: ${report.output} (${report.outputFormat})`);
  return lines.map((line) => `INFO: ${line}`);
}

/** How far each row reaches. */
export function rowLines({ rows }: Plan): string[] {
  return rows.map((row, i) => {
    const kind = kindOf(row);
    const name = `${kind[0]?.toUpperCase()}${kind.slice(1)}`;
    const touched = row.share === undefined ? 'for every image' : `touches ${percent(row.share)} of the pixels`;
    return `${name} ${i + 1}: ${formatRow(row)} radius ${row.radius.toFixed(4)} (Oklab), ${touched}`;
  });
}

function tileLines({ width, height, pages, spool }: Report, tileSize: number): string[] {
  if (!spool) {
    return [
      `Using tile size: ${tileSize}x${tileSize}; the image fits in memory, so it is one piece and the result does not depend on tiles`,
      `Tiles of that size: ${Math.ceil(width / tileSize) * Math.ceil((height * pages) / tileSize)}`,
    ];
  }
  const { stripRows, strips, bytes, folder, isEarly } = spool;
  const when = isEarly
    ? ', each strip as soon as it is decoded, since the radii are known by then'
    : ', strip by strip';
  return [
    `Using tile size: ${width}x${stripRows}; the image is recolored in a file (${gigabytes(bytes)} in ${folder})${when}`,
    `Tiles of that size: ${strips}`,
  ];
}

function deviceLine({ device, tiles, tileSize, bytesUp, bytesDown, estimatedBytes }: DeviceStats): string {
  return `GPU: ${device}, ${tiles} tiles of up to ${tileSize.toLocaleString('en-US')} colors, ${gigabytes(bytesUp)} up, ${gigabytes(bytesDown)} down, about ${gigabytes(estimatedBytes)} of its memory`;
}

/** The table, where it came from, and how far off it is. */
function lutLines({ size, interpolation, precision, hit, explanation, fetchMs, error }: LutReport): string[] {
  const lines = [
    `Lookup table: ${size}x${size}x${size}, ${interpolation}, ${precision} nodes, ready in ${seconds(fetchMs)}`,
    `Lookup table cache: ${hit ? 'hit' : 'miss'}, ${explanation}`,
  ];
  if (error) {
    const { max, percentile99, shareAboveOne, samples, exhaustive } = error;
    const which = exhaustive ? `all ${samples.toLocaleString('en-US')}` : samples.toLocaleString('en-US');
    lines.push(
      `Lookup table error against the exact pull, in 1/255: max ${codes(max)}, 99 % of pixels within ${codes(percentile99)}, ${percent(shareAboveOne)} of pixels above 1 (${which} colors compared)`,
    );
  }
  return lines;
}

/** How good the radii of the shrunken copy are, and what they saved. */
function hierarchicalLines(coarse: HierarchicalReport): string[] {
  const { width, height, source, used, milliseconds, radii, exactRadii, exactMilliseconds, preview } = coarse;
  const how = source === 'sampled' ? 'every n-th pixel' : 'shrunken by the decoder';
  const lines = [`Coarse copy: ${width}x${height}, ${how}, measured in ${seconds(milliseconds)}`];
  if (preview !== undefined) lines.push(`Preview: ${preview}`);
  if (!used || !exactRadii || exactMilliseconds === undefined) return lines;
  const errors = radii.map((radius, i) => Math.abs(radius - (exactRadii[i] as number)));
  const worst = Math.max(...errors);
  const share = Math.max(...errors.map((error, i) => (exactRadii[i] ? error / exactRadii[i] : 0)));
  const saved = exactMilliseconds - milliseconds;
  lines.push(
    `Radius error of the hierarchical pass: at most ${worst.toFixed(5)} (${percent(share)})`,
    `Time of the hierarchical pass: ${seconds(milliseconds)} against ${seconds(exactMilliseconds)} for exact radii, ${saved >= 0 ? `${seconds(saved)} saved` : `${seconds(-saved)} lost`}; this report measured both`,
  );
  return lines;
}

function codes(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)}s`;
}

function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 1 ? value.toFixed(2) : value.toFixed(1)} %`;
}

function millions(pixels: number): string {
  if (pixels < 1e5) return pixels.toLocaleString('en-US');
  return pixels < 1e7 ? `${(pixels / 1e6).toFixed(1)}M` : `${Math.round(pixels / 1e6)}M`;
}

function gigabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)}MB` : `${(bytes / 1e9).toFixed(1)}GB`;
}
