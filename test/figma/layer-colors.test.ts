/** Solid paints, gradient stops and shadows: counted, recolored, restored. */
import { describe, expect, it } from 'vitest';
import type { JsonObject, NodeSpec, Snapshot } from '../figma-host/scene.js';
import { makePng } from './images.js';
import {
  BLUE,
  census,
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
import { imagePaint, rectangle, solidPaint } from './scenes.js';
import { RECIPE } from './window.js';

setUpSession();

describe('the census of layer colors', () => {
  it('counts area times opacity, each color once; hidden ones count nothing', async () => {
    await start([
      { ...rectangle('1:1', { ...red, opacity: 0.5 }, green), width: 20, height: 10, opacity: 0.5 },
      { ...rectangle('1:2', red), width: 10, height: 10 },
      { ...rectangle('1:3', { ...solidPaint(0, 0, 1), visible: false }) },
      { ...rectangle('1:4', solidPaint(0, 0, 0)), visible: false },
    ]);
    const { colors, layers, recolored } = await census();
    expect(colors).toEqual([
      { color: RED, area: 20 * 10 * 0.25 + 100 },
      { color: GREEN, area: 20 * 10 * 0.5 },
      { color: BLUE, area: 0 },
      { color: 0, area: 0 },
    ]);
    expect({ layers, recolored }).toEqual({ layers: 4, recolored: 0 });
  });

  it('shares a gradient out by its stops, with their alpha', async () => {
    const stops = gradient([1, { ...rgb(BLUE), a: 0.5 }], [0, { ...rgb(RED), a: 1 }], [0.4, { ...rgb(GREEN), a: 1 }]);
    await start([{ ...rectangle('1:1', stops), width: 10, height: 10 }]);
    const areas = Object.fromEntries((await census()).colors.map(({ color, area }) => [color, area]));
    expect(areas[RED]).toBeCloseTo(20, 4);
    expect(areas[GREEN]).toBeCloseTo(50, 4);
    expect(areas[BLUE]).toBeCloseTo(15, 4);
  });

  it('takes an outline for strokes, a quarter of the box for text and shadows, the shown box for images', async () => {
    await start([
      { id: '1:1', type: 'RECTANGLE', strokes: [red], strokeWeight: 3, width: 10, height: 20 },
      { id: '1:2', type: 'TEXT', characters: 'abcd', fills: [green], width: 40, height: 10 },
      { id: '1:3', type: 'RECTANGLE', effects: [shadow({ ...rgb(BLUE), a: 0.5 })], width: 10, height: 10 },
      { ...rectangle('1:4', imagePaint('photo', { opacity: 0.5 })), width: 30, height: 10 },
      { id: '1:5', type: 'LINE', strokes: [red], strokeWeight: 'mixed', width: 50, height: 0 },
    ]);
    const { colors, images } = await census();
    expect(colors).toEqual([
      { color: RED, area: 3 * 60 + 50 },
      { color: GREEN, area: 100 },
      { color: BLUE, area: 12.5 },
    ]);
    expect(images).toEqual({ [session.hashOf('photo')]: 150 });
  });
});

describe('with nothing selected', () => {
  it('there are no layer colors: the page’s background stays out', async () => {
    await start([rectangle('1:1', red)], { selection: [] });
    expect(await census()).toMatchObject({ colors: [], layers: 0 });
    expect(await recolor({ 16777215: RED })).toMatchObject({ layers: 0 });
    expect(session.snapshot().writes).toBe(0);
  });
});

describe('recoloring', () => {
  it('regions of a vector, each by its own paints, and brings them back', async () => {
    const vertices = [0, 1, 2, 3].map((i) => ({ x: i % 2, y: i >> 1 }));
    const segments = [0, 1, 2, 3].map((i) => ({ start: i, end: (i + 1) % 4 }));
    const region = (...fills: JsonObject[]) => ({ windingRule: 'NONZERO', loops: [[0, 1, 2, 3]], fills });
    const vectorNetwork = { vertices, segments, regions: [region(red), region(green, red)] };
    const before = await start([{ id: '1:1', type: 'VECTOR', vectorNetwork, width: 10, height: 10 }]);
    expect((await census()).colors).toEqual([
      { color: RED, area: 100 },
      { color: GREEN, area: 50 },
    ]);
    expect(await recolor({ [RED]: BLUE })).toMatchObject({ layers: 1, colors: 2, skipped: [] });
    const fills = node('1:1')?.vectorNetwork?.regions?.map((one) =>
      (one.fills as JsonObject[]).map(({ color }) => color),
    );
    expect(fills).toEqual([[rgb(BLUE)], [rgb(GREEN), rgb(BLUE)]]);
    await session.ui.request('restore', { includeStyles: false });
    expect(node('1:1')?.vectorNetwork).toEqual(before.nodes['1:1']?.vectorNetwork);
  });

  it('changes solid paints, stops, shadows and strokes, nothing else, as one undo step', async () => {
    const pattern = { type: 'PATTERN', sourceNodeId: '9:9', tileType: 'RECTANGULAR', scalingFactor: 1 };
    const blur = { type: 'LAYER_BLUR', radius: 3, visible: true };
    const inner = { ...shadow({ ...rgb(RED), a: 0.3 }), type: 'INNER_SHADOW' };
    const layer: NodeSpec = {
      ...rectangle('1:1', { ...red, opacity: 0.4, blendMode: 'MULTIPLY' }, imagePaint('photo'), pattern),
      strokes: [gradient([0, { ...rgb(RED), a: 1 }], [1, { ...rgb(GREEN), a: 0.2 }])],
      effects: [shadow({ ...rgb(GREEN), a: 0.6 }, { spread: 2, showShadowBehindNode: true }), blur, inner],
    };
    const before = await start([layer]);
    const report = await recolor({ [RED]: BLUE });
    expect(report).toEqual({ layers: 1, styles: 0, images: 0, colors: 3, skipped: [] });
    const old = before.nodes['1:1'] as NonNullable<Snapshot['nodes'][string]>;
    const { fills, strokes, effects } = node('1:1') as typeof old;
    expect(fills).toEqual([{ ...old.fills?.[0], color: rgb(BLUE) }, old.fills?.[1], old.fills?.[2]]);
    const [first, second] = (old.strokes?.[0]?.gradientStops ?? []) as JsonObject[];
    expect(strokes).toEqual([
      { ...old.strokes?.[0], gradientStops: [{ ...first, color: { ...rgb(BLUE), a: 1 } }, second] },
    ]);
    const [drop, blurred, inside] = old.effects ?? [];
    const color = { ...(inside?.color as object), ...rgb(BLUE) };
    expect(effects).toEqual([drop, blurred, { ...inside, color }]);
    expect(session.snapshot().undoSteps).toBe(1);
    session.vm.evaluate('host.undo()');
    expect(session.snapshot().nodes).toEqual(before.nodes);
  });

  it('goes on from the originals, and brings them back', async () => {
    const before = await start([
      rectangle('1:1', red, gradient([0, { ...rgb(RED), a: 1 }], [1, { ...rgb(GREEN), a: 1 }])),
    ]);
    await recolor({ [RED]: BLUE });
    expect((await census()).colors.map(({ color }) => color)).toEqual([RED, GREEN]);
    expect(await census()).toMatchObject({ recolored: 1, recipe: RECIPE });
    await recolor({ [RED]: 0x123456, [GREEN]: 0x654321 });
    expect(node('1:1')?.fills?.[0]).toMatchObject({ color: { r: Math.fround(0x56 / 255) } });
    const report = await session.ui.request('restore', { includeStyles: false });
    expect(report).toEqual({ layers: 1, styles: 0, images: 0, colors: 3, skipped: [] });
    expect(session.snapshot().nodes).toEqual(before.nodes);
  });

  it('of a component come back in its instance, too, where only that is selected', async () => {
    const layer = { ...rectangle('2:1', red), strokes: [green], effects: [shadow({ ...rgb(RED), a: 0.5 })] };
    const component = { id: '2:0', type: 'COMPONENT', fills: [red], children: [layer] };
    const inside = { ...rectangle('I3:0;2:1'), follows: '2:1' };
    const instance = { id: '3:0', type: 'INSTANCE', follows: '2:0', children: [inside] };
    await start([component, instance], { selection: ['2:0'] });
    expect(await recolor({ [RED]: BLUE, [GREEN]: BLUE })).toMatchObject({ layers: 2, colors: 4 });
    session.vm.evaluate("host.select('3:0')");
    const shown = 'figma.currentPage.selection.flatMap((one) => [one, one.children[0]])';
    const colors = `${shown}.flatMap(({ fills, strokes, effects }) => [...fills, ...strokes, ...effects].map(({ color }) => [color.r, color.g, color.b].join()))`;
    expect(session.vm.evaluate(colors)).toEqual(['0,0,1', '0,0,1', '0,0,1', '0,0,1']);
    expect((await census()).colors.map(({ color }) => color)).toEqual([RED, GREEN]);
    expect(await session.ui.request('restore', { includeStyles: false })).toMatchObject({ layers: 2, colors: 4 });
    expect(session.vm.evaluate(colors)).toEqual(['1,0,0', '1,0,0', '0,1,0', '1,0,0']);
  });

  it('as they were authored, in OKLCH for example, come back with Restore', async () => {
    const authored = (space: string, ...channels: [string, number][]) => ({
      sourceColor: { space, ...Object.fromEntries(channels) },
    });
    const oklch = authored('OKLCH', ['l', 0.628], ['c', 0.2577], ['h', 29.23]);
    const stop = { ...rgb(GREEN), a: 1, ...authored('HSL', ['h', 120], ['s', 1], ['l', 0.5]) };
    const layer = {
      ...rectangle(
        '1:1',
        { ...red, color: { ...rgb(RED), ...oklch } },
        gradient([0, stop], [1, { ...rgb(RED), a: 1 }]),
      ),
      effects: [shadow({ ...rgb(RED), a: 0.3, ...oklch })],
    };
    const before = await start([layer]);
    await recolor({ [RED]: BLUE, [GREEN]: 0x123456 });
    expect(JSON.stringify(node('1:1')?.fills)).not.toContain('29.23');
    await session.ui.request('restore', { includeStyles: false });
    expect(session.snapshot().nodes).toEqual(before.nodes);
    const odd = { rgb: rgb(RED), source: { space: 'NEWER', x: 1 } };
    const entry = { version: 1, originals: {}, colors: [{ at: 'fills/0', shown: { rgb: rgb(RED) }, original: odd }] };
    session.end();
    await start([{ ...rectangle('1:1', red), pluginData: { recolor: JSON.stringify(entry) } }]);
    expect((await census()).recolored).toBe(1);
  });

  it.each([
    ['unit', true],
    ['percent', false],
    [undefined, false],
  ] as const)('are written in OKLCH, unrounded, where Figma reads it as we do: %s', async (sourceColors, isTaken) => {
    const before = await start([rectangle('1:1', red, gradient([0, { ...rgb(GREEN), a: 0.5 }]))], {
      ...(sourceColors && { sourceColors }),
    });
    const exact = { rgb: { r: 0.4363, g: 0.6906, b: 0.4907 }, oklch: { l: 0.7, c: 0.1, h: 150 } };
    const job = await session.ui.request('job.begin', {
      ...{ hashes: [], includeStyles: false, withColors: true },
    });
    const colors = (job.colors ?? []).map((from) => ({ from, to: 0x7db06f, exact }));
    await session.ui.request('job.paint', { jobId: job.jobId, colors });
    expect(await session.ui.request('job.commit', { jobId: job.jobId, recipe: RECIPE })).toMatchObject({ colors: 2 });
    const fills = node('1:1')?.fills ?? [];
    const source = isTaken ? { sourceColor: { space: 'OKLCH', ...exact.oklch } } : {};
    const { r } = isTaken ? exact.rgb : rgb(0x7db06f);
    expect(fills[0]?.color).toEqual({ r: Math.fround(r), g: expect.any(Number), b: expect.any(Number), ...source });
    expect(fills[1]?.gradientStops).toMatchObject([{ color: { a: 0.5, ...source } }]);
    await session.ui.request('restore', { includeStyles: false });
    expect(session.snapshot().nodes).toEqual(before.nodes);
  });

  it('a color that the new recipe leaves alone gets its original back', async () => {
    const before = await start([rectangle('1:1', red, green)]);
    await recolor({ [RED]: BLUE, [GREEN]: BLUE });
    await recolor({ [GREEN]: BLUE });
    expect(node('1:1')?.fills?.[0]).toEqual(before.nodes['1:1']?.fills?.[0]);
    await session.ui.request('restore', { includeStyles: false });
    expect(session.snapshot().nodes).toEqual(before.nodes);
  });

  it('a color that somebody changed since is a new original, and a like one beside it is not taken for ours', async () => {
    await start([{ ...rectangle('1:1', red), strokes: [solidPaint(0, 0, 1)] }]);
    await recolor({ [RED]: BLUE });
    session.vm.evaluate(`host.setPaints('1:1', 'fills', [${JSON.stringify(green)}])`);
    expect((await census()).colors.map(({ color }) => color)).toEqual([GREEN, BLUE]);
    const report = await session.ui.request('restore', { includeStyles: false });
    expect(report.layers).toBe(0);
    expect(node('1:1')?.strokes?.[0]).toMatchObject({ color: rgb(BLUE) });
  });

  it('finds its colors again when paints were reordered', async () => {
    await start([rectangle('1:1', red, green)]);
    await recolor({ [RED]: 0x111111, [GREEN]: 0x222222 });
    const fills = node('1:1')?.fills ?? [];
    session.vm.evaluate(`host.setPaints('1:1', 'fills', ${JSON.stringify([fills[1], fills[0]])})`);
    await session.ui.request('restore', { includeStyles: false });
    expect(node('1:1')?.fills?.map(({ color }) => color)).toEqual([rgb(GREEN), rgb(RED)]);
  });

  it('ranges of text that come to look the same are told apart by Restore', async () => {
    const font = { family: 'Inter', style: 'Regular' };
    const segments = [
      { start: 0, end: 5, fontName: font, fills: [red] },
      { start: 5, end: 9, fontName: font, fills: [green] },
    ];
    const before = await start([{ id: '1:1', type: 'TEXT', characters: 'Hello you', segments }]);
    expect(await recolor({ [RED]: BLUE, [GREEN]: BLUE })).toMatchObject({ layers: 1, colors: 2 });
    expect((await census()).colors.map(({ color }) => color)).toEqual([RED, GREEN]);
    await session.ui.request('restore', { includeStyles: false });
    expect(node('1:1')?.segments?.map(({ fills }) => fills)).toEqual(
      before.nodes['1:1']?.segments?.map(({ fills }) => fills),
    );
    expect(node('1:1')?.pluginData).toEqual({});
  });

  it('images and colors of one layer go together', async () => {
    await start([rectangle('1:1', red, imagePaint('photo'))]);
    const hash = session.hashOf('photo');
    const job = await session.ui.request('job.begin', {
      hashes: [hash],
      includeStyles: false,
      withColors: true,
    });
    expect(job).toMatchObject({ layers: 1, hashes: [hash], colors: [RED] });
    const bytes = await makePng(8, 8, { r: 1, g: 2, b: 3 });
    const { newHash } = await session.ui.request('job.put', { jobId: job.jobId, hash, bytes });
    await session.ui.request('job.paint', { jobId: job.jobId, colors: [{ from: RED, to: GREEN }] });
    expect(session.snapshot().writes).toBe(0);
    expect(await session.ui.request('job.commit', { jobId: job.jobId, recipe: RECIPE })).toEqual({
      layers: 1,
      styles: 0,
      images: 1,
      colors: 1,
      skipped: [],
    });
    expect(node('1:1')?.fills).toMatchObject([{ color: rgb(GREEN) }, { imageHash: newHash }]);
    expect(session.snapshot().undoSteps).toBe(1);
    await session.ui.request('restore', { includeStyles: false });
    expect(node('1:1')?.fills).toMatchObject([{ color: rgb(RED) }, { imageHash: hash }]);
  });

  it('of 400 layers takes one batch', async () => {
    const nodes = Array.from({ length: 400 }, (_, i) => rectangle(`1:${i}`, solidPaint((i % 50) / 255, 0, 0)));
    await start([{ id: '2:1', type: 'FRAME', children: nodes }]);
    const map = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [i, BLUE]));
    expect(await recolor(map)).toMatchObject({ layers: 400, colors: 400, skipped: [] });
    expect(session.snapshot().undoSteps).toBe(1);
  });

  it('without being asked to, leaves colors alone', async () => {
    await start([rectangle('1:1', red, imagePaint('photo'))]);
    const hash = session.hashOf('photo');
    const job = await session.ui.request('job.begin', { hashes: [hash], includeStyles: false });
    expect(job.colors).toBeUndefined();
    await session.ui.request('job.paint', { jobId: job.jobId, colors: [{ from: RED, to: GREEN }] });
    await session.ui.request('job.commit', { jobId: job.jobId, recipe: RECIPE });
    expect(session.snapshot().writes).toBe(0);
  });

  it('names what it had to leave: changed meanwhile, refused by an instance', async () => {
    await start([
      rectangle('1:1', red),
      { id: '1:5', type: 'INSTANCE', children: [{ ...rectangle('1:6', red), refuses: ['fills'] }] },
      rectangle('1:7', red),
    ]);
    const meanwhile = (): void =>
      void session.vm.evaluate(`host.setPaints('1:1', 'fills', [${JSON.stringify(green)}])`);
    const report = await recolor({ [RED]: BLUE }, { meanwhile });
    expect(report.layers).toBe(1);
    expect(report.skipped.map(({ layerId, reason }) => [layerId, reason])).toEqual([
      ['1:1', 'changed'],
      ['1:6', 'refused'],
    ]);
    expect(node('1:6')?.pluginData).toEqual({});
  });
});

describe('styles', () => {
  const styles = [
    { id: 'S:1', name: 'Brand', paints: [red] },
    { id: 'S:2', name: 'Elevation', effects: [shadow({ ...rgb(RED), a: 0.5 })] },
    { id: 'S:3', name: 'Library', paints: [red], remote: true },
  ];
  const nodes = [
    { ...rectangle('1:1'), fillStyleId: 'S:1' },
    { ...rectangle('1:2'), strokeStyleId: 'S:1', effectStyleId: 'S:2' },
    { ...rectangle('1:3'), fillStyleId: 'S:3' },
  ];

  it('are named and left alone, links included, unless told', async () => {
    const before = await start(nodes, { styles });
    expect((await census()).styles).toEqual([
      { id: 'S:1', name: 'Brand', remote: false },
      { id: 'S:2', name: 'Elevation', remote: false },
      { id: 'S:3', name: 'Library', remote: true },
    ]);
    const report = await recolor({ [RED]: BLUE });
    expect(report).toMatchObject({ layers: 0, styles: 0 });
    expect(report.skipped.map(({ layerId, reason }) => [layerId, reason])).toEqual([
      ['1:1', 'style'],
      ['1:2', 'style'],
      ['1:3', 'remote-style'],
    ]);
    expect(session.snapshot().nodes).toEqual(before.nodes);
  });

  it('are changed once each when told, and restored', async () => {
    const before = await start(nodes, { styles });
    expect(await recolor({ [RED]: BLUE }, { includeStyles: true })).toMatchObject({ layers: 0, styles: 2, colors: 2 });
    const after = session.snapshot();
    expect(after.styles['S:1']?.paints[0]).toMatchObject({ color: rgb(BLUE) });
    expect(after.styles['S:2']?.effects[0]).toMatchObject({ color: { ...rgb(BLUE), a: 0.5 } });
    expect(after.nodes).toEqual(before.nodes);
    expect((await census()).colors.map(({ color }) => color)).toEqual([RED]);
    await session.ui.request('restore', { includeStyles: true });
    expect(session.snapshot().styles).toEqual(before.styles);
  });
});
