/** One color that cannot be read refuses no file: it is an error where it is used. */
import { describe, expect, it } from 'vitest';
import { makeRecipe } from '../../src/core/index.js';
import { colorAt, colorsInGroup, colorsOf, resolveRecipe } from '../../src/tokens/index.js';
import { errorOf, readData } from './support.js';

const color = ($value: unknown) => ({ $type: 'color', $value });
const value = (text: unknown) => ({ value: text, type: 'color' });
const red = { value: '#ff0000', type: 'color' };
const figma = (bad: object) => ({
  variableCollections: { c: { name: 'C', modes: [{ modeId: 'm', name: 'One' }] } },
  variables: Object.fromEntries(
    Object.entries({ red: { r: 1, g: 0, b: 0 }, bad }).map(([name, m]) => [
      name,
      { name, variableCollectionId: 'c', resolvedType: 'COLOR', valuesByMode: { m } },
    ]),
  ),
});

const GRADIENT = 'linear-gradient(180deg, #ffffff00 50%, #ffffff3c 75%)';
/** Name, file, what using `bad` says. */
const CASES: [string, unknown, string][] = [
  [
    'a gradient of Tokens Studio',
    { core: { red, bad: value(GRADIENT) }, $themes: [], $metadata: {} },
    GRADIENT.slice(0, 40),
  ],
  [
    'a modifier of Tokens Studio',
    { core: { red, bad: { ...red, $extensions: { 'studio.tokens': { modify: { type: 'no' } } } } }, $themes: [] },
    'modif',
  ],
  ['a CSS variable', { red, bad: value('var(--x)') }, 'var(--x)'],
  ['math', { red, bad: value('{red} * 2') }, '{red} * 2'],
  ['a number', { red, bad: value(7) }, '7'],
  ['a DTCG gradient', { red: color('#ff0000'), bad: color([{ color: '#fff', position: 0 }]) }, 'position'],
  [
    'a wrong component',
    { red: color('#ff0000'), bad: color({ colorSpace: 'srgb', components: [255, 0, 0] }) },
    'got 255',
  ],
  ['an unknown space', { red: color('#ff0000'), bad: color({ colorSpace: 'cmyk', components: [0, 0, 0] }) }, 'cmyk'],
  ['a pointer to nothing', { red: color('#ff0000'), bad: { $type: 'color', $ref: 7 } }, '$ref'],
  ['a wrong type', { red: color('#ff0000'), bad: { $type: ['color'], $value: '#fff' } }, '$type'],
  ['no token at all', { red: color('#ff0000'), bad: 5 }, 'expected an object, got 5'],
  ['an alias of nothing', { red: color('#ff0000'), bad: color('{rad}') }, 'did you mean {red}'],
  ['an alias of itself', { red: color('#ff0000'), bad: color('{bad}') }, 'a cycle'],
  ['a Figma alias of elsewhere', figma({ type: 'VARIABLE_ALIAS', id: 'V:1' }), 'library'],
  ['a Figma gradient', figma({ type: 'GRADIENT' }), 'r, g, b'],
];

describe('a color that cannot be read', () => {
  it.each(CASES)('%s', (_, data, words) => {
    const tokens = readData(data);
    expect(resolveRecipe(makeRecipe(['{red};1;2']), tokens).rows[0]?.color).toBe('#ff0000');
    const colors = colorsOf(tokens);
    expect([...colors]).toEqual([['red', '#ff0000']]);
    expect([...(colors.problems?.keys() ?? [])]).toEqual(['bad']);
    const error = errorOf(() => resolveRecipe(makeRecipe(['{red};1;2', '{bad};1;2']), tokens));
    expect(error).toMatch(/^(INVALID_TOKENS|UNKNOWN_TOKEN) row 2: a\.json: bad/);
    expect(error).toContain(words);
  });

  it('is what an alias of it says, too', () => {
    const tokens = readData({ red, bad: value('var(--x)'), link: value('{bad}') });
    expect(errorOf(() => colorAt(colorsOf(tokens), 'link'))).toContain('a.json: bad: expected a color');
    expect([...(colorsInGroup(colorsOf(tokens), 'link').problems?.keys() ?? [])]).toEqual(['link']);
  });

  it('is overridden by a later layer that can be read', () => {
    const sets = { base: { brand: value('var(--x)') }, dark: { brand: red } };
    const $themes = [
      { name: 'Light', selectedTokenSets: { base: 'enabled' } },
      { name: 'Dark', selectedTokenSets: { base: 'enabled', dark: 'enabled' } },
    ];
    const tokens = readData({ ...sets, $themes });
    expect(colorsOf(tokens, 'dark').get('brand')).toBe('#ff0000');
    expect(colorsOf(tokens, 'light').problems?.has('brand')).toBe(true);
  });
});

describe('colors with an alpha of their own', () => {
  it.each([
    ['rgba(#ff0000, 50%)', 'rgb(255 0 0 / 0.5)'],
    ['rgba({red}, .5)', 'rgb(255 0 0 / 0.5)'],
    ['hsla({red}, .25)', 'rgb(255 0 0 / 0.25)'],
    ['hsla( {red} , 25% )', 'rgb(255 0 0 / 0.25)'],
    ['rgb({red} / 25%)', 'rgb(255 0 0 / 0.25)'],
    ['rgba(rgb(255 0 0), 1)', 'rgb(255 0 0)'],
    ['rgba(255, 0, 0, 0.5)', 'rgba(255, 0, 0, 0.5)'],
  ])('%s', (text, css) => {
    for (const data of [
      { red, c: value(text) },
      { core: { red, c: value(text) }, $themes: [] },
    ]) {
      expect(colorsOf(readData(data)).get('c')).toBe(css);
    }
  });
});
