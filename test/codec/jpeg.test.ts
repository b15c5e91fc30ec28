import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { isFrameStart, jpegSegments, readJpegInfo } from '../../src/codec/jpeg-segments.js';
import { makeExtendedXmp, makeJfif, makeSegment, makeXmp } from '../../src/codec/jpeg-write.js';
import { makeJpeg } from '../support/jpeg.js';

const BLUE = [31, 30, 230] as const;
const RED = [230, 30, 31] as const;
const jpeg = makeJpeg(1, 1, 16, 16, () => BLUE);
const insert = (...segments: readonly Uint8Array[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);

it.each([
  [1, 1, '4:4:4'],
  [2, 1, '4:2:2'],
  [2, 2, '4:2:0'],
  [4, 1, '4:1:1'],
  [1, 2, '4:4:0'],
  [4, 2, '4:1:0'],
] as const)('reads sampling factors %i x %i as %s, where sharp says 4:2:0', async (across, down, subsampling) => {
  const file = makeJpeg(across, down, 64, 48, (_, y) => (y % 2 ? RED : BLUE));
  expect(readJpegInfo(file)).toMatchObject({ width: 64, height: 48, components: 3, subsampling, progressive: false });
  expect((await sharp(file).metadata()).width).toBe(64); // it is one
});

describe('readJpegInfo', () => {
  it('reads density, comments and what else stands before the picture', () => {
    const info = readJpegInfo(
      insert(
        makeJfif(300),
        makeSegment(0xe1, Buffer.from('Exif\0\0MM\0*')),
        makeXmp(Buffer.from('<x/>')) as Uint8Array,
        ...makeExtendedXmp(Buffer.alloc(150_000, 'a'), 'A'.repeat(32)),
        makeSegment(0xfe, Buffer.from('a comment')),
        makeSegment(0xed, Buffer.from('Photoshop 3.0\0' + '8BIM')),
      ),
    );
    expect(info).toMatchObject({ density: 300 });
    expect(Buffer.from(info.exif ?? []).toString('latin1')).toBe('MM\0*');
    expect(Buffer.from(info.xmp ?? []).toString()).toBe('<x/>');
    expect(Buffer.from(info.extendedXmp ?? []).toString()).toBe('a'.repeat(150_000));
    expect(info.comments.map((text) => Buffer.from(text).toString())).toEqual(['a comment']);
    expect(Buffer.from(info.photoshop ?? []).toString('latin1')).toBe('Photoshop 3.0\0' + '8BIM');
  });

  it('passes over stray bytes between segments, as decoders do', () => {
    const file = insert(makeJfif(72), Buffer.alloc(3), Buffer.from([0x12, 0xff, 0x00, 0xff]));
    expect(readJpegInfo(file)).toMatchObject({ width: 16, density: 72 });
    expect([...jpegSegments(file)].filter(({ marker }) => isFrameStart(marker))).toHaveLength(1);
  });

  it('ends with one coded error for any cut', () => {
    const file = insert(makeJfif(72), ...makeExtendedXmp(Buffer.alloc(70_000), 'A'.repeat(32)));
    for (let length = 0; length < file.length; length += length < 200 ? 1 : 997) {
      const read = (): unknown => readJpegInfo(file.subarray(0, length));
      if (length < file.indexOf('ffc0', 'hex') + 19)
        expect(read).toThrow(expect.objectContaining({ code: 'INPUT_CORRUPT' }));
    }
  });
});
