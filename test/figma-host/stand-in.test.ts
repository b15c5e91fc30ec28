import { describe, expect, it } from 'vitest';
import { makeGif, makePng } from '../figma/images.js';
import { imagePaint, rectangle, scene, solidPaint } from '../figma/scenes.js';
import { sha1 } from './sha1.js';
import { failure, outcome, red, simple, start, useStandIn, vm } from './stand-in-vm.js';

useStandIn();

describe('nodes', () => {
  it('are duplicated onto the page, components within as instances, and moved where that is allowed', async () => {
    const frame = {
      id: '2:0',
      type: 'FRAME',
      children: [
        { id: '2:1', type: 'COMPONENT' },
        { id: '2:2', type: 'INSTANCE' },
      ],
    };
    await start(scene([rectangle('1:1', imagePaint('red')), frame]));
    vm.evaluate("void (globalThis.copy = n('2:0').clone())");
    expect(vm.evaluate('[copy.parent.type, copy.children.map((one) => one.type)]')).toEqual([
      'PAGE',
      ['INSTANCE', 'INSTANCE'],
    ]);
    vm.evaluate("void n('2:0').insertChild(1, copy)");
    expect(vm.evaluate("n('2:0').children.map((one) => one.id === copy.id)")).toEqual([false, true, false]);
    expect(failure("n('2:0').children[2].insertChild(0, n('1:1'))")).toContain('inside of an instance');
    vm.evaluate('void copy.remove()');
    expect(vm.evaluate("[n('2:0').children.length, copy.removed]")).toEqual([2, true]);
  });

  it('give fresh, frozen lists of full paints', async () => {
    await start(simple);
    expect(vm.evaluate("n('1:1').fills === n('1:1').fills")).toBe(false);
    expect(vm.evaluate("Object.isFrozen(n('1:1').fills) && Object.isFrozen(n('1:1').fills[0].filters)")).toBe(true);
    expect(failure("n('1:1').fills[0].opacity = 0.5")).toContain('read-only');
    expect(failure("n('1:1').fills.push({})")).toContain('not extensible');
    expect(vm.evaluate("n('1:1').fills[0]")).toMatchObject({
      visible: true,
      opacity: 1,
      blendMode: 'NORMAL',
      scaleMode: 'FILL',
    });
  });

  it('validate what is set', async () => {
    await start(simple);
    const set = (paint: object): string => failure(`n('1:1').fills = [${JSON.stringify(paint)}]`);
    expect(failure("n('1:1').fills = 7")).toContain('Expected an array');
    expect(set({ type: 'NOISE' })).toContain('unknown paint type');
    expect(set({ type: 'IMAGE', scaleMode: 'FILL', imageHash: 'nope' })).toContain('no image with hash');
    expect(set({ type: 'IMAGE', scaleMode: 'COVER', imageHash: null })).toContain('scaleMode');
    expect(set({ type: 'IMAGE', scaleMode: 'FILL', imageHash: null, imageTransform: [] })).toContain('without CROP');
    expect(set({ type: 'SOLID', color: { r: 0, g: 0, b: 0 }, opacity: 2 })).toContain('opacity');
    expect(set({ type: 'SOLID', colour: {} })).toContain('unrecognized key colour');
    expect(set({ type: 'PATTERN' })).toContain('asynchronous setter');
    expect(failure("n('1:1').color = 1")).toMatch(/not extensible|no such|object is not/);
    expect(failure("n('1:1').id = 'x'")).not.toBe('did not throw');
  });

  it('know only the properties of their type', async () => {
    await start(
      scene([
        { id: '1:1', type: 'GROUP', children: [rectangle('1:2')] },
        { id: '1:3', type: 'VECTOR' },
      ]),
    );
    expect(vm.evaluate("['fills' in n('1:1'), 'children' in n('1:1'), 'vectorNetwork' in n('1:3')]")).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('may have a property that cannot be read, and tell their own page what happens', async () => {
    const odd = { ...rectangle('1:1', imagePaint('red')), unreadable: ['fills'] };
    const far = { id: '0:2', loaded: true, children: [rectangle('2:1'), rectangle('2:2')] };
    await start({ pages: [{ id: '0:1', children: [odd] }, far] });
    expect(failure("n('1:1').fills")).toContain('get_fills');
    expect(failure("n('1:1').strokes")).toBe('did not throw');
    vm.evaluate(`void (globalThis.told = [], figma.root.children.forEach((page) =>
      page.on('nodechange', ({ nodeChanges }) => told.push(page.id, ...nodeChanges.map(({ id }) => id)))))`);
    vm.evaluate("host.resize('1:1', 5, 5)");
    vm.evaluate("host.resize('2:2', 5, 5)");
    vm.evaluate('host.undo()');
    expect(vm.evaluate('told')).toEqual(['0:1', '1:1', '0:2', '2:2', '0:2', '2:2']);
  });

  it('die when removed: only id and removed still answer', async () => {
    await start(simple);
    vm.evaluate("void (globalThis.kept = n('1:1'))");
    vm.evaluate("host.removeNode('1:1')");
    expect(vm.evaluate('[kept.removed, kept.id]')).toEqual([true, '1:1']);
    for (const use of ['kept.fills', 'kept.name', 'kept.type', 'kept.fills = []', "kept.getPluginData('a')"]) {
      expect(failure(use)).toContain('does not exist');
    }
  });

  it('refuse writes that an instance cannot override, and all writes in Dev Mode', async () => {
    await start(scene([{ ...rectangle('1:1'), refuses: ['fills'] }, rectangle('1:2')]));
    expect(failure("n('1:1').fills = []")).toContain('cannot be overridden');
    vm.evaluate('host.setDevMode(true)');
    expect(failure("n('1:2').fills = []")).toContain('Dev Mode');
    expect(failure("n('1:2').setPluginData('a', 'b')")).toContain('Dev Mode');
    expect(failure('figma.createImage(new Uint8Array(9))')).toContain('Dev Mode');
  });

  it('hold plugin data up to 100 kB, and relaunch data of known commands', async () => {
    await start(simple);
    expect(failure("n('1:1').setPluginData('k', 'x'.repeat(99999))")).toBe('did not throw');
    expect(failure("n('1:1').setPluginData('k', 'x'.repeat(100000))")).toContain('100 kB');
    expect(failure("n('1:1').setPluginData('k', 'é'.repeat(50000))")).toContain('100 kB');
    expect(failure("n('1:1').setPluginData('k', 7)")).toContain('strings');
    expect(failure("n('1:1').setRelaunchData({ fly: '' })")).toContain('unknown command');
    expect(failure("n('1:1').setRelaunchData({ edit: 'x'.repeat(1001) })")).toContain('1000');
  });

  it('need the asynchronous ways of dynamic-page', async () => {
    await start({ pages: [...simple.pages, { id: '0:2', children: [rectangle('2:1')] }] });
    for (const name of ['getNodeById', 'getStyleById', 'getLocalPaintStyles']) {
      expect(failure(`figma.${name}('1:1')`)).toContain(`${name}Async`);
    }
    for (const name of ['getVariableById', 'getLocalVariables', 'getLocalVariableCollections']) {
      expect(failure(`figma.variables.${name}('V:1')`)).toContain(`${name}Async`);
    }
    expect(failure("n('1:1').fillStyleId = 'S:1'")).toContain('setFillStyleIdAsync');
    expect(failure('figma.currentPage = figma.root.children[1]')).toContain('setCurrentPageAsync');
    expect(failure('figma.root.children[1].children')).toContain('has not been loaded');
    expect(outcome('figma.root.children[1].loadAsync()')[0]).toBe('kept');
    expect(vm.evaluate('figma.root.children[1].children.length')).toBe(1);
    expect(failure('figma.teamLibrary')).toContain('not part of the stand-in');
  });
});

describe('mixed', () => {
  it('is one unique symbol, and ranges need their fonts', async () => {
    const fontName = { family: 'Inter', style: 'Regular' };
    const segments = [
      { start: 0, end: 2, fontName, fills: [imagePaint('red')] },
      { start: 2, end: 4, fontName, fills: [solidPaint(0, 0, 0)] },
    ];
    await start(scene([{ id: '1:1', type: 'TEXT', characters: 'abcd', segments }]));
    expect(
      vm.evaluate("[typeof figma.mixed, n('1:1').fills === figma.mixed, Symbol('figma.mixed') === figma.mixed]"),
    ).toEqual(['symbol', true, false]);
    expect(failure("n('1:1').setRangeFills(0, 2, [])")).toContain('unloaded font');
    expect(failure("n('1:1').setRangeFills(0, 9, [])")).toContain('outside');
    expect(outcome("figma.loadFontAsync({ family: 'Nope', style: 'Bold' })")).toEqual([
      'broken',
      expect.stringContaining('Nope Bold'),
    ]);
    expect(outcome("figma.loadFontAsync({ family: 'Inter', style: 'Regular' })")[0]).toBe('kept');
    expect(failure("n('1:1').setRangeFills(1, 3, [])")).toBe('did not throw');
    expect(vm.evaluate("n('1:1').getStyledTextSegments(['fills']).map(({ start, end }) => [start, end])")).toEqual([
      [0, 1],
      [1, 3],
      [3, 4],
    ]);
  });
});

describe('images', () => {
  it('are named by their content', async () => {
    await start(simple);
    expect(vm.evaluate("host.hashOf('@red')")).toBe(sha1(red));
    expect(sha1(new TextEncoder().encode('abc'))).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
    const bytes = `new Uint8Array([${red.join()}])`;
    expect(vm.evaluate(`figma.createImage(${bytes}).hash === host.hashOf('@red')`)).toBe(true);
  });

  it('are refused with the three errors, by their headers', async () => {
    await start(simple);
    const create = (bytes: Uint8Array): string => failure(`figma.createImage(new Uint8Array([${bytes.join()}]))`);
    expect(create(await makePng(4097, 1, { r: 0, g: 0, b: 0 }))).toContain('Image is too large');
    expect(create(await makePng(4096, 1, { r: 0, g: 0, b: 0 }))).toBe('did not throw');
    expect(create(await makeGif(2, 2))).toBe('did not throw');
    expect(create(new Uint8Array(50))).toContain('Image type is unsupported');
    const empty = red.slice();
    empty.fill(0, 16, 24);
    expect(create(empty)).toContain('Image is too small');
    expect(failure('figma.createImage([1, 2])')).toContain('Uint8Array');
  });

  it('come later, as a copy, or not at all', async () => {
    const offline = { name: 'offline', bytes: await makePng(1, 1, { r: 0, g: 0, b: 9 }), rejects: 'no network' };
    const gone = { name: 'gone', bytes: await makePng(1, 2, { r: 0, g: 0, b: 9 }), missing: true };
    await start(simple, [offline, gone]);
    expect(outcome("figma.getImageByHash(host.hashOf('@red')).getSizeAsync()")).toEqual([
      'kept',
      { width: 4, height: 3 },
    ]);
    expect(outcome("figma.getImageByHash(host.hashOf('@offline')).getBytesAsync()")).toEqual(['broken', 'no network']);
    expect(vm.evaluate("figma.getImageByHash(host.hashOf('@gone'))")).toBeNull();
    expect(vm.evaluate("figma.getImageByHash('f'.repeat(40))")).toBeNull();
    vm.evaluate(
      "void (globalThis.early = true, figma.getImageByHash(host.hashOf('@red')).getBytesAsync().then(() => { early = false; }))",
    );
    expect(vm.evaluate('globalThis.early')).toBe(false);
  });
});

describe('colors', () => {
  const blue = { r: 0, g: 0, b: 1, a: 1 };
  const shadow = `{ type: 'DROP_SHADOW', color: { r: 0, g: 0, b: 0, a: 0.5 }, offset: { x: 0, y: 1 }, radius: 2, visible: true, blendMode: 'NORMAL' }`;
  const modes = [
    { modeId: 'light', name: 'Light' },
    { modeId: 'dark', name: 'Dark' },
  ];
  const themed = scene(
    [
      rectangle('1:1', solidPaint(0.2, 0, 0)),
      { id: '2:1', type: 'FRAME', variableModes: { C: 'dark' }, children: [rectangle('1:2')] },
    ],
    {
      collections: [{ id: 'C', name: 'Theme', modes }],
      variables: [{ id: 'V', name: 'v', collection: 'C', valuesByMode: { light: blue, dark: { ...blue, r: 1 } } }],
      styles: [{ id: 'S', name: 'Shade', effects: [] }],
    },
  );

  it('are checked channel by channel, and kept in float32', async () => {
    await start(themed);
    expect(vm.evaluate("n('1:1').fills[0].color.r")).toBe(Math.fround(0.2));
    const paint = (color: string): string => failure(`n('1:1').fills = [{ type: 'SOLID', color: ${color} }]`);
    expect(paint('{ r: 0, g: 0, b: 0, a: 1 }')).toContain('unrecognized key a');
    expect(paint('{ r: 2, g: 0, b: 0 }')).toContain('0 to 1');
    expect(paint('{ r: 0, g: 0 }')).toContain('b must be a number');
    const stops = (text: string): string =>
      failure(
        `n('1:1').fills = [{ type: 'GRADIENT_LINEAR', gradientTransform: [[1, 0, 0], [0, 1, 0]], gradientStops: ${text} }]`,
      );
    expect(stops('[]')).toContain('at least one stop');
    expect(stops('[{ position: 2, color: { r: 0, g: 0, b: 0, a: 1 } }]')).toContain('position');
    expect(stops('[{ position: 1, color: { r: 0, g: 0, b: 0 } }]')).toContain('a must be a number');
  });

  it('of effects: unknown types, missing fields and wrong radii are refused; style ids are written elsewhere', async () => {
    await start(themed);
    const set = (text: string): string => failure(`n('1:1').effects = [${text}]`);
    expect(set(shadow)).toBe('did not throw');
    expect(set(shadow.replace('visible: true, ', ''))).toContain('visible is required');
    expect(set(shadow.replace('radius: 2', 'radius: -2'))).toContain('radius');
    expect(set("{ type: 'GLOW', visible: true }")).toContain('unknown effect type');
    expect(failure("n('1:1').effects[0].radius = 3")).toContain('read-only');
    expect(failure("n('1:1').effectStyleId = 'S'")).toContain('setEffectStyleIdAsync');
  });

  it('bound to a variable show its value in the layer’s own modes', async () => {
    await start(themed);
    expect(outcome("figma.variables.getVariableByIdAsync('V')")[0]).toBe('kept');
    const bind = (node: string): unknown =>
      vm.evaluate(
        `(() => { const paint = figma.variables.setBoundVariableForPaint({ type: 'SOLID', color: { r: 0, g: 0, b: 0 } }, 'color', outcome[1]); ${node}.fills = [paint]; return ${node}.fills[0]; })()`,
      );
    const alias = { type: 'VARIABLE_ALIAS', id: 'V' };
    expect(bind("n('1:1')")).toMatchObject({ color: { r: 0, g: 0, b: 1 }, boundVariables: { color: alias } });
    expect(bind("n('2:1').children[0]")).toMatchObject({ color: { r: 1, g: 0, b: 1 } });
    expect(vm.evaluate("outcome[1].resolveForConsumer(n('2:1').children[0]).value")).toEqual({ ...blue, r: 1 });
    expect(failure("figma.variables.setBoundVariableForPaint({ type: 'IMAGE' }, 'color', outcome[1])")).toContain(
      'cannot bind',
    );
    expect(
      failure("figma.variables.setBoundVariableForEffect({ type: 'DROP_SHADOW' }, 'color', { id: 'V' })"),
    ).toContain('Expected a Variable');
    const gone =
      "{ type: 'SOLID', color: { r: 0, g: 0, b: 0 }, boundVariables: { color: { type: 'VARIABLE_ALIAS', id: 'X' } } }";
    expect(failure(`n('1:1').fills = [${gone}]`)).toContain('no color variable');
  });
});
