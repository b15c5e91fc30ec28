import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ColorshineError } from '../../src/core/errors.js';
import { makeRecipe } from '../../src/core/index.js';
import { colorsInGroup, colorsOf, readTokens, resolveRecipe } from '../../src/tokens/index.js';
import { errorOf, readData, readFixtures, troubleOf } from './support.js';

const color = ($value: unknown) => ({ $type: 'color', $value });
const studio = (value: unknown, rest = {}) => ({ core: { c: { value, type: 'color', ...rest } }, $themes: [] });

describe('errors name the file and the token', () => {
  it.each<[string, unknown, RegExp]>([
    [
      'a cycle',
      { a: color('{b}'), b: color('{c}'), c: color('{a}') },
      /INVALID_TOKENS a\.json: c: .*cycle: \{a\} -> \{b\} -> \{c\} -> \{a\}/,
    ],
    ['an alias of itself', { a: color('{a}') }, /INVALID_TOKENS a\.json: a: .*cycle: \{a\} -> \{a\}/],
    [
      'an unknown alias',
      { color: { red: { 500: color('#f00') } }, x: color('{color.red.50}') },
      /UNKNOWN_TOKEN a\.json: x: expected an alias of a known token, got \{color\.red\.50\}; did you mean \{color\.red\.500\}\?/,
    ],
    [
      'an alias of another type',
      { s: { $type: 'dimension', $value: { value: 4, unit: 'px' } }, x: color('{s}') },
      /INVALID_TOKENS a\.json: x: expected an alias of a color, got \{s\}, a dimension/,
    ],
    ['a wrong $type', { x: { $type: 7, $value: '#fff' } }, /INVALID_TOKENS a\.json: x: \$type: .*got 7/],
    [
      'a value where a group should be',
      { g: { y: color('#fff'), x: 5 } },
      /INVALID_TOKENS a\.json: g\.x: expected an object, got 5/,
    ],
    ['braces in a name', { g: { 'a{b': color('#fff') } }, /INVALID_TOKENS a\.json: g\.a\{b: expected a name without/],
    [
      'groups that extend each other',
      { a: { $extends: '{b}' }, b: { $extends: '{a}' } },
      /INVALID_TOKENS a\.json: a: \$extends: .*cycle/,
    ],
    [
      'a group that extends its parent',
      { a: { b: { $extends: '{a}' } } },
      /INVALID_TOKENS a\.json: a\.b: \$extends: .*cycle/,
    ],
    [
      'an unknown group',
      { a: { $extends: '{bast}' }, base: { x: color('#fff') } },
      /UNKNOWN_TOKEN a\.json: a: \$extends: .*did you mean \{base\}/,
    ],
    ['a pointer elsewhere', { a: color({ $ref: 'other.json#/x' }) }, /INVALID_TOKENS a\.json: a: \$ref: .*other\.json/],
    [
      'a pointer to nothing',
      { a: color({ colorSpace: 'srgb', components: [{ $ref: '#/b/$value/components/0' }, 0, 0] }) },
      /UNKNOWN_TOKEN a\.json: a: \$ref/,
    ],
    [
      'pointers in a circle',
      { a: color({ colorSpace: 'srgb', components: { $ref: '#/a/$value/components' } }) },
      /INVALID_TOKENS a\.json: a: .*cycle/,
    ],
    [
      'a resolver document',
      { version: '2025.10', resolutionOrder: [] },
      /INVALID_TOKENS a\.json: expected tokens, got a resolver document/,
    ],
    ['math in a color', studio('{a.b} * 2'), /INVALID_TOKENS a\.json: c: .*math and mixed references are not computed/],
    [
      'a color modifier in no space',
      studio('#fff', { $extensions: { 'studio.tokens': { modify: { type: 'darken', value: '0.1' } } } }),
      /INVALID_TOKENS a\.json: c: modify\.space: expected one of srgb, p3, hsl, lch, got undefined/,
    ],
    [
      'a theme of an unknown set',
      { core: {}, $themes: [{ name: 'L', selectedTokenSets: { cor: 'enabled' } }] },
      /INVALID_TOKENS a\.json: \$themes\[0\]\.selectedTokenSets: .*did you mean "core"/,
    ],
    ['a list', [], /INVALID_TOKENS a\.json: expected an object of design tokens, got \[\]/],
  ])('%s', (_, data, expected) => {
    expect(troubleOf(data)).toMatch(expected);
  });

  it('says so in a mode that is not the default', () => {
    const data = { a: { ...color('#fff'), $extensions: { mode: { light: '#fff', dark: '{nope}' } } } };
    expect(troubleOf(data)).toMatch(/^UNKNOWN_TOKEN a\.json: a: .*\{nope\}/);
  });

  it.each(['', '   ', '{', 'hello', '\u0000'])('refuses %j, which is not JSON', (text) => {
    expect(errorOf(() => readTokens([{ file: 'b.json', text }]))).toMatch(
      /^INVALID_TOKENS b\.json: expected design tokens as JSON/,
    );
  });

  it('refuses a Figma alias of a library that is not there', () => {
    const data = {
      variableCollections: { c: { name: 'C', modes: [{ modeId: 'm', name: 'One' }] } },
      variables: {
        v: {
          name: 'brand/x',
          variableCollectionId: 'c',
          resolvedType: 'COLOR',
          valuesByMode: { m: { type: 'VARIABLE_ALIAS', id: 'VariableID:remote/9:9' } },
        },
      },
    };
    expect(troubleOf(data)).toMatch(/^UNKNOWN_TOKEN a\.json: brand\.x \(One\): .*remote\/9:9.*library/);
  });
});

describe('hostile files', () => {
  it('never touch a prototype', () => {
    const text =
      '{"__proto__":{"$type":"color","polluted":{"$value":"#ff0000"}},"constructor":{"$type":"color","$value":"#00ff00"}}';
    const colors = colorsOf(readTokens([{ file: 'a.json', text }]));
    expect([...colors]).toEqual([
      ['__proto__.polluted', '#ff0000'],
      ['constructor', '#00ff00'],
    ]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const extending = '{"a":{"$extends":"{__proto__}"},"__proto__":{"x":{"$type":"color","$value":"#0000ff"}}}';
    expect(colorsOf(readTokens([{ file: 'a.json', text: extending }])).get('a.x')).toBe('#0000ff');
    expect(errorOf(() => readData({ a: { $extends: '{constructor}' } }))).toMatch(/^UNKNOWN_TOKEN/);
    expect(troubleOf({ a: color('{toString}') })).toMatch(/^UNKNOWN_TOKEN/);
  });

  it.each(['"$value":"#fff","$type":"color"', '"value":"#fff","type":"color"'])(
    'may not nest without end: %s',
    (leaf) => {
      const text = `${'{"a":'.repeat(3000)}{${leaf}}${'}'.repeat(3000)}`;
      expect(errorOf(() => readTokens([{ file: 'a.json', text }]))).toMatch(
        /^INVALID_TOKENS a\.json: .*at most 64 levels/,
      );
    },
  );

  it('may not chain aliases without end, nor hold more tokens than any design system', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`t${i}`, color(i === 499 ? '#fff' : `{t${i + 1}}`)]),
    );
    expect(troubleOf(chain)).toMatch(/^INVALID_TOKENS a\.json: t0: expected at most 100 aliases/);
    const many = Object.fromEntries(Array.from({ length: 50_001 }, (_, i) => [`t${i}`, color('#fff')]));
    expect(errorOf(() => readData(many))).toMatch(/^INVALID_TOKENS a\.json: .*at most 50000 tokens/);
  });

  it('may not grow by groups that extend groups', () => {
    const groups = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `g${i}`,
        i === 0 ? { x: color('#fff') } : { l: { $extends: `{g${i - 1}}` }, r: { $extends: `{g${i - 1}}` } },
      ]),
    );
    expect(errorOf(() => readData(groups))).toMatch(/^INVALID_TOKENS a\.json: /);
  });

  it('throw coded errors or give colors, whatever the JSON', () => {
    const leaf = fc.oneof(
      fc.constantFrom('#fff', '{a}', '{a.b}', '$a.b', 'red', 'color', '#/a/b', 'rgba({a}, 0.5)', '__proto__'),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const key = fc.constantFrom(
      ...[
        'a',
        'b',
        '$value',
        '$type',
        '$ref',
        '$extends',
        '$root',
        '$extensions',
        'mode',
        'value',
        'type',
        'colorSpace',
      ],
      ...[
        'components',
        '$themes',
        '$metadata',
        'meta',
        'variables',
        'collections',
        'modes',
        '__proto__',
        'valuesByMode',
      ],
    );
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(key, tie('node'), { maxKeys: 5 }),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (value) => {
        try {
          for (const css of colorsOf(readData(value)).values()) expect(typeof css).toBe('string');
        } catch (error) {
          if (!(error instanceof ColorshineError)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('recipes with tokens', () => {
  const recipe = makeRecipe(['{fill.brand};60;80', { color: '{ teal.500 }', tolerance: 10, strength: 20 }, 'red;1;2']);

  it('resolves per theme', () => {
    const tokens = readFixtures('figma-variables.json');
    const colorsIn = (theme?: string) => resolveRecipe(recipe, tokens, theme).rows.map(({ color: c }) => c);
    expect(colorsIn()).toEqual(['#0f766e', '#0f766e', 'red']);
    expect(colorsIn('dark')).toEqual(['#99f6e4', '#0f766e', 'red']);
    expect(recipe.rows[0]?.color).toBe('{fill.brand}');
  });

  it('names a group’s $root by the group', () => {
    const tokens = readFixtures('warm-brand.tokens.json');
    expect(resolveRecipe(makeRecipe(['{color.brand};60;80']), tokens).rows[0]?.color).toBe('oklch(0.66 0.17 45)');
  });

  it('says which row, and the nearest name', () => {
    const tokens = readFixtures('figma-variables.json');
    expect(errorOf(() => resolveRecipe(makeRecipe(['red;1;2', '{fill.brnd};60;80']), tokens))).toBe(
      'UNKNOWN_TOKEN row 2: token {fill.brnd}: expected a color of the token files, got none of that name; did you mean {fill.brand}?',
    );
    expect(errorOf(() => resolveRecipe(makeRecipe(['{brand};60;80']), tokens))).toContain('did you mean {fill.brand}?');
    expect(errorOf(() => resolveRecipe(recipe, undefined))).toBe(
      'UNKNOWN_TOKEN row 1: expected design tokens to look {fill.brand} up in, got none; resolve the recipe first: resolveRecipe(recipe, tokens)',
    );
    expect(errorOf(() => resolveRecipe(recipe, tokens, 'drak'))).toMatch(
      /^UNKNOWN_THEME .*Light, Dark, High contrast.*did you mean Dark/,
    );
    expect(errorOf(() => colorsInGroup(colorsOf(tokens), 'fil'))).toMatch(
      /^UNKNOWN_TOKEN group "fil".*did you mean fill\?/,
    );
    expect(errorOf(() => colorsOf(readFixtures('primer-base.json'), 'dark'))).toMatch(/^UNKNOWN_THEME .*no themes/);
  });

  it('refuses what only looks like a token', () => {
    for (const bad of ['{};1;2', '{a;1;2', 'a};1;2', `{${'x'.repeat(300)}};1;2`]) {
      expect(errorOf(() => makeRecipe([bad]))).toMatch(/^INVALID_COLOR/);
    }
  });
});
