/** The example for Style Dictionary, built by its own command line: variables and pictures come of one run, and go with one. */
import { appendFile, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import StyleDictionary from 'style-dictionary';
import type { Config } from 'style-dictionary/types';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import colorshine from '../../src/node/plugins/style-dictionary.js';
import { expectExampleLooks } from '../support/example-looks.js';
import { buildExample, copyExample, type ExampleProject } from '../support/example-project.js';

let project: ExampleProject;
let root: string;
const folder = process.cwd();
beforeEach(async () => {
  project = await copyExample('style-dictionary', []);
  root = project.root;
});
afterEach(async () => {
  process.chdir(folder);
  await project.remove();
});

/** As the command line does it, in this process. @returns what it said of ours */
async function run(config: string | Config = 'config.js', method: 'build' | 'clean' = 'build'): Promise<string[]> {
  process.chdir(root);
  const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await new StyleDictionary(config)[`${method}AllPlatforms`]();
    return said.mock.calls.map(([line]) => String(line)).filter((line) => line.startsWith('colorshine'));
  } finally {
    said.mockRestore();
  }
}
const edit = async (file: string, from: string, to: string): Promise<void> => {
  const text = await readFile(join(root, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(root, file), text.replace(from, to));
};

it('shows the variables, and the pixels that the library gives', async () => {
  const { code, text } = await buildExample('style-dictionary', root);
  expect(code, text).toBe(0);
  expect(text).toContain('colorshine: 3 outputs made, 0 up to date');
  const looks = { picture: 'images/hero.jpg', recipe: 'brand.json', page: { colorScheme: 'dark' } } as const;
  const { page } = await expectExampleLooks(root, root, looks);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('oklch(0.42 0.1 265)');
});

it('makes again what depends on a changed token, and nothing else', async () => {
  await run();
  const before = await readFile(join(root, 'dist/hero.dark.jpg'));
  expect(await run()).toEqual(['colorshine: 0 outputs made, 3 up to date']);
  await edit('tokens.json', '"dark": "oklch(42%', '"dark": "oklch(62%');
  expect(await run()).toEqual(['colorshine: 1 output made, 2 up to date']);
  expect((await readFile(join(root, 'dist/hero.dark.jpg'))).equals(before)).toBe(false);
  expect(await readFile(join(root, 'dist/dark.css'), 'utf8')).toContain('--color-brand-sky: oklch(62% 0.1 265)');
});

it('takes back what it made: not a file that someone altered, and no source', async () => {
  const sources = await readdir(root);
  await edit('colorshine.config.json', '"tokens"', '"snippets": { "picture": "dist/pictures.html" }, "tokens"');
  await run();
  expect(await readdir(join(root, 'dist'))).toHaveLength(7);
  await appendFile(join(root, 'dist/rose.webp'), 'x');
  await edit('tokens.json', '"dark": "oklch(42%', '"dark": "oklch(62%'); // the manifest is of other tokens
  expect(await run('config.js', 'clean')).toEqual(['colorshine: 2 outputs deleted']);
  expect((await readdir(root)).sort()).toEqual([...sources, 'dist'].sort());
  expect(await readdir(join(root, 'dist'))).toEqual(['rose.webp']);
  expect(await readdir(join(root, 'images'))).toEqual(['hero.jpg']);
});

describe('what is wrong ends the build, in one line', () => {
  it.each([
    ['colorshine.config.json', '"inputs": "images', '"input": "images', /unknown key "input"; did you mean "inputs"\?/],
    ['brand.json', 'brand.sky', 'brand.sk', /token \{color\.brand\.sk\}: .* did you mean \{color\.brand\.sky\}\?/],
  ])('in %s', async (file, from, to, message) => {
    await edit(file, from, to);
    const error = await run().catch((thrown: Error) => thrown);
    expect(error).toHaveProperty('message', expect.stringMatching(message));
    expect(error).toHaveProperty('stack', `ColorshineError: ${(error as Error).message}`);
  });

  it('each broken image is named once', async () => {
    for (const name of ['a', 'b']) await writeFile(join(root, `images/${name}.jpg`), 'no image');
    await edit('colorshine.config.json', 'images/hero.jpg', 'images/*.jpg');
    await expect(run()).rejects.toThrow(/^images\/a\.jpg: expected a JPEG[^;]*; images\/b\.jpg: expected a JPEG[^;]*$/);
    expect(await readdir(join(root, 'dist'))).toContain('hero.dark.jpg');
  });

  it('in its options', () => {
    expect(() => colorshine({ confg: 'a.json' } as object)).toThrow(/unknown key "confg"; did you mean "config"\?/);
    expect(() => colorshine({ config: 1 } as object)).toThrow(/config: expected text, got "?1"?/);
  });
});

it('may stand in several platforms, under another configuration, and in silence', async () => {
  await rename(join(root, 'colorshine.config.json'), join(root, 'pictures.json'));
  const files = [{ destination: 'light.css', format: 'css/variables' }];
  const platform = { transforms: ['name/kebab'], files, actions: ['colorshine'] };
  const hooks = { actions: { colorshine: colorshine({ config: 'pictures.json' }) } };
  const config: Config = { source: ['tokens.json'], hooks, platforms: { css: platform, js: platform } };
  expect(await run(config)).toEqual([
    'colorshine: 3 outputs made, 0 up to date',
    'colorshine: 0 outputs made, 3 up to date',
  ]);
  expect(await run({ ...config, log: { verbosity: 'silent' } })).toEqual([]);
});
