/** Small files that ask for endless work: refused by counting, before the work is done. */
import { expect, it, vi } from 'vitest';
import { colorsOf, readTokens } from '../../src/tokens/index.js';
import { errorOf, readData, troubleOf } from './support.js';

const color = (value: unknown, rest: object = {}) => ({ $type: 'color', $value: value, ...rest });
const readText = (text: string) => errorOf(() => readTokens([{ file: 'a.json', text }]));
/** A list of `count` things. */
const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const named = <T>(count: number, make: (i: number) => T) => Object.fromEntries(times(count, (i) => [`t${i}`, make(i)]));
const REFUSED = /^INVALID_TOKENS a\.json: .*expected at most /;

it.each([3, 12, 40])('references that multiply on %d levels', (levels) => {
  const ref = (i: number) => ({ $ref: `#/x${i}/$value/components` });
  const bomb = named(levels, () => undefined) as Record<string, unknown>;
  for (let i = 0; i < levels; i++) {
    const below = i + 1 < levels ? times(20, () => ref(i + 1)) : times(20, () => 1);
    bomb[`x${i}`] = color({ colorSpace: 'srgb', components: below });
  }
  expect(troubleOf(bomb)).toMatch(/^INVALID_TOKENS a\.json: x\d+: expected /);
  expect(JSON.stringify(bomb).length).toBeLessThan(levels * 1200);
});

it('references that lead in a circle, wide and narrow', () => {
  const circle = (width: number) => ({
    a: color({ colorSpace: 'srgb', components: times(width, () => ({ $ref: '#/a/$value/components' })) }),
  });
  for (const width of [1, 2, 30]) expect(troubleOf(circle(width))).toMatch(/^INVALID_TOKENS a\.json: a: expected /);
});

it('long pointers behind short ones', () => {
  const long = { $ref: `#/${'a'.repeat(100_000)}` };
  const data = { x: { $type: 'other', $value: { y: long } }, a: color({ colorSpace: { $ref: '#/x/$value/y' } }) };
  expect(troubleOf(data)).toMatch(/^INVALID_TOKENS a\.json: a: \$ref: expected at most /);
});

it.each<[string, (depth: number) => string]>([
  ['lists in a color', (n) => `{"a":{"$type":"color","$value":${'['.repeat(n)}${']'.repeat(n)}}}`],
  ['objects in a color', (n) => `{"a":{"$type":"color","$value":${'{"x":'.repeat(n)}1${'}'.repeat(n)}}}`],
  ['a type', (n) => `{"a":{"$type":${'['.repeat(n)}${']'.repeat(n)},"$value":"#fff"}}`],
  ['plain values', (n) => `{"a":{"value":${'['.repeat(n)}${']'.repeat(n)},"type":"color"}}`],
  [
    'extensions',
    (n) => `{"a":{"$type":"color","$value":"#fff","$extensions":{"mode":${'['.repeat(n)}${']'.repeat(n)}}}}`,
  ],
  ['themes', (n) => `{"$themes":[${'['.repeat(n)}${']'.repeat(n)}]}`],
  [
    'colors of Figma',
    (n) =>
      `{"variableCollections":{"c":{"name":"c","modes":[{"modeId":"1","name":"m"}]}},"variables":{"v":{"name":"v","variableCollectionId":"c","resolvedType":"COLOR","valuesByMode":{"1":${'{"color":'.repeat(n)}{"r":0,"g":0,"b":0}${',"opacity":50}'.repeat(n)}}}}}`,
  ],
])('nesting: %s', (_, text) => {
  for (const depth of [100, 30_000])
    expect(readText(text(depth))).toMatch(/^INVALID_TOKENS a\.json: .*expected at most 64 levels/);
});

it('groups that multiply by extending each other, empty ones too', () => {
  for (const leaf of [{}, { x: color('#fff') }]) {
    const groups = named(30, (i) =>
      i === 0 ? leaf : { l: { $extends: `{t${i - 1}}` }, r: { $extends: `{t${i - 1}}` } },
    );
    expect(troubleOf(groups)).toMatch(REFUSED);
  }
});

it('long chains that many tokens share are followed once', () => {
  const chain = named(99, (i) => color(i === 98 ? '#00ff00' : `{t${i + 1}}`));
  const data = { ...chain, many: named(20_000, () => color('{t0}')) };
  const colors = colorsOf(readData(data));
  expect(colors.size).toBe(20_099);
  expect(new Set(colors.values())).toEqual(new Set(['#00ff00']));
});

it('a chain is as long from its end as from its beginning', () => {
  const chain = named(150, (i) => color(i === 149 ? '#fff' : `{t${i + 1}}`));
  const backwards = Object.fromEntries(Object.entries(chain).reverse());
  for (const data of [chain, backwards]) expect(troubleOf(data)).toMatch(/at most 100 aliases in a row/);
});

it('modes and themes without end', () => {
  const modes = named(20_000, (i) => color('#fff', { $extensions: { mode: { [`m${i}`]: '#000' } } }));
  expect(troubleOf(modes)).toMatch(REFUSED);
  const themes = times(20_000, (i) => ({ name: `n${i}`, group: `g${i}`, selectedTokenSets: { s: 'enabled' } }));
  expect(troubleOf({ $themes: themes, s: { a: { value: '#fff', type: 'color' } } })).toMatch(REFUSED);
  const figma = {
    variableCollections: { c: { name: 'c', modes: times(20_000, (i) => ({ modeId: `${i}`, name: `m${i}` })) } },
    variables: named(5, (i) => ({
      name: `v${i}`,
      variableCollectionId: 'c',
      resolvedType: 'COLOR',
      valuesByMode: { 0: { r: 0, g: 0, b: 0 } },
    })),
  };
  expect(troubleOf(figma)).toMatch(REFUSED);
});

it('themes times tokens', () => {
  const sets = named(300, (s) => named(150, (i) => ({ value: '#fff', type: 'color', description: `${s} ${i}` })));
  const themes = times(900, (i) => ({ name: `n${i}`, selectedTokenSets: named(300, () => 'enabled') }));
  expect(troubleOf({ $themes: themes, ...sets })).toMatch(REFUSED);
});

it('long names', () => {
  expect(troubleOf({ ['x'.repeat(100_000)]: named(5, () => color('#fff')) })).toMatch(REFUSED);
  expect(troubleOf({ ['x'.repeat(100_000)]: '#fff' })).toMatch(REFUSED);
});

it('many variables of one name', () => {
  const has = vi.spyOn(Set.prototype, 'has');
  const figma = {
    variableCollections: { c: { name: 'c', modes: [{ modeId: '1', name: 'm' }] } },
    variables: named(3000, () => ({
      name: 'same',
      variableCollectionId: 'c',
      resolvedType: 'COLOR',
      valuesByMode: { 1: { r: 0, g: 0, b: 0 } },
    })),
  };
  expect(colorsOf(readData(figma)).size).toBe(3000);
  expect(has.mock.calls.length).toBeLessThan(20_000);
  has.mockRestore();
});

it('texts that are nearly colors', () => {
  // 145 ms each, had they reached a parser whose patterns may split a number anywhere.
  const digits = '1'.repeat(28);
  const text = `rgba(${digits},${digits},${digits},${digits}x`;
  expect(colorsOf(readData(named(2000, (i) => `${text}${i}`))).size).toBe(0);
  expect(colorsOf(readData({ a: `rgba(1,2.5, .5,1e-1)`, b: 'hsl(120deg, 50%,50%)' })).size).toBe(2);
});

it('many aliases of tokens that are not there: hints for the first ones', () => {
  const { problems = new Map() } = colorsOf(readData(named(3000, (i) => color(`{none${i}}`))));
  expect(problems.size).toBe(3000);
  expect([...problems.values()].filter(({ message }) => /did you mean/.test(message))).toHaveLength(20);
});

it('mixes of mixes are mixed once', () => {
  const modify = (i: number) => ({ type: 'mix', value: 0.5, space: 'srgb', color: `{t${i}}` });
  const sets = named(90, (i) => ({
    value: i === 89 ? '#336699' : `{t${i + 1}}`,
    type: 'color',
    ...(i < 89 && { $extensions: { 'studio.tokens': { modify: modify(i + 1) } } }),
  }));
  expect(colorsOf(readData({ $themes: [], s: sets })).size).toBe(90);
});
