import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadTokens } from '../../src/node/index.js';
import { loadTokensAndFiles } from '../../src/node/token-files.js';
import { colorAt, colorsOf, readTokens } from '../../src/tokens/index.js';
import { makeTempFolder } from '../support/temp-folder.js';
import { errorOf } from './support.js';

const color = (value: string) => ({ value, type: 'color' });
let folder: string;
const write = async (name: string, value: unknown): Promise<void> => {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
};

beforeEach(async () => {
  folder = join(await makeTempFolder(), 'tokens');
  await write('core.json', { red: color('#ff0000'), blue: color('#0000ff'), odd: color('var(--x)') });
  await write('mode/light.json', { fill: color('{red}') });
  await write('mode/dark.json', { fill: color('{blue}'), '//': 'kept' });
  await write('unused.json', 'not even JSON');
  await write('$metadata.json', { tokenSetOrder: ['core', 'mode/light', 'mode/dark', 'unused'] });
  await write('$themes.json', [
    { name: 'Light', selectedTokenSets: { core: 'source', 'mode/light': 'enabled', unused: 'disabled' } },
    { name: 'Dark', selectedTokenSets: { core: 'source', 'mode/dark': 'enabled' } },
  ]);
});

describe('a folder of Tokens Studio', () => {
  it.each(['', '$themes.json', '$metadata.json'])('as tokens/%s', async (name) => {
    const path = join(folder, name);
    const { tokens, files } = await loadTokensAndFiles([path]);
    expect(tokens.files).toEqual([{ file: path, format: 'tokens-studio' }]);
    expect(tokens.themes).toEqual(['Light', 'Dark']);
    expect(colorsOf(tokens).get('fill')).toBe('#ff0000');
    expect(colorsOf(tokens, 'dark').get('fill')).toBe('#0000ff');
    expect(files).toContain(join(folder, 'mode/dark.json'));
    expect(files).not.toContain(join(folder, 'unused.json'));
    expect(errorOf(() => colorAt(colorsOf(tokens), 'odd'))).toContain(`${join(folder, 'core.json')}: odd: `);
  });

  it('without themes has its sets in their order', async () => {
    await write('$themes.json', []);
    await write('$metadata.json', { tokenSetOrder: ['core', 'mode/dark', 'mode/light'] });
    expect(colorsOf(await loadTokens([folder])).get('fill')).toBe('#ff0000');
  });

  it.each<[string, unknown, RegExp]>([
    [
      'a set that is not there',
      [{ name: 'L', selectedTokenSets: { cor: 'enabled' } }],
      /tokens\/cor\.json: expected a token file, found nothing/,
    ],
    [
      'a set elsewhere',
      [{ name: 'L', selectedTokenSets: { '../../etc/x': 'enabled' } }],
      /expected sets inside of the folder, got "\.\.\/\.\.\/etc\/x"/,
    ],
    [
      'a set that is no JSON',
      [{ name: 'L', selectedTokenSets: { unused: 'enabled' } }],
      /unused\.json: expected design tokens as JSON, got "not even/,
    ],
    ['themes that are none', { name: 'L' }, /\$themes: expected a list of themes/],
  ])('says what is wrong: %s', async (_, themes, message) => {
    await write('$themes.json', themes);
    await expect(loadTokens([folder])).rejects.toThrow(message);
  });
});

describe('comments', () => {
  const TEXT = `// ours
{
  "url": { "$type": "text", "$value": "https://a.b/*c*/" }, /* a color: */
  "a": { "$type": "color", "$value": "#ff0000", }, // last,
  "b\\",//": { "$type": "color", "$value": "{a}" /* , */ , /**/ },
}`;
  it('and last commas are read over', () => {
    expect([...colorsOf(readTokens([{ file: 'a.jsonc', text: TEXT }]))]).toEqual([
      ['a', '#ff0000'],
      ['b",//', '#ff0000'],
    ]);
  });

  it.each(['{"a": 1 /* }', '{"a": 1,, }', '{,}', '{"a" // }', '[1,]', '"open // '])('%j is no token file', (text) => {
    expect(errorOf(() => readTokens([{ file: 'a.json', text }]))).toMatch(/^INVALID_TOKENS a\.json: expected/);
  });
});
