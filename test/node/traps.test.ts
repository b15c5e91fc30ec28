/** Every row of the table of traps: what a file brings along is what it leaves with. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/node/image/open-image.js';
import { estimateWebpQuality } from '../../src/node/image/webp-quality.js';
import { createPull, makeRecipe, planFor, recolorBuffer, recolorFile } from '../../src/node/index.js';
import { gradient, gradient16, profileBytes, toSharp } from '../support/images.js';
import { leftovers, makeTempFolder } from '../support/temp-folder.js';

const RECIPE = ['teal;60;80', 'orange;50;150'];
/** The js backend equals the reference; the others may be one code off (test/conformance.test.ts). */
const EXACT = { backend: 'js' } as const;
/** Moves every visible pixel to one color, so that a test can see what the pull saw. */
const FLATTEN = ['rgb(10 200 30);100;200'];

async function rawOf(bytes: Uint8Array, icc = false): Promise<Buffer> {
  const image = sharp(bytes, { limitInputPixels: false });
  return (icc ? image.keepIccProfile() : image).raw().toBuffer();
}

describe('pixels through a file', () => {
  it('gives the core result for an opaque PNG, bit for bit', async () => {
    const source = gradient(120, 80);
    const { data, report } = await recolorBuffer(await toSharp(source).png().toBuffer(), RECIPE, EXACT);
    const plan = planFor(source, makeRecipe(RECIPE));
    expect(report.plan).toEqual(plan);
    const pull = createPull(plan);
    const out = await rawOf(data);
    for (let i = 0; i < out.length; i += 3) {
      const [r, g, b] = source.data.subarray(i, i + 3) as unknown as [number, number, number];
      expect([...out.subarray(i, i + 3)]).toEqual([...pull([r, g, b])]);
    }
  });

  it('keeps alpha, translucent and transparent pixels included', async () => {
    const source = gradient(64, 64, 4);
    const { data, report } = await recolorBuffer(await toSharp(source).png().toBuffer(), RECIPE, EXACT);
    const out = await rawOf(data);
    const pull = createPull(report.plan);
    expect(report.plan.pixels).toBe(63 * 64); // the first column is transparent
    for (let i = 0; i < out.length; i += 4) {
      const [r, g, b] = source.data.subarray(i, i + 3) as unknown as [number, number, number];
      expect([...out.subarray(i, i + 4)]).toEqual([...pull([r, g, b]), source.data[i + 3]]);
    }
  });

  it('reads the format from the bytes, not the name', async () => {
    const folder = await makeTempFolder();
    const input = join(folder, 'really-a-png.jpg');
    await writeFile(input, await toSharp(gradient(20, 20)).png().toBuffer());
    const report = await recolorFile(input, join(folder, 'out.webp'), RECIPE);
    expect(report).toMatchObject({ inputFormat: 'png', outputFormat: 'webp' });
    expect((await sharp(join(folder, 'out.webp')).metadata()).format).toBe('webp');
    expect(await leftovers(folder)).toEqual([]);
  });
});

describe('color profiles', () => {
  it('uses Display P3 numbers as they are and keeps the profile', async () => {
    const icc = await profileBytes('p3');
    const png = await toSharp(gradient(80, 80)).withIccProfile('p3').png().toBuffer();
    const native = await rawOf(png, true);
    const { data, report } = await recolorBuffer(png, RECIPE, EXACT);
    expect(report.gamut).toBe('display-p3');
    expect((await sharp(data).metadata()).icc).toEqual(icc);
    const plan = planFor({ data: native, width: 80, height: 80, channels: 3, gamut: 'display-p3' }, makeRecipe(RECIPE));
    const pull = createPull(plan);
    const out = await rawOf(data, true);
    for (let i = 0; i < out.length; i += 3) {
      const [r, g, b] = native.subarray(i, i + 3) as unknown as [number, number, number];
      expect([...out.subarray(i, i + 3)]).toEqual([...pull([r, g, b])]);
    }
  });

  it('keeps an sRGB profile', async () => {
    const icc = await profileBytes('srgb');
    const { data, report } = await recolorBuffer(
      await toSharp(gradient(20, 20)).withIccProfile('srgb').jpeg().toBuffer(),
      RECIPE,
    );
    expect(report).toMatchObject({ gamut: 'srgb', notices: [] });
    expect((await sharp(data).metadata()).icc).toEqual(icc);
  });

  it('converts CMYK to sRGB, says so and drops the CMYK profile', async () => {
    const jpeg = await toSharp(gradient(40, 40)).toColourspace('cmyk').withIccProfile('cmyk').jpeg().toBuffer();
    expect((await sharp(jpeg).metadata()).space).toBe('cmyk');
    const { data, report } = await recolorBuffer(jpeg, RECIPE);
    const meta = await sharp(data).metadata();
    expect(meta).toMatchObject({ space: 'srgb', channels: 3, hasProfile: false });
    expect(report.notices.join()).toContain('CMYK was converted to sRGB');
  });

  it('turns grey into RGB so that it can take color', async () => {
    const grey = await toSharp(gradient(40, 40)).toColourspace('b-w').png().toBuffer();
    expect((await sharp(grey).metadata()).channels).toBe(1);
    const { data } = await recolorBuffer(grey, FLATTEN);
    expect([...(await rawOf(data)).subarray(0, 3)]).toEqual([10, 200, 30]);
  });
});

describe('bit depth', () => {
  it.each(['png', 'tiff'] as const)('keeps 16-bit %s at 16 bits and equals the 16-bit reference', async (format) => {
    const samples = gradient16(60, 40);
    const raw = sharp(samples, { raw: { width: 60, height: 40, channels: 3 } }).toColourspace('rgb16');
    const input = await (format === 'png' ? raw.png() : raw.tiff({ compression: 'deflate' })).toBuffer();
    const { data, report } = await recolorBuffer(input, RECIPE);
    expect(report).toMatchObject({ bitDepth: 16, strategy: 'direct' });
    expect((await sharp(data).metadata()).depth).toBe('ushort');
    const bytes = await sharp(data).toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer();
    const out = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
    const pull = createPull(report.plan, 65535);
    let worst = 0;
    for (let i = 0; i < samples.length; i += 3) {
      const expected = pull([samples[i], samples[i + 1], samples[i + 2]] as [number, number, number]);
      for (let k = 0; k < 3; k++) worst = Math.max(worst, Math.abs((expected[k] as number) - (out[i + k] as number)));
    }
    expect(worst).toBeLessThanOrEqual(1);
  });

  it('keeps 10-bit AVIF above 8 bits', async () => {
    const raw = sharp(gradient16(64, 64), { raw: { width: 64, height: 64, channels: 3 } }).toColourspace('rgb16');
    const { data } = await recolorBuffer(await raw.avif({ bitdepth: 10, effort: 0 }).toBuffer(), RECIPE);
    expect((await sharp(data).metadata()).bitsPerSample).toBe(10);
  });

  it('says when the asked format cannot hold 16 bits', async () => {
    const raw = sharp(gradient16(8, 8), { raw: { width: 8, height: 8, channels: 3 } }).toColourspace('rgb16');
    const { report } = await recolorBuffer(await raw.png().toBuffer(), RECIPE, { format: 'jpeg' });
    expect(report.notices.join()).toContain('jpeg holds 8 bits a sample');
  });
});

describe('animation', () => {
  it.each(['webp', 'gif'] as const)('keeps frames, delay and loop of %s under one census', async (format) => {
    const frames = await Promise.all(
      ['#d02020', '#20d020', '#2020d0'].map((background) =>
        sharp({ create: { width: 24, height: 16, channels: 4, background } })
          .png()
          .toBuffer(),
      ),
    );
    const animation = { delay: [100, 200, 300], loop: 3 };
    const joined = sharp(frames, { join: { animated: true } });
    const input = await (format === 'webp'
      ? joined.webp({ lossless: true, ...animation })
      : joined.gif(animation)
    ).toBuffer();
    const { data, report } = await recolorBuffer(input, ['#d02020;40;200']);
    const meta = await sharp(data, { animated: true }).metadata();
    expect(meta).toMatchObject({ pages: 3, pageHeight: 16, delay: [100, 200, 300], loop: 3 });
    expect(report).toMatchObject({ pages: 3, height: 16 });
    expect(report.plan.pixels).toBe(3 * 24 * 16);
    expect(report.distinctColors ?? 3).toBe(3);
  });

  it('refuses to press an animation into a still format', async () => {
    const frame = await toSharp(gradient(8, 8)).png().toBuffer();
    const input = await sharp([frame, await sharp(frame).negate().toBuffer()], { join: { animated: true } })
      .webp()
      .toBuffer();
    await expect(recolorBuffer(input, RECIPE, { format: 'png' })).rejects.toMatchObject({ code: 'OUTPUT_UNSUPPORTED' });
  });
});

describe('metadata', () => {
  const EXIF = { IFD0: { Copyright: 'the maker', ImageDescription: 'a test' } };
  const XMP =
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>';

  it.each(['jpeg', 'png', 'webp', 'avif'] as const)('keeps EXIF and XMP of %s', async (format) => {
    const input = await toSharp(gradient(40, 30)).withExif(EXIF).withXmp(XMP).toFormat(format).toBuffer();
    const { data } = await recolorBuffer(input, RECIPE);
    const meta = await sharp(data).metadata();
    expect(meta.exif?.toString('latin1')).toContain('the maker');
    expect(meta.xmpAsString).toContain('x:xmpmeta');
  });

  it.each([
    ['jpeg', 'jpg'],
    ['jpeg', 'png'],
    ['jpeg', 'webp'],
    ['jpeg', 'tiff'],
    ['jpeg', 'avif'],
    ['jpeg', 'gif'],
    ['tiff', 'jpg'],
    ['tiff', 'png'],
    ['tiff', 'tiff'],
    ['tiff', 'gif'],
    ['avif', 'avif'],
    ['avif', 'jpg'],
    ['avif', 'png'],
    ['avif', 'webp'],
    ['avif', 'tiff'],
  ] as const)('shows a turned %s the right way up as %s', async (from, to) => {
    const folder = await makeTempFolder();
    const source = await toSharp(gradient(60, 40)).withMetadata({ orientation: 6 }).toFormat(from).toBuffer();
    const input = join(folder, `in.${from}`);
    const output = join(folder, `out.${to}`);
    await writeFile(input, source);
    const recipe = { attractors: ['red;0;0'] };
    await recolorFile(input, output, recipe, EXACT);
    const spooled = join(folder, `spooled.${to}`);
    await recolorFile(input, spooled, recipe, { ...EXACT, spoolAbove: 0 });
    expect((await readFile(spooled)).equals(await readFile(output))).toBe(true);
    const show = (path: string) => sharp(path).autoOrient().removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const [shown, wanted] = await Promise.all([show(output), show(input)]);
    expect(shown.info).toMatchObject({ width: 40, height: 60 });
    let sum = 0;
    for (const [i, value] of shown.data.entries()) sum += Math.abs(value - (wanted.data[i] as number));
    expect(sum / wanted.data.length).toBeLessThan(8); // what the codecs lose
  });

  it('keeps the orientation tag and leaves the pixels as stored', async () => {
    const input = await toSharp(gradient(40, 30)).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { data } = await recolorBuffer(input, RECIPE);
    expect(await sharp(data).metadata()).toMatchObject({ orientation: 6, width: 40, height: 30 });
  });

  it.each([
    ['png', 'png'],
    ['tiff', 'tiff'],
    ['jpeg', 'tiff'],
    ['tiff', 'jpeg'],
    ['png', 'jpeg'],
  ] as const)('keeps density from %s to %s', async (from, format) => {
    const input = await toSharp(gradient(20, 20)).withMetadata({ density: 300 }).toFormat(from).toBuffer();
    const { data } = await recolorBuffer(input, RECIPE, { format });
    expect((await sharp(data).metadata()).density).toBe(300);
  });

  it('keeps the density of a JPEG that has no EXIF block', async () => {
    const jpeg = await toSharp(gradient(20, 20)).jpeg().toBuffer();
    // JFIF 1.01, 300 dots an inch
    const jfif = Buffer.from('ffd8ffe000104a46494600010101012c012c0000', 'hex');
    const input = Buffer.concat([jfif, jpeg.subarray(2)]);
    expect((await sharp(input).metadata()).density).toBe(300);
    const { data } = await recolorBuffer(input, RECIPE);
    expect((await sharp(data).metadata()).density).toBe(300);
  });
});

describe('format options', () => {
  it.each([55, 75, 92])('keeps JPEG quality %i, subsampling and progressive', async (quality) => {
    const input = await toSharp(gradient(64, 64))
      .jpeg({ quality, chromaSubsampling: '4:4:4', progressive: true })
      .toBuffer();
    const { data } = await recolorBuffer(input, RECIPE);
    const meta = await sharp(data).metadata();
    expect(meta).toMatchObject({ chromaSubsampling: '4:4:4', isProgressive: true });
    const tables = (bytes: Buffer): string =>
      bytes.subarray(bytes.indexOf('ffdb', 'hex')).subarray(0, 69).toString('hex');
    expect(tables(data)).toBe(tables(input));
  });

  it.each([
    [30, 5],
    [50, 5],
    [75, 4],
    [80, 3],
    [90, 3],
    [95, 2],
    [100, 0],
  ])('estimates WebP quality %i within %i, and keeps it', async (quality, margin) => {
    const photo = await sharp('examples/lake.jpg').resize(400).webp({ quality }).toBuffer();
    const estimate = async (webp: Buffer): Promise<number> => {
      const { source } = await decodeImage(webp, { name: 'photo.webp' });
      return source.quality ?? Number.NaN;
    };
    expect(Math.abs((await estimate(photo)) - quality)).toBeLessThanOrEqual(margin);
    const { data } = await recolorBuffer(photo, RECIPE);
    // Coded twice, a picture is smoother, and libwebp spreads its quantizers less: never coarser than before.
    expect(await estimate(data)).toBeGreaterThanOrEqual((await estimate(photo)) - 1);
    const frames = sharp({ create: { width: 40, height: 30, channels: 3, background: '#3a6fb2' } });
    expect(
      Math.abs((await estimate(await frames.webp({ quality, alphaQuality: 50 }).toBuffer())) - quality),
    ).toBeLessThan(12);
  });

  it('says nothing of a WebP frame that is none', () => {
    expect(estimateWebpQuality(new Uint8Array(0))).toBeUndefined();
    expect(estimateWebpQuality(new Uint8Array(200))).toBeUndefined();
  });

  it('keeps a lossless WebP lossless', async () => {
    const source = gradient(64, 64);
    const { data, report } = await recolorBuffer(
      await toSharp(source).webp({ lossless: true }).toBuffer(),
      RECIPE,
      EXACT,
    );
    const pull = createPull(report.plan);
    const out = await rawOf(data);
    const [r, g, b] = source.data.subarray(300, 303) as unknown as [number, number, number];
    expect([...out.subarray(300, 303)]).toEqual([...pull([r, g, b])]);
  });
});
