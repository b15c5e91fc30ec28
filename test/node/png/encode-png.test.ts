import sharp from 'sharp';
import { describe, expect, it, vi } from 'vitest';
import { createRandom } from '../../../scripts/random.js';
import { chooseWay } from '../../../src/codec/png/choose-way.js';
import { countPieceRows } from '../../../src/codec/png/deflate-rows.js';
import * as kernels from '../../../src/codec/png/kernel.js';
import type { PngRows } from '../../../src/codec/png/png-rows.js';
import type { DecodedImage } from '../../../src/node/image/decode.js';
import { encodeImage } from '../../../src/node/image/encode-image.js';
import { BUFFER_TARGET } from '../../../src/node/image/encode-target.js';
import { encodeRuns } from '../../../src/node/image/png/encode-runs.js';
import { SHARP_PACKERS } from '../../../src/node/image/png/sharp-packers.js';
import type { TestPixels } from '../../support/images.js';
import { makePhotoLike } from '../../support/png-images.js';
import { readPngPixels } from '../../support/png-pixels.js';

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

function asRows({ data, width, height, channels }: TestPixels): PngRows {
  const rowBytes = width * channels;
  const read = (row: number, count: number): Uint8Array => data.subarray(row * rowBytes, (row + count) * rowBytes);
  return { width, height, channels, read };
}

function asImage({ data, width, height, channels }: TestPixels): DecodedImage {
  const pixels = { data, width, height, channels };
  return { format: 'png', pixels, pages: 1, pageHeight: height, metadata: {}, source: {}, notices: [] };
}

async function encode(picture: TestPixels): Promise<Buffer> {
  return (await encodeImage(asImage(picture), { format: 'png' }, BUFFER_TARGET)).result;
}

describe('encodeRuns', () => {
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
    const picture = asRows({ data, width, height, channels });
    const kernel = kernels.openKernel({
      rowBytes: width * channels,
      pixelBytes: channels,
      rows: countPieceRows(picture),
    });
    const png = await BUFFER_TARGET.fromParts(encodeRuns(picture, kernel as kernels.PngKernel, template));
    const meta = await sharp(png).metadata();
    expect(meta).toMatchObject({ format: 'png', width, height, channels, density: 144, depth: 'uchar' });
    expect(meta.icc).toEqual((await sharp(template).metadata()).icc);
    expect(meta.exif?.includes('Example')).toBe(true);
    const decoded = await sharp(png).keepIccProfile().raw().toBuffer();
    expect(decoded.equals(data)).toBe(true);
    expect(Buffer.from(readPngPixels(png).data).equals(data)).toBe(true);
  });
});

describe('encodeImage', () => {
  it.each(PICTURES)("%s: no larger than sharp's file, with the same pixels", async (_, make) => {
    const picture = make();
    const { data, width, height, channels } = picture;
    const ours = await encode(picture);
    expect((await sharp(ours).raw().toBuffer()).equals(data)).toBe(true);
    expect(Buffer.from(readPngPixels(ours).data).equals(data)).toBe(true);
    const theirs = await sharp(data, { raw: { width, height, channels } }).png().toBuffer();
    expect(ours.length).toBeLessThanOrEqual(theirs.length);
  });

  it('finds the way that suits each kind', async () => {
    const ways = new Map<string, string>();
    for (const [name, make] of PICTURES) ways.set(name, await chooseWay(asRows(make()), SHARP_PACKERS));
    const { data, info } = await sharp('examples/lake.jpg')
      .resize(900)
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(await chooseWay(asRows({ data, width: info.width, height: info.height, channels: 3 }), SHARP_PACKERS)).toBe(
      'runs',
    );
    expect(ways.get('a photograph')).not.toBe('plain');
    expect(ways.get('noise')).toBe('runs');
    expect(ways.get('a window')).not.toBe('runs');
    expect(ways.get('dithered colors')).toBe('plain');
    expect(ways.get('a slope')).toBe('filtered');
  });

  it.each([
    ['WebAssembly has no SIMD', () => vi.spyOn(kernels, 'openKernel').mockReturnValue(undefined)],
    [
      'its compiler refuses the kernel',
      () =>
        vi.spyOn(WebAssembly, 'Instance').mockImplementation(function refuse() {
          throw new WebAssembly.LinkError('no kernel');
        }),
    ],
  ])('leaves a photograph to sharp where %s', async (_, spoil) => {
    const picture = PICTURES[0][1]();
    spoil();
    try {
      const png = await encode(picture);
      expect(Buffer.from(readPngPixels(png).data).equals(picture.data)).toBe(true);
    } finally {
      vi.restoreAllMocks();
    }
  });
});
