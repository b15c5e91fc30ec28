/** Design tokens on either side of an arrow, and behind keep. */
import { describe, expect, it } from 'vitest';
import { makeRecipe, planFromCensus } from '../../src/index.js';
import { hasTokenReferences, resolveRecipe } from '../../src/tokens/index.js';
import { errorOf, readData } from './support.js';

const color = (value: string) => ({ $type: 'color', $value: value });
const tokens = readData({
  brand: { old: color('#0000ff'), new: color('{brand.fresh}'), fresh: color('#ff6b35') },
  'go to': color('#123456'),
});

describe('resolveRecipe', () => {
  it('resolves both colors of a repaint row, and the color of a keep row', () => {
    const recipe = makeRecipe([
      '{brand.old} -> {brand.new};~0.1;100',
      'red to {go to};5;50',
      'keep {brand.old};auto;9',
    ]);
    expect(hasTokenReferences(recipe)).toBe(true);
    const [whole, half, kept] = resolveRecipe(recipe, tokens).rows;
    expect(whole).toEqual({ ...recipe.rows[0], from: '#0000ff', color: '#ff6b35' });
    expect(half).toEqual({ ...recipe.rows[1], from: 'red', color: '#123456' });
    expect(kept).toEqual({ ...recipe.rows[2], color: '#0000ff' });
  });

  it('leaves a recipe without tokens as it is', () => {
    const recipe = makeRecipe(['blue -> red;~0.1;100', 'keep teal;5;50']);
    expect(hasTokenReferences(recipe)).toBe(false);
    expect(resolveRecipe(recipe, undefined)).toBe(recipe);
  });

  it.each<[string, RegExp]>([
    ['{brand.odl} -> {brand.new};~0.1;100', /^UNKNOWN_TOKEN row 2: from: .*brand\.odl.*brand\.old/],
    ['{brand.old} -> {brand.nwe};~0.1;100', /^UNKNOWN_TOKEN row 2: .*brand\.nwe.*brand\.new/],
    ['keep {brand};~0.1;100', /^UNKNOWN_TOKEN row 2: .*brand/],
  ])('says which color of which row is unknown: %s', (row, message) => {
    const said = errorOf(() => resolveRecipe(makeRecipe(['red;1;1', row]), tokens));
    expect(said).toMatch(message);
    expect(said).not.toContain('\n');
  });

  it.each(['{a} -> red;~0.1;100', 'red -> {a};~0.1;100', 'keep {a};~0.1;100'])(
    'names a cycle in one line: %s',
    (row) => {
      const circular = { a: color('{b}'), b: color('{a}') };
      expect(errorOf(() => resolveRecipe(makeRecipe([row]), readData(circular)))).toMatch(
        /^INVALID_TOKENS row 1: (from: )?a\.json: .*cycle: \{a\} -> \{b\} -> \{a\}$/,
      );
    },
  );

  it('a token that nobody resolved is no color', () => {
    const census = { colors: Uint32Array.of(1), counts: Float64Array.of(1) };
    for (const row of ['{a} -> red;~0.1;100', 'red -> {a};5;100', 'keep {a};5;100']) {
      expect(errorOf(() => planFromCensus(census, makeRecipe([row]), 'srgb'))).toMatch(
        /^UNKNOWN_TOKEN .* look \{a\} up/,
      );
      expect(errorOf(() => resolveRecipe(makeRecipe([row]), undefined))).toMatch(
        /^UNKNOWN_TOKEN row 1.* look \{a\} up/,
      );
    }
  });
});
