import { afterEach, describe, expect, it } from 'vitest';
import { parseColor } from '../../src/core/row/color.js';
import { type Session, startSession } from '../figma-host/node-session.js';
import type { Scene } from '../figma-host/scene.js';
import { rectangle, scene, solidPaint } from './scenes.js';

let session: Session;

afterEach(() => {
  expect(session.snapshot().violations).toEqual([]);
  session.end();
});

async function listColors(more: Partial<Scene>) {
  session = await startSession({ scene: scene([rectangle('1:1', solidPaint(1, 0, 0))], more) });
  return session.ui.request('colors.list', {});
}

const RED = { r: 1, g: 0, b: 0, a: 1 };
const BLUE = { r: 0, g: 0, b: 1, a: 0.5 };
const alias = (id: string) => ({ type: 'VARIABLE_ALIAS', id });
const collections = [
  {
    id: 'C:1',
    name: 'Theme',
    modes: [
      { modeId: 'light', name: 'Light' },
      { modeId: 'dark', name: 'Dark' },
    ],
  },
  { id: 'C:2', name: 'Base', modes: [{ modeId: 'base', name: 'Value' }] },
];
const base = [
  { id: 'V:red', name: 'red/500', collection: 'C:2', valuesByMode: { base: RED } },
  { id: 'V:blue', name: 'blue/500', collection: 'C:2', valuesByMode: { base: BLUE } },
];

/** What the theme's one variable resolves to per mode. */
async function resolveTheme(light: unknown, dark: unknown, more: Scene['variables'] = []) {
  const themed = { id: 'V:bg', name: 'bg/main', collection: 'C:1', valuesByMode: { light, dark } };
  const listed = await listColors({ collections, variables: [themed, ...base, ...more] });
  const theme = listed.collections.find(({ name }) => name === 'Theme');
  expect(theme?.modes).toEqual([
    { id: 'light', name: 'Light' },
    { id: 'dark', name: 'Dark' },
  ]);
  return theme?.variables.find(({ id }) => id === 'V:bg')?.values;
}

describe('variables', () => {
  it('resolve per mode, alpha left out', async () => {
    expect(await resolveTheme(RED, BLUE)).toEqual({ light: '#ff0000', dark: '#0000ff' });
  });

  it('follow aliases into another collection, by its default mode', async () => {
    expect(await resolveTheme(alias('V:red'), alias('V:blue'))).toEqual({ light: '#ff0000', dark: '#0000ff' });
  });

  it('follow aliases within a collection by the same mode', async () => {
    const more = [{ id: 'V:fg', name: 'fg', collection: 'C:1', valuesByMode: { light: BLUE, dark: RED } }];
    expect(await resolveTheme(alias('V:fg'), alias('V:fg'), more)).toEqual({ light: '#0000ff', dark: '#ff0000' });
  });

  it('read composed colors, whose color or opacity may be an alias', async () => {
    const light = { color: alias('V:red'), opacity: 0.5 };
    const dark = { color: { r: 0, g: 1, b: 0 }, opacity: alias('V:nothing') };
    expect(await resolveTheme(light, dark)).toEqual({ light: '#ff0000', dark: '#00ff00' });
  });

  it('give null for cycles and references that lead nowhere', async () => {
    const more = [{ id: 'V:fg', name: 'fg', collection: 'C:1', valuesByMode: { light: alias('V:bg'), dark: RED } }];
    expect(await resolveTheme(alias('V:fg'), alias('V:gone'), more)).toEqual({ light: null, dark: null });
  });

  it('of a library are listed where the selection uses them, with their modes; so are its styles', async () => {
    const bound = { ...solidPaint(1, 0, 0), boundVariables: { color: alias('V:r') } };
    const variables = ['V:r', 'V:unused'].map((id) => ({
      ...{ id, name: id, collection: 'C:1', remote: true, valuesByMode: { light: RED, dark: BLUE } },
    }));
    session = await startSession({
      scene: scene([rectangle('1:1', bound), { ...rectangle('1:2'), fillStyleId: 'S:1' }], {
        collections: collections.map((collection) => ({ ...collection, remote: true })),
        variables,
        styles: [{ id: 'S:1', name: 'Library/Sun', paints: [solidPaint(1, 1, 0)], remote: true }],
      }),
    });
    const listed = await session.ui.request('colors.list', {});
    expect(listed.collections).toMatchObject([
      { id: 'C:1', variables: [{ id: 'V:r', values: { light: '#ff0000', dark: '#0000ff' } }] },
    ]);
    expect(listed.styles).toEqual([{ id: 'S:1', name: 'Library/Sun', color: '#ffff00' }]);
  });

  it('of enabled libraries are named when asked for, and brought into the file when they are used', async () => {
    const theirs = { id: 'C:9', name: 'Brand', remote: true, modes: [{ modeId: 'on', name: 'On' }] };
    const remote = { collection: 'C:9', remote: true, valuesByMode: { on: RED } };
    const variables = [
      { id: 'V:a', name: 'brand/a', ...remote },
      { id: 'V:b', name: 'brand/b', ...remote },
      { id: 'V:n', name: 'size', ...remote, resolvedType: 'FLOAT' },
      { id: 'V:s', name: 'internal', ...remote, scopes: ['CORNER_RADIUS'] },
    ];
    const keys = variables.map(({ id }) => ({ id, key: `key of ${id}` }));
    const libraries = [
      { key: 'brand', name: 'Brand', libraryName: 'Acme', variables: keys },
      { key: 'old', name: 'Old', libraryName: 'Acme', rejects: 'No access', variables: [] },
    ];
    expect((await listColors({ collections: [theirs], variables, libraries })).collections).toEqual([]);
    const { ui } = session;
    expect((await ui.request('libraries.list', {})).collections).toEqual([
      { key: 'brand', name: 'Brand', library: 'Acme' },
      { key: 'old', name: 'Old', library: 'Acme' },
    ]);
    expect((await ui.request('library.list', { key: 'brand' })).variables).toEqual([
      { key: 'key of V:a', name: 'brand/a' },
      { key: 'key of V:b', name: 'brand/b' },
      { key: 'key of V:s', name: 'internal' },
    ]);
    await expect(ui.request('library.list', { key: 'old' })).rejects.toThrow('No access');
    const { ids } = await ui.request('library.import', { keys: ['key of V:b', 'key of V:s', 'gone', 'key of V:n'] });
    expect(ids).toEqual(['V:b', null, null, null]);
    const [brand] = (await ui.request('colors.list', {})).collections;
    expect(brand?.variables.map(({ id, values }) => [id, values])).toEqual([['V:b', { on: '#ff0000' }]]);
    expect(session.snapshot().writes).toBe(0);
  });

  it('of libraries are none where the editor knows no libraries', async () => {
    await listColors({});
    expect(await session.ui.request('libraries.list', {})).toEqual({ collections: [] });
  });

  it('that are no color to pick are left out: their scopes say so', async () => {
    const variable = (id: string, scopes: string[]) => ({
      ...{ id, name: id, collection: 'C:2', scopes, valuesByMode: { base: RED } },
    });
    const variables = [variable('V:a', []), variable('V:b', ['STROKE_COLOR']), variable('V:c', ['TEXT_CONTENT'])];
    const { collections: listed } = await listColors({ collections, variables });
    expect(listed.flatMap((collection) => collection.variables.map(({ id }) => id))).toEqual(['V:b']);
  });

  it('have names of any length, as collections, modes and styles have', async () => {
    const name = 'n'.repeat(2500);
    const modes = [{ modeId: 'base', name }];
    const listed = await listColors({
      collections: [{ id: 'C:2', name, modes }],
      variables: [{ id: 'V:red', name, collection: 'C:2', valuesByMode: { base: RED } }],
      styles: [{ id: 'S:1', name, paints: [solidPaint(1, 0, 0)] }],
    });
    const [collection] = listed.collections;
    const names = [collection, collection?.modes[0], collection?.variables[0], listed.styles[0]];
    expect(names.map((one) => one?.name.length)).toEqual([2000, 2000, 2000, 2000]);
  });

  it('leave collections without colors and remote variables out', async () => {
    const variables = [
      { id: 'V:n', name: 'space', collection: 'C:2', resolvedType: 'FLOAT', valuesByMode: { base: 4 } },
      { id: 'V:r', name: 'remote', collection: 'C:1', remote: true, valuesByMode: { light: RED, dark: RED } },
    ];
    expect((await listColors({ collections, variables })).collections).toEqual([]);
  });
});

describe('colors', () => {
  const styles = [
    { id: 'S:1', name: 'Brand', paints: [solidPaint(0.2, 0.4, 0.6)] },
    { id: 'S:2', name: 'Two paints', paints: [solidPaint(1, 0, 0), solidPaint(0, 1, 0)] },
    { id: 'S:3', name: 'Library', paints: [solidPaint(1, 0, 0)], remote: true },
  ];

  it('are hex where that is exact, else color(srgb)', async () => {
    const fine = [{ id: 'S:9', name: 'Fine', paints: [solidPaint(0.123456, 0.5, 1)] }];
    const listed = await listColors({ styles: [...styles, ...fine] });
    expect(listed.styles).toEqual([
      { id: 'S:1', name: 'Brand', color: '#336699' },
      { id: 'S:9', name: 'Fine', color: 'color(srgb 0.12346 0.5 1)' },
    ]);
  });

  it('are display-p3 in a P3 document, which the session says', async () => {
    const listed = await listColors({ styles, documentColorProfile: 'DISPLAY_P3' });
    expect(listed.styles[0]?.color).toBe('color(display-p3 0.2 0.4 0.6)');
    expect(await session.ui.request('session.start', {})).toMatchObject({ colorProfile: 'display-p3' });
  });

  it('count a legacy document as sRGB', async () => {
    const listed = await listColors({ styles, documentColorProfile: 'LEGACY' });
    expect(listed.styles[0]?.color).toBe('#336699');
  });

  it('of the selection come once each, gradient stops included; null above the limit, empty with nothing selected', async () => {
    const stops = [
      { position: 0, color: RED },
      { position: 1, color: BLUE },
    ];
    const gradient = {
      type: 'GRADIENT_RADIAL',
      gradientTransform: [
        [1, 0, 0],
        [0, 1, 0],
      ],
      gradientStops: stops,
    };
    const selectionColors = { paints: [solidPaint(1, 0, 0), gradient] };
    expect((await listColors({ selectionColors })).selection).toEqual(['#ff0000', '#0000ff']);
    session.end();
    expect((await listColors({ selectionColors: null })).selection).toBeNull();
    session.end();
    expect((await listColors({ selectionColors: null, selection: [] })).selection).toEqual([]);
  });

  it('are all colors that the core can parse', async () => {
    const paints = [solidPaint(0.2, 0.4, 0.6), solidPaint(0.123456, 1 / 3, 1e-9)];
    for (const documentColorProfile of ['SRGB', 'DISPLAY_P3'] as const) {
      const { selection } = await listColors({ selectionColors: { paints }, documentColorProfile });
      expect(selection).toHaveLength(2);
      for (const css of selection ?? []) expect(() => parseColor(css)).not.toThrow();
      if (documentColorProfile === 'SRGB') session.end();
    }
  });
});
