/** Variables on layers: bound where they match, unbound, brought back. */
import { describe, expect, it } from 'vitest';
import type { NodeSpec } from '../figma-host/scene.js';
import {
  BLUE,
  GREEN,
  gradient,
  green,
  node,
  RED,
  recolor,
  red,
  rgb,
  session,
  setUpSession,
  shadow,
  start,
} from './layer-colors.js';
import { rectangle } from './scenes.js';

setUpSession();

describe('variables', () => {
  const modes = [
    { modeId: 'light', name: 'Light' },
    { modeId: 'dark', name: 'Dark' },
  ];
  const collections = [{ id: 'C:1', name: 'Theme', modes }];
  const opaque = (color: number) => ({ ...rgb(color), a: 1 });
  const variable = (id: string, light: number, dark: number, a = 1) => ({
    id,
    name: id,
    collection: 'C:1',
    valuesByMode: { light: { ...rgb(light), a }, dark: { ...rgb(dark), a } },
  });
  const alias = (id: string) => ({ color: { type: 'VARIABLE_ALIAS', id } });

  it('are bound where they match in the layer’s own mode: paint, stop, shadow', async () => {
    const layer = (id: string): NodeSpec => ({
      ...rectangle(id, { ...red, opacity: 0.4 }, gradient([0, { ...rgb(RED), a: 1 }], [1, { ...rgb(RED), a: 0.5 }])),
      effects: [shadow({ ...rgb(RED), a: 0.5 }), shadow(opaque(RED))],
    });
    await start(
      [layer('1:1'), { id: '2:1', type: 'FRAME', variableModes: { 'C:1': 'dark' }, children: [layer('1:2')] }],
      {
        collections,
        variables: [
          variable('V:blue', BLUE, GREEN),
          variable('V:other', GREEN, 0x010203),
          variable('V:faint', BLUE, GREEN, 0.5),
        ],
      },
    );
    const bind = { variableIds: ['V:other', 'V:blue', 'V:faint', 'V:gone'], tolerance: 1 };
    const report = await recolor({ [RED]: BLUE }, { bind });
    expect(report).toMatchObject({ layers: 2, colors: 10, bound: 5 });
    const { fills, effects } = node('1:1') ?? {};
    expect(fills?.[0]).toMatchObject({ boundVariables: alias('V:blue'), color: rgb(BLUE), opacity: 0.4 });
    expect(fills?.[1]?.gradientStops).toMatchObject([
      { boundVariables: alias('V:blue') },
      { boundVariables: alias('V:faint'), color: { a: 0.5 } },
    ]);
    expect(effects).toMatchObject([{ boundVariables: alias('V:faint') }, { boundVariables: alias('V:blue') }]);
    // In the dark frame blue is nobody's value.
    expect(node('1:2')?.fills?.[0]).toMatchObject({ color: rgb(BLUE) });
    expect(node('1:2')?.fills?.[0]).not.toHaveProperty('boundVariables');
  });

  it('are bound where their scopes allow it and nowhere else', async () => {
    const scoped = (id: string, ...scopes: string[]) => ({ ...variable(id, BLUE, BLUE), scopes });
    const layer = { ...rectangle('1:1', red), strokes: [red], effects: [shadow(opaque(RED))] };
    const others = [
      { id: '1:2', type: 'FRAME', fills: [red], children: [] },
      { id: '1:3', type: 'TEXT', characters: 'abc', fills: [red] },
    ];
    await start([layer, ...others], {
      collections,
      variables: [scoped('V:stroke', 'STROKE_COLOR'), scoped('V:frame', 'FRAME_FILL'), scoped('V:none')],
    });
    const variableIds = ['V:none', 'V:stroke', 'V:frame'];
    expect(await recolor({ [RED]: BLUE }, { bind: { variableIds, tolerance: 1 } })).toMatchObject({
      colors: 5,
      bound: 2,
    });
    expect(node('1:1')?.strokes).toMatchObject([{ boundVariables: alias('V:stroke') }]);
    expect(node('1:2')?.fills).toMatchObject([{ boundVariables: alias('V:frame') }]);
  });

  it('are bound up to the tolerance and not beyond', async () => {
    const near = { id: 'V:near', name: 'near', collection: 'C:1', valuesByMode: { light: opaque(0xff0004) } };
    await start([rectangle('1:1', red)], { collections, variables: [near] });
    expect((await recolor({ [RED]: BLUE }, { bind: { variableIds: ['V:near'], tolerance: 3 } })).bound).toBeUndefined();
    expect((await recolor({ [RED]: BLUE }, { bind: { variableIds: ['V:near'], tolerance: 4 } })).bound).toBe(1);
    expect(node('1:1')?.fills?.[0]).toMatchObject({
      boundVariables: alias('V:near'),
      color: { r: Math.fround(4 / 255), b: 1 },
    });
  });

  it('that were bound before go with the color and come back with Restore', async () => {
    const bound = { ...red, boundVariables: alias('V:red') };
    const shaded = shadow(opaque(RED), {
      boundVariables: { ...alias('V:red'), radius: { type: 'VARIABLE_ALIAS', id: 'V:size' } },
    });
    const size = { id: 'V:size', name: 'size', collection: 'C:1', resolvedType: 'FLOAT', valuesByMode: { light: 8 } };
    const before = await start([{ ...rectangle('1:1', bound), effects: [shaded] }], {
      collections,
      variables: [variable('V:red', RED, RED), variable('V:blue', BLUE, BLUE), size],
    });
    await recolor({ [RED]: GREEN });
    expect(node('1:1')?.fills?.[0]).not.toHaveProperty('boundVariables');
    expect(node('1:1')?.effects?.[0]?.boundVariables).toEqual({ radius: { type: 'VARIABLE_ALIAS', id: 'V:size' } });
    await recolor({ [RED]: BLUE }, { bind: { variableIds: ['V:blue'], tolerance: 1 } });
    expect(node('1:1')?.fills?.[0]).toMatchObject({ boundVariables: alias('V:blue') });
    await session.ui.request('restore', { includeStyles: false });
    expect(session.snapshot().nodes).toEqual(before.nodes);
  });

  it('that a recipe leaves alone stay bound', async () => {
    const bound = { ...red, boundVariables: alias('V:red') };
    const before = await start([rectangle('1:1', bound, green)], {
      collections,
      variables: [variable('V:red', RED, RED)],
    });
    await recolor({ [GREEN]: BLUE });
    expect(node('1:1')?.fills?.[0]).toEqual(before.nodes['1:1']?.fills?.[0]);
  });
});
