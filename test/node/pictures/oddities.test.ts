/** Files that are odd and fine: read as every browser shows them, or as much of them as can be, with a word. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readJpegInfo } from '../../../src/codec/jpeg-segments.js';
import { makeSegment, makeXmp } from '../../../src/codec/jpeg-write.js';
import { type FailOn, recolor, recolorBuffer, recolorFile } from '../../../src/node/index.js';
import { gradient, toSharp } from '../../support/images.js';
import { makeJpeg } from '../../support/jpeg.js';
import { withChunks } from '../../support/png-parts.js';
import { makeTempFolder } from '../../support/temp-folder.js';
import { makeTiff } from '../../support/tiff.js';

const SAME = ['red;0;0'];
const RED = [230, 30, 31] as const;
const BLUE = [31, 30, 230] as const;

async function pixelOf(file: Buffer): Promise<number[]> {
  return [...(await sharp(file).raw().toBuffer()).subarray(0, 3)];
}

describe('chroma', () => {
  /** Rows that differ, or columns: what sampling them together would mix. */
  const rows = (_: number, y: number) => (y % 2 ? RED : BLUE);
  const columns = (x: number) => (x % 2 ? RED : BLUE);

  it.each([
    ['4:4:4', 1, 1, columns],
    ['4:2:2', 2, 1, rows],
    ['4:1:1', 4, 1, rows],
    ['4:4:0', 1, 2, columns],
  ] as const)('of a %s JPEG stays as fine as it is', async (_, across, down, colorAt) => {
    const { data } = await recolorBuffer(makeJpeg(across, down, 64, 64, colorAt), SAME);
    for (const [i, value] of (await pixelOf(data)).entries()) {
      expect(Math.abs(value - (BLUE[i] as number))).toBeLessThan(6);
    }
  });

  it('of a 4:2:0 JPEG is sampled as before', async () => {
    const { data } = await recolorBuffer(
      makeJpeg(2, 2, 64, 64, () => RED),
      SAME,
    );
    expect(readJpegInfo(data).subsampling).toBe('4:2:0');
  });
});

it('keeps the ways of a JPEG with a gain map, of which sharp tells nothing', async () => {
  const about = (inside: string): string =>
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${inside}</rdf:Description></rdf:RDF></x:xmpmeta>`;
  const gain = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#888' } })
    .jpeg()
    .toBuffer();
  const hdrgm = 'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"';
  const map = Buffer.concat([
    gain.subarray(0, 2),
    makeXmp(Buffer.from(about(`${hdrgm} hdrgm:GainMapMax="2" hdrgm:HDRCapacityMax="2">`))) as Buffer,
    gain.subarray(2),
  ]);
  const base = await toSharp(gradient(64, 64)).jpeg({ chromaSubsampling: '4:4:4', progressive: true }).toBuffer();
  const item = (semantic: string, length: number): string =>
    `<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="${semantic}" Item:Mime="image/jpeg" Item:Length="${length}"/></rdf:li>`;
  const xmp = about(
    `xmlns:Container="http://ns.google.com/photos/1.0/container/" xmlns:Item="http://ns.google.com/photos/1.0/container/item/" ${hdrgm} xmlns:dc="d" dc:source="me"><Container:Directory><rdf:Seq>${item('Primary', 0)}${item('GainMap', map.length)}</rdf:Seq></Container:Directory>`,
  );
  const primary = Buffer.concat([
    base.subarray(0, 2),
    makeXmp(Buffer.from(xmp)) as Buffer,
    multiPicture(base, map),
    base.subarray(2),
  ]);
  const { data, report } = await recolorBuffer(Buffer.concat([primary, map]), SAME);
  const info = readJpegInfo(data);
  expect(info).toMatchObject({ subsampling: '4:4:4', progressive: true });
  const kept = Buffer.from(info.xmp ?? []).toString();
  expect(kept).toContain('dc:source="me"');
  expect(kept.replace(/xmlns:\w+="[^"]*"/g, '')).not.toMatch(/hdrgm|GainMap|Container/);
  expect(report.notices.join()).toMatch(/gain map|^$/);

  /** MPF's index, which says where the second picture begins. @see CIPA DC-007 */
  function multiPicture(first: Buffer, second: Buffer): Uint8Array {
    const bytes = Buffer.alloc(4 + 8 + 2 + 12 * 3 + 4 + 32);
    bytes.write('MPF\0MM\0*\0\0\0\x08', 0, 'latin1');
    bytes.writeUInt16BE(3, 12);
    const entry = (i: number, tag: number, type: number, count: number, value: number): void => {
      const at = 14 + 12 * i;
      bytes.writeUInt16BE(tag, at);
      bytes.writeUInt16BE(type, at + 2);
      bytes.writeUInt32BE(count, at + 4);
      bytes.writeUInt32BE(value, at + 8);
    };
    entry(0, 0xb000, 7, 4, 0x30313030);
    entry(1, 0xb001, 4, 1, 2);
    entry(2, 0xb002, 7, 32, 8 + 2 + 36 + 4);
    const list = 14 + 36 + 4;
    bytes.writeUInt32BE(0x030000, list);
    bytes.writeUInt32BE(first.length, list + 4);
    bytes.writeUInt32BE(second.length, list + 20);
    bytes.writeUInt32BE(first.length, list + 24);
    return makeSegment(0xe2, bytes);
  }
});

describe('flaws that every browser passes over', () => {
  const jpeg = makeJpeg(1, 1, 64, 64, () => [40, 200, 40]);
  const scan = jpeg.indexOf('ffda', 'hex');
  const frame = jpeg.indexOf('ffc0', 'hex');
  const insert = (at: number, bytes: Uint8Array): Buffer =>
    Buffer.concat([jpeg.subarray(0, at), bytes, jpeg.subarray(at)]);
  const changed = (at: number, byte: number): Buffer => {
    const copy = Buffer.from(jpeg);
    copy[at] = byte;
    return copy;
  };
  const flawed: [string, Buffer][] = [
    ['stray bytes between segments', insert(frame, Buffer.from([0, 0, 0]))],
    [
      'a color transform that nobody knows',
      insert(2, makeSegment(0xee, Buffer.from('Adobe\0d\0\0\0\0\x09', 'latin1'))),
    ],
    ['a scan header of a progressive one', changed(scan + 12, 0)],
  ];

  it.each(flawed)('are told: %s', async (_, file) => {
    const { data, report } = await recolorBuffer(file, SAME);
    expect((await pixelOf(data)).map((value) => Math.round(value / 10))).toEqual([4, 20, 4]);
    expect(report.notices.join()).toContain('the file is odd (');
    await expect(recolorBuffer(file, SAME, { failOn: 'warning' })).rejects.toMatchObject({ code: 'INPUT_CORRUPT' });
    expect((await recolorBuffer(file, SAME, { failOn: 'error' })).report.notices).toEqual([]);
    const folder = await makeTempFolder();
    const [input, output] = [join(folder, 'in.jpg'), join(folder, 'out.jpg')];
    await writeFile(input, file);
    const spooled = await recolorFile(input, output, SAME, { spoolAbove: 0 });
    expect(spooled.notices.join()).toContain('the file is odd (');
    expect((await readFile(output)).equals(data)).toBe(true);
  });

  it('are not what truncates or damages a picture', async () => {
    const photo = await toSharp(gradient(200, 200)).jpeg().toBuffer();
    const damaged = Buffer.from(photo);
    for (let at = photo.length >> 1; at < (photo.length >> 1) + 40; at++) damaged[at] = 0x55;
    const png = await toSharp(gradient(200, 200)).png().toBuffer();
    const table = damaged.indexOf('ffc0', 'hex');
    const both = Buffer.concat([damaged.subarray(0, table), Buffer.from([0, 0]), damaged.subarray(table)]);
    for (const file of [photo.subarray(0, -200), damaged, png.subarray(0, -500), both]) {
      await expect(recolorBuffer(file, SAME)).rejects.toMatchObject({ code: 'INPUT_CORRUPT' });
      expect((await recolorBuffer(file, SAME, { failOn: 'none' })).report.width).toBe(200);
    }
    await expect(recolorBuffer(png, SAME, { failOn: 'never' as FailOn })).rejects.toThrow(
      'failOn: expected one of none, truncated, error, warning, got "never"',
    );
  });
});

describe('TIFF', () => {
  const of = <T extends Float32Array | Uint32Array | Uint16Array>(data: T, color: readonly number[]): T => {
    for (let i = 0; i < data.length; i++) data[i] = color[i % color.length] as number;
    return data;
  };
  const page = { width: 4, height: 4, samples: 1, photometric: 1 } as const;
  const rgb = { ...page, samples: 3, photometric: 2 } as const;

  it.each([
    ['grey floats', makeTiff({ ...page, bits: 32, format: 3, data: of(new Float32Array(16), [0.5]) }), [128, 128, 128]],
    [
      'floats of linear RGB',
      makeTiff({ ...rgb, bits: 32, format: 3, data: of(new Float32Array(48), [0.5, 0.25, 1.5]) }),
      [188, 137, 255],
    ],
    ['32 bits of grey', makeTiff({ ...page, bits: 32, data: of(new Uint32Array(16), [2 ** 31]) }), [128, 128, 128]],
    [
      '32 bits of RGB',
      makeTiff({ ...rgb, bits: 32, data: of(new Uint32Array(48), [2 ** 31, 2 ** 30, 2 ** 32 - 1]) }),
      [128, 64, 255],
    ],
    [
      '16 bits of Lab',
      makeTiff({ ...rgb, bits: 16, photometric: 8, data: of(new Uint16Array(48), [32_768, 0, 5120]) }),
      [131, 118, 85],
    ],
  ])('of %s gives 16 bits', async (_, file, expected) => {
    const { data, report } = await recolorBuffer(file, SAME);
    expect(report.bitDepth).toBe(16);
    expect((await sharp(data).metadata()).depth).toBe('ushort');
    expect(await pixelOf(data)).toEqual(expected);
    const jpeg = await recolorBuffer(file, SAME, { format: 'jpeg' });
    expect(jpeg.report.notices.join()).toContain('jpeg holds 8 bits a sample');
    const folder = await makeTempFolder();
    await writeFile(join(folder, 'in.tif'), file);
    await recolorFile(join(folder, 'in.tif'), join(folder, 'out.tif'), SAME, { spoolAbove: 0 });
    expect((await readFile(join(folder, 'out.tif'))).equals(data)).toBe(true);
  });

  it('of half floats, which libvips reads as zeros, is refused', async () => {
    const file = makeTiff({ ...page, bits: 16, format: 3, data: of(new Uint16Array(16), [0x3800]) });
    await expect(recolorBuffer(file, SAME)).rejects.toMatchObject({ code: 'INPUT_UNSUPPORTED' });
  });

  it('whose pages differ gives the first, and says so', async () => {
    const bytes = (width: number, height: number) => ({
      ...rgb,
      width,
      height,
      bits: 8,
      data: new Uint8Array(width * height * 3).fill(90),
    });
    for (const file of [
      makeTiff(bytes(40, 30), { ...bytes(20, 15), extra: [[254, 1]] }, { ...bytes(10, 8), extra: [[254, 1]] }),
      makeTiff(bytes(40, 30), bytes(30, 40)),
    ]) {
      const { data, report } = await recolorBuffer(file, SAME);
      expect(report).toMatchObject({ pages: 1, width: 40, height: 30 });
      expect(report.notices.join()).toMatch(/^the first of \d pages was recolored/);
      expect(await pixelOf(data)).toEqual([90, 90, 90]);
    }
    const alike = await recolorBuffer(makeTiff(bytes(40, 30), bytes(40, 30)), SAME);
    expect(alike.report).toMatchObject({ pages: 2, notices: [] });
    // Private tags, as maps have them, are no reason for anything.
    const map = makeTiff({
      ...bytes(40, 30),
      extra: [
        [33_550, 7],
        [42_113, 3],
      ],
    });
    expect((await recolorBuffer(map, SAME)).report.notices).toEqual([]);
  });
});

it('says that an animated PNG lost its frames', async () => {
  const png = await toSharp(gradient(8, 8)).png().toBuffer();
  const control = Buffer.alloc(8);
  control.writeUInt32BE(3, 0);
  const { report } = await recolorBuffer(withChunks(png, ['acTL', control]), SAME);
  expect(report.notices.join()).toContain('an animated PNG');
});

describe('a sharp instance of one channel', () => {
  const image = () => toSharp(gradient(30, 20, 4));

  it.each([
    ['greyscale', () => image().removeAlpha().greyscale()],
    ['greyscale of a file', async () => sharp(await image().png().toBuffer()).greyscale()],
    ['extractChannel', () => image().extractChannel(0)],
    [
      'extractChannel of 16 bits',
      async () => sharp(await image().toColourspace('rgb16').png().toBuffer()).extractChannel(1),
    ],
    [
      'greyscale with metadata',
      async () =>
        sharp(
          await image()
            .removeAlpha()
            .withExif({ IFD0: { Make: 'Acme' } })
            .jpeg()
            .toBuffer(),
        ).greyscale(),
    ],
    [
      'greyscale with a profile',
      async () => sharp(await image().removeAlpha().withIccProfile('p3').png().toBuffer()).greyscale(),
    ],
  ])('becomes a duotone: %s', async (_, make) => {
    const made = await recolor(await make(), ['rgb(10 200 30);100;200']);
    const png = await made.png().toBuffer();
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 30, height: 20, channels: 3 });
    const [r = 0, g = 0, b = 0] = data;
    expect(g).toBeGreaterThan(Math.max(r, b) + 60);
  });
});
