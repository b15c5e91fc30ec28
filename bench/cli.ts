import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import { checksum, medianRatio, summarize, table, timeTurns } from './measure.js';
import { makePhotoLike } from './photo-like.js';
import { RECIPE } from './transform.js';

const SIZE = 4096;
/** `RECIPE` with about the reaches that it finds. */
const FIXED = ['blue;~0.35;70', 'oklch(70% 0.1 50);~0.26;70'];
const RUNS = 7;

/**
 * The whole command line against a script in which sharp decodes and encodes with the same options and nothing between,
 * and against the floor: sharp first decodes everything, then encodes, as anything must that needs the whole image first.
 */
export async function benchCli(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'colorshine-bench-'));
  try {
    const raw = sharp(makePhotoLike(SIZE), { raw: { width: SIZE, height: SIZE, channels: 3 } });
    await raw.clone().jpeg({ quality: 90 }).toFile(join(folder, 'a.jpg'));
    await raw.clone().png().toFile(join(folder, 'a.png'));
    const rows: string[][] = [];
    for (const [what, file, encode, recipe] of [
      ['JPG', 'a.jpg', '.jpeg({ quality: 90 })', RECIPE],
      ['JPG, fixed reaches', 'a.jpg', '.jpeg({ quality: 90 })', FIXED],
      ['PNG', 'a.png', '.png()', RECIPE],
    ] as const) {
      const input = join(folder, file);
      const out = join(folder, `out-${file}`);
      const open = `sharp(${JSON.stringify(input)}, { limitInputPixels: false })`;
      const save = `${encode}.toFile(${JSON.stringify(`${out}.sharp`)})`;
      const [ours = [], alone = [], serial = []] = timeTurns(RUNS, [
        () => timeProcess([resolve('dist/cli.cjs'), 'shine', input, ...recipe, '-q', '--force', '-o', out]),
        () => timeScript(`await ${open}${save}`),
        () =>
          timeScript(
            `const { data, info } = await ${open}.raw().toBuffer({ resolveWithObject: true }); await sharp(data, { raw: info })${save}`,
          ),
      ]);
      rows.push([
        what,
        ...[ours, alone, serial].map((times) => ms(summarize(times).median)),
        medianRatio(ours, alone).toFixed(2),
        medianRatio(serial, alone).toFixed(2),
        checksum(await readFile(out)),
      ]);
    }
    const header = ['colorshine ms', 'sharp alone ms', 'floor ms', 'ratio', 'ratio of the floor', 'checksum'];
    return table([`${SIZE} x ${SIZE}`, ...header], rows);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function timeScript(body: string): number {
  return timeProcess(['--input-type=module', '-e', `import sharp from 'sharp'; ${body}`]);
}

function timeProcess(args: readonly string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - began;
}

function ms(value: number): string {
  return value.toFixed(0);
}
