import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Session, type SessionOptions, startSession } from '../figma-host/node-session.js';
import { makePng } from './images.js';
import { imagePaint, rectangle, scene, solidPaint } from './scenes.js';
import { recolorSelection } from './window.js';

let images: NonNullable<SessionOptions['images']>;
let session: Session;

beforeAll(async () => {
  images = [
    { name: 'red', bytes: await makePng(8, 6, { r: 200, g: 20, b: 20 }) },
    { name: 'blue', bytes: await makePng(6, 8, { r: 20, g: 20, b: 200 }) },
  ];
});

afterEach(() => {
  expect(session.snapshot().violations).toEqual([]);
  session.end();
});

async function start(given: SessionOptions['scene']): Promise<Session> {
  session = await startSession({ scene: given, images });
  return session;
}

const INTER = { family: 'Inter', style: 'Regular' };
const LOST = { family: 'Lost', style: 'Bold' };
const hashOf = (name: string): string => session.hashOf(name);
const node = (id: string) => session.snapshot().nodes[id];

/** A square with two regions. */
function vector(...fills: (readonly object[] | undefined)[]) {
  const vertices = [0, 1, 2, 3].map((i) => ({ x: i % 2, y: i >> 1 }));
  const segments = [0, 1, 2, 3].map((i) => ({ start: i, end: (i + 1) % 4 }));
  const regions = fills.map((list) => ({
    windingRule: 'NONZERO',
    loops: [[0, 1, 2, 3]],
    ...(list && { fills: list }),
  }));
  return { vertices, segments, regions };
}

describe('text', () => {
  const text = (more: object) => ({ id: '1:1', type: 'TEXT', name: 'Title', characters: 'Hello world', ...more });

  it('recolors uniform text, and ranges of mixed text, each range by itself', async () => {
    const segments = [
      { start: 0, end: 5, fontName: INTER, fills: [imagePaint('red')] },
      { start: 5, end: 8, fontName: INTER, fills: [solidPaint(0, 0, 0)] },
      { start: 8, end: 11, fontName: INTER, fills: [solidPaint(1, 0, 0), imagePaint('blue')] },
    ];
    const plain = { id: '1:2', type: 'TEXT', characters: 'abc', fills: [imagePaint('red')] };
    await start(scene([text({ segments }), plain]));
    const { report, newHashes } = await recolorSelection(session);
    expect(report).toEqual({ layers: 2, styles: 0, images: 2, skipped: [] });
    const fills = node('1:1')?.segments?.map((segment) => segment.fills.map((paint) => paint.imageHash ?? paint.type));
    const [red, blue] = [newHashes[hashOf('red')], newHashes[hashOf('blue')]];
    expect(fills).toEqual([[red], ['SOLID'], ['SOLID', blue]]);
    expect(node('1:2')?.segments?.[0]?.fills[0]?.imageHash).toBe(red);
    expect(session.snapshot().undoSteps).toBe(1);
    await session.ui.request('restore', { includeStyles: false });
    expect(node('1:1')?.segments?.[2]?.fills[1]?.imageHash).toBe(hashOf('blue'));
    expect(node('1:1')?.pluginData).toEqual({});
  });

  it('reports a range whose font is missing', async () => {
    const segments = [
      { start: 0, end: 5, fontName: LOST, fills: [imagePaint('red')] },
      { start: 5, end: 11, fontName: INTER, fills: [imagePaint('blue')] },
    ];
    await start(scene([text({ segments }), rectangle('1:2', imagePaint('red'))]));
    const { report } = await recolorSelection(session);
    expect(report).toMatchObject({ layers: 1, skipped: [{ layer: 'Title', reason: 'missing-font' }] });
    expect(session.snapshot().undoSteps).toBe(1);
  });

  it('leaves text whose ranges moved meanwhile', async () => {
    const segments = [
      { start: 0, end: 5, fontName: INTER, fills: [imagePaint('red')] },
      { start: 5, end: 11, fontName: INTER, fills: [imagePaint('blue')] },
    ];
    await start(scene([text({ segments })]));
    const meanwhile = (): void => void session.vm.evaluate("host.setCharacters('1:1', 'Hello')");
    const { report } = await recolorSelection(session, { meanwhile });
    expect(report.skipped).toMatchObject([{ reason: 'changed' }]);
    expect(node('1:1')?.segments).toHaveLength(1);
  });
});

describe('vectors', () => {
  it('recolors the fills of single regions and keeps the network', async () => {
    const vectorNetwork = vector([imagePaint('red')], [solidPaint(0, 1, 0)], [imagePaint('blue'), imagePaint('red')]);
    // Scenes name images; the network's are resolved by the stand-in as everywhere.
    await start(scene([{ id: '1:1', type: 'VECTOR', vectorNetwork, strokes: [imagePaint('red')] }]));
    const before = node('1:1')?.vectorNetwork;
    const { report, newHashes } = await recolorSelection(session);
    expect(report).toEqual({ layers: 1, styles: 0, images: 2, skipped: [] });
    const [red, blue] = [newHashes[hashOf('red')], newHashes[hashOf('blue')]];
    const after = node('1:1')?.vectorNetwork;
    const hashes = after?.regions?.map(({ fills }) =>
      (fills as { imageHash?: string }[]).map(({ imageHash }) => imageHash),
    );
    expect(hashes).toEqual([[red], [undefined], [blue, red]]);
    expect(after?.regions?.[1]).toEqual(before?.regions?.[1]);
    expect({ ...after, regions: [] }).toEqual({ ...before, regions: [] });
    expect(node('1:1')?.strokes?.[0]?.imageHash).toBe(red);
    expect(session.snapshot().undoSteps).toBe(1);
    await session.ui.request('restore', { includeStyles: false });
    expect(node('1:1')?.vectorNetwork).toEqual(before);
  });

  it('recolors a vector as a whole where no region has fills of its own', async () => {
    await start(scene([{ id: '1:1', type: 'VECTOR', vectorNetwork: vector(undefined), fills: [imagePaint('red')] }]));
    const { newHashes } = await recolorSelection(session);
    expect(node('1:1')?.fills?.[0]?.imageHash).toBe(newHashes[hashOf('red')]);
  });

  it('reports a network that an instance does not let go', async () => {
    const vectorNetwork = vector([imagePaint('red')]);
    await start(scene([{ id: '1:1', type: 'VECTOR', vectorNetwork, refuses: ['vectorNetwork'] }]));
    expect((await recolorSelection(session)).report).toMatchObject({ layers: 0, skipped: [{ reason: 'refused' }] });
    expect(node('1:1')?.pluginData).toEqual({});
  });
});

describe('containers', () => {
  it('walks frames, groups, components, instances, sections and boolean operations, each layer once', async () => {
    const types = ['FRAME', 'GROUP', 'COMPONENT', 'COMPONENT_SET', 'INSTANCE', 'SECTION', 'BOOLEAN_OPERATION'];
    const nested = types.reduceRight<ReturnType<typeof rectangle>>(
      (child, type, i) => ({
        id: `2:${i}`,
        type,
        children: [child],
        ...(type !== 'GROUP' && { fills: [imagePaint('red')] }),
      }),
      rectangle('1:1', imagePaint('red')),
    );
    await start(scene([nested], { selection: ['2:0', '2:3', '1:1'] }));
    const { images: listed, selected } = await session.ui.request('selection.get', {});
    expect(selected).toBe(3);
    expect(listed[0]?.layers.map(({ id }) => id)).toEqual(['2:0', '2:2', '2:3', '2:4', '2:5', '2:6', '1:1']);
    expect((await recolorSelection(session)).report.layers).toBe(7);
  });

  it('takes nothing when nothing is selected: a page has no image', async () => {
    await start(scene([rectangle('1:1', imagePaint('red'))], { selection: [] }));
    const { images: listed, selected } = await session.ui.request('selection.get', {});
    expect({ listed, selected }).toEqual({ listed: [], selected: 0 });
    expect((await recolorSelection(session)).report).toMatchObject({ layers: 0, skipped: [] });
    expect(session.snapshot().writes).toBe(0);
  });

  it('never touches a page that is not loaded', async () => {
    const pages = [
      { id: '0:1', children: [rectangle('1:1', imagePaint('red'))] },
      { id: '0:2', children: [rectangle('1:2', imagePaint('red'))] },
    ];
    await start({ pages, selection: ['1:1'] });
    expect((await recolorSelection(session)).report.layers).toBe(1);
    expect(node('1:2')?.fills?.[0]?.imageHash).toBe(hashOf('red'));
  });

  it('walks 3,000 layers nested 200 deep', async () => {
    let deep = rectangle('d:0', imagePaint('red'));
    for (let i = 1; i <= 200; i++) deep = { id: `d:${i}`, type: 'FRAME', children: [deep] } as unknown as typeof deep;
    const wide = Array.from({ length: 2800 }, (_, i) => rectangle(`w:${i}`, solidPaint(1, 0, 0)));
    await start(scene([deep, { id: 'w', type: 'FRAME', children: wide }]));
    expect((await recolorSelection(session)).report).toMatchObject({ layers: 1, skipped: [] });
  });
});

describe('styles', () => {
  const styles = [{ id: 'S:1', name: 'Photo/Hero', paints: [imagePaint('red'), solidPaint(1, 1, 1)] }];
  const styled = (id: string) => ({ ...rectangle(id), fillStyleId: 'S:1' });
  const children = [styled('1:1'), styled('1:2'), rectangle('1:3', imagePaint('red'))];

  it('offers a style and leaves it, and the link to it, alone unless told', async () => {
    await start(scene(children, { styles }));
    const listed = await session.ui.request('selection.get', {});
    const hash = hashOf('red');
    expect(listed.styles).toEqual([{ id: 'S:1', name: 'Photo/Hero', layers: 2, remote: false, hashes: [hash] }]);
    expect(listed.images).toMatchObject([{ hash, styleIds: ['S:1'], layers: [{ id: '1:3' }] }]);
    const { report } = await recolorSelection(session);
    expect(report).toMatchObject({ layers: 1, styles: 0 });
    expect(report.skipped.map(({ layerId, reason }) => [layerId, reason])).toEqual([
      ['1:1', 'style'],
      ['1:2', 'style'],
    ]);
    expect(node('1:1')?.fillStyleId).toBe('S:1');
    expect(session.snapshot().styles['S:1']?.paints[0]?.imageHash).toBe(hash);
  });

  it('recolors the style itself once when asked to, and restores it', async () => {
    await start(scene(children, { styles }));
    const before = session.snapshot();
    const { report, newHashes } = await recolorSelection(session, { includeStyles: true });
    expect(report).toEqual({ layers: 1, styles: 1, images: 1, skipped: [] });
    const newHash = newHashes[hashOf('red')];
    const after = session.snapshot();
    expect(after.styles['S:1']?.paints[0]?.imageHash).toBe(newHash);
    expect(after.styles['S:1']?.paints[1]).toEqual(before.styles['S:1']?.paints[1]);
    expect(after.nodes['1:1']).toEqual(before.nodes['1:1']);
    expect(after.undoSteps).toBe(1);
    expect((await session.ui.request('selection.get', {})).images).toMatchObject([
      { hash: hashOf('red'), shown: [newHash] },
    ]);
    expect(await session.ui.request('restore', { includeStyles: true })).toMatchObject({ layers: 1, styles: 1 });
    expect(session.snapshot().styles).toEqual(before.styles);
    expect(session.snapshot().nodes).toEqual(before.nodes);
  });

  it('restores layers but not styles when styles are not included', async () => {
    await start(scene(children, { styles }));
    await recolorSelection(session, { includeStyles: true });
    const report = await session.ui.request('restore', { includeStyles: false });
    expect(report).toMatchObject({ layers: 1, styles: 0, skipped: [{ reason: 'style' }, { reason: 'style' }] });
  });

  it('reports styles of libraries and styles that are gone', async () => {
    const remote = [{ ...(styles[0] as (typeof styles)[0]), remote: true }];
    await start(scene([styled('1:1')], { styles: remote }));
    const { report } = await recolorSelection(session, { includeStyles: true });
    expect(report).toMatchObject({ layers: 0, styles: 0, skipped: [{ reason: 'remote-style' }] });
    expect(session.snapshot().writes).toBe(0);
  });

  it('notices a style that was deleted meanwhile', async () => {
    await start(scene([styled('1:1'), rectangle('1:3', imagePaint('red'))], { styles }));
    const meanwhile = (): void => void session.vm.evaluate("host.removeStyle('S:1')");
    const { report } = await recolorSelection(session, { includeStyles: true, meanwhile });
    expect(report).toMatchObject({ layers: 1, styles: 0, skipped: [{ layer: 'Photo/Hero', reason: 'removed' }] });
  });
});
