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
const RUNS = 5;
/** The way with a process for each image is measured on fewer of them. */
const SINGLY = 20;

/** A folder of JPEGs: images overlapping, as by default, against one after the other, and against a process for each. */
export async function benchBatch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'colorshine-batch-'));
  try {
    await makeImages(folder);
    const run = (inputs: string, ...flags: string[]): void => {
      const args = ['shine', inputs, ...RECIPE, '-q', '--out-dir', join(folder, 'out'), ...flags];
      const { status, stderr } = spawnSync(process.execPath, [resolve('dist/cli.cjs'), ...args], { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
    };
    const all = join(folder, 'in', '*.jpg');
    const perImage = (images: number, work: () => void) => (): number => {
      const began = performance.now();
      work();
      return (performance.now() - began) / images;
    };
    const [overlapped = [], serial = [], singly = []] = timeTurns(RUNS, [
      perImage(IMAGES, () => run(all)),
      perImage(IMAGES, () => run(all, '--concurrency', '1')),
      perImage(SINGLY, () => {
        for (let i = 0; i < SINGLY; i++) run(join(folder, 'in', nameOf(i)));
      }),
    ]);
    const sums: string[] = [];
    for (const name of (await readdir(join(folder, 'out'))).sort()) {
      sums.push(checksum(await readFile(join(folder, 'out', name))));
    }
    const row = (name: string, images: number, times: readonly number[]): string[] => {
      const { median, min, max } = spreadOf(times);
      return [
        name,
        String(images),
        ...[median, min, max].map((ms) => ms.toFixed(1)),
        (1000 / median).toFixed(1),
        medianRatio(serial, times).toFixed(2),
      ];
    };
    const rows = [
      row('a process for each, one after the other', SINGLY, singly),
      row('one process, one after the other (--concurrency 1)', IMAGES, serial),
      row('one process, overlapping (default)', IMAGES, overlapped),
    ];
    const header = ['JPEGs of 2 Mpx', 'images', 'median ms an image', 'min', 'max', 'images/s', 'throughput'];
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
    await copyFile(originals[i % originals.length] as string, join(folder, 'in', nameOf(i)));
  }
}

function nameOf(i: number): string {
  return `${String(i).padStart(3, '0')}.jpg`;
}
