import { describe, expect, it } from 'vitest';
import { colorsInGroup, colorsOf, groupsOf, readTokens } from '../../src/tokens/index.js';
import { readData, readFixtures } from './support.js';

describe('Design Tokens', () => {
  it('reads tonal palettes, aliases and modes', () => {
    const tokens = readFixtures('material.tokens.json');
    expect(tokens.themes).toEqual(['light', 'dark']);
    expect(tokens.files).toEqual([{ file: 'material.tokens.json', format: 'dtcg' }]);
    const light = colorsOf(tokens);
    expect(light.size).toBe(30); // the dimension is left out
    expect(light.get('md.sys.color.primary')).toBe('#4c63a7');
    expect(light.get('md.sys.color.on-primary')).toBe('#ffffff');
    const dark = colorsOf(tokens, 'dark');
    expect(dark.get('md.sys.color.primary')).toBe('#b7c6ff');
    expect(dark.get('md.sys.color.surface')).toBe('#1a1b21');
    expect(dark.get('md.sys.color.error')).toBe('#b3261e'); // has no modes
    expect(dark.get('md.ref.palette.primary.40')).toBe('#4c63a7');
  });

  it('follows aliases from file to file, whichever comes first', () => {
    for (const files of [
      ['primer-base.json', 'primer-functional.json'],
      ['primer-functional.json', 'primer-base.json'],
    ]) {
      const colors = colorsOf(readFixtures(...files));
      expect(colors.get('fgColor.accent')).toBe('#2f86e8');
      expect(colors.get('borderColor.accent')).toBe('#2f86e8'); // no $type: takes its target's
      expect(colors.has('control.gap')).toBe(false); // no $type: an alias of a dimension
      expect(colors.size).toBe(34);
    }
  });

  it('lets later files override earlier ones', () => {
    const base = { color: { $type: 'color', a: { $value: '#111111' }, b: { $value: '{color.a}' } } };
    const over = { color: { $type: 'color', a: { $value: '#222222' } } };
    const text = (value: unknown): string => JSON.stringify(value);
    const tokens = { base: { file: 'base', text: text(base) }, over: { file: 'over', text: text(over) } };
    expect([...colorsOf(readTokens([tokens.base, tokens.over]))]).toEqual([
      ['color.a', '#222222'],
      ['color.b', '#222222'],
    ]);
    expect(colorsOf(readTokens([tokens.over, tokens.base])).get('color.b')).toBe('#111111');
  });

  it('reads every color space, $root, $extends and pointers', () => {
    const colors = colorsOf(readFixtures('warm-brand.tokens.json'));
    expect(Object.fromEntries(colorsInGroup(colors, 'color.brand'))).toEqual({
      'color.brand.$root': 'oklch(0.66 0.17 45)',
      'color.brand.cream': '#faf2e5',
      'color.brand.sand': 'oklab(0.86 0.015 0.055)',
      'color.brand.clay': 'hsl(16 48% 46%)', // its own, not the extended group's
      'color.brand.wine': 'lch(26 42 18)',
      'color.brand.soot': 'lab(9 3 4)',
      'color.brand.primary': 'oklch(0.66 0.17 45)',
      'color.brand.accent': 'color(display-p3 0.68 0.36 0.25)',
      'color.brand.quiet': 'oklch(0.66 0.02 none / 0.8)',
    });
    expect(colors.get('color.warm.clay')).toBe('color(display-p3 0.68 0.36 0.25)');
    expect(colors.get('color.proof.hwb')).toBe('hwb(none 20% 30%)');
    expect(colors.get('color.proof.future')).toBe('#a4705a'); // a space of the future: its hex
    expect(groupsOf(colors)).toEqual(['color', 'color.warm', 'color.brand', 'color.proof']);
  });

  it('extends groups that extend, and merges nested groups', () => {
    const colors = colorsOf(
      readData({
        $type: 'color',
        a: { x: { $value: '#000001' }, deep: { p: { $value: '#000002' }, q: { $value: '#000003' } } },
        b: { $extends: '{a}', x: { $value: '#000004' } },
        c: { $extends: { $ref: '#/b' }, deep: { q: { $value: '#000005' } } },
      }),
    );
    expect(Object.fromEntries(colorsInGroup(colors, 'c'))).toEqual({
      'c.x': '#000004',
      'c.deep.p': '#000002',
      'c.deep.q': '#000005',
    });
  });

  it('inherits a type from the nearest group, and a token’s own wins', () => {
    const colors = colorsOf(
      readData({
        $type: 'dimension',
        space: { small: { $value: { value: 4, unit: 'px' } } },
        tone: { $type: 'color', one: { $value: 'rebeccapurple' }, size: { $type: 'number', $value: 3 } },
        plain: { $type: 'color', $value: '#abc' },
      }),
    );
    expect([...colors]).toEqual([
      ['tone.one', 'rebeccapurple'],
      ['plain', '#abc'],
    ]);
  });
});

describe('Tokens Studio', () => {
  it('reads sets in their order, per theme, with both kinds of references', () => {
    const tokens = readFixtures('tokens-studio.json');
    expect(tokens.themes).toEqual(['Light', 'Dark']);
    const light = colorsOf(tokens, 'light');
    expect(light.get('bg.page')).toBe('#fbf3e6');
    expect(light.get('bg.accent')).toBe('#b5523b'); // $colors.clay.500
    expect(light.get('button.fill')).toBe('#b5523b');
    expect(light.has('spacing.sm')).toBe(false); // math in a spacing is no business of ours
    const dark = colorsOf(tokens, 'Dark');
    expect(dark.get('button.fill')).toBe('#c99a5b');
    expect(dark.get('bg.overlay')).toBe('rgb(251 243 230 / 0.2)');
  });

  it('chooses theme groups independently', () => {
    const set = (value: string) => ({ c: { value, type: 'color' } });
    const tokens = readData({
      'brand/a': { brand: set('#aa0000') },
      'brand/b': { brand: set('#bb0000') },
      light: { page: set('#ffffff') },
      dark: { page: set('{brand.c}') },
      $themes: [
        { name: 'A', group: 'Brand', selectedTokenSets: { 'brand/a': 'enabled' } },
        { name: 'B', group: 'Brand', selectedTokenSets: { 'brand/b': 'enabled' } },
        { name: 'Light', group: 'Scheme', selectedTokenSets: { light: 'enabled' } },
        { name: 'Dark', group: 'Scheme', selectedTokenSets: { dark: 'enabled' } },
      ],
      $metadata: { tokenSetOrder: ['brand/a', 'brand/b', 'light', 'dark'] },
    });
    expect(colorsOf(tokens).get('page.c')).toBe('#ffffff');
    expect(colorsOf(tokens, 'dark').get('page.c')).toBe('#aa0000');
    expect(colorsOf(tokens, 'b, dark').get('page.c')).toBe('#bb0000');
  });
});

describe('Style Dictionary', () => {
  it('reads the full form with $ and without', () => {
    expect([...colorsOf(readFixtures('style-dictionary.json'))]).toEqual([
      ['color.brand.primary', '#7a2e8e'],
      ['color.brand.warm', '#ffb347'],
      ['color.text.muted', 'rgba(40, 30, 50, 0.6)'],
    ]);
  });

  it('reads the flat and the nested form', () => {
    expect([...colorsOf(readFixtures('style-dictionary-flat.json')).keys()]).toEqual([
      'color-brand-primary',
      'color-brand-warm',
      'color-text-muted',
    ]);
    expect([...colorsOf(readData({ color: { red: { 500: '#e11' }, note: 'not a color' }, size: '2px' }))]).toEqual([
      ['color.red.500', '#e11'],
    ]);
  });
});

describe('Figma variables', () => {
  it('reads three modes, the default first, aliases across collections and composed colors', () => {
    const tokens = readFixtures('figma-variables.json');
    expect(tokens.themes).toEqual(['Light', 'Dark', 'High contrast']);
    const button = tokens.themes.map((theme) => colorsOf(tokens, theme).get('fill.button'));
    expect(button).toEqual(['#0f766e', '#99f6e4', '#000000']);
    const muted = tokens.themes.map((theme) => colorsOf(tokens, theme).get('text.muted'));
    expect(muted).toEqual(['color(srgb 0.06 0.07 0.0912 / 0.6)', 'rgb(153 246 228 / 0.75)', '#000000']);
    expect(colorsOf(tokens).has('label')).toBe(false); // a string variable that says "red"
  });

  it('reads a plugin’s export with lists, and keeps names of two collections apart', () => {
    const mode = [{ modeId: 'm', name: 'Default' }];
    const tokens = readData({
      collections: [
        { id: 'c1', name: 'Base', modes: mode },
        { id: 'c2', name: 'Brand', modes: mode },
      ],
      variables: ['c1', 'c2'].map((id, i) => ({
        id: `v${i}`,
        name: 'blue/500',
        variableCollectionId: id,
        resolvedType: 'COLOR',
        valuesByMode: { m: { r: 0, g: 0, b: i } },
      })),
    });
    expect(tokens.themes).toEqual([]);
    expect([...colorsOf(tokens)]).toEqual([
      ['blue.500', '#000000'],
      ['Brand.blue.500', '#0000ff'],
    ]);
  });
});
