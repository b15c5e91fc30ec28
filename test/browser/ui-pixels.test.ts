import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { readJpegInfo } from '../../src/codec/jpeg-segments.js';
import { readPngChunks } from '../../src/codec/png-chunks.js';
import { LOOK_BLEND } from '../../src/core/options.js';
import { type Backend, createJsBackend, type Gamut, makeRecipe, type Pixels, recolorPixels } from '../../src/index.js';
import {
  addFiles,
  applyAndRead,
  type InputFile,
  type OpenOptions,
  type Playground,
  pasteText,
  startPlayground,
} from '../support/playground.js';
import { makePhotoLike, makeTranslucentNoise, writePng } from '../support/png-images.js';

const ATTRACTORS = ['teal;60;90', 'oklch(75% 0.15 50);40;120', '#d13;25;70'];
const WIDTH = 83;
const HEIGHT = 61;
const NO_WORKER = "worker-src 'none'";

let playground: Playground;
/** What the window computes with here; in Node the same backend gives the same bytes. */
let backends: Record<string, Backend>;
beforeAll(async () => {
  playground = await startPlayground();
  backends = { js: createJsBackend(), wasm: await createWasmBackend() };
});
afterAll(() => playground.close());

/** The whole trip: file in, recolored file out. */
async function shine(
  file: InputFile,
  options?: OpenOptions,
): Promise<{ name: string; bytes: Buffer; backend: Backend }> {
  const page = await playground.open(options);
  await addFiles(page, [file]);
  await pasteText(page, ATTRACTORS.join('\n'));
  const result = await applyAndRead(page);
  const name = (await page.locator('main').getAttribute('data-backend')) ?? '';
  await page.context().close();
  const backend = backends[name] ?? expect.fail(`the window runs on ${name}, which this test does not know`);
  return { ...result, backend };
}

/** What the core makes of the same pixels. */
async function recolorByCore(
  backend: Backend,
  data: Uint8Array,
  width: number,
  height: number,
  gamut: Gamut = 'srgb',
): Promise<Uint8Array> {
  const pixels: Pixels = { data: data.slice(), width, height, channels: 4, gamut };
  await recolorPixels(pixels, makeRecipe({ rows: ATTRACTORS, blend: LOOK_BLEND }), { backend });
  return pixels.data as Uint8Array;
}

/** Raw RGBA by libvips, with color chunks taken out, so that nothing is converted. */
async function readRaw(png: Buffer): Promise<Uint8Array> {
  const stripped = Buffer.concat([
    png.subarray(0, 8),
    ...readPngChunks(png)
      .filter(({ type }) => !['iCCP', 'cICP', 'sRGB', 'gAMA', 'cHRM'].includes(type))
      .map(({ type, data }) => {
        const chunk = Buffer.alloc(data.length + 12);
        // The checksum of a chunk that is copied as it stands follows its data in the file.
        png.copy(chunk, 0, data.byteOffset - png.byteOffset - 8, data.byteOffset - png.byteOffset + data.length + 4);
        expect(chunk.toString('latin1', 4, 8)).toBe(type);
        return chunk;
      }),
  ]);
  return new Uint8Array(await sharp(stripped).ensureAlpha().raw().toBuffer());
}

function countDifferent(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((count, x, i) => count + (x === b[i] ? 0 : 1), 0);
}

const png = (buffer: Buffer): InputFile => ({ name: 'photo.png', mimeType: 'image/png', buffer });

describe('PNG through the built window', () => {
  const noise = makeTranslucentNoise(WIDTH, HEIGHT);
  const file = png(writePng(noise, { width: WIDTH, height: HEIGHT }));

  it('keeps every translucent pixel exact, at any alpha', async () => {
    const { name, bytes, backend } = await shine(file);
    expect(name).toBe('photo_colorshine.png');
    const expected = await recolorByCore(backend, noise, WIDTH, HEIGHT);
    expect(countDifferent(expected, noise)).toBeGreaterThan(WIDTH * HEIGHT);
    expect(countDifferent(await readRaw(bytes), expected)).toBe(0);
  });

  it('gives the same without a worker, and without WebGL2', async () => {
    const onPage = await shine(file, { policy: NO_WORKER });
    const expected = await recolorByCore(onPage.backend, noise, WIDTH, HEIGHT);
    expect(countDifferent(await readRaw(onPage.bytes), expected)).toBe(0);
    const noWebgl = await shine(file, {
      policy: NO_WORKER,
      before: () => {
        const original = OffscreenCanvas.prototype.getContext as (...args: unknown[]) => unknown;
        OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, kind: string, ...rest: unknown[]) {
          return kind === 'webgl2' ? null : original.call(this, kind, ...rest);
        } as typeof OffscreenCanvas.prototype.getContext;
      },
    });
    const again = await recolorByCore(noWebgl.backend, noise, WIDTH, HEIGHT);
    expect(countDifferent(await readRaw(noWebgl.bytes), again)).toBe(0);
  });

  it('reads opaque RGB, grey and palette files exactly', async () => {
    const photo = makePhotoLike(WIDTH, HEIGHT);
    const rgb = Uint8Array.from(
      { length: WIDTH * HEIGHT * 3 },
      (_, i) => photo[Math.floor(i / 3) * 4 + (i % 3)] as number,
    );
    const grey = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => photo[i * 4] as number);
    const greyRgba = Uint8Array.from({ length: photo.length }, (_, i) =>
      i % 4 === 3 ? 255 : (grey[i >> 2] as number),
    );
    const palette = makeTranslucentNoise(64, 1, 9);
    const indexes = Uint8Array.from(grey, (x) => x & 63);
    const indexedRgba = Uint8Array.from(
      { length: photo.length },
      (_, i) => palette[(indexes[i >> 2] as number) * 4 + (i % 4)] as number,
    );
    const size = { width: WIDTH, height: HEIGHT };
    const chunks = [
      {
        type: 'PLTE',
        data: Uint8Array.from({ length: 192 }, (_, i) => palette[Math.floor(i / 3) * 4 + (i % 3)] as number),
      },
      { type: 'tRNS', data: Uint8Array.from({ length: 64 }, (_, i) => palette[i * 4 + 3] as number) },
    ];
    const cases: [string, Buffer, Uint8Array][] = [
      ['rgb', writePng(rgb, { ...size, colorType: 2 }), photo],
      ['grey', writePng(grey, { ...size, colorType: 0 }), greyRgba],
      ['palette', writePng(indexes, { ...size, colorType: 3, chunks }), indexedRgba],
    ];
    for (const [what, buffer, source] of cases) {
      const { bytes, backend } = await shine(png(buffer));
      expect(countDifferent(await readRaw(bytes), await recolorByCore(backend, source, WIDTH, HEIGHT)), what).toBe(0);
    }
  });

  it('keeps Display P3, by profile and by code points', async () => {
    const photo = makePhotoLike(WIDTH, HEIGHT, 5);
    const rgb = Buffer.from(photo.filter((_, i) => i % 4 !== 3));
    const raw = { width: WIDTH, height: HEIGHT, channels: 3 as const };
    const tagged = await sharp(rgb, { raw }).withIccProfile('p3', { attach: true }).png().toBuffer();
    const profile = readPngChunks(tagged).find(({ type }) => type === 'iCCP');
    expect(profile).toBeDefined();
    const cicp = { type: 'cICP', data: Uint8Array.of(12, 13, 0, 1) };
    for (const chunk of [profile as typeof cicp, cicp]) {
      const { bytes, backend } = await shine(png(writePng(photo, { width: WIDTH, height: HEIGHT, chunks: [chunk] })));
      const expected = await recolorByCore(backend, photo, WIDTH, HEIGHT, 'display-p3');
      expect(countDifferent(expected, await recolorByCore(backend, photo, WIDTH, HEIGHT))).toBeGreaterThan(1000);
      expect(countDifferent(await readRaw(bytes), expected), chunk.type).toBe(0);
      const kept = readPngChunks(bytes).find(({ type }) => type === chunk.type);
      expect(Buffer.from(kept?.data ?? []).equals(Buffer.from(chunk.data)), chunk.type).toBe(true);
    }
  });
});

it('shows an image at 100 % in its own pixels, recolored as Apply does', async () => {
  const [width, height] = [700, 600];
  const photo = makePhotoLike(width, height, 7);
  const page = await playground.open();
  await addFiles(page, [png(writePng(photo, { width, height }))]);
  await pasteText(page, ATTRACTORS.join('\n'));
  const shown = page.locator('.cut .detail canvas');
  await shown.waitFor(); // fitted, in as many pixels as the screen has
  const fitted = await shown.evaluate((canvas: HTMLCanvasElement) => canvas.width);
  expect(fitted).toBeLessThan(300);
  await page.locator('.stage').press('1');
  await expect.poll(() => shown.evaluate((canvas: HTMLCanvasElement) => canvas.width)).toBeGreaterThan(fitted);
  const [source, result] = await Promise.all(
    [page.locator('.detail canvas').first(), shown].map((canvas) =>
      canvas.evaluate((element: HTMLCanvasElement) => {
        const painter = element.getContext('2d') as CanvasRenderingContext2D;
        const { data } = painter.getImageData(0, 0, element.width, element.height);
        const layer = (element.closest('.layer') as HTMLElement).getBoundingClientRect();
        const box = element.getBoundingClientRect();
        return {
          ...{ left: Math.round(box.left - layer.left), top: Math.round(box.top - layer.top) },
          ...{ width: element.width, height: element.height, shownWidth: box.width, isWhole: box.left % 1 === 0 },
          data: [...data],
        };
      }),
    ),
  );
  const backend = backends[(await page.locator('main').getAttribute('data-backend')) ?? ''];
  await page.context().close();
  if (!source || !result || !backend) return expect.fail('nothing shown');
  expect(result).toMatchObject({ shownWidth: result.width, isWhole: true });
  expect(result.width * result.height).toBeGreaterThan(300 * 150);
  const part = (data: Uint8Array): Uint8Array =>
    Uint8Array.from({ length: result.data.length }, (_, i) => {
      const [x, y] = [(i >> 2) % result.width, Math.floor((i >> 2) / result.width)];
      return data[((result.top + y) * width + result.left + x) * 4 + (i & 3)] as number;
    });
  expect(countDifferent(Uint8Array.from(source.data), part(photo))).toBe(0);
  const expected = await recolorByCore(backend, photo, width, height);
  expect(countDifferent(Uint8Array.from(result.data), part(expected))).toBe(0);
});

describe('JPEG through the built window', () => {
  const width = 320;
  const height = 240;
  const photo = makePhotoLike(width, height, 3);
  const raw = { width, height, channels: 4 as const };
  const encode = (data: Uint8Array, quality: number): Promise<Buffer> =>
    sharp(Buffer.from(data), { raw }).removeAlpha().jpeg({ quality }).toBuffer();
  const decode = async (file: Buffer): Promise<Uint8Array> =>
    new Uint8Array(await sharp(file, { ignoreIcc: true }).ensureAlpha().raw().toBuffer());

  it('loses no more than coding at the source quality does', async () => {
    for (const quality of [95, 80]) {
      const source = await encode(photo, quality);
      const { name, bytes, backend } = await shine({ name: 'a.JPG', mimeType: 'image/jpeg', buffer: source });
      expect(name).toBe('a_colorshine.JPG');
      expect(readJpegInfo(bytes).quality).toBe(quality);
      const expected = await recolorByCore(backend, await decode(source), width, height);
      const loss = meanError(await decode(await encode(expected, quality)), expected);
      const ours = meanError(await decode(bytes), expected);
      console.log(`JPEG ${quality}: mean error ${ours.toFixed(2)}, coding alone ${loss.toFixed(2)}`);
      expect(ours).toBeLessThan(loss * 1.15 + 0.2);
    }
  });

  it('keeps Display P3', async () => {
    const source = await sharp(Buffer.from(photo), { raw })
      .removeAlpha()
      .jpeg({ quality: 90 })
      .withIccProfile('p3')
      .toBuffer();
    const { bytes, backend } = await shine({ name: 'p3.jpg', mimeType: 'image/jpeg', buffer: source });
    const profile = readJpegInfo(source).icc as Uint8Array;
    expect(Buffer.from(readJpegInfo(bytes).icc ?? []).equals(Buffer.from(profile))).toBe(true);
    const asP3 = await recolorByCore(backend, await decode(source), width, height, 'display-p3');
    const asSrgb = await recolorByCore(backend, await decode(source), width, height);
    const result = await decode(bytes);
    expect(meanError(result, asP3)).toBeLessThan(meanError(result, asSrgb));
    expect(meanError(result, asP3)).toBeLessThan(4);
  });
});

function meanError(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, x, i) => sum + Math.abs(x - (b[i] as number)), 0) / a.length;
}
