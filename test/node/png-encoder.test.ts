import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { BUFFER_TARGET } from '../../src/node/image/encode-target.js';
import { adler32 } from '../../src/node/image/png/adler32.js';
import { deflateInParallel } from '../../src/node/image/png/deflate.js';
import { encodePng } from '../../src/node/image/png/encode-png.js';

/** Smooth with noise in the low bits: like a photo, it compresses a little. */
function makePixels(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => ((i >> 7) + ((Math.imul(i, 2_654_435_761) >>> 29) & 7)) & 255);
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

describe('encodePng', () => {
  it.each([
    [3, 1, 1],
    [3, 1201, 997],
    [4, 640, 2100],
  ] as const)('%d channels, %d x %d: sharp reads the same pixels and metadata', async (channels, width, height) => {
    const data = makePixels(width * height * channels);
    const raw = { width: 1, height: 1, channels };
    const template = await sharp(data.slice(0, channels), { raw })
      .withMetadata({ density: 144, icc: 'p3', exif: { IFD0: { Copyright: 'Example' } } })
      .png()
      .toBuffer();
    const rowBytes = width * channels;
    const read = (row: number, count: number): Uint8Array => data.subarray(row * rowBytes, (row + count) * rowBytes);
    const pixels = { width, height, channels, read };
    const png = await BUFFER_TARGET.fromParts(encodePng(pixels, template, 3));
    const meta = await sharp(png).metadata();
    expect(meta).toMatchObject({ format: 'png', width, height, channels, density: 144, depth: 'uchar' });
    expect(meta.icc).toEqual((await sharp(template).metadata()).icc);
    expect(meta.exif?.includes('Example')).toBe(true);
    const decoded = await sharp(png).keepIccProfile().raw().toBuffer();
    expect(decoded.equals(data)).toBe(true);
  });
});
