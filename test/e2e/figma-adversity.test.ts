/** The built plugin and its real window when things go wrong, change meanwhile, or come in numbers. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeGif, makePicture, makePng } from '../figma/images.js';
import { imagePaint, rectangle, scene, solidPaint } from '../figma/scenes.js';
import {
  type BrowserSession,
  type BrowserSessionOptions,
  type Figma,
  startFigma,
} from '../figma-host/browser-session.js';
import type { ImageSpec } from '../figma-host/scene.js';
import { sha1 } from '../figma-host/sha1.js';
import {
  applyAndRead,
  applyHeld,
  decode,
  dismissNotice,
  expectSamePixels,
  pickLook,
  presetRecipe,
  readNotice,
  recolorByCore,
  shownHash,
  shownPixels,
  type Truth,
  waitForPreview,
  waitUntil,
} from './window-driver.js';

const LOOK = 'Sepia';
let figma: Figma;
let pictures: readonly (ImageSpec & { readonly expected: Truth })[];
let session: BrowserSession;

beforeAll(async () => {
  figma = await startFigma();
  pictures = await Promise.all(
    ['a', 'b', 'c', 'd', 'e', 'f'].map(async (name, i) => {
      const bytes = await makePicture(40 + i, 30 + i, { seed: i + 1 });
      return { name, bytes, expected: await recolorByCore(bytes, presetRecipe(LOOK)) };
    }),
  );
});
afterAll(() => figma.close());
afterEach(async () => {
  expect((await session.snapshot()).violations).toEqual([]);
  expect(session.errors).toEqual([]);
  await session.close();
});

/** Opens the window, waits for its preview and takes a look. */
async function open(
  options: Partial<BrowserSessionOptions> & Pick<BrowserSessionOptions, 'scene'>,
): Promise<BrowserSession> {
  session = await figma.open({ images: pictures.map(({ name, bytes }) => ({ name, bytes })), ...options });
  await waitForPreview(session.frame);
  await pickLook(session.frame, LOOK);
  return session;
}

const expectedOf = (name: string): Truth => pictures.find((one) => one.name === name)?.expected as Truth;

/** Pixels as they were. */
const unchanged = async (name: string): Promise<Truth> => {
  const { data } = await decode(pictures.find((one) => one.name === name)?.bytes as Uint8Array);
  return { js: data, wasm: data };
};

/** Pixels of any image in the document. */
const pixelsOf = async (hash: unknown): Promise<Buffer> => (await decode(await session.readImage(String(hash)))).data;

const two = scene([rectangle('1:1', imagePaint('a')), rectangle('1:2', imagePaint('b'))]);

describe('meanwhile', () => {
  it('Cancel in the middle leaves the document exactly as it was', async () => {
    await open({ scene: two });
    const before = await session.snapshot();
    await applyHeld(session);
    await session.frame.getByText(/^1 of 2 images/).waitFor();
    await session.frame.getByRole('button', { name: 'Cancel' }).click();
    expect(await readNotice(session.frame)).toContain('Canceled');
    await session.evaluate('host.releaseImages()');
    const after = await session.snapshot();
    expect(after.nodes).toEqual(before.nodes);
    expect(after).toMatchObject({ writes: 0, undoSteps: 0 });
    // And it still works afterwards.
    await dismissNotice(session.frame);
    expect(await applyAndRead(session.frame)).toContain('Recolored 2 layers');
  });

  it('a layer deleted and an image replaced are left alone and named; the rest is written', async () => {
    const layers = ['a', 'b', 'c'].map((name, i) => rectangle(`1:${i}`, imagePaint(name)));
    await open({ scene: scene(layers) });
    await applyHeld(session);
    await session.frame.getByText(/^1 of 3 images/).waitFor();
    await session.evaluate("host.removeNode('1:0')");
    await session.evaluate(`host.setPaints('1:1', 'fills', [${JSON.stringify(imagePaint('f'))}])`);
    await session.evaluate('host.releaseImages()');
    const notice = await readNotice(session.frame);
    expect(notice).toContain('Recolored 1 layer, skipped 2: deleted meanwhile, changed meanwhile');
    expect(notice).toContain('Layer 1:0');
    expect(await shownHash(session, '1:1')).toBe(await session.hashOf('f'));
    expectSamePixels(await shownPixels(session, '1:2'), expectedOf('c'));
  });

  it('Apply is about what was selected when it was pressed', async () => {
    const layers = [rectangle('1:1', imagePaint('a'), solidPaint(1, 0, 0)), rectangle('1:2', imagePaint('b'))];
    await open({ scene: scene(layers, { selection: ['1:1'] }) });
    const { frame } = session;
    await session.evaluate('host.holdImages()');
    await frame.getByRole('tab', { name: 'Design system' }).click();
    await frame.getByRole('checkbox', { name: '1 layer color' }).check();
    await frame.getByText('Measuring 1 of 1').waitFor();
    await frame.getByRole('button', { name: /^Apply/ }).click();
    await session.evaluate("host.select('1:2')");
    await session.evaluate('host.releaseImages()');
    expect(await readNotice(frame)).toContain('Recolored 1 layer');
    const { nodes, undoSteps } = await session.snapshot();
    expectSamePixels(await shownPixels(session, '1:2'), await unchanged('b'));
    expect(nodes['1:1']?.fills?.map(({ type }) => type)).toEqual(['IMAGE', 'SOLID']);
    expect(await shownHash(session, '1:1')).not.toBe(await session.hashOf('a'));
    expect(undoSteps).toBe(1);
  });

  it('Cmd+Z after a job that changed nothing undoes in the window, not in the document', async () => {
    const styles = [{ id: 'S:1', name: 'Hero', paints: [imagePaint('a')] }];
    await open({ scene: scene([{ ...rectangle('1:1'), fillStyleId: 'S:1' }], { styles }) });
    await session.evaluate("host.rename('1:1', 'Renamed')");
    expect(await applyAndRead(session.frame)).toContain('Nothing changed');
    await session.page.keyboard.press('Control+z');
    await session.frame.getByRole('button', { name: 'Apply', exact: true, disabled: true }).waitFor();
    expect((await session.snapshot()).nodes['1:1']?.name).toBe('Renamed');
  });

  it('the plugin closed in the middle writes nothing and says nothing more', async () => {
    await open({ scene: two });
    await applyHeld(session);
    await session.frame.getByText(/^1 of 2 images/).waitFor();
    await session.page.keyboard.press('Escape');
    expect(await readNotice(session.frame)).toContain('Canceled');
    await session.page.keyboard.press('Escape');
    await session.page.keyboard.press('Escape');
    await waitUntil(session, 'host.snapshot().closed');
    await session.evaluate('host.releaseImages()');
    expect(await session.snapshot()).toMatchObject({ writes: 0, undoSteps: 0 });
  });
});

describe('plugin data', () => {
  it('that somebody else wrote makes the window fetch nothing', async () => {
    const asked: string[] = [];
    const row = { color: 'url(http://colorshine.invalid/pixel)', tolerance: 50, strength: 50 };
    const channels = { luminance: true, saturation: true, hue: true };
    const recipe = { version: 2, rows: [row], channels, blend: 'oklab' };
    const hashes = await Promise.all(pictures.slice(0, 2).map(({ bytes }) => sha1(bytes)));
    const data = JSON.stringify({ version: 1, originals: { [hashes[0] ?? '']: hashes[1] }, recipe });
    session = await figma.open({
      images: pictures.map(({ name, bytes }) => ({ name, bytes })),
      scene: scene([{ ...rectangle('1:1', imagePaint('a')), pluginData: { recolor: data } }]),
    });
    session.page.on('request', (request) => asked.push(request.url()));
    await waitForPreview(session.frame);
    await session.frame.getByRole('button', { name: 'Restore', exact: true }).waitFor();
    expect(await session.frame.locator('.swatch').count()).toBe(0);
    expect(asked.filter((url) => url.includes('invalid'))).toEqual([]);
  });
});

describe('images that cannot be recolored', () => {
  it('are named with their reason, the others are recolored', async () => {
    const images = [
      ...pictures.slice(0, 1).map(({ name, bytes }) => ({ name, bytes })),
      { name: 'gif', bytes: await makeGif(6, 6) },
      { name: 'wide', bytes: await makePng(4097, 2, { r: 9, g: 9, b: 9 }) },
      { name: 'offline', bytes: await makePng(5, 5, { r: 1, g: 2, b: 3 }), rejects: 'network error' },
      { name: 'gone', bytes: await makePng(4, 5, { r: 1, g: 2, b: 3 }), missing: true },
    ];
    const layers = images.map(({ name }, i) => ({ ...rectangle(`1:${i}`, imagePaint(name)), name }));
    const video = { ...rectangle('1:8', { type: 'VIDEO', scaleMode: 'FILL', videoHash: 'v' }), name: 'video' };
    await open({ scene: scene([...layers, video]), images });
    const before = await session.snapshot();
    const notice = await applyAndRead(session.frame);
    expect(notice).toContain('Recolored 1 layer, skipped 5');
    for (const name of ['gif', 'wide', 'offline', 'gone', 'video']) expect(notice).toContain(name);
    expectSamePixels(await shownPixels(session, '1:0'), expectedOf('a'));
    const after = await session.snapshot();
    for (const id of ['1:1', '1:2', '1:3', '1:4', '1:8']) expect(after.nodes[id]).toEqual(before.nodes[id]);
    expect(after.undoSteps).toBe(1);
  });
});

describe('all kinds of places', () => {
  it('mixed fills, text ranges, strokes, regions, an instance that refuses: one undo step', async () => {
    const font = { family: 'Inter', style: 'Regular' };
    const nodes = [
      rectangle('1:1', solidPaint(1, 0, 0), imagePaint('a', { opacity: 0.5, blendMode: 'SCREEN' }), imagePaint('b')),
      {
        id: '1:2',
        type: 'TEXT',
        characters: 'Hello you',
        segments: [
          { start: 0, end: 5, fontName: font, fills: [imagePaint('c')] },
          { start: 5, end: 9, fontName: font, fills: [solidPaint(0, 0, 0)] },
        ],
      },
      { ...rectangle('1:3'), strokes: [imagePaint('d')] },
      {
        id: '1:4',
        type: 'VECTOR',
        vectorNetwork: {
          vertices: [
            { x: 0, y: 0 },
            { x: 1, y: 0 },
            { x: 1, y: 1 },
          ],
          segments: [
            { start: 0, end: 1 },
            { start: 1, end: 2 },
            { start: 2, end: 0 },
          ],
          regions: [{ windingRule: 'NONZERO', loops: [[0, 1, 2]], fills: [imagePaint('e')] }],
        },
      },
      { id: '1:5', type: 'INSTANCE', children: [{ ...rectangle('1:6', imagePaint('a')), refuses: ['fills'] }] },
    ];
    await open({ scene: scene(nodes) });
    const before = await session.snapshot();
    expect(await applyAndRead(session.frame)).toContain('Recolored 4 layers, skipped 1: Figma refused the change');
    const after = await session.snapshot();
    const [solid, first, second] = after.nodes['1:1']?.fills ?? [];
    expect(solid).toEqual(before.nodes['1:1']?.fills?.[0]);
    expect({ ...first, imageHash: 0 }).toEqual({ ...before.nodes['1:1']?.fills?.[1], imageHash: 0 });
    const region = after.nodes['1:4']?.vectorNetwork?.regions?.[0] as { fills: { imageHash: string }[] };
    const hashes = {
      a: first?.imageHash,
      b: second?.imageHash,
      c: after.nodes['1:2']?.segments?.[0]?.fills[0]?.imageHash,
      d: after.nodes['1:3']?.strokes?.[0]?.imageHash,
      e: region.fills[0]?.imageHash,
    };
    for (const [name, hash] of Object.entries(hashes)) expectSamePixels(await pixelsOf(hash), expectedOf(name));
    expect(after.nodes['1:6']).toEqual(before.nodes['1:6']);
    expect(after.undoSteps).toBe(1);
    await session.evaluate('host.undo()');
    expect((await session.snapshot()).nodes).toEqual(before.nodes);
  });

  it('a shared style: left alone, then changed once when the person says so', async () => {
    const styles = [{ id: 'S:1', name: 'Hero', paints: [imagePaint('a')] }];
    const styled = ['1:1', '1:2'].map((id) => ({ ...rectangle(id), fillStyleId: 'S:1' }));
    await open({ scene: scene([...styled, rectangle('1:3', imagePaint('b'))], { styles }) });
    expect(await applyAndRead(session.frame)).toContain('Recolored 1 layer, skipped 2: belongs to a style');
    const original = await session.hashOf('a');
    expect((await session.snapshot()).styles['S:1']?.paints[0]?.imageHash).toBe(original);
    await dismissNotice(session.frame);
    await session.frame.getByRole('checkbox', { name: /style/ }).check();
    expect(await applyAndRead(session.frame)).toContain('and 1 style');
    const { styles: after, nodes } = await session.snapshot();
    expectSamePixels(await pixelsOf(after['S:1']?.paints[0]?.imageHash), expectedOf('a'));
    expect(nodes['1:1']?.fillStyleId).toBe('S:1');
  });
});

describe('in numbers', () => {
  it('30 layers that share 3 images take 3 transforms and one undo step', async () => {
    const layers = Array.from({ length: 30 }, (_, i) => rectangle(`1:${i}`, imagePaint('abc'[i % 3] as string)));
    await open({ scene: scene([{ id: '2:1', type: 'FRAME', children: layers }]) });
    expect(await applyAndRead(session.frame)).toContain('Recolored 30 layers');
    expect(await session.snapshot()).toMatchObject({ created: 3, undoSteps: 1 });
    for (const i of [0, 1, 2])
      expectSamePixels(await shownPixels(session, `1:${27 + i}`), expectedOf('abc'[i] as string));
  });

  it('concurrent requests never mix images up, in whatever order the network answers', async () => {
    const layers = pictures.map(({ name }, i) => rectangle(`1:${i}`, imagePaint(name)));
    session = await figma.open({
      images: pictures.map(({ name, bytes }) => ({ name, bytes })),
      scene: scene(layers, { selection: [] }),
    });
    await session.frame.getByText('Nothing selected').waitFor();
    await session.evaluate('host.holdImages()');
    // Each selection asks for images that the next one makes stale.
    for (const ids of [['1:0', '1:1'], ['1:2'], ['1:3', '1:4', '1:5'], layers.map(({ id }) => id)]) {
      await session.evaluate(`host.select(${ids.map((id) => `'${id}'`).join()})`);
    }
    await session.frame.getByRole('radio').nth(5).waitFor({ state: 'attached' });
    await session.evaluate('host.releaseImages(true)');
    await waitForPreview(session.frame);
    await pickLook(session.frame, LOOK);
    expect(await applyAndRead(session.frame)).toContain('Recolored 6 layers');
    for (const [i, { expected }] of pictures.entries())
      expectSamePixels(await shownPixels(session, `1:${i}`), expected);
    expect((await session.snapshot()).undoSteps).toBe(1);
  });
});

describe('a large image', () => {
  it('of 2048 x 2048, opaque, goes through in one piece, exact', async () => {
    const bytes = await makePicture(2048, 2048, { seed: 9, isOpaque: true });
    await open({ scene: scene([rectangle('1:1', imagePaint('large'))]), images: [{ name: 'large', bytes }] });
    expect(await applyAndRead(session.frame)).toContain('Recolored 1 layer');
    expectSamePixels(await shownPixels(session, '1:1'), await recolorByCore(bytes, presetRecipe(LOOK)));
  });
});
