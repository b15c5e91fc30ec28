/** The four entries that sharp users meet: recolor, recolorFile, analyze, recolorStream. */
import { createReadStream } from 'node:fs';
import { link, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  analyze,
  createPull,
  loadRecipe,
  makeRecipe,
  planFor,
  recolor,
  recolorBuffer,
  recolorFile,
  recolorStream,
  resolveRecipe,
} from '../../src/node/index.js';
import { gradient, profileBytes, toSharp } from '../support/images.js';
import { leftovers, makeTempFolder } from '../support/temp-folder.js';

const RECIPE = ['teal;60;80', 'orange;50;150'];

describe('recolor', () => {
  it('bakes queued operations and leaves the instance as it was', async () => {
    const png = await toSharp(gradient(60, 40)).png().toBuffer();
    const source = sharp(png).resize(30, 20).flip();
    const baked = await source.clone().raw().toBuffer();
    const out = await (await recolor(source, RECIPE, { backend: 'js' })).raw().toBuffer();
    const plan = planFor({ data: baked, width: 30, height: 20, channels: 3 }, makeRecipe(RECIPE));
    const pull = createPull(plan);
    for (let i = 0; i < out.length; i += 3) {
      const [r, g, b] = baked.subarray(i, i + 3) as unknown as [number, number, number];
      expect([...out.subarray(i, i + 3)]).toEqual([...pull([r, g, b])]);
    }
    expect(await source.raw().toBuffer()).toEqual(baked);
  });

  it.each(['jpeg', 'png', 'webp', 'tiff'] as const)('keeps the format %s', async (format) => {
    const image = await recolor(sharp(await toSharp(gradient(20, 20)).toFormat(format).toBuffer()), RECIPE);
    expect((await sharp(await image.toBuffer()).metadata()).format).toBe(format);
  });

  it('carries EXIF and a P3 profile for those who ask to keep them', async () => {
    const input = await toSharp(gradient(20, 20))
      .withExif({ IFD0: { Copyright: 'the maker' } })
      .withIccProfile('p3')
      .jpeg()
      .toBuffer();
    const image = await recolor(sharp(input), RECIPE);
    const kept = await sharp(await image.clone().keepMetadata().toBuffer()).metadata();
    expect(kept.icc).toEqual(await profileBytes('p3'));
    expect(kept.exif?.toString('latin1')).toContain('the maker');
    expect((await sharp(await image.toBuffer()).metadata()).exif).toBeUndefined();
  });

  it('does not turn an image twice after autoOrient', async () => {
    const input = await toSharp(gradient(40, 20)).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const image = await recolor(sharp(input).autoOrient(), RECIPE);
    const meta = await sharp(await image.keepMetadata().toBuffer()).metadata();
    expect([meta.width, meta.height, meta.orientation ?? 1]).toEqual([20, 40, 1]);
  });

  it('keeps alpha that a queued operation made, whatever format the input had', async () => {
    const jpeg = await toSharp(gradient(20, 20)).jpeg().toBuffer();
    const source = sharp(jpeg).ensureAlpha(0.5);
    const image = await recolor(source, RECIPE);
    const alphaOf = async (from: Sharp) =>
      sharp(await from.clone().png().toBuffer())
        .extractChannel(3)
        .raw()
        .toBuffer();
    expect(await alphaOf(image)).toEqual(await alphaOf(source));
    expect((await sharp(await image.toBuffer()).metadata()).format).toBe('jpeg');
  });

  it('keeps frames and delay of an animation', async () => {
    const frame = await toSharp(gradient(10, 8)).png().toBuffer();
    const negative = await sharp(frame).negate().toBuffer();
    const webp = await sharp([frame, negative], { join: { animated: true } })
      .webp({ delay: [50, 70], loop: 2 })
      .toBuffer();
    const out = await (await recolor(sharp(webp, { animated: true }), RECIPE)).toBuffer();
    expect(await sharp(out, { animated: true }).metadata()).toMatchObject({ pages: 2, delay: [50, 70], loop: 2 });
  });
});

describe('recolorFile', () => {
  it('refuses to replace its input, also through links, and does so with force', async () => {
    const folder = await makeTempFolder();
    const input = join(folder, 'in.png');
    await writeFile(input, await toSharp(gradient(16, 16)).png().toBuffer());
    const before = await readFile(input);
    await symlink(input, join(folder, 'soft.png'));
    await link(input, join(folder, 'hard.png'));
    for (const output of ['in.png', 'soft.png', 'hard.png']) {
      await expect(recolorFile(input, join(folder, output), RECIPE)).rejects.toMatchObject({ code: 'OUTPUT_IS_INPUT' });
    }
    expect(await readFile(input)).toEqual(before);
    await recolorFile(input, input, RECIPE, { force: true });
    expect(await readFile(input)).not.toEqual(before);
    expect(await leftovers(folder)).toEqual([]);
  });

  it('leaves an existing output alone when the input is broken', async () => {
    const folder = await makeTempFolder();
    const jpeg = await toSharp(gradient(64, 64)).jpeg().toBuffer();
    await writeFile(join(folder, 'cut.jpg'), jpeg.subarray(0, jpeg.length / 2));
    await writeFile(join(folder, 'out.jpg'), 'precious');
    await expect(recolorFile(join(folder, 'cut.jpg'), join(folder, 'out.jpg'), RECIPE)).rejects.toMatchObject({
      code: 'INPUT_CORRUPT',
    });
    expect(await readFile(join(folder, 'out.jpg'), 'utf8')).toBe('precious');
    expect(await leftovers(folder)).toEqual([]);
  });

  it('stops when canceled and writes nothing', async () => {
    const folder = await makeTempFolder();
    await writeFile(join(folder, 'in.png'), await toSharp(gradient(16, 16)).png().toBuffer());
    const options = { signal: AbortSignal.abort() };
    await expect(recolorFile(join(folder, 'in.png'), join(folder, 'out.png'), RECIPE, options)).rejects.toMatchObject({
      code: 'CANCELED',
    });
    await expect(readFile(join(folder, 'out.png'))).rejects.toThrow('ENOENT');
  });

  it('reports what was done', async () => {
    const folder = await makeTempFolder();
    await writeFile(join(folder, 'in.png'), await toSharp(gradient(500, 400)).png().toBuffer());
    const stages: string[] = [];
    const report = await recolorFile(join(folder, 'in.png'), join(folder, 'out.png'), RECIPE, {
      onStage: (stage) => stages.push(stage),
    });
    expect(stages).toEqual(['decode', 'recolor', 'encode']);
    expect(report).toMatchObject({ width: 500, height: 400, pixels: 200_000, bitDepth: 8, strategy: 'table' });
    const { total, ...parts } = report.timings;
    expect(Object.values(parts).reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(total + 1);
    expect(report.peakMemory).toBeGreaterThan(1e7);
  });
});

describe('analyze', () => {
  it('gives a plan that recolors other images with the same radii, also after JSON', async () => {
    const a = await toSharp(gradient(90, 90)).png().toBuffer();
    const b = await sharp(a).modulate({ brightness: 0.7 }).png().toBuffer();
    const plan = await analyze(a, RECIPE);
    const { report } = await recolorBuffer(b, JSON.parse(JSON.stringify(plan)));
    expect(report.plan).toEqual(plan);
  });

  it('takes a path, bytes or a sharp instance alike', async () => {
    const folder = await makeTempFolder();
    const png = await toSharp(gradient(30, 30)).png().toBuffer();
    await writeFile(join(folder, 'a.png'), png);
    const plan = await analyze(png, RECIPE);
    expect(await analyze(join(folder, 'a.png'), RECIPE)).toEqual(plan);
    expect(await analyze(sharp(png), RECIPE)).toEqual(plan);
  });
});

describe('recolorStream', () => {
  it('pipes encoded bytes through', async () => {
    const folder = await makeTempFolder();
    const png = await toSharp(gradient(50, 50)).png().toBuffer();
    await writeFile(join(folder, 'a.png'), png);
    const out = await buffer(
      createReadStream(join(folder, 'a.png'), { highWaterMark: 64 }).pipe(recolorStream(RECIPE)),
    );
    expect(out).toEqual((await recolorBuffer(png, RECIPE)).data);
  });

  it('throws at once for a bad recipe and emits an error for a bad image', async () => {
    expect(() => recolorStream(['red;50'])).toThrow(/3 parts/);
    const stream = recolorStream(RECIPE);
    stream.end(Buffer.from('not an image'));
    await expect(buffer(stream)).rejects.toMatchObject({ code: 'INPUT_UNSUPPORTED' });
  });
});

describe('loadRecipe', () => {
  it('reads the file of a recipe and of a plan, for every call that takes one', async () => {
    const folder = await makeTempFolder();
    const [recipe, plan] = [join(folder, 'brand.json'), join(folder, 'look.plan.json')];
    const png = await toSharp(gradient(20, 20)).png().toBuffer();
    await writeFile(recipe, '{ "version": 2, "rows": ["teal;60;80", "orange;50;150"] }');
    await writeFile(plan, JSON.stringify(await analyze(png, RECIPE)));
    const { data } = await recolorBuffer(png, RECIPE);
    for (const path of [recipe, plan]) {
      const loaded = await loadRecipe(path);
      expect(resolveRecipe(loaded, undefined)).toBe(loaded);
      expect((await recolorBuffer(png, loaded)).data).toEqual(data);
    }
  });

  it('names the file that is not there, or is no recipe', async () => {
    const bad = join(await makeTempFolder(), 'bad.json');
    await writeFile(bad, '{ "version": 2, "rows": ["teel;40;60"] }');
    await expect(loadRecipe('nowhere.json')).rejects.toThrow(
      'nowhere.json: expected a recipe file, found nothing there',
    );
    await expect(loadRecipe(bad)).rejects.toThrow(/bad\.json: row 1: .*"teel"/);
  });
});

describe('wrong arguments', () => {
  const bytes = toSharp(gradient(8, 8)).png().toBuffer();
  // biome-ignore lint/suspicious/noExplicitAny: what a caller without types may give
  const any = (value: unknown): any => value;

  it.each([
    ['a path for bytes', () => recolorBuffer(any('a.jpg'), RECIPE), 'INVALID_OPTION', '"a.jpg"'],
    [
      'a number for a path',
      () => recolorFile(any(5), 'x.png', RECIPE),
      'INVALID_OPTION',
      'input: expected a path, got 5',
    ],
    ['no output', () => recolorFile('a.png', any(undefined), RECIPE), 'INVALID_OPTION', 'output: expected a path'],
    [
      'a path for a sharp instance',
      () => recolor(any('a.jpg'), RECIPE),
      'INVALID_OPTION',
      'sharp instance, got "a.jpg"',
    ],
    [
      'the path of a recipe',
      () => recolorFile('a.png', 'b.png', any('brand.json')),
      'INVALID_RECIPE',
      'recipe: expected a list of rows or a recipe, got "brand.json"; read a file first: await loadRecipe("brand.json")',
    ],
    [
      'a row without its list',
      () => analyze('a.png', any('teal;40;60')),
      'INVALID_RECIPE',
      'got "teal;40;60"; a row stands in a list: ["teal;40;60"]',
    ],
    [
      'a token that nobody resolved',
      async () => recolorBuffer(await bytes, ['{brand.blue};40;60']),
      'UNKNOWN_TOKEN',
      'look {brand.blue} up in, got none; resolve the recipe first: resolveRecipe(recipe, tokens)',
    ],
    [
      'a plan of another version',
      async () => recolorBuffer(await bytes, { ...(await analyze(await bytes, RECIPE)), version: any(3) }),
      'INVALID_PLAN',
      'got 3',
    ],
  ])('%s', async (_, act, code, text) => {
    await expect(act()).rejects.toMatchObject({
      name: 'ColorshineError',
      code,
      message: expect.stringContaining(text),
    });
  });
});
