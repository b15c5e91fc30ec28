import { describe, expect, it } from 'vitest';
import { cleanExif, hasExifDensity, setExif } from '../../src/codec/exif.js';
import { openTiff, readerOf } from '../../src/codec/tiff-directories.js';
import { makeExif } from '../support/exif.js';

describe.each([true, false])('an EXIF block, little endian %s', (little) => {
  const block = makeExif({
    little,
    main: [
      [0x010f, 'Acme'],
      [0x0112, 6],
      [0x8773, 'a profile of the old numbers'],
    ],
    exif: [
      [0xa001, 2],
      [0xa002, 640],
      [0xa003, 480],
    ],
    thumbnail: Uint8Array.of(0xff, 0xd8, 1, 2, 3, 4, 0xff, 0xd9),
  });

  function read(bytes: Uint8Array): { main: Map<number, number[]>; exif: Map<number, number[]>; directories: number } {
    const tiff = openTiff(readerOf(bytes));
    const pages = [...(tiff?.pages(9) ?? [])];
    const valuesOf = (at: number | undefined): Map<number, number[]> =>
      new Map([...(tiff?.directory(at ?? 0).entries ?? [])].map(([tag, entry]) => [tag, tiff?.numbers(entry) ?? []]));
    const main = valuesOf(pages[0]?.at);
    return { main, exif: valuesOf(main.get(0x8769)?.[0]), directories: pages.length };
  }

  it('loses its thumbnail and profile, and keeps the rest where it was', () => {
    expect(read(block).directories).toBe(2);
    const cleaned = cleanExif(block) as Uint8Array;
    expect(read(cleaned)).toMatchObject({ directories: 1 });
    expect([...read(cleaned).main.keys()]).toEqual([0x010f, 0x0112, 0x8769]);
    expect(Buffer.from(cleaned).includes(Buffer.from([0xff, 0xd8, 1, 2]))).toBe(false);
    expect(Buffer.from(cleaned).includes('a profile')).toBe(false);
    expect(Buffer.from(cleaned).includes('Acme')).toBe(true);
    expect(cleaned.length).toBeLessThan(block.length - 8);
    expect(Buffer.from(block).includes('a profile')).toBe(true); // a copy was changed
  });

  it('says what the picture is now', () => {
    const copy = block.slice();
    setExif(copy, { orientation: 1, width: 20, height: 10, isSrgb: true });
    expect(read(copy).main.get(0x0112)).toEqual([1]);
    expect([...read(copy).exif]).toEqual([
      [0xa001, [1]],
      [0xa002, [20]],
      [0xa003, [10]],
    ]);
    setExif(copy, { isSrgb: false });
    expect(read(copy).exif.get(0xa001)).toEqual([0xffff]);
    expect(hasExifDensity(copy)).toBe(false);
  });

  it('is left alone where it is broken', () => {
    for (let length = 0; length < block.length; length++) {
      const cut = block.slice(0, length);
      expect(() => cleanExif(cut)).not.toThrow();
      expect(() => setExif(cut, { orientation: 1, width: 1, isSrgb: true })).not.toThrow();
    }
    for (let i = 0; i < 400; i++) {
      const wild = block.slice();
      wild[(i * 7919) % wild.length] = (i * 31) & 255;
      expect(() => setExif(cleanExif(wild) ?? wild, { orientation: 1, isSrgb: false })).not.toThrow();
    }
  });
});
