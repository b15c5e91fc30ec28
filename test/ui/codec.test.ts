import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it, vi } from 'vitest';
import { readFileColor } from '../../src/codec/file-color.js';
import { readJpegInfo } from '../../src/codec/jpeg-segments.js';
import { withIccProfile } from '../../src/codec/jpeg-write.js';
import * as kernels from '../../src/codec/png/kernel.js';
import { crc32, readPngChunks, readPngHeader } from '../../src/codec/png-chunks.js';
import { storeZlib } from '../../src/codec/store-zlib.js';
import { inspectImage } from '../../ui/codec/inspect.js';
import { createPacer } from '../../ui/codec/pacer.js';
import { decodePng } from '../../ui/codec/png-decode.js';
import { encodePng } from '../../ui/codec/png-encode.js';
import { inflate } from '../../ui/codec/zlib.js';
import { makePhotoLike, makeTranslucentNoise, writePng } from '../support/png-images.js';

const pacer = createPacer();
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const raw = async (png: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await sharp(png).ensureAlpha().raw({ depth: 'uchar' }).toBuffer());

const isOpaque = (data: Uint8Array): boolean => data.every((x, i) => i % 4 !== 3 || x === 255);

describe('PNG', () => {
  it('computes the CRC of the PNG specification', () => {
    expect(crc32(bytesOf('123456789'))).toBe(0xcbf43926);
    expect(crc32(bytesOf('IEND'))).toBe(0xae426082);
  });

  it('decodes what libvips writes: filters, interlacing, palettes, low depths', async () => {
    const source = makePhotoLike(37, 29);
    const image = sharp(Buffer.from(source), { raw: { width: 37, height: 29, channels: 4 } });
    const variants = {
      adaptive: image.clone().png({ adaptiveFiltering: true }),
      interlaced: image.clone().png({ progressive: true, adaptiveFiltering: true }),
      palette: image.clone().png({ palette: true, colors: 16, dither: 0 }),
      rgb: image.clone().removeAlpha().png({ adaptiveFiltering: true }),
      grey: image.clone().toColourspace('b-w').removeAlpha().png(),
    };
    for (const [name, variant] of Object.entries(variants)) {
      const file = new Uint8Array(await variant.toBuffer());
      const pixels = await decodePng(readPngChunks(file), pacer);
      expect(Buffer.from(pixels).equals(Buffer.from(await raw(file))), name).toBe(true);
    }
    const header = readPngHeader(readPngChunks(new Uint8Array(await variants.interlaced.toBuffer())));
    expect(header).toMatchObject({ width: 37, height: 29, interlaced: true });
  });

  it('decodes 1, 2 and 4 bits, 16 bits and a transparent key color', async () => {
    const size = { width: 8, height: 1 };
    const decode = (file: Uint8Array) => decodePng(readPngChunks(file), pacer);
    const greys = (pixels: Uint8Array) => [...pixels].filter((_, i) => i % 4 === 0);
    expect(greys(await decode(writePng(Uint8Array.of(0b10110001), { ...size, bitDepth: 1, colorType: 0 })))).toEqual([
      255, 0, 255, 255, 0, 0, 0, 255,
    ]);
    const four = writePng(Uint8Array.of(0x0f, 0x1e, 0x2d, 0x3c), { ...size, bitDepth: 4, colorType: 0 });
    expect(greys(await decode(four))).toEqual([0, 15, 1, 14, 2, 13, 3, 12].map((x) => x * 17));
    const deep = writePng(Uint8Array.of(0xff, 0xff, 0x80, 0x80), { width: 2, height: 1, bitDepth: 16, colorType: 0 });
    expect(greys(await decode(deep))).toEqual([255, 128]);
    const keyed = writePng(Uint8Array.of(9, 8, 7, 1, 2, 3), {
      width: 2,
      height: 1,
      colorType: 2,
      chunks: [{ type: 'tRNS', data: Uint8Array.of(0, 9, 0, 8, 0, 7) }],
    });
    expect([...(await decode(keyed))]).toEqual([9, 8, 7, 0, 1, 2, 3, 255]);
  });

  it.each([
    ['by the kernel', () => {}],
    ['where a page forbids WebAssembly', () => vi.spyOn(kernels, 'openKernel').mockReturnValue(undefined)],
  ])('encodes so that libvips reads the same pixels, in the smallest fitting color type, %s', async (_, spoil) => {
    const slope = Uint8Array.from({ length: 300 * 200 * 4 }, (_, i) => {
      const [x, y] = [(i >> 2) % 300, Math.floor(i / 1200)];
      return [x >> 1, y, (x + y) >> 2, 255][i & 3] as number;
    });
    const dots = slope.map((x, i) => ((i >> 2) % 3 === 0 ? x ^ 0x5a : x));
    const cases: [string, Uint8Array, number, number, number][] = [
      ['translucent noise', makeTranslucentNoise(41, 23), 41, 23, 6],
      ['opaque photo', makePhotoLike(64, 48), 64, 48, 2],
      ['a larger photo', makePhotoLike(700, 300), 700, 300, 2],
      ['a slope', slope, 300, 200, 2],
      ['dots', dots.map((x, i) => (i % 4 === 3 ? 255 : x)), 300, 200, 2],
      ['few colors, some translucent', makeTranslucentNoise(5, 5), 5, 5, 3],
      ['two colors', makePhotoLike(77, 31).map((x, i) => (i % 4 === 3 || x > 127 ? 255 : 0)), 77, 31, 3],
      ['one pixel', Uint8Array.of(1, 2, 3, 4), 1, 1, 3],
    ];
    spoil();
    for (const [name, data, width, height, colorType] of cases) {
      const file = await encodePng({ data, width, height, opaque: isOpaque(data) }, [], pacer);
      expect(readPngHeader(readPngChunks(file)).colorType, name).toBe(colorType);
      expect(Buffer.from(await raw(file)).equals(Buffer.from(data)), name).toBe(true);
      expect(Buffer.from(await decodePng(readPngChunks(file), pacer)).equals(Buffer.from(data)), name).toBe(true);
    }
    vi.restoreAllMocks();
  });

  it('unpacks no more than the pixels of a file that holds more, however much', async () => {
    const file = writePng(new Uint8Array(64 * 64 * 4), { width: 64, height: 64 });
    const chunks = readPngChunks(file).map(({ type, data }) => ({
      type,
      data: type === 'IDAT' ? new Uint8Array(deflateSync(new Uint8Array(1 << 28))) : data,
    }));
    expect(await decodePng(chunks, pacer)).toHaveLength(64 * 64 * 4);
  });

  it('writes color chunks and texts again, and drops what would lie', async () => {
    const kept = ['cICP', 'pHYs', 'tEXt', 'hIST', 'eXIf'].map((type) => ({ type, data: Uint8Array.of(1, 2) }));
    const file = await encodePng({ data: makePhotoLike(20, 20), width: 20, height: 20, opaque: true }, kept, pacer);
    expect(readPngChunks(file).map(({ type }) => type)).toEqual(['IHDR', 'cICP', 'pHYs', 'tEXt', 'IDAT', 'IEND']);
  });

  it('packs without CompressionStream, too', async () => {
    const data = makeTranslucentNoise(200, 100);
    expect(Buffer.from(await inflate(storeZlib(data))).equals(Buffer.from(data))).toBe(true);
    expect([...(await inflate(storeZlib(new Uint8Array(0))))]).toEqual([]);
  });

  it('says what is wrong with a broken file', async () => {
    const file = writePng(makePhotoLike(9, 9), { width: 9, height: 9 });
    expect(() => readPngChunks(file.subarray(0, 60))).toThrow(/ends inside its IDAT/);
    const broken = Uint8Array.from(file);
    broken.fill(0x55, file.length - 60, file.length - 20);
    await expect(decodePng(readPngChunks(broken), pacer)).rejects.toMatchObject({ code: 'INPUT_CORRUPT' });
  });
});

describe('JPEG', () => {
  const image = sharp(Buffer.from(makePhotoLike(64, 48)), {
    raw: { width: 64, height: 48, channels: 4 },
  }).removeAlpha();

  it('reads the quality that the encoder was told', async () => {
    for (const quality of [20, 50, 71, 80, 90, 95, 100]) {
      const info = readJpegInfo(new Uint8Array(await image.clone().jpeg({ quality }).toBuffer()));
      expect(info).toMatchObject({ width: 64, height: 48, components: 3, quality });
    }
  });

  it('puts a profile in, and another one in its place', async () => {
    const file = new Uint8Array(await image.clone().jpeg().toBuffer());
    const long = makeTranslucentNoise(200, 100); // needs two segments
    const short = makeTranslucentNoise(10, 10);
    const tagged = withIccProfile(file, long);
    expect(Buffer.from(readJpegInfo(tagged).icc ?? []).equals(Buffer.from(long))).toBe(true);
    const again = withIccProfile(tagged, short);
    expect(Buffer.from(readJpegInfo(again).icc ?? []).equals(Buffer.from(short))).toBe(true);
    expect(again.length).toBe(file.length + short.length + 18);
    expect(await sharp(again).metadata()).toMatchObject({ width: 64, height: 48 });
  });

  it('refuses a file that ends too early', async () => {
    const file = new Uint8Array(await image.clone().jpeg().toBuffer());
    expect(() => readJpegInfo(file.subarray(0, 100))).toThrow(/JPEG/);
    expect(() => readJpegInfo(Uint8Array.of(0xff, 0xd8, 0xff, 0xd9))).toThrow(/no size/);
  });
});

describe('color spaces', () => {
  const image = sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } });
  const profile = async (name: string): Promise<Uint8Array> =>
    new Uint8Array((await sharp(await image.clone().withIccProfile(name).png().toBuffer()).metadata()).icc ?? []);

  it('knows sRGB and Display P3 profiles, and nothing else', async () => {
    expect(readFileColor({ icc: await profile('srgb') }).gamut).toBe('srgb');
    expect(readFileColor({ icc: await profile('p3') }).gamut).toBe('display-p3');
    expect(readFileColor({ icc: await profile('cmyk') }).gamut).toBe('other');
    expect(readFileColor({ icc: Uint8Array.of(1, 2, 3) }).gamut).toBe('other');
    const gammaChanged = (await profile('p3')).slice();
    gammaChanged.copyWithin(0, 1);
    expect(readFileColor({ icc: gammaChanged }).gamut).toBe('other');
  });

  it('knows code points', () => {
    const read = (primaries: number, transfer: number) => readFileColor({ cicp: { primaries, transfer } });
    expect(read(1, 13)).toMatchObject({ gamut: 'srgb' });
    expect(read(12, 13)).toMatchObject({ gamut: 'display-p3' });
    expect(read(9, 13)).toMatchObject({ gamut: 'other', isWide: true });
    expect(read(9, 16)).toMatchObject({ hdr: 'PQ' });
  });
});

describe('inspectImage', () => {
  it('tells kinds apart and says why it refuses', async () => {
    const image = sharp({ create: { width: 3, height: 2, channels: 3, background: 'red' } });
    const file = async (format: 'png' | 'jpeg' | 'webp' | 'gif') =>
      new Uint8Array(await image.clone().toFormat(format).toBuffer());
    expect(await inspectImage(await file('png'))).toMatchObject({ format: 'png', width: 3, height: 2, gamut: 'srgb' });
    expect(await inspectImage(await file('jpeg'))).toMatchObject({ format: 'jpeg', width: 3, height: 2 });
    expect(await inspectImage(await file('webp'))).toMatchObject({ format: 'webp' });
    await expect(inspectImage(await file('gif'))).rejects.toMatchObject({ reason: 'gif' });
    await expect(inspectImage(bytesOf('hello'))).rejects.toMatchObject({ reason: 'unsupported' });
    await expect(inspectImage(new Uint8Array(0))).rejects.toThrow(/empty/);
    const large = writePng(new Uint8Array(4097 * 4), { width: 4097, height: 1 });
    await expect(inspectImage(large)).rejects.toMatchObject({ reason: 'too-large' });
    const animated = writePng(new Uint8Array(4), {
      width: 1,
      height: 1,
      chunks: [{ type: 'acTL', data: new Uint8Array(8) }],
    });
    await expect(inspectImage(animated)).rejects.toMatchObject({ reason: 'gif' });
  });
});
