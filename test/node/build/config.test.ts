import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONFIG_SCHEMA } from '../../../scripts/make-schemas.js';
import { ColorshineError, type ErrorCode } from '../../../src/index.js';
import { parseConfig } from '../../../src/node/build/config.js';
import { findSyntaxError } from '../../../src/node/build/json-position.js';
import { loadConfig } from '../../../src/node/build/load-config.js';
import { messageOf } from '../../support/errors.js';
import { makeTempFolder } from '../../support/temp-folder.js';

const published = JSON.parse(readFileSync('schema/config-1.schema.json', 'utf8')) as object;
const validate = new Ajv2020({ allErrors: true, strict: true }).compile(published);
const least = { inputs: '*.png', recipe: ['teal;50;50'], out: 'o/{name}.{ext}' };
const refuse = (value: unknown, code: ErrorCode = 'INVALID_CONFIG'): string =>
  messageOf(code, () => parseConfig(JSON.stringify(value), 'c.json'));

function isRead(value: unknown): boolean {
  try {
    parseConfig(JSON.stringify(value), 'c.json');
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ColorshineError);
    expect((error as Error).message).toMatch(/^c\.json: [^\n]*$/);
    return false;
  }
}

it('the schema file is what scripts/make-schemas.ts makes', () => {
  expect(published).toEqual(CONFIG_SCHEMA);
});

describe('schema and reader agree', () => {
  it.each<[boolean, unknown]>([
    [true, least],
    [true, { ...least, $schema: 'x', version: 1, root: '..', manifest: 'm.json' }],
    [true, { ...least, recipe: 'brand.json', tokens: 't.json', themes: ['light', 'brand-b, dark'] }],
    [
      true,
      { ...least, recipe: { attractors: [{ color: '{a.b}', tolerance: 1, strength: 2 }], channels: { hue: false } } },
    ],
    [
      true,
      {
        ...least,
        themes: [
          { name: 'x', recipe: ['red;1;1'] },
          { name: 'y', theme: 'dark' },
        ],
      },
    ],
    [true, { ...least, sizes: [1, 'full', { height: 5 }, { name: 'hero', width: 65535, height: 1 }] }],
    [true, { ...least, formats: ['jpg', 'webp', 'same'], quality: { jpeg: 1, webp: 100 }, pooled: true, maxPixels: 5 }],
    [true, { ...least, failOn: 'none', profile: 'keep', strip: true }],
    [true, { ...least, formats: 'avif', quality: 50 }],
    [
      true,
      {
        ...least,
        snippets: {
          picture: 'p.html',
          css: 'c.css',
          light: 'a',
          dark: 'b',
          base: '',
          alt: { 'a.png': 'A' },
          sizes: '50vw',
        },
      },
    ],
    [true, { ...least, builds: [{ name: 'hero' }, { inputs: ['a', '!b'], recipe: ['red;1;1'] }] }],
    [false, []],
    [false, { ...least, version: 2 }],
    [false, { ...least, input: 'a' }],
    [false, { ...least, out: '' }],
    [false, { ...least, inputs: [] }],
    [false, { ...least, inputs: [1] }],
    [false, { ...least, tokens: [] }],
    [false, { ...least, themes: [] }],
    [false, { ...least, themes: [{ theme: 'dark' }] }],
    [false, { ...least, themes: [{ name: '../x' }] }],
    [false, { ...least, themes: [{ name: '.x' }] }],
    [false, { ...least, recipe: [] }],
    [false, { ...least, recipe: {} }],
    [false, { ...least, recipe: { attractors: ['red;1;1'], version: 2 } }],
    [false, { ...least, recipe: { attractors: ['red;1;1'], chanels: {} } }],
    [false, { ...least, formats: ['bmp'] }],
    [false, { ...least, formats: ['webp', 'webp'] }],
    [false, { ...least, formats: ['constructor'] }],
    [false, { ...least, sizes: [0] }],
    [false, { ...least, sizes: [1.5] }],
    [false, { ...least, sizes: ['large'] }],
    [false, { ...least, sizes: [{ name: 'x' }] }],
    [false, { ...least, sizes: [{ width: 5, hieght: 5 }] }],
    [false, { ...least, sizes: [null] }],
    [false, { ...least, quality: 0 }],
    [false, { ...least, quality: { jpg: 5 } }],
    [false, { ...least, pooled: 'yes' }],
    [false, { ...least, maxPixels: -1 }],
    [false, { ...least, failOn: 'never' }],
    [false, { ...least, profile: 'adobe' }],
    [false, { ...least, strip: 'yes' }],
    [false, { ...least, snippets: {} }],
    [false, { ...least, snippets: { picture: 'p.html', alt: { a: 1 } } }],
    [false, { ...least, snippets: { picture: 'p.html', base: 5 } }],
    [false, { ...least, builds: [] }],
    [false, { ...least, builds: [{ root: '.' }] }],
  ])('%s: %j', (expected, value) => {
    expect(isRead(value)).toBe(expected);
    expect(validate(value)).toBe(expected);
  });
});

describe('what a schema cannot say is refused by the reader', () => {
  it.each<[object, RegExp, ErrorCode?]>([
    [{ ...least, recipe: undefined }, /^c\.json: recipe: expected a recipe file, a recipe or a list/],
    [{ ...least, inputs: undefined }, /^c\.json: inputs: expected a path or glob such as/],
    [{ ...least, out: undefined }, /^c\.json: out: expected where outputs go, such as/],
    [{ ...least, out: '{nmae}.png' }, /unknown placeholder \{nmae\}; did you mean \{name\}\?/],
    [{ ...least, out: '{name}}.png' }, /pairs of braces/],
    [{ ...least, out: 'dist/' }, /such as "dist\/\{name\}\.\{ext\}"/],
    [{ ...least, themse: [] }, /unknown key "themse"; did you mean "themes"\?/],
    [{ ...least, builds: [{ name: 'a', inptus: 'x' }] }, /builds\[0\]: unknown key "inptus"; did you mean "inputs"\?/],
    [{ ...least, builds: [{ name: 'a' }, { name: 'a' }] }, /"a" twice/],
    [{ ...least, themes: ['Dark', 'dark'] }, /"dark" twice/],
    [{ ...least, sizes: [640, { name: '640', width: 641 }] }, /"640" twice/],
    [{ ...least, formats: ['jpg', 'jpeg'] }, /each format once/],
    [{ ...least, recipe: ['tael;50;50'] }, /^c\.json: recipe: row 1: /, 'INVALID_COLOR'],
  ])('%j', (value, message, code) => {
    expect(refuse(value, code)).toMatch(message);
  });

  it('says where the JSON breaks', () => {
    expect(messageOf('INVALID_CONFIG', () => parseConfig('{\n  "inputs": ["a",\n}', 'c.json'))).toMatch(
      /line 3, column 1/,
    );
    expect(messageOf('INVALID_CONFIG', () => parseConfig('', 'c.json'))).toMatch(/an empty file/);
  });

  it('finds the place of every syntax error, and none in JSON', () => {
    for (const [json, at] of [
      ['{"a":1,}', 7],
      ['{"a" 1}', 5],
      ['[1 2]', 3],
      ['["a', 1],
      ['{', 1],
      ['[1]]', 3],
      ['// no', 0],
      ["{'a':1}", 1],
      ['[01]', 2],
    ] as const) {
      expect(() => JSON.parse(json)).toThrow();
      expect(findSyntaxError(json)).toBe(at);
    }
    fc.assert(fc.property(fc.json(), (json) => findSyntaxError(json) === undefined));
  });
});

describe('loadConfig', () => {
  async function makeProject(config: object, files: Record<string, string> = {}): Promise<string> {
    const folder = await makeTempFolder();
    for (const [name, text] of Object.entries({ ...files, 'site/c.json': JSON.stringify(config) })) {
      await mkdir(join(folder, name, '..'), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    return join(folder, 'site/c.json');
  }
  const images = { 'site/img/a.png': '', 'site/img/x/b.png': '', 'site/img/x/c.jpg': '', 'shared/d.png': '' };

  it('lists inputs from the config’s folder, sorted, each with its folder below the glob', async () => {
    const path = await makeProject(
      { ...least, root: '..', inputs: ['img/**/*.{png,jpg}', '../shared/d.png', 'img/a.png', '!**/c.*'] },
      images,
    );
    const { sources, base } = await loadConfig(path);
    expect(base).toBe('site');
    expect(sources[0]?.files).toEqual([
      { path: 'shared/d.png', dir: '' },
      { path: 'site/img/a.png', dir: '' },
      { path: 'site/img/x/b.png', dir: 'x' },
    ]);
  });

  it('takes a file’s name as it is, special characters included', async () => {
    const path = await makeProject({ ...least, inputs: ['a[1].png'] }, { 'site/a[1].png': '', 'site/a1.png': '' });
    // A pattern by its looks; the file that has just this name counts.
    expect((await loadConfig(path)).sources[0]?.files.map(({ path: file }) => file)).toEqual(['a[1].png']);
  });

  it.each<[string, object, ErrorCode, RegExp]>([
    [
      'a pattern without a match',
      { inputs: 'nope/*.png' },
      'INPUT_NOT_FOUND',
      /inputs: expected files for "nope\/\*\.png"/,
    ],
    ['a missing input', { inputs: ['img/a.png', 'gone.png'] }, 'INPUT_NOT_FOUND', /gone\.png: expected an image file/],
    ['a folder as input', { inputs: 'img' }, 'INPUT_NOT_A_FILE', /img: expected an image file, got a folder/],
    ['inputs out of the root', { inputs: '../shared/*.png' }, 'INVALID_CONFIG', /set "root"/],
    ['a root elsewhere', { root: 'img' }, 'INVALID_CONFIG', /root: expected a folder that holds/],
    ['a missing recipe', { recipe: 'gone.json' }, 'INPUT_NOT_FOUND', /gone\.json: expected a recipe file/],
    ['a missing token file', { tokens: 'gone.json' }, 'INPUT_NOT_FOUND', /gone\.json: expected a token file/],
  ])('refuses %s', async (_, change, code, message) => {
    const path = await makeProject({ ...least, inputs: 'img/*.png', ...change }, images);
    const error = await loadConfig(path).catch((thrown: unknown) => thrown as ColorshineError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect((error as Error).message).not.toContain('\n');
  });

  it('refuses a missing configuration', async () => {
    await expect(loadConfig('/nowhere/c.json')).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
  });
});
