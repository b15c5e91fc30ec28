/** The image service for Astro: the example, built by Astro and opened in a browser, and what the props promise. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalImageService } from 'astro';
import sharp from 'sharp';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { makeRecipe } from '../../src/core/index.js';
import { recolorBuffer } from '../../src/node/index.js';
import astroService, { type AstroOptions } from '../../src/node/plugins/astro.js';
import { recolorOnce } from '../../src/node/plugins/astro-engine.js';
import { expectExampleLooks } from '../support/example-looks.js';
import { buildExample, copyExample } from '../support/example-project.js';
import { makeTempFolder } from '../support/temp-folder.js';

type Config = Parameters<LocalImageService['transform']>[2];

it('the example shows the pixels that the library gives, and ships no original', async () => {
  const { root, remove } = await copyExample('astro', ['astro', 'sharp']);
  onTestFinished(remove);
  const { code, text } = await buildExample('astro', root);
  expect(code, text).toBe(0);
  const images = await readdir(join(root, 'dist/_astro'));
  expect(images.map((name) => name.split('.').at(-1)).sort()).toEqual(['avif', 'png', 'png', 'webp', 'webp']);
  expect(await readFile(join(root, 'dist/index.html'), 'utf8')).not.toMatch(/\b(?:shine|theme)=/);
  const looks = { picture: 'src/images/hero.jpg', recipe: 'brand.json', format: 'png', isCopied: false } as const;
  await expectExampleLooks(root, join(root, 'dist'), looks);
});

describe('props', () => {
  let root: string;
  beforeEach(async () => {
    root = await makeTempFolder();
    const mode = { light: '#e8a05c', dark: '#5c2e1a' };
    const warm = { $value: '#e8a05c', $extensions: { mode } };
    await writeFile(join(root, 'tokens.json'), JSON.stringify({ brand: { $type: 'color', warm } }));
    await writeFile(join(root, 'look.json'), '{"version":1,"attractors":["{brand.warm};60;80"]}');
  });
  const HERO = { src: '/_astro/hero.x.jpg', width: 60, height: 40, format: 'jpg' as const };
  const config = (options: AstroOptions): Config =>
    ({ service: { entrypoint: 'colorshine/astro', config: options } }) as Config;
  const own = (): AstroOptions => ({ root, tokens: 'tokens.json' });
  const validate = async (props: object, options: AstroOptions = own()): Promise<{ shine?: string }> =>
    (await astroService.validateOptions?.({ src: HERO, ...props }, config(options))) as { shine?: string };

  it.each([
    [{ shine: 'lok.json' }, 'shine="lok.json" (of /_astro/hero.x.jpg): recipe "lok.json": expected a file at lok.json'],
    [{ shine: 'look.json', theme: 'drak' }, 'theme="drak" (of /_astro/hero.x.jpg): theme: expected one of light, dark'],
    [{ shine: 'teal;400;60' }, 'shine="teal;400;60" (of /_astro/hero.x.jpg): row 1: tolerance: expected'],
    [{ shine: ['teal;40;60', '{brand.worm};60;80'] }, 'did you mean {brand.warm}?'],
    [{ shine: true }, 'expected a recipe such as shine=brand.json'],
    [{ shine: 5 }, 'shine=5 (of /_astro/hero.x.jpg): expected a recipe file, rows or true, got 5'],
    [{ shine: '', theme: '' }, 'theme: expected a value'],
    [{ theme: 'dark' }, 'theme="dark" (of /_astro/hero.x.jpg): expected shine beside theme'],
    [{ shine: 'look.json', src: { ...HERO, format: 'svg' } }, 'expected no shine for an SVG'],
  ])('name themselves and the image in an error: %j', async (props, message) => {
    const error = await validate(props).catch((thrown: Error) => thrown);
    expect(error).toHaveProperty('message', expect.stringContaining(message));
    expect(error).toHaveProperty('stack', `ColorshineError: ${(error as Error).message}`);
  });

  it('may be the service’s own recipe, rows, or off', async () => {
    const recipeOf = async (props: object, options?: AstroOptions) =>
      JSON.parse((await validate(props, options)).shine ?? 'null')?.recipe;
    expect(await recipeOf({ shine: true, theme: 'dark' }, { ...own(), recipe: 'look.json' })).toMatchObject({
      rows: [{ color: '#5c2e1a', tolerance: 60, strength: 80 }],
    });
    expect(await recipeOf({ shine: ['teal;40;60', 'keep #888;auto;100'] })).toMatchObject({
      rows: [{ color: 'teal' }, { keep: true }],
    });
    for (const shine of [undefined, null, false]) expect(await validate({ shine })).not.toHaveProperty('shine');
    expect(await validate({ shine: false, theme: 'dark' })).not.toHaveProperty('theme');
  });

  it('name another file when a token is another one, and no other', async () => {
    const looks = async () => [
      await validate({ shine: 'look.json', theme: 'dark' }),
      await validate({ shine: 'teal;40;60' }),
    ];
    const [dark, teal] = await looks();
    const tokens = await readFile(join(root, 'tokens.json'), 'utf8');
    await writeFile(join(root, 'tokens.json'), tokens.replace('#5c2e1a', '#1a2e5c'));
    const [changed, same] = await looks();
    expect(changed?.shine).toBe(dark?.shine?.replace('#5c2e1a', '#1a2e5c'));
    expect(changed?.shine).not.toBe(dark?.shine);
    expect(same).toEqual(teal);
    expect(astroService.propertiesToHash).toEqual(expect.arrayContaining(['src', 'width', 'format', 'shine']));
  });

  it('are known to TypeScript', () => {
    const good: Astro.CustomImageProps = { shine: ['teal;40;60'], theme: 'dark' };
    // @ts-expect-error a number is no recipe
    const bad: Astro.CustomImageProps = { shine: 5 };
    expect([good, bad]).toHaveLength(2);
  });

  it('need options that are known', async () => {
    const options = { ...own(), cacheDir: 'x' } as AstroOptions;
    await expect(validate({ shine: 'look.json' }, options)).rejects.toThrow(
      /colorshine\/astro: unknown key "cacheDir"/,
    );
  });

  it('are no attributes', async () => {
    const options = (await validate({ shine: 'look.json', alt: 'A bay' })) as Parameters<
      LocalImageService['getURL']
    >[0];
    const attributes = await astroService.getHTMLAttributes?.(options, config(own()));
    expect(attributes).toMatchObject({ alt: 'A bay', width: 60 });
    expect(attributes).not.toHaveProperty('shine');
  });

  it('of an image that Astro leaves as it is are an error', async () => {
    const src = '/hero.jpg';
    const options = { src, width: 60, height: 40, shine: 'look.json' };
    const validated = await astroService.validateOptions?.(options, config(own()));
    const image = { ...config(own()), domains: [], remotePatterns: [] };
    await expect(async () => astroService.getURL(validated ?? options, image)).rejects.toThrow(
      'shine: expected an imported image, or one of image.domains, got "/hero.jpg"',
    );
  });
});

describe('transform', () => {
  const recipe = makeRecipe({ rows: ['teal;~1;200'], channels: { luminance: false } });
  const shine = JSON.stringify({ recipe });
  const transform = (input: Uint8Array, more: object, options: AstroOptions = {}) =>
    astroService.transform(input, { src: '/a', format: 'png', shine, ...more }, {
      service: { entrypoint: '', config: options },
    } as Config);
  const paint = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#c05030' } });

  it('turns a picture upright, and makes it smaller after recoloring', async () => {
    const input = await paint(6, 4).jpeg({ quality: 100 }).withMetadata({ orientation: 6 }).toBuffer();
    const { data } = await transform(input, { width: 2, height: 3 });
    const expected = await recolorBuffer(input, recipe, { backend: 'wasm', format: 'png', strip: true });
    const { data: pixels, info } = await sharp(data).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([2, 3]);
    expect(pixels).toEqual(await sharp(expected.data).resize(2, 3).raw().toBuffer());
  });

  it('keeps frames', async () => {
    const frames = await Promise.all([paint(8, 8).png().toBuffer(), paint(8, 8).linear(0.5).png().toBuffer()]);
    const input = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    const { data } = await transform(input, { format: 'webp' });
    expect(await sharp(data, { animated: true }).metadata()).toMatchObject({ format: 'webp', pages: 2 });
    const first = await sharp(data).raw().toBuffer();
    expect(first[2]).toBeGreaterThan(first[0] as number); // teal, where it was red
  });

  it('hands Astro’s own service its options, and its images where nothing is to be done', async () => {
    const input = await paint(60, 40).png().toBuffer();
    await expect(transform(input, { shine: undefined }, { sharp: { limitInputPixels: 100 } })).rejects.toThrow(
      /pixel limit/,
    );
    await expect(transform(input, {}, { maxPixels: 100 })).rejects.toThrow(/expected at most 100 pixels/);
    const { data } = await transform(input, { shine: undefined });
    expect(await sharp(data).raw().toBuffer()).toEqual(await sharp(input).raw().toBuffer());
  });

  it('recolors once for all sizes, and believes no URL', async () => {
    const input = await paint(60, 40).png().toBuffer();
    expect(await recolorOnce(input, shine, {})).toBe(await recolorOnce(input, shine, {}));
    const url = new URL('http://localhost/_image?href=/a.png&w=30&f=png');
    url.searchParams.set('shine', '{"recipe":{"rows":["teal;400;60"]}}');
    const parsed = (await astroService.parseURL(url, {} as Config)) ?? { src: '' };
    await expect(transform(input, parsed)).rejects.toThrow(/tolerance: expected a number from 0 to 100, got "?400"?/);
    await expect(transform(input, { shine: 'no JSON' })).rejects.toThrow(/look: expected JSON/);
  });
});
