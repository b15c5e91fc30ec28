import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Session, type SessionOptions, startSession } from '../figma-host/node-session.js';
import { makePng } from './images.js';
import { imagePaint, rectangle, scene } from './scenes.js';
import { RECIPE, recolorSelection } from './window.js';

let red: Uint8Array;
let session: Session;

beforeAll(async () => {
  red = await makePng(8, 6, { r: 200, g: 20, b: 20 });
});

afterEach(() => {
  expect(session.snapshot().violations).toEqual([]);
  session.end();
});

async function start(options: Partial<SessionOptions> = {}): Promise<Session> {
  const images = [{ name: 'red', bytes: red }];
  session = await startSession({ scene: scene([rectangle('1:1', imagePaint('red'))]), images, ...options });
  return session;
}

const shown = (id = '1:1'): unknown => session.snapshot().nodes[id]?.fills?.[0]?.imageHash;
const OTHER = { ...RECIPE, rows: [{ color: 'gold', tolerance: 20, strength: 120 }] } as const;

describe('what a layer remembers', () => {
  it('offers the original to edit again, and keeps the first original through three recolorings', async () => {
    await start();
    const original = session.hashOf('red');
    for (const recipe of [RECIPE, OTHER, RECIPE]) {
      const { newHashes } = await recolorSelection(session, { recipe });
      expect(shown()).toBe(newHashes[original]);
      const { images, recolored } = await session.ui.request('selection.get', {});
      expect(images).toMatchObject([{ hash: original, shown: [shown()], recipe }]);
      expect(recolored).toBe(1);
      const { bytes } = await session.ui.request('image.bytes', { hash: images[0]?.hash as string });
      expect(Buffer.compare(bytes, red)).toBe(0);
    }
    expect(session.snapshot().undoSteps).toBe(3);
  });

  it('restores the original in one undo step and leaves no trace', async () => {
    await start();
    const before = session.snapshot().nodes['1:1'];
    await recolorSelection(session);
    expect(Object.keys(session.snapshot().nodes['1:1']?.relaunchData ?? {})).toEqual(['edit', 'restore']);
    const report = await session.ui.request('restore', { includeStyles: false });
    expect(report).toEqual({ layers: 1, styles: 0, images: 1, skipped: [] });
    expect(session.snapshot().nodes['1:1']).toEqual(before);
    expect(session.snapshot().undoSteps).toBe(2);
    // Only the document keeps in mind whose image that was: a copy may be elsewhere.
    expect(Object.values(session.snapshot().documentData)).toEqual([session.hashOf('red')]);
    session.vm.evaluate('host.undo()');
    expect(shown()).not.toBe(session.hashOf('red'));
    session.vm.evaluate('host.undo()');
    expect(session.snapshot().nodes['1:1']).toEqual(before);
  });

  it('restores nothing where nothing was recolored', async () => {
    await start();
    expect(await session.ui.request('restore', { includeStyles: true })).toMatchObject({ layers: 0, skipped: [] });
    expect(session.snapshot()).toMatchObject({ undoSteps: 0, writes: 0 });
  });

  it('forgets when the person put another image there', async () => {
    await start({
      images: [
        { name: 'red', bytes: red },
        { name: 'blue', bytes: await makePng(4, 4, { r: 0, g: 0, b: 200 }) },
      ],
    });
    await recolorSelection(session);
    session.vm.evaluate(`host.setPaints('1:1', 'fills', [${JSON.stringify(imagePaint('blue'))}])`);
    const { images, recolored } = await session.ui.request('selection.get', {});
    expect(images).toMatchObject([{ hash: session.hashOf('blue'), shown: [session.hashOf('blue')] }]);
    expect(images[0]?.recipe).toBeUndefined();
    expect(recolored).toBe(0);
  });

  it('ignores plugin data that it does not understand', async () => {
    const layer = { ...rectangle('1:1', imagePaint('red')), pluginData: { recolor: '{"version":9,"originals":[]}' } };
    await start({ scene: scene([layer]) });
    expect((await session.ui.request('selection.get', {})).images).toMatchObject([{ hash: session.hashOf('red') }]);
    expect((await recolorSelection(session)).report.layers).toBe(1);
  });

  it('takes what is shown for the original where Figma lost the original', async () => {
    const pluginData = { recolor: JSON.stringify({ version: 1, originals: { [await hash(red)]: 'f'.repeat(40) } }) };
    await start({ scene: scene([{ ...rectangle('1:1', imagePaint('red')), pluginData }]) });
    expect((await session.ui.request('selection.get', {})).images).toMatchObject([{ hash: session.hashOf('red') }]);
    const report = await session.ui.request('restore', { includeStyles: true });
    expect(report).toMatchObject({ layers: 0, skipped: [{ layerId: '1:1', reason: 'missing-image' }] });
  });

  it('does not restore an original whose bytes Figma cannot reach, and forgets nothing', async () => {
    const lost = { name: 'lost', bytes: await makePng(3, 2, { r: 1, g: 2, b: 3 }), rejects: 'no such image' };
    const pluginData = {
      recolor: JSON.stringify({ version: 1, originals: { [await hash(red)]: await hash(lost.bytes) } }),
    };
    const layer = { ...rectangle('1:1', imagePaint('red')), pluginData };
    await start({ scene: scene([layer]), images: [{ name: 'red', bytes: red }, lost] });
    const before = session.snapshot().nodes;
    const report = await session.ui.request('restore', { includeStyles: true });
    expect(report).toMatchObject({ layers: 0, skipped: [{ layerId: '1:1', reason: 'unreadable' }] });
    expect(session.snapshot().nodes).toEqual(before);
    session.vm.evaluate('host.mendImages()');
    expect(await session.ui.request('restore', { includeStyles: true })).toMatchObject({ layers: 1, skipped: [] });
  });

  it('keeps an entry of a layer with many images under 100 kB', async () => {
    const images = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => ({
        name: `i${i}`,
        bytes: await makePng(2 + i, 2, { r: i, g: 9, b: 9 }),
      })),
    );
    const rows = Array.from({ length: 64 }, () => ({
      color: 'color(display-p3 0.12345 0.12345 0.12345)',
      tolerance: 33.333333333333336,
      strength: 66.66666666666667,
      enabled: true,
    }));
    const name = '色'.repeat(200);
    await start({ scene: scene([rectangle('1:1', ...images.map((one) => imagePaint(one.name)))]), images });
    const { report } = await recolorSelection(session, {
      recipe: { ...RECIPE, name, rows } as unknown as typeof OTHER,
    });
    expect(report).toEqual({ layers: 1, styles: 0, images: 40, skipped: [] });
    expect((await session.ui.request('restore', { includeStyles: false })).images).toBe(40);
  });
});

async function hash(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-1', bytes.slice())).toString('hex');
}
