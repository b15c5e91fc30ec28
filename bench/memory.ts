import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { LARGE_PIXELS } from '../src/node/image/large-pixels.js';
import type { Report } from '../src/node/index.js';
import { makeHugePicture } from './huge-picture.js';
import { table } from './measure.js';
import { RECIPE } from './transform.js';

const SIZES = [1024, 2048, 4096, 6144, 8192, 12_288, 16_384];
/** The gigapixel part takes minutes: `npm run bench -- gigapixel`. */
const GIGAPIXEL_SIDE = 32_768;
const DEEP_SIZE = 8192;
/** 98 million pixels each. */
const BUILD_SIDE = 9899;
const BUILD_IMAGES = 4;
/** Has a process say at its end how much memory it had, in kilobytes. Linux. */
const TELL_PEAK = `data:text/javascript,${encodeURIComponent(
  `import { readFileSync } from 'node:fs';
   process.on('exit', () => console.error('peak ' + /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]));`,
)}`;

/** One run of the command line in a process of its own. */
interface Run {
  readonly size: number;
  readonly report: Report;
}

/** Sizes 1024 to 16384 through the command line: time for a pixel, peak memory, and how straight the line is. */
export async function benchMemory(): Promise<string> {
  return inFolder(async (folder) => {
    const runs: Run[] = [];
    for (const size of SIZES) {
      const path = join(folder, `${size}.jpg`);
      const encode = (image: Sharp) => image.jpeg({ quality: 90, optimiseCoding: false }).toFile(path);
      await makeHugePicture(size, join(folder, 'scratch'), encode);
      runs.push(await shine(size, path));
    }
    const deep = join(folder, 'deep.tif');
    const encodeDeep = (image: Sharp) =>
      image.toColourspace('rgb16').tiff({ compression: 'deflate', tile: true, bigtiff: true }).toFile(deep);
    await makeHugePicture(DEEP_SIZE, join(folder, 'scratch'), encodeDeep, true);
    const deepRun = await shine(DEEP_SIZE, deep);
    return `${runTable([...runs, deepRun])}\n\n${describeFit(runs)}`;
  });
}

/** Several large PNGs at work at a time in `colorshine build`. */
export async function benchBuildMemory(): Promise<string> {
  return inFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    const path = join(folder, 'in', '0.png');
    const encode = (image: Sharp) => image.png({ compressionLevel: 1, adaptiveFiltering: true }).toFile(path);
    await makeHugePicture(BUILD_SIDE, join(folder, 'scratch'), encode);
    for (let i = 1; i < BUILD_IMAGES; i++) await copyFile(path, join(folder, 'in', `${i}.png`));
    const config = { inputs: 'in/*.png', recipe: RECIPE, out: 'out/{name}.png' };
    await writeFile(join(folder, 'colorshine.config.json'), JSON.stringify(config));
    const began = performance.now();
    const args = ['--import', TELL_PEAK, resolve('dist/cli.cjs'), 'build', '--concurrency', String(BUILD_IMAGES)];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder });
    if (status !== 0) throw new Error(stderr);
    const peak = Number(/^peak (\d+)$/m.exec(stderr)?.[1]) / 1000;
    const seconds = (performance.now() - began) / 1000;
    const images = `${BUILD_IMAGES} x ${BUILD_SIDE} x ${BUILD_SIDE} PNG`;
    return table(['build', 's', 'peak MB'], [[images, seconds.toFixed(1), peak.toFixed(0)]]);
  });
}

/** A tiled TIFF of a gigapixel, compressed. */
export async function benchGigapixel(): Promise<string> {
  return inFolder(async (folder) => {
    const path = join(folder, 'huge.tif');
    const encode = (image: Sharp) =>
      image.tiff({ compression: 'lzw', predictor: 'horizontal', tile: true, bigtiff: true }).toFile(path);
    await makeHugePicture(GIGAPIXEL_SIDE, join(folder, 'scratch'), encode);
    return runTable([await shine(GIGAPIXEL_SIDE, path)]);
  });
}

async function inFolder(work: (folder: string) => Promise<string>): Promise<string> {
  sharp.cache(false);
  const folder = await mkdtemp(join(tmpdir(), 'colorshine-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function shine(size: number, input: string): Promise<Run> {
  const output = `${input}.out${input.slice(input.lastIndexOf('.'))}`;
  const args = ['shine', input, ...RECIPE, '--json', '--max-pixels', '3000000000', '-o', output];
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('dist/cli.cjs'), ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  if ((await stat(output)).size === 0) throw new Error('an empty output');
  await rm(input);
  await rm(output);
  return { size, report: JSON.parse(stdout) as Report };
}

function runTable(runs: readonly Run[]): string {
  const rows = runs.map(
    ({ size, report: { inputFormat, bitDepth, timings, pixels, peakMemory, spool, distinctColors } }) => [
      `${size} x ${size} ${inputFormat.toUpperCase()}${bitDepth === 16 ? ' 16 bits' : ''}`,
      spool ? 'file' : 'memory',
      distinctColors?.toLocaleString('en-US') ?? '',
      ...[timings.decode, timings.census + timings.radii + timings.pull, timings.repaint, timings.encode].map(seconds),
      seconds(timings.total),
      ((timings.total * 1e6) / pixels).toFixed(1),
      (peakMemory / 1e6).toFixed(0),
    ],
  );
  const header = [
    'image',
    'in',
    'colors',
    'decode s',
    'radii, pull s',
    'repaint s',
    'encode s',
    'total s',
    'ns a pixel',
    'peak MB',
  ];
  return table(header, rows);
}

/** Least squares, total = a + b pixels, and the peak of the runs that went through a file. */
function describeFit(runs: readonly Run[]): string {
  const points = runs.map(({ report }) => [report.pixels / 1e6, report.timings.total / 1000] as const);
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const sum = (of: (x: number, y: number) => number): number => points.reduce((s, [x, y]) => s + of(x - mx, y - my), 0);
  const slope = sum((x, y) => x * y) / sum((x) => x * x);
  const fit = sum((x, y) => x * y) ** 2 / (sum((x) => x * x) * sum((_, y) => y * y));
  const peaks = runs.filter(({ report }) => report.spool).map(({ report }) => report.peakMemory / 1e6);
  return [
    `Time of the JPEGs: ${(my - slope * mx).toFixed(2)} s + ${(slope * 1000).toFixed(1)} ms a million pixels, R² = ${fit.toFixed(4)}.`,
    `Peak memory beyond ${(LARGE_PIXELS / 1e6).toFixed(1)} million pixels: ${Math.min(...peaks).toFixed(0)} to ${Math.max(...peaks).toFixed(0)} MB.`,
  ].join('\n');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
