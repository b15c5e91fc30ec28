import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import { applyFormat, openRaw } from '../src/node/image/encode.js';
import { encodeImage } from '../src/node/image/encode-image.js';
import { BUFFER_TARGET } from '../src/node/image/encode-target.js';
import { checksum, medianRatio, summarize, table } from './measure.js';
import { makePhotoLike } from './photo-like.js';

const RUNS = 11;
const QUALITY = 90;
const OPTIONS = { format: 'jpeg', quality: QUALITY } as const;

interface Way {
  readonly name: string;
  run(): Promise<Buffer>;
}

/** Encoding JPEGs: sharp with tables made for the picture, our way to the same bytes, and sharp with the standard tables. */
export async function benchJpeg(): Promise<string> {
  const rows: string[][] = [];
  for (const [name, size, data] of [
    ['photo-like', 4096, makePhotoLike(4096)],
    ['lake', 4096, await readLake(4096)],
    ['lake', 2048, await readLake(2048)],
    ['lake', 1536, await readLake(1536)],
  ] as const) {
    const image = {
      format: 'png',
      pixels: { data, width: size, height: size, channels: 3 },
      pages: 1,
      pageHeight: size,
      metadata: {},
      source: {},
      notices: [],
    } as const;
    const ways: Way[] = [
      { name: 'sharp', run: () => applyFormat(openRaw(image), image, OPTIONS).toBuffer() },
      { name: 'colorshine', run: async () => (await encodeImage(image, OPTIONS, BUFFER_TARGET)).result },
      {
        name: 'sharp, standard tables',
        run: () => applyFormat(openRaw(image), image, OPTIONS).jpeg({ optimiseCoding: false }).toBuffer(),
      },
    ];
    const { times, files } = await takeTurns(ways);
    for (const [i, way] of ways.entries()) {
      const { median, min } = summarize(times[i] as number[]);
      const file = files[i] as Buffer;
      rows.push([
        `${name} ${size}²`,
        way.name,
        median.toFixed(1),
        min.toFixed(1),
        medianRatio(times[0] as number[], times[i] as number[]).toFixed(2),
        file.length.toLocaleString('en-US'),
        checksum(file),
      ]);
    }
  }
  return table([`quality ${QUALITY}`, 'encoder', 'median ms', 'min', 'speed', 'bytes', 'checksum'], rows);
}

/** A B C A B C, the first turn to warm up. */
async function takeTurns(ways: readonly Way[]): Promise<{ times: number[][]; files: Buffer[] }> {
  const times = ways.map(() => [] as number[]);
  const files: Buffer[] = [];
  for (let turn = -1; turn < RUNS; turn++) {
    for (const [i, way] of ways.entries()) {
      const began = performance.now();
      files[i] = await way.run();
      if (turn >= 0) times[i]?.push(performance.now() - began);
    }
  }
  return { times, files };
}

function readLake(size: number): Promise<Buffer> {
  return sharp('examples/lake.jpg').resize(size, size, { fit: 'fill' }).removeAlpha().raw().toBuffer();
}
