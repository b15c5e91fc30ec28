/** What stands beside the pixels: kept where it stays true, left out where it would lie, and never made up. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readJpegInfo } from '../../../src/codec/jpeg-segments.js';
import { makeJfif, makePhotoshop, makeSegment, makeXmp } from '../../../src/codec/jpeg-write.js';
import { openTiff, readerOf } from '../../../src/codec/tiff-directories.js';
import { makeJob } from '../../../src/node/build/job.js';
import { makeRecipe, recolorBuffer, recolorFile, runJob } from '../../../src/node/index.js';
import { makeExif } from '../../support/exif.js';
import { gradient, toSharp } from '../../support/images.js';
import { chunksOf, withChunks } from '../../support/png-parts.js';
import { makeTempFolder } from '../../support/temp-folder.js';

const SAME = ['red;0;0'];
const FLOOD = ['teal;100;200'];
const FORMATS = ['jpeg', 'png', 'webp', 'avif'] as const;
const image = toSharp(gradient(40, 24));
const jpeg = await image.clone().jpeg().toBuffer();
const png = await image.clone().png().toBuffer();

function withSegments(...segments: readonly (Uint8Array | undefined)[]): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), ...segments.filter((one) => one !== undefined), jpeg.subarray(2)]);
}

const exifSegment = (exif: Uint8Array): Uint8Array => makeSegment(0xe1, Buffer.from('Exif\0\0'), exif);
const xmpSegment = (text: string): Uint8Array | undefined => makeXmp(Buffer.from(text));

describe('EXIF', () => {
  const thumbnail = Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    Buffer.from('the old thumbnail'),
    Buffer.from([0xff, 0xd9]),
  ]);
  const source = withSegments(
    exifSegment(
      makeExif({
        main: [
          [0x010f, 'Acme'],
          [0x0112, 1],
        ],
        exif: [[0xa002, 40]],
        thumbnail,
      }),
    ),
  );

  it.each(FORMATS)('brings no thumbnail of the old picture into %s', async (format) => {
    const { data } = await recolorBuffer(source, FLOOD, { format });
    const { exif } = await sharp(data).metadata();
    expect(exif?.includes('Acme')).toBe(true);
    expect(data.includes('the old thumbnail')).toBe(false);
  });

  it('leaves the bytes that were given as they are', async () => {
    const given = Buffer.from(source);
    await recolorBuffer(given, FLOOD);
    expect(given.equals(source)).toBe(true);
    expect(given.includes('the old thumbnail')).toBe(true);
  });

  it('brings none into a build either, which turns and shrinks', async () => {
    const job = makeJob({
      input: 'in.jpg',
      output: 'out.jpg',
      theme: 'default',
      recipe: makeRecipe(FLOOD),
      format: 'jpeg',
      width: 20,
    });
    const turned = withSegments(
      exifSegment(
        makeExif({
          main: [
            [0x010f, 'Acme'],
            [0x0112, 6],
          ],
          exif: [
            [0xa002, 40],
            [0xa003, 24],
          ],
          thumbnail,
        }),
      ),
    );
    const { bytes } = await runJob(job, { root: '.', input: turned });
    expect(bytes.includes('the old thumbnail')).toBe(false);
    const { orientation, width, height, exif } = await sharp(bytes).metadata();
    expect({ orientation, width, height }).toEqual({ orientation: 1, width: 20, height: 33 });
    const [main] = openTiff(readerOf((exif as Buffer).subarray(6)))?.pages(1) ?? [];
    expect(main?.entries.has(0x010f)).toBe(true);
  });

  it.each(['jpeg', 'png', 'webp'] as const)('says in %s what it said, and nothing else', async (format) => {
    const exif = makeExif({
      little: true,
      main: [
        [0x010f, 'Acme'],
        [0x0112, 6],
      ],
      exif: [[0xa002, 640]],
    });
    const { data } = await recolorBuffer(withSegments(exifSegment(exif)), FLOOD, { format });
    const meta = await sharp(data).metadata();
    const block = meta.exif as Buffer;
    const bytes = block.subarray(block.toString('latin1', 0, 4) === 'Exif' ? 6 : 0);
    const tiff = openTiff(readerOf(bytes));
    const [main] = tiff?.pages(9) ?? [];
    expect([...(main?.entries.keys() ?? [])]).toEqual([0x010f, 0x0112, 0x8769]);
    expect(meta.orientation).toBe(6);
    // The size is the picture's, whatever the block said.
    const [at] = tiff?.numbers(main?.entries.get(0x8769)) ?? [];
    expect(tiff?.numbers(tiff.directory(at as number).entries.get(0xa002))).toEqual([40]);
    expect(bytes.length).toBe(exif.length);
  });

  it('is not made up where there was none', async () => {
    const xmp = xmpSegment('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');
    const iptc = makePhotoshop(Buffer.from('8BIM\x04\x04\0\0\0\0\0\x06\x1c\x02\x78\0\x01a', 'latin1'));
    for (const source of [jpeg, withSegments(xmp), withSegments(makeJfif(300)), withSegments(...iptc)]) {
      const { data } = await recolorBuffer(source, SAME);
      expect(readJpegInfo(data).exif).toBeUndefined();
    }
  });
});

describe('XMP', () => {
  const about = (text: string): string =>
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${text}/></rdf:RDF></x:xmpmeta>`;

  it.each(FORMATS)('promises no video in %s', async (format) => {
    const source = withSegments(
      xmpSegment(
        about(
          'xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:MotionPhoto="1" xmlns:dc="d" dc:source="me"',
        ),
      ),
    );
    const { data } = await recolorBuffer(source, FLOOD, { format });
    const { xmpAsString } = await sharp(data).metadata();
    expect(xmpAsString).toContain('dc:source="me"');
    expect(xmpAsString).not.toContain('MotionPhoto');
  });

  it('goes into a JPEG whole when it is longer than a segment, and out of it again', async () => {
    const long = about(`xmlns:dc="d" dc:title="${'T'.repeat(100_000)}"`);
    const source = withChunks(png, ['iTXt', `XML:com.adobe.xmp\0\0\0\0\0${long}`]);
    const { data, report } = await recolorBuffer(source, SAME, { format: 'jpeg' });
    expect(report.notices).toEqual([]);
    const { xmp, extendedXmp } = readJpegInfo(data);
    expect(Buffer.from(extendedXmp ?? []).toString()).toBe(long);
    const digest = createHash('md5').update(long).digest('hex').toUpperCase();
    expect(Buffer.from(xmp ?? []).toString()).toContain(`HasExtendedXMP="${digest}"`);
    expect(data.includes(digest)).toBe(true);
    const again = await recolorBuffer(data, SAME, { format: 'png' });
    expect((await sharp(again.data).metadata()).xmpAsString).toContain(`dc:title="${'T'.repeat(100_000)}"`);
    const twice = await recolorBuffer(data, SAME);
    expect(Buffer.from(readJpegInfo(twice.data).extendedXmp ?? []).toString()).toContain('T'.repeat(100_000));
  });
});

describe('density', () => {
  const density = async (bytes: Buffer): Promise<number | undefined> => {
    const { format, density } = await sharp(bytes).metadata();
    if (format === 'jpeg') return readJpegInfo(bytes).density;
    return format === 'png' && chunksOf(bytes, 'pHYs').every((data) => !data.endsWith('\x01')) ? undefined : density;
  };

  it.each([
    ['jpeg', 'png', 72],
    ['jpeg', 'jpeg', 72],
    ['jpeg', 'tiff', 72],
    ['png', 'jpeg', 300],
    ['png', 'png', 96],
  ] as const)('of a %s stays in a %s: %i', async (from, format, dots) => {
    const source =
      from === 'jpeg' ? withSegments(makeJfif(dots)) : await image.clone().withDensity(dots).png().toBuffer();
    const { data } = await recolorBuffer(source, SAME, { format });
    expect(await density(data)).toBe(dots);
  });

  it.each(['jpeg', 'png'] as const)('is not made up in a %s', async (format) => {
    const ratio = withSegments(Buffer.from('ffe000104a46494600010100000100010000', 'hex'));
    const exif = withSegments(exifSegment(makeExif({ main: [[0x010f, 'Acme']] })));
    const untold = withChunks(await withoutDensity(png), ['tEXt', 'a\0b']);
    for (const source of [jpeg, ratio, exif, untold]) {
      const { data } = await recolorBuffer(source, SAME, { format });
      expect(await density(data)).toBeUndefined();
    }
  });
});

async function withoutDensity(bytes: Buffer): Promise<Buffer> {
  const at = bytes.indexOf('pHYs') - 4;
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 21)]);
}

describe('texts', () => {
  const texts = [
    ['tEXt', 'parameters\0a cat, Steps: 20'],
    ['zTXt', `Copyright\0\0${deflateSync('me').toString('latin1')}`],
    ['iTXt', 'Title\0\0\0de\0Titel\0Gr\xc3\xbcn'],
  ] as const;

  it.each([
    ['small', 40, undefined],
    ['compressed by us', 1200, undefined],
    ['by way of a file', 300, 1000],
  ] as const)('of a PNG stay: %s', async (_, side, spoolAbove) => {
    const folder = await makeTempFolder();
    const [input, output] = [join(folder, 'in.png'), join(folder, 'out.png')];
    await writeFile(input, withChunks(await toSharp(gradient(side, side)).png().toBuffer(), ...texts));
    await recolorFile(input, output, FLOOD, spoolAbove === undefined ? {} : { spoolAbove });
    const made = await readFile(output);
    for (const [type, data] of texts) expect(chunksOf(made, type)).toEqual([data]);
    expect((await sharp(made).stats()).channels).toHaveLength(3);
  });

  it('do not bring other programs’ copies of EXIF along', async () => {
    const source = withChunks(png, ['zTXt', 'Raw profile type exif\0\0x'], ['tEXt', 'Comment\0yes']);
    const { data } = await recolorBuffer(source, SAME);
    expect(chunksOf(data, 'zTXt')).toEqual([]);
    expect(chunksOf(data, 'tEXt')).toEqual(['Comment\0yes']);
  });

  it('of a JPEG stay in a JPEG, and are missed elsewhere', async () => {
    const source = withSegments(makeSegment(0xfe, Buffer.from('first')), makeSegment(0xfe, Buffer.from('second')));
    const { data, report } = await recolorBuffer(source, SAME);
    expect(readJpegInfo(data).comments.map((text) => Buffer.from(text).toString())).toEqual(['first', 'second']);
    expect(report.notices).toEqual([]);
    const webp = await recolorBuffer(source, SAME, { format: 'webp' });
    expect(webp.report.notices).toEqual(['webp has no place for the comment: left out']);
  });
});

it('keeps IPTC, without the thumbnail beside it', async () => {
  const block = (id: number, text: string): string => {
    const size = String.fromCharCode(0, 0, 0, text.length);
    return `8BIM${String.fromCharCode(id >> 8, id & 255)}\0\0${size}${text}${text.length % 2 ? '\0' : ''}`;
  };
  const blocks = block(0x040c, 'old thumbnail') + block(0x0404, '\x1c\x02\x78\0\x05words') + block(0x03ed, 'x');
  const source = withSegments(...makePhotoshop(Buffer.from(blocks, 'latin1')));
  const { data } = await recolorBuffer(source, SAME);
  expect(data.includes('old thumbnail')).toBe(false);
  expect((await sharp(data).metadata()).iptc?.includes('words')).toBe(true);
  const tiff = await recolorBuffer(source, SAME, { format: 'tiff' });
  expect(tiff.data.includes('old thumbnail')).toBe(false);
  const back = await recolorBuffer(tiff.data, SAME, { format: 'jpeg' });
  expect((await sharp(back.data).metadata()).iptc?.includes('words')).toBe(true);
});

it.each(['webp', 'png', 'jpeg'] as const)(
  'carries everything in a %s with frames, alpha or a palette',
  async (format) => {
    const rgba = toSharp(gradient(30, 20, 4))
      .withExif({ IFD0: { Make: 'Acme' } })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');
    const sources = [
      await rgba.clone().png().toBuffer(),
      await rgba.clone().png({ palette: true }).toBuffer(),
      await rgba.clone().webp({ lossless: true }).toBuffer(),
      await rgba.clone().webp().toBuffer(),
    ];
    for (const source of sources) {
      const { data } = await recolorBuffer(source, SAME, { format });
      const meta = await sharp(data).metadata();
      expect(meta).toMatchObject({ width: 30, height: 20, hasAlpha: format !== 'jpeg' });
      expect(meta.exif?.includes('Acme')).toBe(true);
      expect(meta.xmpAsString).toContain('xmpmeta');
      await sharp(data).stats();
    }
  },
);

describe('strip', () => {
  it('leaves everything out, and shows the same', async () => {
    const exif = makeExif({
      main: [
        [0x010f, 'Acme'],
        [0x0112, 6],
      ],
    });
    const source = withSegments(
      makeJfif(300),
      exifSegment(exif),
      xmpSegment('<x/>'),
      makeSegment(0xfe, Buffer.from('word')),
    );
    const { data, report } = await recolorBuffer(source, SAME, { strip: true });
    expect(readJpegInfo(data)).toMatchObject({ width: 24, height: 40, density: undefined, comments: [] });
    const { exif: kept, xmp, icc } = await sharp(data).metadata();
    expect([kept, xmp, icc]).toEqual([undefined, undefined, undefined]);
    expect(report.notices).toEqual([]);
  });

  it('keeps a profile that colors need, and no other', async () => {
    for (const [name, isKept] of [
      ['srgb', false],
      ['p3', true],
    ] as const) {
      const source = await image
        .clone()
        .withIccProfile(name)
        .withExif({ IFD0: { Make: 'Acme' } })
        .png()
        .toBuffer();
      const { data } = await recolorBuffer(source, SAME, { strip: true });
      expect((await sharp(data).metadata()).hasProfile).toBe(isKept);
      expect(data.includes('Acme')).toBe(false);
    }
  });
});
