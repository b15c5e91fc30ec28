import { createHash } from 'node:crypto';
import { cpus, totalmem } from 'node:os';
import sharp from 'sharp';

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

/** Times a task that returns its own milliseconds, so that preparation stays outside. */
export async function timeRuns(runs: number, task: () => Promise<number>): Promise<Timing> {
  await task();
  const samples: number[] = [];
  for (let i = 0; i < runs; i++) samples.push(await task());
  return summarize(samples);
}

/** Times two tasks in turn, A B A B, so that a drifting machine hits both alike. */
export async function timePair(
  runs: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<[Timing, Timing, number]> {
  await a();
  await b();
  const pairs: [number, number][] = [];
  for (let i = 0; i < runs; i++) pairs.push([await a(), await b()]);
  const ratio = summarize(pairs.map(([x, y]) => x / y)).median;
  return [summarize(pairs.map(([x]) => x)), summarize(pairs.map(([, y]) => y)), ratio];
}

/** First eight hex digits of the SHA-256: shows that every run did the same work. */
export function checksum(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 8);
}

export function describeMachine(): string {
  const [cpu] = cpus();
  return `${cpu?.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`;
}

/** A Markdown table with right-aligned numbers. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), `|${header.map((_, i) => (i === 0 ? ' --- ' : ' ---: ')).join('|')}|`, ...rows.map(line)].join(
    '\n',
  );
}
