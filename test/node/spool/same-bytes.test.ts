/** An image recolored through a file on disk is, byte for byte, what it is in memory. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { analyze, createEngine, type RecolorFileOptions, recolorFile } from '../../../src/node/index.js';
import { gradient, gradient16, profileBytes, toSharp } from '../../support/images.js';
import { leftovers, makeTempFolder } from '../../support/temp-folder.js';

const RECIPE = ['teal;60;80', 'orange;50;150', '#446688 -> crimson;30;80', 'keep olive;25;60'];
const engine = createEngine({ threads: 1 });
afterAll(() => engine.dispose());
const IN_MEMORY = { spoolAbove: Number.MAX_SAFE_INTEGER };

const opaque = (): Sharp => toSharp(gradient(173, 131));
const translucent = (): Sharp => toSharp(gradient(150, 97, 4));
const deep = (): Sharp =>
  sharp(gradient16(83, 61), { raw: { width: 83, height: 61, channels: 3 } }).toColourspace('rgb16');
const deepAlpha = (): Sharp => deep().ensureAlpha(0.4).toColourspace('rgb16');
const EXIF = { IFD0: { Copyright: 'the maker' }, IFD3: { GPSLatitudeRef: 'N' } };

async function animation(format: 'gif' | 'webp' | 'tiff'): Promise<Buffer> {
  const frame = await toSharp(gradient(40, 30)).png().toBuffer();
  const negative = await sharp(frame).negate().toBuffer();
  const joined = sharp([frame, negative, frame], { join: { animated: true } });
  if (format === 'tiff') return joined.tiff({ compression: 'deflate' }).toBuffer();
  const settings = { delay: [50, 70, 90], loop: 2 };
  return (format === 'gif' ? joined.gif(settings) : joined.webp({ ...settings, lossless: true })).toBuffer();
}

/** Name, the file's bytes, and the formats to write. */
const CASES: [string, () => Promise<Buffer>, string[]][] = [
  ['a JPEG', () => opaque().jpeg().toBuffer(), ['jpg', 'png', 'webp', 'tif', 'avif', 'gif']],
  [
    'a JPEG at 4:4:4 of quality 97',
    () => opaque().jpeg({ quality: 97, chromaSubsampling: '4:4:4' }).toBuffer(),
    ['jpg'],
  ],
  ['a progressive JPEG', () => opaque().jpeg({ progressive: true }).toBuffer(), ['jpg', 'png']],
  ['a JPEG with EXIF', () => opaque().withExif(EXIF).jpeg().toBuffer(), ['jpg', 'png', 'webp', 'tif', 'avif']],
  ['a turned JPEG', () => opaque().withMetadata({ orientation: 6 }).jpeg().toBuffer(), ['jpg']],
  ['a JPEG of 300 dpi', () => opaque().withMetadata({ density: 300 }).jpeg().toBuffer(), ['jpg', 'png', 'tif']],
  [
    'a JPEG with XMP',
    () => opaque().withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>').jpeg().toBuffer(),
    ['jpg', 'png'],
  ],
  ['a CMYK JPEG', () => opaque().toColourspace('cmyk').withIccProfile('cmyk').jpeg().toBuffer(), ['jpg', 'png']],
  ['a grey JPEG', () => opaque().toColourspace('b-w').jpeg().toBuffer(), ['jpg', 'png']],
  ['a P3 JPEG', () => opaque().withIccProfile('p3').jpeg().toBuffer(), ['jpg', 'avif']],
  ['a P3 JPEG with EXIF', () => opaque().withIccProfile('p3').withExif(EXIF).jpeg().toBuffer(), ['jpg', 'tif']],
  ['a PNG', () => opaque().png().toBuffer(), ['png', 'jpg', 'webp', 'tif']],
  ['an interlaced PNG', () => opaque().png({ progressive: true }).toBuffer(), ['png']],
  ['a PNG with a palette', () => opaque().png({ palette: true }).toBuffer(), ['png']],
  ['a PNG with alpha', () => translucent().png().toBuffer(), ['png', 'jpg', 'webp', 'tif', 'avif']],
  ['a PNG with alpha and EXIF', () => translucent().withExif(EXIF).png().toBuffer(), ['png', 'jpg', 'webp', 'avif']],
  ['a PNG with alpha in P3', () => translucent().withIccProfile('p3').png().toBuffer(), ['png', 'jpg']],
  ['a grey PNG', () => opaque().toColourspace('b-w').png().toBuffer(), ['png']],
  ['a 16-bit PNG', () => deep().png().toBuffer(), ['png', 'tif', 'avif', 'jpg', 'webp']],
  ['a 16-bit PNG with alpha', () => deepAlpha().png().toBuffer(), ['png', 'tif']],
  ['a 16-bit PNG with EXIF in P3', () => deep().withIccProfile('p3').withExif(EXIF).png().toBuffer(), ['png', 'tif']],
  ['a 16-bit grey PNG', () => deep().toColourspace('grey16').png().toBuffer(), ['png']],
  ['a WebP', () => opaque().webp().toBuffer(), ['webp', 'png']],
  ['a lossless WebP with alpha', () => translucent().webp({ lossless: true }).toBuffer(), ['webp']],
  ['a TIFF', () => opaque().tiff({ compression: 'lzw' }).toBuffer(), ['tif', 'jpg']],
  ['a tiled TIFF', () => opaque().tiff({ compression: 'deflate', tile: true }).toBuffer(), ['tif']],
  ['a big TIFF', () => opaque().tiff({ compression: 'deflate', bigtiff: true }).toBuffer(), ['tif']],
  ['a 16-bit TIFF', () => deep().tiff({ compression: 'deflate' }).toBuffer(), ['tif', 'png']],
  ['an AVIF', () => opaque().avif().toBuffer(), ['avif', 'png']],
  ['an animated GIF', () => animation('gif'), ['gif', 'webp', 'tif']],
  ['an animated WebP', () => animation('webp'), ['webp', 'gif']],
  ['a TIFF of three pages', () => animation('tiff'), ['tif', 'gif']],
];

async function recolorBoth(
  input: string,
  extension: string,
  given: RecolorFileOptions & { readonly recipe?: string[] } = {},
) {
  const { recipe = RECIPE, ...rest } = given;
  const options = { engine, ...rest };
  const outputs = [`${input}.memory.${extension}`, `${input}.spool.${extension}`] as const;
  const inMemory = await recolorFile(input, outputs[0], recipe, { ...options, ...IN_MEMORY });
  const spooled = await recolorFile(input, outputs[1], recipe, { tileSize: 16, ...options, spoolAbove: 0 });
  return { inMemory, spooled, bytes: await Promise.all(outputs.map((path) => readFile(path))) };
}

describe('through a file on disk', () => {
  it.each(CASES)('%s gives the same bytes', async (_, make, extensions) => {
    const folder = await makeTempFolder();
    const input = join(folder, 'in');
    await writeFile(input, await make());
    for (const extension of extensions) {
      const { inMemory, spooled, bytes } = await recolorBoth(input, extension, { tempDir: folder });
      const [a, b] = bytes as [Buffer, Buffer];
      expect(b.equals(a), `${extension}: ${a.length} and ${b.length} bytes`).toBe(true);
      expect(spooled.plan).toEqual(inMemory.plan);
      expect(spooled).toMatchObject({
        pixels: inMemory.pixels,
        strategy: inMemory.strategy,
        spool: { stripRows: 16, strips: Math.ceil((inMemory.height * inMemory.pages) / 16) },
      });
      expect(spooled.distinctColors).toBe(inMemory.distinctColors);
      expect(inMemory.spool).toBeUndefined();
    }
    expect(await leftovers(folder)).toEqual([]);
  });

  it('so do an iPhone-like Photoshop JPEG with EXIF, IPTC and a profile', async () => {
    const folder = await makeTempFolder();
    const plain = await opaque().withExif(EXIF).withIccProfile('p3').jpeg().toBuffer();
    // 8BIM resource 1028 holds IPTC; here one caption.
    const caption = Buffer.concat([Buffer.from([0x1c, 2, 120, 0, 5]), Buffer.from('hello')]);
    const resource = Buffer.concat([
      Buffer.from('Photoshop 3.0\0'),
      Buffer.from('8BIM'),
      Buffer.from([4, 4, 0, 0, 0, 0, 0, caption.length]),
      caption,
    ]);
    const segment = Buffer.concat([Buffer.from([0xff, 0xed, 0, resource.length + 2]), resource]);
    const input = join(folder, 'in.jpg');
    await writeFile(input, Buffer.concat([plain.subarray(0, 2), segment, plain.subarray(2)]));
    const { bytes } = await recolorBoth(input, 'jpg');
    expect(bytes[1]).toEqual(bytes[0]);
    const meta = await sharp(bytes[1]).metadata();
    expect(meta.iptc?.toString('latin1')).toContain('hello');
    expect(meta.icc).toEqual(await profileBytes('p3'));
    expect(meta.exif?.toString('latin1')).toContain('the maker');
  });

  it.each(['table', 'direct', 'lut'] as const)('so does the strategy %s, with any number of rows', async (strategy) => {
    const folder = await makeTempFolder();
    const input = join(folder, 'in.png');
    await writeFile(input, await translucent().png().toBuffer());
    for (const tileSize of [16, 40, 65536]) {
      const { inMemory, spooled, bytes } = await recolorBoth(input, 'png', { strategy, tileSize });
      expect(bytes[1]).toEqual(bytes[0]);
      expect(spooled.lut?.error).toEqual(inMemory.lut?.error);
    }
  });

  it.each([3, 4] as const)(
    'so does a PNG of %d channels that is large enough for our own encoder',
    async (channels) => {
      const folder = await makeTempFolder();
      const input = join(folder, 'in.png');
      await writeFile(
        input,
        await toSharp(gradient(1301, 1201, channels))
          .png()
          .toBuffer(),
      );
      const { bytes } = await recolorBoth(input, 'png', { tileSize: 64 });
      const [inMemory, spooled] = bytes as [Buffer, Buffer];
      expect(spooled.equals(inMemory)).toBe(true);
    },
  );

  it('so does a reach that the picture suggests', async () => {
    const folder = await makeTempFolder();
    const input = join(folder, 'in.png');
    await writeFile(input, await translucent().png().toBuffer());
    const { inMemory, spooled, bytes } = await recolorBoth(input, 'png', {
      recipe: ['keep olive;auto;60', 'teal;60;80'],
    });
    expect(bytes[1]).toEqual(bytes[0]);
    expect(spooled.plan).toEqual(inMemory.plan);
  });

  it('so does a lookup table on 16 bits, with the same measured error', async () => {
    const folder = await makeTempFolder();
    const input = join(folder, 'in.png');
    const wide = sharp(gradient16(401, 190), { raw: { width: 401, height: 190, channels: 3 } }).toColourspace('rgb16');
    await writeFile(input, await wide.png().toBuffer());
    const { inMemory, spooled, bytes } = await recolorBoth(input, 'png', { strategy: 'lut' });
    expect(bytes[1]).toEqual(bytes[0]);
    expect(inMemory.lut?.error).toMatchObject({ exhaustive: false });
    expect(spooled.lut?.error).toEqual(inMemory.lut?.error);
  });

  it.each([
    ['jpg', opaque, 'table'],
    ['png', translucent, 'table'],
    ['png', translucent, 'direct'],
    ['tiff', deep, 'direct'],
  ] as const)('a plan recolors a %s behind the decoder (%#)', async (format, make, strategy) => {
    const folder = await makeTempFolder();
    const input = join(folder, `in.${format}`);
    await writeFile(
      input,
      await make()
        .toFormat(format === 'jpg' ? 'jpeg' : format)
        .toBuffer(),
    );
    const plan = await analyze(input, RECIPE);
    const outputs = [];
    for (const spoolAbove of [0, Number.MAX_SAFE_INTEGER]) {
      const output = join(folder, `${spoolAbove}.${format}`);
      const options = { engine, spoolAbove, strategy, tileSize: 16 } as const;
      const { spool, distinctColors } = await recolorFile(input, output, plan, options);
      expect(spool?.isEarly).toBe(spoolAbove === 0 ? true : undefined);
      outputs.push({ bytes: (await readFile(output)).toString('base64'), distinctColors });
    }
    expect(outputs[0]).toEqual(outputs[1]);
    // A file that ends too soon fails in the middle of it.
    const whole = await readFile(input);
    await writeFile(input, whole.subarray(0, whole.length * 0.6));
    const broken = recolorFile(input, join(folder, 'broken.png'), plan, {
      engine,
      spoolAbove: 0,
      strategy,
      tileSize: 16,
    });
    await expect(broken).rejects.toMatchObject({ code: 'INPUT_CORRUPT' });
    expect(await leftovers(folder)).toEqual([]);
  });

  it('so does a plan, also one of the other gamut', async () => {
    const folder = await makeTempFolder();
    const [a, b] = [join(folder, 'a.png'), join(folder, 'b.png')];
    await writeFile(a, await opaque().png().toBuffer());
    await writeFile(b, await opaque().withIccProfile('p3').png().toBuffer());
    const plan = await analyze(a, RECIPE);
    for (const spoolAbove of [0, Number.MAX_SAFE_INTEGER]) {
      await recolorFile(b, join(folder, `${spoolAbove}.png`), plan, { spoolAbove, anyGamut: true });
      await expect(recolorFile(b, join(folder, 'x.png'), plan, { spoolAbove })).rejects.toMatchObject({
        code: 'INVALID_PLAN',
      });
    }
    expect(await readFile(join(folder, '0.png'))).toEqual(
      await readFile(join(folder, `${Number.MAX_SAFE_INTEGER}.png`)),
    );
  });

  it('so does a file whose name looks like options to libvips', async () => {
    const folder = await makeTempFolder();
    const input = join(folder, 'b.jpg[shrink=2]');
    await writeFile(input, await opaque().jpeg().toBuffer());
    const { spooled, bytes } = await recolorBoth(input, 'jpg');
    expect(spooled).toMatchObject({ width: 173, height: 131 });
    expect(bytes[1]).toEqual(bytes[0]);
  });

  it.each([3, 4] as const)(
    'so does a PNG of %d channels large enough to be compressed on all threads',
    async (channels) => {
      const folder = await makeTempFolder();
      const input = join(folder, 'in.png');
      await writeFile(
        input,
        await toSharp(gradient(1300, 900, channels))
          .withExif(EXIF)
          .png()
          .toBuffer(),
      );
      const { bytes, spooled } = await recolorBoth(input, 'png', { tileSize: 100, threads: 3 });
      expect(bytes[1]?.equals(bytes[0] as Buffer)).toBe(true);
      expect(spooled.pixels).toBeGreaterThan(1 << 20);
      expect((await sharp(bytes[1]).metadata()).exif?.toString('latin1')).toContain('the maker');
    },
  );

  it('so does an image that is large indeed, written without interlacing, and says so', async () => {
    const folder = await makeTempFolder();
    const input = join(folder, 'in.jpg');
    const flat = sharp({ create: { width: 5800, height: 5800, channels: 3, background: '#406080' } });
    await writeFile(input, await flat.jpeg({ progressive: true }).toBuffer());
    const spooled = await recolorFile(input, join(folder, 'a.jpg'), ['teal;100;90'], { engine });
    const inMemory = await recolorFile(input, join(folder, 'b.jpg'), ['teal;100;90'], { engine, ...IN_MEMORY });
    expect([spooled.spool?.bytes, inMemory.spool]).toEqual([5800 * 5800 * 3, undefined]);
    expect(spooled.notices.join()).toMatch(/JPEG is decoded as a whole.*written without interlacing/);
    expect((await readFile(join(folder, 'a.jpg'))).equals(await readFile(join(folder, 'b.jpg')))).toBe(true);
    expect((await sharp(join(folder, 'a.jpg')).metadata()).isProgressive).toBe(false);
  });

  it('so do several at once, which take turns', async () => {
    const folder = await makeTempFolder();
    const input = join(folder, 'in.png');
    await writeFile(input, await translucent().png().toBuffer());
    const names = ['a.png', 'b.png', 'c.png'];
    const options = { engine, spoolAbove: 0, tempDir: folder };
    const runs = names.map((name) => recolorFile(input, join(folder, name), RECIPE, options));
    const broken = recolorFile(input, join(folder, 'x.png'), RECIPE, { ...options, tempDir: join(folder, 'none') });
    await expect(broken).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
    await Promise.all(runs);
    await recolorFile(input, join(folder, 'memory.png'), RECIPE, { engine });
    const expected = await readFile(join(folder, 'memory.png'));
    for (const name of names) expect((await readFile(join(folder, name))).equals(expected)).toBe(true);
    expect(await leftovers(folder)).toEqual([]);
  });
});
