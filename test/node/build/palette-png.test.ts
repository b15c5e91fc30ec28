/** A build keeps a PNG's palette, exactly, and in bytes that no version of Node decides. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, vi } from 'vitest';
import { makeRecipe } from '../../../src/index.js';
import { ENGINE } from '../../../src/node/build/engine-id.js';
import type { RecolorJob } from '../../../src/node/build/job.js';
import { runJob } from '../../../src/node/build/run-job.js';
import { recolorBuffer } from '../../../src/node/recolor-buffer.js';
import { gradient, toSharp } from '../../support/images.js';
import { makeTempFolder } from '../../support/temp-folder.js';

const { isFenced } = vi.hoisted(() => ({ isFenced: { now: false } }));
vi.mock('node:zlib', async (original) => {
  const zlib = await original<typeof import('node:zlib')>();
  const fence = (name: string, compress: unknown) => [
    name,
    (...given: unknown[]) => {
      if (isFenced.now) throw new Error('Node compressed something');
      return (compress as (...given: unknown[]) => unknown)(...given);
    },
  ];
  const compressors = Object.entries(zlib).filter(([name]) => /^(create)?(deflate|gzip|brotliCompress)/i.test(name));
  return { ...zlib, ...Object.fromEntries(compressors.map(([name, compress]) => fence(name, compress))) };
});

const RECIPE = makeRecipe(['teal;60;90', 'orange;50;150']);
const job: RecolorJob = {
  version: 1,
  engine: ENGINE,
  input: 'in.png',
  output: 'out/in.png',
  theme: 'default',
  recipe: RECIPE,
};

async function build(input: Buffer, change: Partial<RecolorJob> = {}) {
  const root = await makeTempFolder();
  await writeFile(join(root, 'in.png'), input);
  isFenced.now = true;
  try {
    return await runJob({ ...job, ...change }, { root });
  } finally {
    isFenced.now = false;
  }
}

const pixelsOf = (png: Buffer): Promise<Buffer> => sharp(png).ensureAlpha().raw().toBuffer();

describe('a palette in a build', () => {
  it.each([
    ['a gradient', () => toSharp(gradient(301, 203)).png({ palette: true, colours: 200 })],
    ['few colors', () => toSharp(gradient(301, 203)).png({ palette: true, colours: 11, dither: 0 })],
    ['alpha', () => toSharp(gradient(97, 60, 4)).png({ palette: true, colours: 100 })],
    [
      'metadata',
      () =>
        toSharp(gradient(97, 60))
          .withExif({ IFD0: { Copyright: 'the maker' } })
          .withIccProfile('p3')
          .png({ palette: true, colours: 64 }),
    ],
    ['a megapixel', () => toSharp(gradient(1200, 900)).png({ palette: true, colours: 64 })],
  ])('is kept with the exact new colors, by sharp alone: %s', async (_, make) => {
    const input = await make().toBuffer();
    const { bytes, report } = await build(input);
    const exact = await recolorBuffer(input, RECIPE, { backend: 'wasm' });
    expect((await pixelsOf(bytes)).equals(await pixelsOf(exact.data))).toBe(true);
    const [before, after] = await Promise.all([input, bytes].map((png) => sharp(png).metadata()));
    const kept = ['width', 'height', 'isPalette', 'hasAlpha', 'density', 'icc'] as const;
    for (const key of kept) expect(after?.[key], key).toEqual(before?.[key]);
    expect(after?.exif?.includes('the maker')).toBe(before?.exif?.includes('the maker'));
    expect(report).toMatchObject({ width: before?.width, height: before?.height, pages: 1, byteLength: bytes.length });
    const trueColor = await sharp(bytes).keepMetadata().png({ palette: false }).toBuffer();
    expect(bytes.length).toBeLessThan(trueColor.length);
    expect((await build(input)).bytes.equals(bytes)).toBe(true);
  });

  it('is kept where the box is no smaller than the picture, and given up where that is shrunk', async () => {
    const input = await toSharp(gradient(120, 80)).png({ palette: true, colours: 64 }).toBuffer();
    const whole = await build(input);
    const boxed = await build(input, { size: { width: 500, height: 80 } });
    expect(boxed.bytes.equals(whole.bytes)).toBe(true);
    const shrunk = await build(input, { size: { width: 60 } });
    expect(await sharp(shrunk.bytes).metadata()).toMatchObject({ width: 60, height: 40, isPalette: false });
    expect(shrunk.report).toMatchObject({ width: 60, height: 40 });
  });

  it('is what other PNGs do not get: they are no larger than by sharp, and are the bytes of shine', async () => {
    const input = await sharp('examples/lake.jpg').resize(1300).png().toBuffer();
    const { bytes } = await build(input);
    expect((await sharp(bytes).metadata()).isPalette).toBe(false);
    const raw = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    const bySharp = await sharp(raw.data, { raw: raw.info }).png().toBuffer();
    expect(bytes.length).toBeLessThan(bySharp.length * 0.8);
    const shine = await recolorBuffer(input, RECIPE, { backend: 'wasm' });
    expect(bytes.equals(shine.data)).toBe(true);
  });
});
