/** Which colors a file holds, whatever tells it, and that none are lost on the way. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { converter } from 'culori';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readFileColor } from '../../../src/codec/file-color.js';
import { makeIccProfile, profileOf } from '../../../src/codec/make-icc.js';
import { recolor, recolorBuffer, recolorFile } from '../../../src/node/index.js';
import { gradient, toSharp } from '../../support/images.js';
import { chunksOf, withChunks, withProfile } from '../../support/png-parts.js';
import { makeTempFolder } from '../../support/temp-folder.js';

const SAME = ['red;0;0'];
const WHITE = [0.3127, 0.329] as const;
const ADOBE = { chromaticities: [0.64, 0.33, 0.21, 0.71, 0.15, 0.06, ...WHITE], transfer: 2.19921875 };
const PROPHOTO = { chromaticities: [0.7347, 0.2653, 0.1596, 0.8404, 0.0366, 0.0001, 0.3457, 0.3585], transfer: 1.8 };
const REC_2020 = { chromaticities: [0.708, 0.292, 0.17, 0.797, 0.131, 0.046, ...WHITE], transfer: 2.4 };

type Rgb = readonly [number, number, number];

function flat(color: Rgb, width = 4, height = 4): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => color[i % 3] as number);
}

async function pngOf(color: Rgb): Promise<Buffer> {
  return sharp(flat(color), { raw: { width: 4, height: 4, channels: 3 } })
    .png()
    .toBuffer();
}

async function deepPngOf(color: Rgb): Promise<Buffer> {
  const data = Uint16Array.from({ length: 48 }, (_, i) => color[i % 3] as number);
  return sharp(data, { raw: { width: 4, height: 4, channels: 3 } })
    .toColourspace('rgb16')
    .png()
    .toBuffer();
}

/** The numbers of the first pixel, as they stand in the file. */
async function numbersOf(file: Buffer): Promise<number[]> {
  const is16Bit = (await sharp(file).metadata()).depth === 'ushort';
  const raw = sharp(file).keepIccProfile().removeAlpha();
  if (!is16Bit) return [...(await raw.raw().toBuffer()).subarray(0, 3)];
  const bytes = await raw.toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer();
  return [...new Uint16Array(bytes.buffer, bytes.byteOffset, 3)];
}

/** By culori, cut off at the gamut's border as LittleCMS does. */
function toP3(mode: 'a98' | 'prophoto' | 'rec2020', color: Rgb): number[] {
  // culori's Rec. 2020 has the curve of cameras; the profile here has that of displays.
  const encode = (value: number): number =>
    mode === 'rec2020' ? 1.09929682680944 * (value ** 2.4) ** 0.45 - 0.09929682680944 : value;
  const [r, g, b] = color.map((value) => encode(value / 255)) as [number, number, number];
  const p3 = converter('p3')({ mode, r, g, b });
  return [p3.r, p3.g, p3.b].map((value) => Math.round(Math.min(1, Math.max(0, value)) * 255));
}

function expectNear(given: readonly number[], wanted: readonly number[], tolerance: number): void {
  for (const [i, value] of wanted.entries()) {
    expect(Math.abs((given[i] as number) - value), `${given} is not near ${wanted}`).toBeLessThanOrEqual(tolerance);
  }
}

describe('a wide profile', () => {
  it.each([
    ['Adobe RGB', ADOBE, 'a98', [78, 175, 39]],
    ['ProPhoto', PROPHOTO, 'prophoto', [90, 120, 60]],
    ['Rec. 2020', REC_2020, 'rec2020', [120, 150, 80]],
    ['ProPhoto, beyond Display P3', PROPHOTO, 'prophoto', [20, 200, 20]],
  ] as const)('%s becomes Display P3, with its profile', async (_, space, mode, color) => {
    const icc = makeIccProfile(space, 'wide');
    const { data, report } = await recolorBuffer(withProfile(await pngOf(color), icc), SAME);
    expect(report.gamut).toBe('display-p3');
    expect(report.notices).toEqual(['the embedded color profile was converted to Display P3']);
    expect(readFileColor({ icc: (await sharp(data).metadata()).icc })).toMatchObject({ gamut: 'display-p3' });
    expectNear(await numbersOf(data), toP3(mode, color), 2);
  });

  it('keeps 16 bits', async () => {
    const png = withProfile(await deepPngOf([20_000, 45_000, 10_000]), makeIccProfile(ADOBE, 'wide'));
    const { data, report } = await recolorBuffer(png, SAME);
    expect(report).toMatchObject({ gamut: 'display-p3', bitDepth: 16 });
    const eight = withProfile(await pngOf([78, 175, 39]), makeIccProfile(ADOBE, 'wide'));
    const [deep, flat] = [await numbersOf(data), await numbersOf((await recolorBuffer(eight, SAME)).data)];
    expectNear(
      deep.map((value) => value / 257),
      flat,
      2,
    );
    expect(deep.some((value) => value % 257 !== 0)).toBe(true);
  });

  it.each(['jpeg', 'webp', 'tiff', 'avif'] as const)('is told in %s too', async (format) => {
    const png = withProfile(await pngOf([78, 175, 39]), makeIccProfile(ADOBE, 'wide'));
    const { data } = await recolorBuffer(png, SAME, { format, quality: 95 });
    expect(readFileColor({ icc: (await sharp(data).metadata()).icc })).toMatchObject({ gamut: 'display-p3' });
    expectNear(await numbersOf(data), [37, 173, 47], 4);
  });

  it('goes the same way through memory, a file on disk, and a sharp instance', async () => {
    const folder = await makeTempFolder();
    const png = withProfile(
      await toSharp(gradient(120, 90, 4))
        .png()
        .toBuffer(),
      makeIccProfile(ADOBE, 'wide'),
    );
    const input = join(folder, 'in.png');
    await writeFile(input, png);
    const recipe = ['teal;60;80'];
    await recolorFile(input, join(folder, 'a.png'), recipe, { backend: 'js' });
    await recolorFile(input, join(folder, 'b.png'), recipe, { backend: 'js', spoolAbove: 0 });
    const made = await readFile(join(folder, 'a.png'));
    expect((await readFile(join(folder, 'b.png'))).equals(made)).toBe(true);
    const piped = await (await recolor(sharp(png), recipe, { backend: 'js' })).keepIccProfile().png().toBuffer();
    expect(await sharp(piped).keepIccProfile().raw().toBuffer()).toEqual(
      await sharp(made).keepIccProfile().raw().toBuffer(),
    );
  });

  it('that is not wide becomes sRGB, as before', async () => {
    const icc = makeIccProfile(
      { ...ADOBE, chromaticities: [0.64, 0.33, 0.3, 0.6, 0.15, 0.06, ...WHITE], transfer: 1.8 },
      'narrow',
    );
    const { data, report } = await recolorBuffer(withProfile(await pngOf([100, 150, 200]), icc), SAME);
    expect(report.gamut).toBe('srgb');
    expect(report.notices).toEqual(['the embedded color profile was converted to sRGB']);
    expect((await sharp(data).metadata()).hasProfile).toBe(false);
  });
});

describe('a tag', () => {
  const cicp = (primaries: number, transfer: number) => ['cICP', Uint8Array.of(primaries, transfer, 0, 1)] as const;
  const p3Chunks = [
    ['gAMA', Uint8Array.of(0, 0, 0xb1, 0x8f)],
    ['cHRM', uint32(31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)],
  ] as const;

  it.each([
    ['cICP', [cicp(12, 13)]],
    ['gAMA and cHRM', p3Chunks],
  ] as const)('of Display P3 is understood and kept: %s', async (_, chunks) => {
    const png = withChunks(await pngOf([200, 60, 40]), ...chunks);
    const { data, report } = await recolorBuffer(png, SAME);
    expect(report).toMatchObject({ gamut: 'display-p3', notices: [] });
    for (const [type, value] of chunks) expect(chunksOf(data, type)).toEqual([Buffer.from(value).toString('latin1')]);
    expect(await numbersOf(data)).toEqual([200, 60, 40]);
    // Where there is no such tag, a profile says it.
    const webp = await recolorBuffer(png, SAME, { format: 'webp' });
    expect(readFileColor({ icc: (await sharp(webp.data).metadata()).icc })).toMatchObject({ gamut: 'display-p3' });
  });

  it('of an AVIF is understood, and said by a profile', async () => {
    const avif = await taggedAvif(12, 13);
    expect((await sharp(avif).metadata()).hasProfile).toBe(false);
    const { data, report } = await recolorBuffer(avif, SAME);
    expect(report.gamut).toBe('display-p3');
    expect(readFileColor({ icc: (await sharp(data).metadata()).icc })).toMatchObject({ gamut: 'display-p3' });
    expect((await recolorBuffer(await taggedAvif(1, 13), SAME)).report.gamut).toBe('srgb');
  });

  it.each([
    ['cICP', withChunksOf(cicp(9, 13)), 'display-p3'],
    ['gAMA', withChunksOf(['gAMA', uint32(100_000)]), 'srgb'],
  ] as const)('of another space is converted: %s', async (_, make, gamut) => {
    const { data, report } = await recolorBuffer(await make(await pngOf([120, 150, 80])), SAME);
    expect(report.gamut).toBe(gamut);
    expect(report.notices[0]).toMatch(/^the tagged color space was converted to /);
    expect(await numbersOf(data)).not.toEqual([120, 150, 80]);
    expect(chunksOf(data, 'cICP')).toEqual([]);
    expect(chunksOf(data, 'gAMA')).toEqual([]);
  });

  it('of linear light is converted to what sRGB says', async () => {
    const { data } = await recolorBuffer(withChunks(await pngOf([128, 128, 128]), ['gAMA', uint32(100_000)]), SAME);
    expectNear(await numbersOf(data), [188, 188, 188], 1);
  });

  it.each([
    ['PQ', 16],
    ['HLG', 18],
  ] as const)('of %s gets a notice, and its numbers stay', async (name, transfer) => {
    const { data, report } = await recolorBuffer(withChunks(await pngOf([100, 150, 60]), cicp(9, transfer)), SAME);
    expect(report.notices.join()).toContain(`an HDR picture (${name})`);
    expect(await numbersOf(data)).toEqual([100, 150, 60]);
    expect(chunksOf(data, 'cICP')).toHaveLength(1);
    expect((await recolorBuffer(await taggedAvif(9, transfer), SAME)).report.notices.join()).toContain(name);
  });

  it('goes before a profile in a PNG', async () => {
    const png = withChunks(withProfile(await pngOf([200, 60, 40]), makeIccProfile(ADOBE, 'wide')), cicp(1, 13));
    const { data, report } = await recolorBuffer(png, SAME);
    expect(report).toMatchObject({ gamut: 'srgb', notices: [] });
    expect(await numbersOf(data)).toEqual([200, 60, 40]);
  });
});

function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}

function withChunksOf(...chunks: Parameters<typeof withChunks>[1][]) {
  return async (png: Buffer): Promise<Buffer> => withChunks(png, ...chunks);
}

/** sharp writes no nclx: its profile's box is overwritten, and filled up with one that readers skip. */
async function taggedAvif(primaries: number, transfer: number): Promise<Buffer> {
  const avif = await toSharp(gradient(32, 32)).withIccProfile('p3').avif().toBuffer();
  const at = avif.indexOf('colrrICC') - 4;
  const size = avif.readUInt32BE(at);
  const box = Buffer.alloc(size);
  box.writeUInt32BE(size, 0); // readers take what they know, and skip to the end
  box.write('colrnclx', 4);
  box.set([0, primaries, 0, transfer, 0, 6, 0x80], 12);
  box.copy(avif, at);
  return avif;
}

describe('--profile', () => {
  const wide = async (): Promise<Buffer> => withProfile(await pngOf([78, 175, 39]), makeIccProfile(ADOBE, 'wide'));
  const p3 = async (): Promise<Buffer> => withProfile(await pngOf([200, 60, 40]), profileOf('display-p3'));

  it('srgb: everything becomes sRGB, without a profile', async () => {
    for (const [png, expected] of [
      [await wide(), [0, 176, 0]],
      [await p3(), [218, 43, 23]],
      [withChunks(await pngOf([200, 60, 40]), ['cICP', Uint8Array.of(12, 13, 0, 1)]), [218, 43, 23]],
    ] as const) {
      const { data, report } = await recolorBuffer(png, SAME, { profile: 'srgb' });
      expect(report.gamut).toBe('srgb');
      expect((await sharp(data).metadata()).hasProfile).toBe(false);
      expect(chunksOf(data, 'cICP')).toEqual([]);
      expectNear(await numbersOf(data), expected, 2);
    }
  });

  it('p3: everything becomes Display P3', async () => {
    for (const [png, expected] of [
      [await pngOf([255, 0, 0]), [234, 51, 35]],
      [await p3(), [200, 60, 40]],
      [await deepPngOf([65_535, 0, 0]), [60_139, 13_107, 9_011]],
    ] as const) {
      const { data, report } = await recolorBuffer(png, SAME, { profile: 'p3' });
      expect(report.gamut).toBe('display-p3');
      expectNear(await numbersOf(data), expected, report.bitDepth === 16 ? 300 : 1);
      expect((await sharp(data).metadata()).hasProfile).toBe(true);
    }
  });

  it.each(['png', 'jpeg', 'tiff'] as const)('keep: %s goes back into its own profile', async (format) => {
    const icc = makeIccProfile(ADOBE, 'wide');
    const source = await sharp(withProfile(await pngOf([78, 165, 59]), icc))
      .keepIccProfile()
      .toFormat(format, { quality: 95 })
      .toBuffer();
    const { data, report } = await recolorBuffer(source, SAME, { profile: 'keep' });
    expect(report.gamut).toBe('display-p3');
    expect((await sharp(data).metadata()).icc?.equals(icc)).toBe(true);
    expectNear(await numbersOf(data), await numbersOf(source), 3);
    // sRGB and Display P3 are their own already.
    expect(await numbersOf((await recolorBuffer(await p3(), SAME, { profile: 'keep' })).data)).toEqual([200, 60, 40]);
  });

  it('is one of three words', async () => {
    await expect(recolorBuffer(await p3(), SAME, { profile: 'adobe' as 'p3' })).rejects.toThrow(
      'profile: expected one of srgb, p3, keep, got "adobe"',
    );
  });
});

it('says no Display P3 in a GIF, which has no place for it', async () => {
  const png = withProfile(await pngOf([200, 60, 40]), profileOf('display-p3'));
  const { data, report } = await recolorBuffer(png, SAME, { format: 'gif' });
  expect(report.notices).toEqual(['gif has no place for the color profile: the colors were converted to sRGB']);
  expectNear(await numbersOf(data), [218, 43, 23], 3);
});
