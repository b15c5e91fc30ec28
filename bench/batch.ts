import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import { spreadOf } from '../src/node/bench/statistics.js';
import { checksum, medianRatio, table, timeTurns } from './measure.js';
import { makePhotoLike } from './photo-like.js';
import { RECIPE } from './transform.js';

const IMAGES = 100;
const [WIDTH, HEIGHT] = [1728, 1152]; // 2 Mpx
const RUNS = 2;

/** A folder of JPEGs: images overlapping, as by default, against one after the other, and against a process for each. */
export async function benchBatch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'colorshine-batch-'));
  try {
    await makeImages(folder);
    const run = (...flags: string[]): number => {
      const began = performance.now();
      const args = ['shine', join(folder, 'in', '*.jpg'), ...RECIPE, '-q', '--out-dir', join(folder, 'out'), ...flags];
      const { status, stderr } = spawnSync(process.execPath, [resolve('dist/cli.cjs'), ...args], { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      return performance.now() - began;
    };
    const [overlapped = [], serial = []] = timeTurns(RUNS, [() => run(), () => run('--concurrency', '1')]);
    const sums: string[] = [];
    for (const name of (await readdir(join(folder, 'out'))).sort()) {
      sums.push(checksum(await readFile(join(folder, 'out', name))));
    }
    const row = (name: string, times: readonly number[]): string[] => {
      const { median, min, max } = spreadOf(times);
      const rate = (IMAGES / median) * 1000;
      return [
        name,
        ...[median, min, max].map((ms) => (ms / 1000).toFixed(2)),
        rate.toFixed(1),
        medianRatio(serial, times).toFixed(2),
      ];
    };
    const rows = [row('one after the other (--concurrency 1)', serial), row('overlapping (default)', overlapped)];
    const header = [`${IMAGES} JPEGs of 2 Mpx`, 'median s', 'min', 'max', 'images/s', 'throughput'];
    return `${table(header, rows)}\n\nChecksum over all outputs: ${checksum(Buffer.from(sums.join('')))}.`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Four pictures, each many times: decoding and encoding cost the same as a hundred different ones. */
async function makeImages(folder: string): Promise<void> {
  await mkdir(join(folder, 'in'));
  const size = Math.max(WIDTH, HEIGHT);
  const originals: string[] = [];
  for (let seed = 1; seed <= 4; seed++) {
    const file = join(folder, `${seed}.jpg`);
    await sharp(makePhotoLike(size, seed), { raw: { width: size, height: size, channels: 3 } })
      .extract({ left: 0, top: 0, width: WIDTH, height: HEIGHT })
      .jpeg({ quality: 90 })
      .toFile(file);
    originals.push(file);
  }
  for (let i = 0; i < IMAGES; i++) {
    const name = `${String(i).padStart(3, '0')}.jpg`;
    await copyFile(originals[i % originals.length] as string, join(folder, 'in', name));
  }
}
