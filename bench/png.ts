import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import { encodeImage } from '../src/node/image/encode-image.js';
import { BUFFER_TARGET } from '../src/node/image/encode-target.js';
import { checksum, medianRatio, summarize, table } from './measure.js';
import { makePhotoLike } from './photo-like.js';

const RUNS = 7;
const SIDE = 2048;

interface Picture {
  readonly name: string;
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

/** Our own PNG encoder against sharp's with its defaults, on several kinds of pictures, from raw pixels to a file in memory. */
export async function benchPng(): Promise<string> {
  const rows: string[][] = [];
  for (const picture of await makePictures()) {
    const { data, width, height, channels } = picture;
    const raw = { width, height, channels };
    const image = {
      format: 'png',
      pixels: { data, ...raw },
      pages: 1,
      pageHeight: height,
      metadata: {},
      source: {},
      notices: [],
    } as const;
    const [ours, theirs] = await timeBoth(
      async () => (await encodeImage(image, { format: 'png' }, BUFFER_TARGET)).result,
      () => sharp(data, { raw }).png().toBuffer(),
    );
    rows.push([
      `${picture.name}, ${width} x ${height}`,
      ...[ours.times, theirs.times].map((times) => summarize(times).median.toFixed(0)),
      medianRatio(ours.times, theirs.times).toFixed(2),
      ...[ours.png.length, theirs.png.length].map((bytes) => (bytes / 1e6).toFixed(2)),
      (ours.png.length / theirs.png.length).toFixed(2),
      checksum(ours.png),
    ]);
  }
  return table(['picture', 'colorshine ms', 'sharp ms', 'ratio', 'MB', "sharp's MB", 'ratio', 'checksum'], rows);
}

interface Timed {
  readonly times: number[];
  png: Buffer;
}

/** In turn, so that a drifting machine hits both alike; the first turn is a warm-up. */
async function timeBoth(...tasks: readonly (() => Promise<Buffer>)[]): Promise<[Timed, Timed]> {
  const timed = tasks.map((): Timed => ({ times: [], png: Buffer.alloc(0) }));
  for (let turn = -1; turn < RUNS; turn++) {
    for (const [i, task] of tasks.entries()) {
      const began = performance.now();
      const png = await task();
      const result = timed[i] as Timed;
      if (turn >= 0) result.times.push(performance.now() - began);
      result.png = png;
    }
  }
  return timed as [Timed, Timed];
}

async function makePictures(): Promise<Picture[]> {
  const large = 4096;
  const photo = makePhotoLike(SIDE);
  const byPixel = (name: string, channels: 3 | 4, colorOf: (x: number, y: number) => readonly number[]): Picture => {
    const data = new Uint8Array(SIDE * SIDE * channels);
    for (let i = 0; i < SIDE * SIDE; i++) data.set(colorOf(i % SIDE, Math.floor(i / SIDE)), i * channels);
    return { name, data, width: SIDE, height: SIDE, channels };
  };
  return [
    { name: 'photo-like', data: makePhotoLike(large), width: large, height: large, channels: 3 },
    await open('examples/lake.jpg', 'the example lake'),
    await open('examples/lake.jpg', 'the same, enlarged', large),
    byPixel('photo-like with transparent parts', 4, (x, y) => {
      const alpha = Math.max(0, Math.min(255, 3200 - 4 * Math.hypot(x - 1024, y - 1024)));
      const at = (y * SIDE + x) * 3;
      return alpha === 0 ? [0, 0, 0, 0] : [...photo.subarray(at, at + 3), alpha];
    }),
    await open('docs/images/figma-design-rows-light.webp', 'a window, enlarged', SIDE),
    await tile('docs/images/figma-design-rows-light.webp', 'a window, repeated'),
    byPixel('slopes', 3, (x, y) => [x >> 3, y >> 3, (x + y) >> 4]),
    await dither('examples/lake.jpg', '64 dithered colors'),
    byPixel('noise', 3, (x, y) => {
      const word = Math.imul(Math.imul(x * 4096 + y, 0x9e3779b1) ^ 0x5bd1e995, 0x85ebca6b);
      const mixed = Math.imul(word ^ (word >>> 15), 0xc2b2ae35);
      return [(mixed >>> 8) & 255, (mixed >>> 16) & 255, mixed >>> 24];
    }),
  ];
}

async function open(path: string, name: string, width?: number): Promise<Picture> {
  const image = sharp(path).removeAlpha();
  const { data, info } = await (width ? image.resize(width) : image).raw().toBuffer({ resolveWithObject: true });
  return { name, data, width: info.width, height: info.height, channels: 3 };
}

async function tile(path: string, name: string): Promise<Picture> {
  const small = await open(path, name);
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++) {
    const row = small.data.subarray((y % small.height) * small.width * 3, ((y % small.height) + 1) * small.width * 3);
    for (let x = 0; x < SIDE; x += small.width) {
      data.set(row.subarray(0, Math.min(small.width, SIDE - x) * 3), (y * SIDE + x) * 3);
    }
  }
  return { name, data, width: SIDE, height: SIDE, channels: 3 };
}

async function dither(path: string, name: string): Promise<Picture> {
  const palette = await sharp(path).resize(SIDE, SIDE, { fit: 'cover' }).png({ palette: true, colors: 64 }).toBuffer();
  const data = await sharp(palette).removeAlpha().raw().toBuffer();
  return { name, data, width: SIDE, height: SIDE, channels: 3 };
}
