import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import { checksum, table, timePair } from './measure.js';
import { makePhotoLike } from './photo-like.js';
import { RECIPE } from './transform.js';

const SIZE = 4096;
const RUNS = 7;

/** The whole command line against a script in which sharp decodes and encodes with the same options and nothing between. */
export async function benchCli(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'colorshine-bench-'));
  try {
    const raw = sharp(makePhotoLike(SIZE), { raw: { width: SIZE, height: SIZE, channels: 3 } });
    await raw.clone().jpeg({ quality: 90 }).toFile(join(folder, 'a.jpg'));
    await raw.clone().png().toFile(join(folder, 'a.png'));
    const rows: string[][] = [];
    for (const [file, options] of [
      ['a.jpg', '.jpeg({ quality: 90 })'],
      ['a.png', '.png()'],
    ] as const) {
      const out = join(folder, `out-${file}`);
      const script = `import sharp from 'sharp'; await sharp(${JSON.stringify(join(folder, file))}, { limitInputPixels: false })${options}.toFile(${JSON.stringify(`${out}.sharp`)})`;
      const ours = [resolve('dist/cli.js'), 'shine', join(folder, file), ...RECIPE, '-q', '-o', out];
      const [a, b, ratio] = await timePair(
        RUNS,
        async () => timeProcess(ours),
        async () => timeProcess(['--input-type=module', '-e', script]),
      );
      rows.push([
        file.slice(2).toUpperCase(),
        ms(a.median),
        ms(b.median),
        ratio.toFixed(2),
        checksum(await readFile(out)),
      ]);
    }
    return table([`${SIZE} x ${SIZE}`, 'colorshine ms', 'sharp alone ms', 'ratio', 'checksum'], rows);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
