import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { setExif } from '../../src/codec/exif.js';
import { encodeWithSharp } from '../../src/node/image/encode.js';
import { encodeImage } from '../../src/node/image/encode-image.js';
import { BUFFER_TARGET } from '../../src/node/image/encode-target.js';
import { decodeImage } from '../../src/node/image/open-image.js';

describe('setExif', () => {
  /** A block with an orientation, an EXIF folder, and in that a width (LONG) and a height (SHORT). */
  function makeExif(isLittle: boolean): DataView {
    const view = new DataView(new ArrayBuffer(80));
    const write = (at: number, words: readonly (readonly [bytes: 2 | 4, value: number])[]): void => {
      for (const [bytes, value] of words) {
        if (bytes === 2) view.setUint16(at, value, isLittle);
        else view.setUint32(at, value, isLittle);
        at += bytes;
      }
    };
    view.setUint16(0, isLittle ? 0x4949 : 0x4d4d);
    write(2, [
      [2, 42],
      [4, 8],
      [2, 2],
    ]);
    write(10, [
      [2, 0x0112],
      [2, 3],
      [4, 1],
      [2, 6],
      [2, 0],
    ]);
    write(22, [
      [2, 0x8769],
      [2, 4],
      [4, 1],
      [4, 40],
      [4, 0],
    ]);
    write(40, [[2, 2]]);
    write(42, [
      [2, 0xa002],
      [2, 4],
      [4, 1],
      [4, 1],
    ]);
    write(54, [
      [2, 0xa003],
      [2, 3],
      [4, 1],
      [2, 1],
      [2, 0],
    ]);
    return view;
  }

  it.each([true, false])('writes width and height and nothing else, little-endian: %s', (isLittle) => {
    const view = makeExif(isLittle);
    const before = new Uint8Array(view.buffer).slice();
    setExif(new Uint8Array(view.buffer), { width: 70_000, height: 515 });
    expect(view.getUint32(50, isLittle)).toBe(70_000);
    expect(view.getUint16(62, isLittle)).toBe(515);
    view.setUint32(50, 1, isLittle);
    view.setUint16(62, 1, isLittle);
    expect(new Uint8Array(view.buffer)).toEqual(before);
  });
});

describe('a large PNG', () => {
  it('has the EXIF block that sharp writes, which tells the size', async () => {
    const create = { width: 1201, height: 1033, channels: 3, background: '#f83' } as const;
    const input = await sharp({ create })
      .withExif({ IFD0: { Copyright: 'the maker' } })
      .png()
      .toBuffer();
    const image = await decodeImage(input, { name: 'test' });
    const exifOf = async (png: Buffer): Promise<Buffer | undefined> =>
      (await sharp(png, { failOn: 'warning' }).metadata()).exif;
    const ours = await exifOf((await encodeImage(image, { format: 'png' }, BUFFER_TARGET)).result);
    const expected = await exifOf(await encodeWithSharp(image, { format: 'png' }, BUFFER_TARGET));
    expect(expected?.includes(Buffer.from(Uint32Array.of(1201).buffer))).toBe(true);
    expect(ours?.equals(expected as Buffer)).toBe(true);
  });
});
