import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it, vi } from 'vitest';
import * as compile from '../../../src/backends/wasm/compile.js';
import { BUFFER_TARGET } from '../../../src/node/image/encode-target.js';
import { adler32 } from '../../../src/node/image/png/adler32.js';
import { deflateInParallel } from '../../../src/node/image/png/deflate.js';
import { openPngEncoder } from '../../../src/node/image/png/encode-png.js';
import type { TestPixels } from '../../support/images.js';
import { createRandom, makePhotoLike } from '../../support/png-images.js';
import { joinPixels, readPngPixels } from '../../support/png-pixels.js';

/** Smooth with noise in the low bits: like a photo, it compresses a little. */
function makePixels(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => ((i >> 7) + ((Math.imul(i, 2_654_435_761) >>> 29) & 7)) & 255);
}

/** A picture of 800 x 700 pixels. @param colorOf red, green, blue and alpha */
function paint(channels: 3 | 4, colorOf: (x: number, y: number) => readonly number[]): TestPixels {
  const [width, height] = [800, 700];
  const data = new Uint8Array(width * height * channels);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) data.set(colorOf(x, y).slice(0, channels), at);
  }
  return { data, width, height, channels };
}

const photo = makePhotoLike(800, 700);
const photoAt = (x: number, y: number): readonly number[] => [
  ...photo.subarray((y * 800 + x) * 4, (y * 800 + x) * 4 + 4),
];
/** A window: panels, lines, and rows of marks that stand for text. */
const windowAt = (x: number, y: number): readonly number[] => {
  if (y < 40) return [52, 56, 66, 255];
  if (x < 220) return y % 44 < 2 ? [210, 212, 216, 255] : [236, 238, 242, 255];
  const isText =
    y % 22 > 6 && y % 22 < 16 && x % 9 < 6 && Math.imul(x * 31 + ((y * 7) >> 1), 2_654_435_761) >>> 30 === 0;
  return isText ? [30, 30, 36, 255] : [255, 255, 255, 255];
};

const PICTURES: readonly [[string, () => TestPixels], ...[string, () => TestPixels][]] = [
  ['a photograph', () => paint(3, photoAt)],
  [
    'a photograph with alpha',
    () =>
      paint(4, (x, y) => {
        const alpha = Math.max(0, Math.min(255, 1100 - 4 * Math.hypot(x - 400, y - 350)));
        return alpha === 0 ? [0, 0, 0, 0] : [...photoAt(x, y).slice(0, 3), alpha];
      }),
  ],
  ['a photograph, enlarged', () => paint(3, (x, y) => photoAt(x >> 2, y >> 2))],
  [
    'noise',
    () => {
      const random = createRandom(3);
      return paint(3, () => [random() * 256, random() * 256, random() * 256]);
    },
  ],
  ['a window', () => paint(3, windowAt)],
  [
    'a window with a photograph in it',
    () => paint(4, (x, y) => (x > 300 && y > 200 && x < 700 && y < 500 ? photoAt(x, y) : windowAt(x, y))),
  ],
  [
    'dithered colors',
    () =>
      paint(3, (x, y) => {
        const threshold = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5][(y & 3) * 4 + (x & 3)] as number;
        return photoAt(x, y).map((v) => (((v & ~15) / 64) % 1 > threshold / 16 ? 64 : 0) + (v >> 6) * 60);
      }),
  ],
  ['a slope', () => paint(3, (x, y) => [x >> 3, y >> 2, (x + y) >> 4])],
  ['one color', () => paint(4, () => [12, 200, 77, 128])],
];

function* cut(data: Uint8Array, bytes: number): Generator<Uint8Array> {
  for (let at = 0; at < data.length; at += bytes) yield data.subarray(at, at + bytes);
}

async function encode(
  { data, width, height, channels }: TestPixels,
  threads: number,
  template?: Buffer,
): Promise<Buffer> {
  const rowBytes = width * channels;
  const read = (row: number, count: number): Uint8Array => data.subarray(row * rowBytes, (row + count) * rowBytes);
  const pixel = { create: { width: 1, height: 1, channels, background: '#000' } };
  const from = template ?? (await sharp(pixel).png().toBuffer());
  const encoder = await openPngEncoder({ width, height, channels, read }, threads);
  return BUFFER_TARGET.fromParts(encoder.encode(from));
}

/** What zlib itself writes behind its stream. */
function checksumOfZlib(data: Uint8Array): number {
  return deflateSync(data).readUInt32BE(deflateSync(data).length - 4);
}

describe('adler32', () => {
  it('is what zlib writes, in any split', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000 }), fc.nat(20_000), (data, cut) => {
        const at = Math.min(cut, data.length);
        const parts = adler32(data.subarray(at), adler32(data.subarray(0, at)));
        expect(parts).toBe(checksumOfZlib(data));
      }),
      { numRuns: 60 },
    );
  });

  it('does not overflow on the largest bytes', () => {
    const data = new Uint8Array(1_000_003).fill(255);
    expect(adler32(data)).toBe(checksumOfZlib(data));
  });
});

describe('deflateInParallel', () => {
  async function collect(pieces: Iterable<Uint8Array>, level: number, threads: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for await (const part of deflateInParallel(pieces, { level, threads })) parts.push(part);
    return Buffer.concat(parts);
  }

  it.each([0, 1, 5, 6, 9])("gives one zlib stream at level %d, with zlib's own header", async (level) => {
    const data = makePixels(700_001);
    const pieces = [data.subarray(0, 100_000), data.subarray(100_000, 100_001), data.subarray(100_001)];
    const stream = await collect(pieces, level, 2);
    expect(inflateSync(stream).equals(data)).toBe(true);
    expect(stream.subarray(0, 2)).toEqual(deflateSync(data, { level }).subarray(0, 2));
  });

  it('gives the same bytes with any number of threads, hardly more of them than one stream has', async () => {
    const data = makePixels(3_000_000);
    const pieces = Array.from({ length: 6 }, (_, i) => data.subarray(i * 500_000, (i + 1) * 500_000));
    const [one, four] = [await collect(pieces, 6, 1), await collect(pieces, 6, 4)];
    expect(four.equals(one)).toBe(true);
    expect(one.length).toBeLessThan(deflateSync(data).length * 1.002);
  });
});

describe('openPngEncoder', () => {
  it.each([
    [3, 1, 1],
    [3, 1, 4000],
    [4, 90_000, 1],
    [3, 40_001, 3],
    [3, 1201, 997],
    [4, 640, 2100],
  ] as const)('%d channels, %d x %d: sharp reads the same pixels and metadata', async (channels, width, height) => {
    const data = makePixels(width * height * channels);
    const raw = { width: 1, height: 1, channels };
    const template = await sharp(data.slice(0, channels), { raw })
      .withMetadata({ density: 144, icc: 'p3', exif: { IFD0: { Copyright: 'Example' } } })
      .png()
      .toBuffer();
    const png = await encode({ data, width, height, channels }, 3, template);
    const meta = await sharp(png).metadata();
    expect(meta).toMatchObject({ format: 'png', width, height, channels, density: 144, depth: 'uchar' });
    expect(meta.icc).toEqual((await sharp(template).metadata()).icc);
    expect(meta.exif?.includes('Example')).toBe(true);
    const decoded = await sharp(png).keepIccProfile().raw().toBuffer();
    expect(decoded.equals(data)).toBe(true);
    expect(Buffer.from(readPngPixels(png).data).equals(data)).toBe(true);
  });

  it.each(PICTURES)("%s: no larger than sharp's file, the same with any number of threads", async (_, make) => {
    const { data, width, height, channels } = make();
    const [one, four] = [await encode(make(), 1), await encode(make(), 4)];
    expect(four.equals(one)).toBe(true);
    expect((await sharp(one).raw().toBuffer()).equals(data)).toBe(true);
    expect(Buffer.from(readPngPixels(one).data).equals(data)).toBe(true);
    const raw = { width, height, channels };
    const theirs = await sharp(data, { raw }).png().toBuffer();
    const unfiltered = await sharp(data, { raw }).png({ compressionLevel: 0 }).toBuffer();
    expect(one.length).toBeLessThanOrEqual(theirs.length);
    // Nor larger than without filters at level 6, in pieces as long.
    const rows = inflateSync(joinPixels(unfiltered));
    let plain = 0;
    for await (const part of deflateInParallel(cut(rows, 1 << 19), { level: 6, threads: 2 })) plain += part.length;
    expect(one.length).toBeLessThan(plain * 1.002 + 200);
  });

  it('finds the way that suits each kind', async () => {
    const sizes = new Map<string, number[]>();
    for (const [name, make] of PICTURES) {
      const { filters } = readPngPixels(await encode(make(), 2));
      sizes.set(name, [...new Set(filters)].sort());
    }
    expect(sizes.get('a photograph')).not.toContain(0);
    expect(sizes.get('dithered colors')).toEqual([0]);
    const isPlain = async (name: string): Promise<boolean> => {
      const { data, width, height, channels } = new Map(PICTURES).get(name)?.() ?? paint(3, () => [0, 0, 0]);
      const read = (row: number, count: number): Uint8Array =>
        data.subarray(row * width * channels, (row + count) * width * channels);
      return (await openPngEncoder({ width, height, channels, read }, 2)).isPlain;
    };
    expect(await isPlain('dithered colors')).toBe(true);
    expect(await isPlain('a photograph')).toBe(false);
  });

  it('takes Z_RLE of zlib where WebAssembly has no SIMD', async () => {
    vi.spyOn(compile, 'hasWasmSimd').mockReturnValue(false);
    const picture = PICTURES[0][1]();
    const without = await encode(picture, 2);
    vi.restoreAllMocks();
    expect(Buffer.from(readPngPixels(without).data).equals(picture.data)).toBe(true);
    const size = (await encode(picture, 2)).length;
    expect(Math.abs(without.length / size - 1)).toBeLessThan(0.01);
  });
});
