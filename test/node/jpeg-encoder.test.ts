/** A JPEG whose Huffman tables are made by us is, byte for byte, the one that sharp writes. */
import fc from 'fast-check';
import sharp, { type JpegOptions as SharpJpegOptions } from 'sharp';
import { describe, expect, it, vi } from 'vitest';
import { applyFormat, encodeWithSharp, openRaw } from '../../src/node/image/encode.js';
import { encodeImage, settleOrientation } from '../../src/node/image/encode-image.js';
import { BUFFER_TARGET } from '../../src/node/image/encode-target.js';
import { fitImage } from '../../src/node/image/fit.js';
import { encodeJpeg, type JpegOptions } from '../../src/node/image/jpeg/encode-jpeg.js';
import { assignCodes, makeOptimalTable } from '../../src/node/image/jpeg/huffman.js';
import { decodeImage } from '../../src/node/image/open-image.js';
import { gradient, gradient16, type TestPixels, toSharp } from '../support/images.js';

type Settings = Pick<SharpJpegOptions, 'quality' | 'chromaSubsampling'>;

const KINDS = ['noise', 'extremes', 'flat', 'gradient', 'specks'] as const;

/** Pixels that need symbols of all sizes, or hardly any. */
function makePixels(kind: (typeof KINDS)[number], width: number, height: number): TestPixels {
  if (kind === 'gradient') return gradient(width, height);
  let state = 1;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
  const makers = {
    noise: random,
    extremes: () => (random() < 128 ? 0 : 255),
    flat: () => 77,
    // Long runs of zeros, and differences of DC that fit no short code.
    specks: () => (random() === 0 && random() < 64 ? 255 : 0),
  };
  return { data: Uint8Array.from({ length: width * height * 3 }, makers[kind]), width, height, channels: 3 };
}

/** Cuts a picture, encodes it and joins it. */
async function encodeCut(pixels: TestPixels, settings: Settings, options: JpegOptions): Promise<Buffer> {
  const { data, width, height } = pixels;
  const encode = (row: number, count: number): Promise<Buffer> => {
    const rows = { ...pixels, data: data.subarray(row * width * 3, (row + count) * width * 3), height: count };
    return toSharp(rows)
      .jpeg({ ...settings, optimiseCoding: false })
      .toBuffer();
  };
  const template = toSharp(gradient(1, 1)).jpeg(settings).toBuffer();
  return BUFFER_TARGET.fromParts(encodeJpeg({ width, height, encode }, template, options));
}

describe('encodeJpeg', () => {
  it('gives the bytes of sharp at any size, quality, sampling and cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...KINDS),
        fc.integer({ min: 1, max: 150 }),
        fc.integer({ min: 1, max: 150 }),
        fc.integer({ min: 1, max: 100 }),
        fc.constantFrom('4:2:0', '4:4:4'),
        fc.integer({ min: 1, max: 5 }),
        async (kind, width, height, quality, chromaSubsampling, units) => {
          const pixels = makePixels(kind, width, height);
          const settings = { quality, chromaSubsampling };
          const ours = await encodeCut(pixels, settings, { threads: 2, stripRows: units * 16 });
          expect(ours.equals(await toSharp(pixels).jpeg(settings).toBuffer())).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  // Symbols that are a million times rarer than others would get more than 16 bits.
  it.each(KINDS)('gives the bytes of sharp for two million pixels of %s', async (kind) => {
    const pixels = makePixels(kind, 2001, 1003);
    for (const settings of [
      { quality: 90, chromaSubsampling: '4:2:0' },
      { quality: 100, chromaSubsampling: '4:4:4' },
    ]) {
      const expected = await toSharp(pixels).jpeg(settings).toBuffer();
      for (const options of [{ threads: 1 }, { threads: 3, stripRows: 64 }]) {
        expect((await encodeCut(pixels, settings, options)).equals(expected)).toBe(true);
      }
    }
  });

  it('rejects with what sharp says', async () => {
    const encode = async (row: number): Promise<Buffer> => {
      if (row > 0) throw new Error('no more rows');
      return toSharp(gradient(20, 16)).jpeg({ optimiseCoding: false }).toBuffer();
    };
    const template = toSharp(gradient(1, 1)).jpeg().toBuffer();
    const parts = encodeJpeg({ width: 20, height: 48, encode }, template, { threads: 1, stripRows: 16 });
    await expect(BUFFER_TARGET.fromParts(parts)).rejects.toThrow('no more rows');
  });
});

describe('encodeImage', () => {
  const [width, height] = [1531, 1427];
  const opaque = () => toSharp(gradient(width, height));
  const EXIF = { IFD0: { Copyright: 'the maker' }, IFD3: { GPSLatitudeRef: 'N' } };

  it.each([
    ['a JPEG', () => opaque().jpeg({ quality: 93 })],
    ['a JPEG at 4:4:4', () => opaque().jpeg({ chromaSubsampling: '4:4:4' })],
    ['a progressive JPEG', () => opaque().jpeg({ progressive: true })],
    ['EXIF', () => opaque().withExif(EXIF).jpeg()],
    ['an orientation', () => opaque().withMetadata({ orientation: 6 }).jpeg()],
    ['300 dpi', () => opaque().withMetadata({ density: 300 }).jpeg()],
    ['XMP', () => opaque().withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>').jpeg()],
    ['a profile', () => opaque().withIccProfile('p3').jpeg()],
    ['EXIF, XMP and a profile', () => opaque().withXmp('<x:xmpmeta/>').withIccProfile('p3').withExif(EXIF).jpeg()],
    ['a grey JPEG', () => opaque().toColourspace('b-w').jpeg()],
    ['alpha', () => toSharp(gradient(width, height, 4)).png()],
    [
      'alpha and a profile',
      () =>
        toSharp(gradient(width, height, 4))
          .withIccProfile('p3')
          .png(),
    ],
    [
      '16 bits',
      () =>
        sharp(gradient16(width, height), { raw: { width, height, channels: 3 } })
          .toColourspace('rgb16')
          .png(),
    ],
  ] as const)('gives the bytes of sharp for %s', async (_, make) => {
    const image = await decodeImage(await make().toBuffer(), { name: 'test' });
    for (const threads of [1, 3]) {
      const options = { format: 'jpeg', threads } as const;
      const { result: ours } = await encodeImage(image, options, BUFFER_TARGET);
      const settled = settleOrientation(image, options);
      const expected = await encodeWithSharp(await fitImage(image, settled), settled, BUFFER_TARGET);
      expect(ours.equals(expected)).toBe(true);
    }
  });

  it.each([
    ['WebAssembly refuses the kernel', new WebAssembly.LinkError('no kernel')],
    ['something is not as expected', new TypeError('another libjpeg')],
  ])('gives the bytes of sharp where %s', async (_, failure) => {
    const image = await decodeImage(await opaque().jpeg().toBuffer());
    const expected = await applyFormat(openRaw(image), image, { format: 'jpeg' }).toBuffer();
    vi.spyOn(WebAssembly, 'instantiate').mockRejectedValue(failure);
    try {
      const { result } = await encodeImage(image, { format: 'jpeg' }, BUFFER_TARGET);
      expect(WebAssembly.instantiate).toHaveBeenCalled();
      expect(result.equals(expected)).toBe(true);
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('refuses what no JPEG can hold', async () => {
    const tall = { data: new Uint8Array(16 * 65_600 * 3), width: 16, height: 65_600, channels: 3 } as const;
    const image = {
      ...(await decodeImage(await opaque().jpeg().toBuffer(), { name: 'test' })),
      pixels: tall,
      pageHeight: tall.height,
    };
    await expect(encodeImage(image, { format: 'jpeg' }, BUFFER_TARGET)).rejects.toThrow(
      'at most 65500 pixels a side for jpeg, got 16 x 65600',
    );
  });
});

describe('makeOptimalTable', () => {
  it('gives each symbol that occurs a code of at most 16 bits, shorter ones to frequent symbols, none all ones', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(255), fc.double({ min: 0, max: 30, noNaN: true })), { minLength: 1, maxLength: 256 }),
        (entries) => {
          const counts = new Uint32Array(256);
          for (const [symbol, magnitude] of entries) counts[symbol] = Math.ceil(2 ** magnitude);
          const table = makeOptimalTable(counts);
          const codes = assignCodes(table);
          const used = [...counts.keys()].filter((symbol) => counts[symbol] !== 0);
          expect([...table.symbols].sort((a, b) => a - b)).toEqual(used);
          const lengthOf = (symbol: number): number => (codes[symbol] as number) & 255;
          for (const symbol of used) {
            const code = (codes[symbol] as number) >>> 8;
            expect(lengthOf(symbol)).toBeGreaterThanOrEqual(1);
            expect(code).toBeLessThan(2 ** lengthOf(symbol) - 1);
          }
          const byCount = [...used].sort((a, b) => (counts[b] as number) - (counts[a] as number));
          for (const [i, symbol] of byCount.entries()) {
            const before = byCount[i - 1];
            if (before === undefined || counts[before] === counts[symbol]) continue;
            expect(lengthOf(symbol)).toBeGreaterThanOrEqual(lengthOf(before));
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
