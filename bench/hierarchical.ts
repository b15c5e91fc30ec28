import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Sharp } from 'sharp';
import type { Report } from '../src/node/index.js';
import { makeHugePicture } from './huge-picture.js';
import { medianRatio, summarize, table, timeTurns } from './measure.js';
import { RECIPE } from './transform.js';

const SIZES = [4096, 8192, 16_384];
const RUNS = 5;

/** The whole command line with radii from a small copy, and with a plan that is known beforehand, against exact radii. */
export async function benchHierarchical(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'colorshine-bench-'));
  try {
    const rows: string[][] = [];
    for (const size of SIZES) rows.push(await benchSize(folder, size));
    const header = ['JPEG', 'exact s', 'hierarchical s', 'ratio', 'plan given s', 'ratio', 'radius error'];
    return table(header, rows);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchSize(folder: string, size: number): Promise<string[]> {
  const input = join(folder, `${size}.jpg`);
  const plan = join(folder, 'plan.json');
  const encode = (image: Sharp) => image.jpeg({ quality: 90, optimiseCoding: false }).toFile(input);
  await makeHugePicture(size, join(folder, 'scratch'), encode);
  const shine = (...args: string[]): string => {
    const common = ['--max-pixels', '3000000000', '-o', join(folder, 'out.jpg')];
    const all = [resolve('dist/cli.cjs'), 'shine', input, ...args, ...common];
    const { status, stdout, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  };
  const report = JSON.parse(shine(...RECIPE, '--hierarchical', '--json')) as Report;
  const { radii = [], exactRadii = [] } = report.hierarchical ?? {};
  const share = Math.max(...exactRadii.map((exact, i) => Math.abs((radii[i] ?? 0) / exact - 1)));
  await writeFile(plan, JSON.stringify(report.plan));
  const timed =
    (...args: string[]) =>
    (): number => {
      const began = performance.now();
      shine(...args, '-q');
      return performance.now() - began;
    };
  const [exact = [], coarse = [], given = []] = timeTurns(RUNS, [
    timed(...RECIPE),
    timed(...RECIPE, '--hierarchical'),
    timed('--recipe', plan),
  ]);
  await rm(input);
  const seconds = (times: readonly number[]): string => (summarize(times).median / 1000).toFixed(2);
  return [
    `${size} x ${size}`,
    seconds(exact),
    ...[coarse, given].flatMap((times) => [seconds(times), medianRatio(times, exact).toFixed(2)]),
    `${(share * 100).toFixed(3)} %`,
  ];
}
