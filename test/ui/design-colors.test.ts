import { describe, expect, it } from 'vitest';
import { makeRecipe } from '../../src/index.js';
import type { ColorList } from '../../src/protocol/replies.js';
import { colorsOf, readTokens, resolveRecipe } from '../../src/tokens/index.js';
import type { Host } from '../../ui/host.js';
import { createDesign } from '../../ui/state/design.js';
import { filterGroups, findThemed, listSources, referencePaths, tokenColors } from '../../ui/state/design-colors.js';
import { hasReferences, pathsIn, resolveReferences } from '../../ui/state/references.js';
import { formatVariables } from '../../ui/state/variables-file.js';
import type { Engine } from '../../ui/worker/engine.js';

const LIST: ColorList = {
  collections: [
    {
      id: 'C:1',
      name: 'Theme',
      modes: [
        { id: 'l', name: 'Light' },
        { id: 'd', name: 'Dark' },
      ],
      defaultModeId: 'l',
      variables: [
        { id: 'V:1', name: 'brand/primary', values: { l: '#112233', d: '#445566' } },
        { id: 'V:2', name: 'brand/ink {x}', values: { l: '#000000', d: '#ffffff' } },
        { id: 'V:3', name: 'surface', values: { l: null, d: '#ff0000' } },
        { id: 'V:4', name: 'brand/accent', values: { l: 'color(srgb 0.12346 0.5 1)', d: 'color(display-p3 1 0 0)' } },
      ],
    },
    {
      id: 'C:2',
      name: 'Base',
      modes: [{ id: 'v', name: 'Value' }],
      defaultModeId: 'v',
      variables: [{ id: 'V:5', name: 'brand/primary', values: { v: '#abcdef' } }],
    },
  ],
  styles: [{ id: 'S:1', name: 'Marketing/Sun', color: '#ffcc00' }],
  selection: ['#123456'],
};

describe('sources', () => {
  it('are collections, styles and the selection, in groups, in the chosen mode', () => {
    const sources = listSources(LIST, { 'C:1': 'd' });
    expect(sources.map(({ name, modes }) => [name, modes.length])).toEqual([
      ['Theme', 2],
      ['Base', 0],
      ['Styles', 0],
      ['Selection colors', 0],
    ]);
    const [theme] = sources;
    expect(theme?.groups.map(({ path, colors }) => [path, colors.map(({ css }) => css)])).toEqual([
      ['brand', ['#445566', '#ffffff', 'color(display-p3 1 0 0)']],
      ['', ['#ff0000']],
    ]);
    expect(listSources(LIST, {})[0]?.groups[1]?.colors[0]?.css).toBeUndefined();
  });

  it('leave out what holds no color, and know a selection above Figma’s limit', () => {
    expect(listSources({ collections: [], styles: [], selection: null }, {})).toEqual([]);
  });

  it('are searched by every word, in names and values', () => {
    const [theme] = listSources(LIST, {});
    const names = (query: string) =>
      filterGroups(theme?.groups ?? [], query).flatMap(({ colors }) => colors.map((c) => c.name));
    expect(names('BRAND pri')).toEqual(['brand/primary']);
    expect(names('112233')).toEqual(['brand/primary']);
    expect(names('nothing')).toEqual([]);
  });
});

describe('references', () => {
  it('name variables by dotted paths, a later collection’s double by its collection, and skip what cannot be spelled', () => {
    expect([...referencePaths(LIST)]).toEqual([
      ['V:1', 'brand.primary'],
      ['V:3', 'surface'],
      ['V:4', 'brand.accent'],
      ['V:5', 'Base.brand.primary'],
    ]);
  });

  it('resolve by mode; an unknown one is an error that names the row', () => {
    const recipe = makeRecipe(['{brand.primary};50;70', 'red;10;20']);
    expect(hasReferences(recipe)).toBe(true);
    const colors = (mode: string) => resolveReferences(recipe, tokenColors(LIST, { 'C:1': mode })).rows[0]?.color;
    expect([colors('l'), colors('d')]).toEqual(['#112233', '#445566']);
    const other = makeRecipe(['red;10;20', '{brand.gone};50;70']);
    expect(() => resolveReferences(other, tokenColors(LIST, {}))).toThrow(
      'row 2: expected a color variable of this file, got {brand.gone}',
    );
  });
});

describe('what modes change', () => {
  const themed = (...texts: string[]) => findThemed(LIST, pathsIn(makeRecipe(texts)))?.id;

  it('is a collection of several modes in which a named variable differs, where a row starts from it, too', () => {
    expect(themed('{brand.primary};50;70')).toBe('C:1');
    expect(themed('{brand.primary} -> red;auto;70')).toBe('C:1');
    expect(themed('{Base.brand.primary};50;70')).toBeUndefined();
    expect(themed('#112233;50;70')).toBeUndefined();
  });

  it('is found without a look at the variables that a recipe does not name', () => {
    let reads = 0;
    const modes = ['a', 'b', 'c', 'd'].map((id) => ({ id, name: id }));
    const variables = Array.from({ length: 400 }, (_, i) => ({
      id: `V:${i}`,
      name: `color/${i}`,
      get values() {
        reads++;
        return { a: '#000000', b: '#ffffff', c: '#000000', d: '#000000' };
      },
    }));
    const list = {
      collections: [{ id: 'C', name: 'C', modes, defaultModeId: 'a', variables }],
      styles: [],
      selection: [],
    };
    expect(findThemed(list, pathsIn(makeRecipe(['{color.399};50;70'])))?.id).toBe('C');
    const first = reads;
    for (let i = 0; i < 10; i++) findThemed(list, new Set());
    expect(reads).toBe(first);
    expect(first).toBeLessThanOrEqual(1);
  });
});

describe('the list', () => {
  it('stays the newest when an older answer comes late', async () => {
    const answers: ((list: ColorList) => void)[] = [];
    const host = {
      listColors: () => new Promise((resolve) => answers.push(resolve)),
      listLibraries: async () => [],
    } as Partial<Host> as Host;
    const hooks = { measured: async () => false, onSuggestion: () => {}, onError: () => {} };
    const design = createDesign(host, {} as Engine, hooks);
    const reading = [design.load(), design.load(true)];
    answers[1]?.(LIST);
    answers[0]?.({ collections: [], styles: [], selection: [] });
    await Promise.all(reading);
    expect(design.list.get()).toBe(LIST);
  });
});

describe('the variables file', () => {
  it('means the same to the command line: same paths, same colors, every mode', () => {
    const tokens = readTokens([{ file: 'variables.json', text: formatVariables(LIST) }]);
    for (const [theme, mode] of [
      ['Light', 'l'],
      ['Dark', 'd'],
    ] as const) {
      const here = tokenColors(LIST, { 'C:1': mode });
      const there = colorsOf(tokens, theme);
      for (const path of ['brand.primary', 'Base.brand.primary']) expect(there.get(path)).toBe(here.get(path));
    }
    expect(colorsOf(tokens, 'Light').get('brand.accent')).toBe('color(srgb 0.12346 0.5 1)');
    // Beyond sRGB: brought into it. Without a color in the default mode: left out.
    expect(colorsOf(tokens, 'Dark').get('brand.accent')).toMatch(/^#ff/);
    expect(colorsOf(tokens).has('surface')).toBe(false);
    const recipe = makeRecipe(['{brand.primary};50;70']);
    expect(resolveRecipe(recipe, tokens, 'Dark').rows[0]?.color).toBe('#445566');
  });
});
