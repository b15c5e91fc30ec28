/** Where a recolored image goes: in place of the original, above it, or onto a duplicate; and back. */
import { describe, expect, it } from 'vitest';
import { RPC_TAG } from '../../src/protocol/rpc.js';
import type { NodeSpec } from '../figma-host/scene.js';
import { invert } from './images.js';
import { imagePaint, rectangle, scene, solidPaint } from './scenes.js';
import { blue, red, session, start, useTwoPictures } from './two-pictures.js';
import { RECIPE, recolorSelection } from './window.js';

useTwoPictures();

/** A layer's fills in a few words: the image's name, `new` for one of ours, `#` for a color, `-` before a hidden one. */
function fillsOf(id: string): string[] {
  const names = new Map([
    [session.hashOf('red'), 'red'],
    [session.hashOf('blue'), 'blue'],
  ]);
  return (session.snapshot().nodes[id]?.fills ?? []).map((fill) => {
    const { type, visible, imageHash } = fill as { type: string; visible: boolean; imageHash?: string };
    const word = type === 'IMAGE' ? (names.get(imageHash ?? '') ?? 'new') : '#';
    return visible ? word : `-${word}`;
  });
}

const restore = () => session.ui.request('restore', { includeStyles: false });

describe('a new fill above', () => {
  it('leaves the original hidden below, with all else as it was, and Restore makes one of the two', async () => {
    const photo = imagePaint('red', { scaleMode: 'FIT', opacity: 0.5, filters: { exposure: 0.5 } });
    await start({
      scene: scene([rectangle('1:1', solidPaint(1, 0, 0), photo, solidPaint(0, 0, 1), imagePaint('blue'))]),
    });
    const before = session.snapshot().nodes;
    const { report } = await recolorSelection(session, { placement: 'above' });
    expect(report).toEqual({ layers: 1, styles: 0, images: 2, skipped: [] });
    expect(fillsOf('1:1')).toEqual(['#', '-red', 'new', '#', '-blue', 'new']);
    const [, below, above] = session.snapshot().nodes['1:1']?.fills ?? [];
    expect({ ...above, imageHash: below?.imageHash, visible: false }).toEqual(below);
    expect(session.snapshot().undoSteps).toBe(1);
    // The hidden ones are no images of their own, and a second Apply changes what is above them.
    const { images } = await session.ui.request('selection.get', {});
    expect(images.map(({ hash, shown }) => [hash, shown.length])).toEqual([
      [session.hashOf('red'), 1],
      [session.hashOf('blue'), 1],
    ]);
    for (const placement of ['above', 'replace'] as const) {
      await recolorSelection(session, { placement });
      expect(fillsOf('1:1')).toEqual(['#', '-red', 'new', '#', '-blue', 'new']);
    }
    expect(await restore()).toMatchObject({ layers: 1, skipped: [] });
    expect(session.snapshot().nodes).toEqual(before);
  });

  it('after a plain Apply, on colors between and on styles: each original is found again', async () => {
    const fills = [imagePaint('red'), solidPaint(1, 0, 0), solidPaint(0, 0, 1)];
    const style = { id: 'S:1', name: 'Photo', paints: [imagePaint('blue')] };
    const styled: NodeSpec = { ...rectangle('1:2'), fillStyleId: 'S:1' };
    await start({ scene: scene([rectangle('1:1', ...fills), styled], { styles: [style] }) });
    const before = session.snapshot();
    await recolorSelection(session);
    // Both colors become the same: what is remembered is told apart by its place.
    await recolorSelection(session, { placement: 'above', colors: () => 0x00ff00, includeStyles: true });
    expect(fillsOf('1:1')).toEqual(['-red', 'new', '#', '#']);
    expect(session.snapshot().styles['S:1']?.paints).toHaveLength(2);
    await session.ui.request('restore', { includeStyles: true });
    expect(session.snapshot().nodes).toEqual(before.nodes);
    expect(session.snapshot().styles).toEqual(before.styles);
  });

  it('arrives in instances by itself, and goes from there by itself', async () => {
    const component = {
      id: '2:0',
      type: 'COMPONENT',
      children: [rectangle('2:1', imagePaint('red'), solidPaint(1, 0, 0), imagePaint('blue'))],
    };
    const instance = { id: '3:0', type: 'INSTANCE', children: [{ ...rectangle('3:1'), follows: '2:1' }] };
    await start({ scene: scene([component, instance]) });
    const shown = (): unknown =>
      session.vm.evaluate('figma.currentPage.children.map((one) => one.children[0].fills.map((fill) => fill.visible))');
    const { report } = await recolorSelection(session, { placement: 'above', colors: () => 0x00ff00 });
    expect(report).toMatchObject({ layers: 2, skipped: [] });
    const pair = [false, true, true, false, true];
    expect(shown()).toEqual([pair, pair]);
    expect(session.vm.evaluate("host.snapshot().nodes['3:1'].overridden ?? []")).toEqual([]);
    expect(await restore()).toMatchObject({ layers: 2, skipped: [] });
    expect(shown()).toEqual([
      [true, true, true],
      [true, true, true],
    ]);
    expect(session.vm.evaluate("host.snapshot().nodes['3:1'].overridden ?? []")).toEqual([]);
  });

  it('survives the way into another file, original included; what was replaced is said to be missing there', async () => {
    await start({ scene: scene([rectangle('1:1', imagePaint('red')), rectangle('1:2', imagePaint('red'))]) });
    session.vm.evaluate("host.select('1:1')");
    await recolorSelection(session, { placement: 'above' });
    session.vm.evaluate("host.select('1:2')");
    await recolorSelection(session);
    const data = (id: string) => session.snapshot().nodes[id]?.pluginData ?? {};
    const [above, replaced] = [data('1:1'), data('1:2')];
    session.end();
    const inverted = { name: 'inverted', bytes: await invert(red) };
    const pasted = [
      { ...rectangle('5:1', imagePaint('red', { visible: false }), imagePaint('inverted')), pluginData: above },
      { ...rectangle('5:2', imagePaint('inverted')), pluginData: replaced },
    ];
    await start({
      scene: scene(pasted),
      images: [{ name: 'red', bytes: red }, { name: 'blue', bytes: blue }, inverted],
    });
    expect(await restore()).toMatchObject({ layers: 2, skipped: [] });
    session.end();
    const lost = { name: 'red', bytes: red, missing: true };
    await start({ scene: scene(pasted.slice(1)), images: [lost, { name: 'blue', bytes: blue }, inverted] });
    expect(await restore()).toMatchObject({ layers: 0, skipped: [{ layerId: '5:2', reason: 'missing-image' }] });
  });

  it('whose hidden original was shown again, or taken away, is a paint like any other', async () => {
    await start({ scene: scene([rectangle('1:1', imagePaint('red'))]) });
    await recolorSelection(session, { placement: 'above' });
    const [below, above] = session.snapshot().nodes['1:1']?.fills ?? [];
    session.vm.evaluate(`host.setPaints('1:1', 'fills', ${JSON.stringify([{ ...below, visible: true }, above])})`);
    await restore();
    expect(fillsOf('1:1')).toEqual(['red', 'red']);
    await recolorSelection(session, { placement: 'above' });
    session.vm.evaluate(`host.setPaints('1:1', 'fills', ${JSON.stringify([above])})`);
    await restore();
    expect(fillsOf('1:1')).toEqual(['red']);
  });
});

describe('a copy beside', () => {
  const frame: NodeSpec = {
    ...{ id: '1:0', type: 'FRAME', name: 'Card', fills: [solidPaint(1, 1, 1)], width: 300 },
    children: [rectangle('1:1', imagePaint('red')), { ...rectangle('1:2', imagePaint('blue')), pluginData: {} }],
  };
  const selected = (): string[] => session.vm.evaluate('figma.currentPage.selection.map(({ id }) => id)');
  const childrenOf = (id: string): string[] =>
    session.vm.evaluate(
      `(${id ? `figma.currentPage.children.find((one) => one.id === '${id}')` : 'figma.currentPage'}).children.map((one) => one.id)`,
    );

  it('is a duplicate of the selected layer, recolored and selected; the layer stays as it is', async () => {
    await start({ scene: scene([frame, rectangle('1:9', solidPaint(0, 0, 0))], { selection: ['1:0', '1:1'] }) });
    const before = session.snapshot();
    const { report } = await recolorSelection(session, { placement: 'beside', colors: () => 0x00ff00 });
    expect(report).toMatchObject({ layers: 3, images: 2, skipped: [] });
    const after = session.snapshot();
    for (const id of ['1:0', '1:1', '1:2']) expect(after.nodes[id]).toEqual(before.nodes[id]);
    const [copy = ''] = selected();
    expect(childrenOf('')).toEqual(['1:0', copy, '1:9']);
    expect(session.vm.evaluate(`(([one]) => [one.x, one.y])(figma.currentPage.selection)`)).toEqual([340, 0]);
    expect(childrenOf(copy).map(fillsOf)).toEqual([['new'], ['new']]);
    expect(after.undoSteps).toBe(1);
    // A second Apply is about the copy itself; Restore brings its originals back.
    await recolorSelection(session, { placement: 'beside' });
    expect(childrenOf('')).toHaveLength(3);
    await restore();
    expect(childrenOf(copy).map(fillsOf)).toEqual([['red'], ['blue']]);
    session.vm.evaluate('host.undo()');
    session.vm.evaluate('host.undo()');
    session.vm.evaluate('host.undo()');
    expect(session.snapshot().nodes).toEqual(before.nodes);
  });

  it('goes into the same frame, out of an instance onto the page, and nowhere it is refused', async () => {
    const inner = { id: '2:0', type: 'INSTANCE', children: [rectangle('2:1', imagePaint('red'))] };
    const narrow: NodeSpec = {
      ...{ id: '3:0', type: 'FRAME', refuses: ['children'], fills: [] },
      children: [rectangle('3:1', imagePaint('red'))],
    };
    await start({ scene: scene([frame, inner, narrow], { selection: ['1:1', '2:1', '3:1'] }) });
    const { report } = await recolorSelection(session, { placement: 'beside' });
    expect(report).toMatchObject({ layers: 2, skipped: [{ layerId: '3:1', reason: 'refused' }] });
    expect(childrenOf('1:0')).toHaveLength(3);
    expect(childrenOf('1:0')[1]).toBe(selected()[0]);
    expect(childrenOf('3:0')).toEqual(['3:1']);
    expect(childrenOf('')).toEqual(['1:0', '2:0', '3:0', selected()[1]]);
  });

  it('names what it could not turn to, however long the name: deleted, moved away, refused', async () => {
    const name = 'n'.repeat(2500);
    const children = ['5:1', '5:2', '5:3'].map((id) => rectangle(id, imagePaint('red')));
    const inside: NodeSpec = { id: '5:0', type: 'FRAME', children };
    const narrow: NodeSpec = {
      ...{ id: '3:0', type: 'FRAME', refuses: ['children'] },
      children: [{ ...rectangle('3:1', imagePaint('red')), name }],
    };
    await start({ scene: scene([inside, narrow], { selection: ['5:0', '3:1'] }) });
    const { report } = await recolorSelection(session, {
      placement: 'beside',
      meanwhile() {
        session.vm.evaluate("host.removeNode('5:1')");
        const find = "figma.currentPage.children.find((one) => one.id === '5:0').children[0]";
        session.vm.evaluate(`void figma.currentPage.insertChild(0, ${find})`);
      },
    });
    expect(report).toMatchObject({
      layers: 1,
      skipped: [
        { layerId: '3:1', layer: name.slice(0, 2000), reason: 'refused' },
        { layerId: '5:1', layer: 'Layer 5:1', reason: 'removed' },
        { layerId: '5:2', layer: 'Layer 5:2', reason: 'changed' },
      ],
    });
  });

  it('leaves nothing behind where the plugin is closed before all is ready: fonts, styles', async () => {
    await start({ scene: scene([{ id: '7:1', type: 'TEXT', characters: 'abc', fills: [imagePaint('red')] }]) });
    const before = session.snapshot().nodes;
    const [hash, placement] = [session.hashOf('red'), 'beside' as const];
    const { jobId } = await session.ui.request('job.begin', { hashes: [hash], includeStyles: false, placement });
    await session.ui.request('job.put', { jobId, hash, bytes: await invert(red) });
    const [commit, close] = [
      { name: 'job.commit', payload: { jobId, recipe: RECIPE } },
      { name: 'window.close', payload: {} },
    ].map((one, i) => JSON.stringify(JSON.stringify({ tag: RPC_TAG, kind: 'request', id: 900 + i, ...one })));
    // Both are there before a font has come.
    session.vm.evaluate(`void (host.deliver(${commit}), host.deliver(${close}))`);
    expect(session.snapshot().closed).toBe(true);
    expect(session.snapshot().nodes).toEqual(before);
  });

  it('leaves styles alone, since the layer shares them, and makes no copy of what does not change', async () => {
    const style = { id: 'S:1', name: 'Photo', paints: [imagePaint('blue')] };
    const styled: NodeSpec = { ...rectangle('1:2'), fillStyleId: 'S:1' };
    await start({ scene: scene([styled, rectangle('1:3', solidPaint(1, 0, 0))], { styles: [style] }) });
    const { report } = await recolorSelection(session, { placement: 'beside', includeStyles: true });
    expect(report).toMatchObject({ layers: 0, styles: 0, skipped: [{ layerId: '1:2', reason: 'style' }] });
    expect(childrenOf('')).toEqual(['1:2', '1:3']);
    expect(session.snapshot().writes).toBe(0);
  });
});
