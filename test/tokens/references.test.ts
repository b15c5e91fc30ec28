/** `$ref` into other files. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { loadTokensAndFiles } from '../../src/node/token-files.js';
import { colorAt, colorsOf, type TokenColors } from '../../src/tokens/index.js';
import { makeTempFolder } from '../support/temp-folder.js';
import { errorOf } from './support.js';

let folder: string;
const write = async (name: string, value: unknown): Promise<string> => {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
};
const color = (value: unknown) => ({ $type: 'color', $value: value });
const load = async (value: unknown): Promise<{ colors: TokenColors; files: string[] }> => {
  const { tokens, files } = await loadTokensAndFiles([await write('a.json', value)]);
  return { colors: colorsOf(tokens), files };
};

beforeEach(async () => {
  folder = await makeTempFolder();
  await write('base.json', {
    color: { $type: 'color', brand: { $value: '#ff0000' }, link: { $value: '{color.brand}' } },
  });
});

it.each([
  ['a token', { $ref: 'base.json#/color/brand' }],
  ['its value', color({ $ref: './base.json#/color/brand/$value' })],
  ['an alias there', { $type: 'color', $ref: 'base.json#/color/link' }],
])('%s', async (_, token) => {
  const { colors, files } = await load({ color: { brand: token, own: color('{color.brand}') } });
  expect([...colors]).toEqual([
    ['color.brand', '#ff0000'],
    ['color.own', '#ff0000'],
  ]);
  expect(files).toContain(join(folder, 'base.json'));
});

it('from file to file', async () => {
  await write('deep/b.json', { x: { $ref: 'c.json#/x' } });
  await write('deep/c.json', { x: color('teal') });
  expect((await load({ x: { $ref: 'deep/b.json#/x' } })).colors.get('x')).toBe('teal');
});

it.each<[string, string, RegExp]>([
  ['a token that is not there', 'base.json#/color/brnad', /did you mean \{color\.brand\}/],
  ['a file that is not there', 'bsae.json#/x', /\$ref: bsae\.json: expected a file beside it, found nothing there/],
  ['an escape that is none', '50%.json#/x', /\$ref: 50%\.json: expected a file beside it, found nothing there/],
  ['a file elsewhere', 'out.json#/x', /\$ref: out\.json: expected a file inside of the project/],
  ['an address', 'https://example.com/a.json#/x', /\$ref: https:.*download it first/],
  ['no token file', 'bad.json#/x', /\$ref: .*bad\.json: expected design tokens as JSON/],
  [
    'itself, in the end',
    'cycle.json#/x',
    /\$ref: .*a\.json: expected files that do not lead back to this one, got a cycle/,
  ],
])('%s is an error where it is used, and nowhere else', async (_, $ref, message) => {
  await write('bad.json', '?');
  await write('cycle.json', { x: { $ref: 'a.json#/x' } });
  const elsewhere = join(await makeTempFolder(), 'out.json');
  await writeFile(elsewhere, JSON.stringify({ x: color('teal') }));
  await symlink(elsewhere, join(folder, 'out.json'));
  const { colors } = await load({ x: { $ref }, red: color('red') });
  expect([...colors]).toEqual([['red', 'red']]);
  expect(errorOf(() => colorAt(colors, 'x'))).toMatch(message);
});

it('reads each file once, however many lead there', async () => {
  for (let i = 0; i < 12; i++) {
    const next = `f${i + 1}.json#/`;
    await write(`f${i}.json`, { a: { $ref: `${next}a` }, b: { $ref: `./${next}b` } });
  }
  await write('f12.json', { a: color('teal'), b: color('red') });
  const { colors, files } = await load({ a: { $ref: 'f0.json#/a' }, b: { $ref: 'f0.json#/b' } });
  expect(Object.fromEntries(colors)).toEqual({ a: 'teal', b: 'red' });
  expect(files).toHaveLength(14);
});
