import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import colorshine, { type ShineOptions } from '../../src/node/plugins/esbuild.js';
import { readOptions } from '../../src/node/plugins/options.js';
import {
  formatQuery,
  parseQuery,
  SHINE_FILTER,
  type ShineQuery,
  splitSpecifier,
} from '../../src/node/plugins/query.js';
import { gradient, toSharp } from '../support/images.js';
import { makeTempFolder } from '../support/temp-folder.js';
import { errorOf } from '../tokens/support.js';

describe('the query', () => {
  it('names a recipe file, a theme and what the output shall be', () => {
    expect(parseQuery('shine=brand.json&theme=dark&width=800&format=webp&quality=70&tokens=a.json,b.json')).toEqual({
      recipeFile: 'brand.json',
      rows: [],
      theme: 'dark',
      tokens: ['a.json', 'b.json'],
      width: 800,
      format: 'webp',
      quality: 70,
      words: [],
    });
  });

  it('holds rows as people type them, with and without escapes', () => {
    const both = ['oklch(78% 0.14 70);70;75', '#ff6b35;30;80'];
    expect(parseQuery('shine=oklch(78% 0.14 70);70;75|%23ff6b35;30;80').rows).toEqual(both);
    expect(parseQuery('shine=oklch(78%25+0.14+70);70;75|%23ff6b35;30;80').rows).toEqual(both);
    expect(parseQuery(`shine=${encodeURIComponent(both.join('|'))}`).rows).toEqual(both);
    expect(parseQuery('shine={color.brand.primary};60;80').rows).toEqual(['{color.brand.primary};60;80']);
  });

  it('keeps a fragment apart from colors whose # nobody escaped', () => {
    for (const rows of ['#ff6b35;30;80', '#2c4f8f -> #6b1f33;auto;100', 'keep #d8a58c;~0.08;100|#abc;1;1']) {
      expect(parseQuery(`shine=${rows}`)).toEqual({ rows: rows.split('|'), words: [] });
      expect(parseQuery(`shine=${rows}#fade`)).toEqual({ rows: rows.split('|'), words: [], fragment: '#fade' });
      expect(parseQuery(`shine=${rows.replaceAll(' ', '%20').replaceAll('>', '%3E')}#f`).rows).toEqual(rows.split('|'));
    }
    expect(parseQuery(formatQuery(parseQuery('shine=a.json&theme=dark#x y'))).fragment).toBe('#x y');
  });

  it('may be bare, and end in &shine for TypeScript', () => {
    expect(parseQuery('shine')).toEqual({ rows: [], words: [] });
    expect(parseQuery('shine=brand.json&theme=sepia&shine')).toMatchObject({
      recipeFile: 'brand.json',
      theme: 'sepia',
    });
  });

  it('hands Vite’s words on and ignores what its dev server adds', () => {
    expect(parseQuery('shine=a.json&inline').words).toEqual(['inline']);
    expect(parseQuery('shine=a.json&import&t=1700000000000').words).toEqual([]);
  });

  it.each([
    ['shine=a.json&them=dark', /query: unknown key "them"; did you mean "theme"\? Known: shine, theme/],
    ['shine=a.json&width=wide', /width: expected a whole number from 1 to 65535, got "wide"/],
    ['shine=a.json&width=0', /width: expected a number from 1 to 65535, got 0/],
    ['shine=a.json&quality=1e2', /quality: expected a whole number from 1 to 100, got "1e2"/],
    ['shine=a.json&format=bmp', /format: expected one of jpeg, .*, got "bmp"/],
    ['shine=a.json&theme=', /theme: expected a value after theme=, got none/],
    ['shine=a.json&theme=a&theme=b', /theme: expected it once, got it twice/],
    ['shine=teal;40;60&shine=red;1;1', /shine: expected it once, got it twice; join rows by \|/],
  ])('refuses %s', (query, message) => {
    expect(errorOf(() => parseQuery(query))).toMatch(message);
  });

  it('comes back the same from a module id, also through a dev server’s URL', () => {
    // A % before two hex digits is the one thing that one decoding too many changes; no CSS color has it.
    const text = fc
      .string({ minLength: 1 })
      .filter((value) => value.trim() === value && !value.includes(',') && !/%[\da-f]{2}/i.test(value));
    const attractor = fc.tuple(text, fc.nat(100), fc.nat(200)).map((parts) => parts.join(';'));
    const rows = fc.array(
      attractor.filter((value) => !value.includes('|')),
      { minLength: 1, maxLength: 3 },
    );
    const options = fc.record(
      {
        theme: text,
        tokens: fc.array(text, { minLength: 1, maxLength: 2 }),
        width: fc.integer({ min: 1, max: 65535 }),
        quality: fc.integer({ min: 1, max: 100 }),
        format: fc.constantFrom('webp' as const, 'png' as const),
      },
      { requiredKeys: [] },
    );
    const files = text.filter((value) => !value.includes(';')).map((recipeFile) => ({ recipeFile, rows: [] }));
    const looks = fc.oneof(
      files,
      rows.map((each) => ({ rows: each })),
    );
    fc.assert(
      fc.property(looks, options, (look, more) => {
        const query = { ...look, ...more, words: [] } as ShineQuery;
        const id = `/hero.jpg?${formatQuery(query)}`;
        expect(id).toMatch(SHINE_FILTER);
        for (const seen of [id, decodeURI(id)]) expect(parseQuery(splitSpecifier(seen).query)).toEqual(query);
      }),
    );
  });
});

describe('the options', () => {
  it.each([
    [{ token: 'a.json' }, /colorshine plugin: unknown key "token"; did you mean "tokens"/],
    [{ tokens: 7 }, /tokens: expected a path or a list of paths, got 7/],
    [{ quality: 200 }, /quality: expected a number from 1 to 100, got 200/],
    [{ maxPixels: 0 }, /maxPixels: expected a number from 1/],
    [{ failOn: 'never' }, /failOn: expected one of none, truncated, error, warning, got "never"/],
    [{ profile: 'adobe' }, /profile: expected one of srgb, p3, keep, got "adobe"/],
    [{ strip: 1 }, /strip: expected true or false, got 1/],
    [{ format: 'bmp' }, /format: expected one of jpeg/],
    [{ dts: 1 }, /dts: expected true, false or a path, got 1/],
    [{ recipe: 'teal;40' }, /row 1: .*teal;40/],
  ])('refuse %j', (options, message) => {
    expect(errorOf(() => readOptions(options as never, '/project'))).toMatch(message);
  });

  it('say how images are read, in words that the project knows', async () => {
    const root = await makeTempFolder();
    const image = toSharp(gradient(20, 10)).withExifMerge({ IFD0: { Copyright: 'Acme' } });
    await writeFile(join(root, 'a.png'), await image.png().toBuffer());
    await writeFile(join(root, 'main.js'), "import a from './a.png?shine=teal;40;60';\nconsole.log(a);\n");
    const build = async (own: ShineOptions) => {
      const { outputFiles } = await esbuild.build({
        entryPoints: [join(root, 'main.js')],
        ...{ bundle: true, write: false, outdir: join(root, 'out'), logLevel: 'silent' },
        plugins: [colorshine({ root, ...own })],
      });
      const png = outputFiles.find(({ path }) => path.endsWith('.png'));
      return sharp(png?.contents).metadata();
    };
    await expect(build({ maxPixels: 100 })).rejects.toThrow(
      /at most 100 pixels, got 200 \(20 x 10\); raise it with maxPixels/,
    );
    expect((await build({})).exif?.includes('Acme')).toBe(true);
    const { exif, icc } = await build({ strip: true, profile: 'p3' });
    expect([exif, icc === undefined]).toEqual([undefined, false]);
  });

  it('start from the root', () => {
    expect(readOptions({ tokens: 'a.json', recipe: 'brand.json', dts: true }, '/project')).toEqual({
      root: '/project',
      cacheDir: '/project/node_modules/.cache/colorshine/images',
      recipe: { file: '/project/brand.json' },
      tokens: ['/project/a.json'],
      reading: {},
      dts: '/project/colorshine.d.ts',
    });
  });
});
