import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { findPalette } from '../../../src/codec/png/palette.js';
import { createPull } from '../../../src/index.js';
import { BUFFER_TARGET } from '../../../src/node/image/encode-target.js';
import { encodeIndexedPng } from '../../../src/node/image/png/encode-indexed.js';
import { recolorBuffer } from '../../../src/node/index.js';

const WIDTHS = [1, 7, 8, 257];
const HEIGHT = 43;

/** Pixels with so many colors, in runs and single; every third one translucent where there is alpha. */
function makePixels(width: number, channels: 3 | 4, colors: number): Uint8Array {
  const data = new Uint8Array(width * HEIGHT * channels);
  for (let n = 0; n < width * HEIGHT; n++) {
    const color = n % 11 < 4 ? 0 : (n * 7) % colors;
    data.set([(color * 37) & 255, color, (color * 5) & 255], n * channels);
    if (channels === 4) data[n * channels + 3] = color % 3 === 1 ? color : 255;
  }
  return data;
}

async function encode(data: Uint8Array, width: number, channels: 3 | 4) {
  const read = (row: number, count: number): Uint8Array =>
    data.subarray(row * width * channels, (row + count) * width * channels);
  const picture = { width, height: HEIGHT, channels, read };
  const palette = await findPalette(picture);
  if (!palette) return undefined;
  const pixel = sharp({ create: { width: 1, height: 1, channels, background: '#000' } });
  const template = await pixel.withMetadata({ density: 144, icc: 'p3' }).png().toBuffer();
  const png = await BUFFER_TARGET.fromParts(encodeIndexedPng(picture, palette, template));
  return { png, palette };
}

describe('encodeIndexedPng', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [5, 4],
    [16, 4],
    [17, 8],
    [256, 8],
  ])('%d colors take %d bits; sharp reads the same pixels, alpha and metadata', async (colors, bits) => {
    const cases = WIDTHS.flatMap((width) => ([3, 4] as const).map((channels) => ({ width, channels })));
    for (const { width, channels } of cases) {
      const data = makePixels(width, channels, colors);
      const { png, palette } = (await encode(data, width, channels)) ?? {};
      const image = sharp(png).keepIccProfile();
      const meta = await image.metadata();
      expect(meta).toMatchObject({ width, height: HEIGHT, isPalette: true, density: 144 });
      expect(meta.icc?.length).toBeGreaterThan(100);
      if (width === 257) expect(palette?.bitDepth).toBe(bits);
      const raw = channels === 4 ? image.ensureAlpha() : image.removeAlpha();
      expect((await raw.raw().toBuffer()).equals(data)).toBe(true);
    }
  });

  it('has no palette for more than 256 colors, alpha counted', async () => {
    const data = new Uint8Array(257 * HEIGHT * 4);
    for (let n = 0; n < 257 * HEIGHT; n++) data.set([n & 255, 0, 0, n % 257 === 256 ? 7 : 255], n * 4);
    expect(await encode(data, 257, 4)).toBeUndefined();
  });
});

describe('a PNG with a palette', () => {
  it('keeps one, with the exact new colors, and stays small', async () => {
    const lake = sharp('examples/lake.jpg').resize(300);
    const input = await lake.png({ palette: true, colours: 64 }).toBuffer();
    const { data, report } = await recolorBuffer(input, ['teal;60;80', 'orange;50;150'], { backend: 'js' });
    expect((await sharp(data).metadata()).isPalette).toBe(true);
    const [before, after] = await Promise.all([input, data].map((png) => sharp(png).removeAlpha().raw().toBuffer()));
    const pull = createPull(report.plan);
    for (let i = 0; i < (before as Buffer).length; i += 3) {
      const [r = 0, g = 0, b = 0] = (before as Buffer).subarray(i, i + 3);
      expect([...(after as Buffer).subarray(i, i + 3)]).toEqual([...pull([r, g, b])]);
    }
    expect(data.length).toBeLessThan(input.length * 1.1);
    const plain = await sharp(data).png({ palette: false }).toBuffer();
    expect(data.length).toBeLessThan(plain.length * 0.9);
  });

  it('keeps alpha in it', async () => {
    const disc = Buffer.from('<svg viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="#c33"/></svg>');
    const input = await sharp(disc, { density: 900 }).png({ palette: true, colours: 40 }).toBuffer();
    expect((await sharp(input).metadata()).hasAlpha).toBe(true);
    const { data } = await recolorBuffer(input, ['teal;100;200']);
    expect(await sharp(data).metadata()).toMatchObject({ isPalette: true, hasAlpha: true });
    const [before, after] = await Promise.all(
      [input, data].map((png) => sharp(png).extractChannel(3).raw().toBuffer()),
    );
    expect((after as Buffer).equals(before as Buffer)).toBe(true);
  });
});
