import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PRESETS } from '../../src/core/presets.js';
import { type Session, type SessionOptions, startSession } from '../figma-host/node-session.js';
import { invert, makePng } from './images.js';
import { imagePaint, rectangle, scene, solidPaint } from './scenes.js';
import { RECIPE, recolorSelection } from './window.js';

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

const oneLayer = scene([rectangle('1:1', imagePaint('red'))]);

async function start(command: string, options: Partial<SessionOptions> = {}): Promise<Session> {
  session = await startSession({ scene: oneLayer, images, command, ...options });
  return session;
}

/** Settles what the rpc still has under way. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('menu commands', () => {
  it.each(['recolor', 'design-system', 'edit'])('%s opens the window', async (command) => {
    await start(command);
    expect(session.snapshot().ui).toEqual({ shown: 1, visible: true, width: 360, height: 680 });
    expect(await session.ui.request('session.start', {})).toMatchObject({ command, headless: false, parameters: {} });
  });

  it('edit hands over the recipe of the selected layers', async () => {
    await start('recolor');
    await recolorSelection(session);
    const { pluginData = {} } = session.snapshot().nodes['1:1'] ?? {};
    session.end();
    const again = { ...rectangle('1:1', imagePaint('inverted')), pluginData };
    const inverted = { name: 'inverted', bytes: await invert(images[0]?.bytes as Uint8Array) };
    await start('edit', { scene: scene([again]), images: [...images, inverted] });
    expect(await session.ui.request('session.start', {})).toMatchObject({ command: 'edit' });
    expect((await session.ui.request('selection.get', {})).images[0]?.hash).toBe(session.hashOf('red'));
  });

  it('restore needs no window', async () => {
    await start('recolor');
    await recolorSelection(session);
    session.vm.run('restore');
    const after = session.snapshot();
    expect(after.nodes['1:1']?.fills?.[0]?.imageHash).toBe(session.hashOf('red'));
    expect(after).toMatchObject({ closed: true, closeMessage: 'Restored 1 layer', undoSteps: 2, ui: { shown: 1 } });
  });

  it('restore says when there is nothing to restore', async () => {
    await start('restore');
    const { closed, closeMessage, writes, ui } = session.snapshot();
    expect({ closed, closeMessage, writes, shown: ui.shown }).toEqual({
      closed: true,
      closeMessage: 'Nothing to restore in the selection',
      writes: 0,
      shown: 0,
    });
  });

  it('an unknown command opens the window rather than nothing', async () => {
    await start('');
    expect(await session.ui.request('session.start', {})).toMatchObject({ command: 'recolor' });
  });
});

describe('re-run last', () => {
  it('hides the window and starts from the original', async () => {
    await start('recolor');
    const { newHashes } = await recolorSelection(session);
    session.end();

    await start('rerun');
    expect(session.snapshot().ui).toMatchObject({ shown: 1, visible: false });
    expect(await session.ui.request('session.start', {})).toMatchObject({ command: 'rerun', headless: true });
    const again = await recolorSelection(session);
    expect(again.newHashes).toEqual(newHashes);
    void session.ui.request('window.close', { message: 'Recolored 1 layer' });
    await settle();
    expect(session.snapshot()).toMatchObject({ closed: true, closeMessage: 'Recolored 1 layer', undoSteps: 1 });
  });

  it('says so when nothing is selected, without any window', async () => {
    await start('rerun', { scene: { ...oneLayer, selection: [] } });
    const { closed, notices, ui } = session.snapshot();
    expect({ closed, notices, shown: ui.shown }).toEqual({
      closed: true,
      notices: [{ message: 'Select layers with images first', error: true }],
      shown: 0,
    });
  });
});

describe('quick actions', () => {
  it('run without a window when a preset or a color is given', async () => {
    await start('recolor', { parameters: { preset: 'Sepia', color: ' #08f ' } });
    expect(await session.ui.request('session.start', {})).toMatchObject({
      headless: true,
      parameters: { preset: 'Sepia', color: '#08f' },
    });
    expect(session.snapshot().ui.visible).toBe(false);
  });

  it('open the window when nothing was entered', async () => {
    await start('recolor', { parameters: { preset: '', color: undefined } });
    expect(await session.ui.request('session.start', {})).toMatchObject({ headless: false, parameters: {} });
  });

  it('suggest presets and colors, and write nothing while asking', async () => {
    const styles = [{ id: 'S:1', name: 'Brand/Teal', paints: [solidPaint(0, 128 / 255, 128 / 255)] }];
    const storage = { 'colorshine/presets': [{ name: 'My autumn', recipe: RECIPE }, 'junk', null] };
    await start('recolor', { scene: { ...oneLayer, styles, storage } });
    const ask = async (key: string, query: string): Promise<unknown> => {
      session.vm.evaluate(`void (globalThis.answer = host.suggest('${key}', '${query}'))`);
      return session.vm.evaluate('globalThis.answer.suggestions');
    };
    expect(await ask('preset', 'my autu')).toEqual(['My autumn']);
    expect(await ask('preset', 'zzzz')).toEqual([]);
    const all = (await ask('preset', '')) as string[];
    expect(all[0]).toBe('My autumn');
    expect(all).toContain(PRESETS[0]?.name);
    expect(all.length).toBeGreaterThanOrEqual(13);
    expect(await ask('color', 'teal')).toEqual([
      { name: 'Brand/Teal', data: '#008080' },
      { name: 'teal', data: 'teal' },
    ]);
    expect(await ask('color', 'oklch(0.7 0.1 20)')).toEqual([{ name: 'oklch(0.7 0.1 20)', data: 'oklch(0.7 0.1 20)' }]);
    expect(session.snapshot().writes).toBe(0);
  });
});

describe('the window', () => {
  it('gets what was said before it had loaded, in order', async () => {
    await start('recolor', { load: false });
    session.vm.evaluate("host.select('1:1')");
    session.vm.evaluate('host.select()');
    expect(session.messages).toEqual([]);
    session.vm.load();
    expect(session.messages).toMatchObject([{ payload: { selected: 1 } }, { payload: { selected: 0 } }]);
  });

  it('hears of selections, paints changed by hand, undo, deletion and another page, and of nothing else', async () => {
    const frame = { id: '1:0', type: 'FRAME', children: [rectangle('1:1', imagePaint('red'))] };
    const component = { id: '2:0', type: 'COMPONENT', children: [rectangle('2:1', imagePaint('red'))] };
    const children = [frame, component, rectangle('1:2', imagePaint('red'))];
    const pages = [
      { id: '0:1', children },
      { id: '0:2', children: [rectangle('9:1', imagePaint('blue'))] },
    ];
    await start('recolor', { scene: { pages } });
    const revisions: number[] = [];
    session.ui.on('selection.changed', ({ revision }) => revisions.push(revision));
    const countAfter = async (expression: string): Promise<number> => {
      const before = revisions.length;
      session.vm.evaluate(expression);
      await settle();
      return revisions.length - before;
    };
    const paint = (id: string): string => `host.setPaints('${id}', 'fills', [${JSON.stringify(imagePaint('blue'))}])`;
    expect(await countAfter(paint('1:1'))).toBe(0);
    expect(await countAfter("host.select('1:0')")).toBe(1);
    expect(await countAfter(paint('1:1'))).toBe(1);
    expect(await countAfter('host.undo()')).toBe(1);
    expect(await countAfter("host.resize('1:1', 20, 30)")).toBe(1);
    expect(await countAfter("host.rename('1:1', 'New name')")).toBe(0);
    // A layer elsewhere says nothing about the selection; a component may, through its instances.
    expect(await countAfter(paint('1:2'))).toBe(0);
    expect(await countAfter(paint('2:1'))).toBe(1);
    expect(await countAfter("host.switchPage('0:2')")).toBe(1);
    expect(await countAfter("host.select('9:1')")).toBe(1);
    expect(await countAfter(paint('9:1'))).toBe(1);
    expect(await countAfter("host.removeNode('9:1')")).toBe(1);
    expect(revisions).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await session.ui.request('selection.get', {})).toMatchObject({ revision: 9, selected: 0 });
  });

  it('undoes through Figma when asked', async () => {
    await start('recolor');
    const before = session.snapshot().nodes;
    await recolorSelection(session);
    await session.ui.request('undo', {});
    expect(session.snapshot().nodes).toEqual(before);
  });

  it('remembers its size, within reason', async () => {
    await start('recolor');
    await session.ui.request('window.resize', { width: 480, height: 9000 });
    expect(session.snapshot().ui).toMatchObject({ width: 480, height: 1600 });
    const { storage } = session.snapshot();
    session.end();
    await start('recolor', { scene: { ...oneLayer, storage } });
    expect(session.snapshot().ui).toMatchObject({ width: 480, height: 1600 });
  });

  it('shows notices of at most 100 characters', async () => {
    await start('recolor');
    void session.ui.request('window.close', { message: 'x'.repeat(300), error: true });
    await settle();
    expect(session.snapshot().notices).toEqual([{ message: `${'x'.repeat(99)}…`, error: true }]);
  });

  it('says nothing after it closed, whatever is still under way', async () => {
    await start('recolor');
    session.vm.evaluate('host.holdImages()');
    void session.ui.request('image.bytes', { hash: session.hashOf('red') });
    void session.ui.request('selection.get', {});
    await settle();
    void session.ui.request('window.close', {});
    await settle();
    const sent = session.messages.length;
    session.vm.evaluate('host.releaseImages()');
    session.vm.evaluate("host.select('1:1')");
    await settle();
    expect(session.snapshot()).toMatchObject({ closed: true, closeMessage: null });
    expect(session.messages).toHaveLength(sent);
  });

  it('stores what it is given, and says when storage is full', async () => {
    await start('recolor');
    const { ui } = session;
    expect(await ui.request('storage.get', { key: 'presets' })).toEqual({ value: null });
    const value = [{ name: 'Mine', recipe: { ...RECIPE, rows: [...RECIPE.rows] } }];
    await ui.request('storage.set', { key: 'presets', value: value as never });
    expect(await ui.request('storage.get', { key: 'presets' })).toEqual({ value });
    const full = ui.request('storage.set', { key: 'recents', value: 'x'.repeat(5_000_000) });
    await expect(full).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    expect(await ui.request('storage.get', { key: 'presets' })).toEqual({ value });
    await ui.request('storage.set', { key: 'presets', value: null });
    expect(await ui.request('storage.get', { key: 'presets' })).toEqual({ value: null });
  });
});
