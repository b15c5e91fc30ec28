/** The built code.js in QuickJS and the built ui.html in its iframe: the main road. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makePicture } from '../figma/images.js';
import { imagePaint, rectangle, scene, solidPaint } from '../figma/scenes.js';
import {
  type BrowserSession,
  type BrowserSessionOptions,
  type Figma,
  startFigma,
} from '../figma-host/browser-session.js';
import type { ImageSpec } from '../figma-host/scene.js';
import {
  applyAndRead,
  decode,
  dismissNotice,
  expectSamePixels,
  pickLook,
  presetRecipe,
  readNotice,
  recolorByCore,
  shownHash,
  shownPixels,
  waitForPreview,
  waitUntil,
} from './window-driver.js';

let figma: Figma;
let translucent: Uint8Array;
let jpeg: Uint8Array;
let images: readonly ImageSpec[];
let session: BrowserSession;

beforeAll(async () => {
  figma = await startFigma();
  translucent = await makePicture(70, 50);
  jpeg = await makePicture(64, 64, { kind: 'jpeg', seed: 2 });
  images = [
    { name: 'translucent', bytes: translucent },
    { name: 'jpeg', bytes: jpeg },
  ];
});
afterAll(() => figma.close());
afterEach(async () => {
  expect((await session.snapshot()).violations).toEqual([]);
  expect(session.errors).toEqual([]);
  await session.close();
});

async function open(
  options: Partial<BrowserSessionOptions> & Pick<BrowserSessionOptions, 'scene'>,
): Promise<BrowserSession> {
  session = await figma.open({ images, ...options });
  return session;
}

const oneLayer = scene([rectangle('1:1', imagePaint('translucent'))]);

describe.each([
  ['data', false],
  ['data', true],
  ['srcdoc', false],
  ['srcdoc', true],
] as const)('a %s iframe, timers: %s', (form, timers) => {
  it('selects, previews, applies to the pixel, undoes in one step', async () => {
    await open({ form, timers, scene: oneLayer });
    const { frame } = session;
    await waitForPreview(frame);
    const before = await session.snapshot();
    expect(before).toMatchObject({ writes: 0, created: 0 });
    await pickLook(frame, 'Warm');
    expect(await applyAndRead(frame)).toContain('Recolored 1 layer');
    expectSamePixels(await shownPixels(session, '1:1'), await recolorByCore(translucent, presetRecipe('Warm')));
    expect(await session.snapshot()).toMatchObject({ undoSteps: 1, created: 1 });
    await session.evaluate('host.undo()');
    expect((await session.snapshot()).nodes).toEqual(before.nodes);
  });
});

describe('the window', () => {
  it('edits again from the original, and restores it', async () => {
    await open({ scene: oneLayer });
    const { frame } = session;
    const original = await session.hashOf('translucent');
    for (const [i, look] of ['Warm', 'Sepia'].entries()) {
      await pickLook(frame, look);
      await applyAndRead(frame);
      await waitUntil(session, `host.snapshot().undoSteps === ${i + 1}`);
      expectSamePixels(await shownPixels(session, '1:1'), await recolorByCore(translucent, presetRecipe(look)));
    }
    await dismissNotice(frame);
    await frame.getByRole('button', { name: 'Restore', exact: true }).click();
    expect(await readNotice(frame)).toContain('Restored 1 layer');
    expect(await shownHash(session, '1:1')).toBe(original);
    expect((await session.snapshot()).nodes['1:1']?.pluginData).toEqual({});
  });

  it('undoes the Apply in the document by Ctrl+Z and by the notice, for as long as nobody went there', async () => {
    await open({ scene: oneLayer });
    const { frame } = session;
    const original = await session.hashOf('translucent');
    const shows = (sign: '===' | '!=='): Promise<void> =>
      waitUntil(session, `host.snapshot().nodes['1:1'].fills[0].imageHash ${sign} '${original}'`);
    await pickLook(frame, 'Cool');
    await applyAndRead(frame);
    await frame.locator('body').press('Control+z');
    await shows('===');
    // What is not applied any more is unfinished again.
    await waitUntil(session, "JSON.stringify(host.snapshot().storage['colorshine/draft'] ?? '').includes('Cool')");
    await dismissNotice(frame);
    await applyAndRead(frame);
    await shows('!==');
    await frame.getByRole('button', { name: 'Undo' }).click();
    await frame.getByText('Undone').waitFor();
    await shows('===');
    await dismissNotice(frame);
    await applyAndRead(frame);
    await frame.evaluate(() => void dispatchEvent(new Event('blur')));
    await frame.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached' });
    await session.evaluate("host.rename('1:1', 'Mine')");
    await frame.locator('body').press('Control+z');
    await frame.locator('.recipe-row, .row').first().waitFor({ state: 'detached' });
    await shows('!==');
  });

  it('leaves originals in place as the person chose by keyboard, remembers the choice, restores', async () => {
    await open({ scene: oneLayer });
    const { frame, page } = session;
    const before = await session.snapshot();
    await pickLook(frame, 'Warm');
    await frame.getByRole('button', { name: 'How to apply: Replace the image' }).press('Enter');
    await page.keyboard.press('ArrowDown');
    expect(await frame.getByRole('radio', { name: /^New fill above/ }).isChecked()).toBe(true);
    await page.keyboard.press('Escape');
    await applyAndRead(frame);
    const { fills = [] } = (await session.snapshot()).nodes['1:1'] ?? {};
    expect(fills.map(({ visible }) => visible)).toEqual([false, true]);
    expect(fills[0]?.imageHash).toBe(await session.hashOf('translucent'));
    await dismissNotice(frame);
    await frame.getByRole('button', { name: 'Restore', exact: true }).click();
    await readNotice(frame);
    expect((await session.snapshot()).nodes).toEqual(before.nodes);
    const { storage } = await session.snapshot();
    await session.close();

    await open({ scene: { ...oneLayer, storage } });
    await pickLook(session.frame, 'Sepia');
    await session.frame.getByRole('button', { name: 'How to apply: New fill above' }).click();
    await session.frame.getByRole('radio', { name: /^Copy beside/ }).check();
    await session.page.keyboard.press('Escape');
    await applyAndRead(session.frame);
    const after = await session.snapshot();
    expect(after.nodes['1:1']).toEqual(before.nodes['1:1']);
    const [copy = ''] = await session.evaluate<string[]>('figma.currentPage.selection.map(({ id }) => id)');
    expectSamePixels(await shownPixels(session, copy), await recolorByCore(translucent, presetRecipe('Sepia')));
    await session.frame.getByRole('button', { name: 'Undo' }).click();
    await waitUntil(session, `host.snapshot().nodes['${copy}'] === undefined`);
  });

  it('brings unfinished rows back, and forgets them once they are applied', async () => {
    await open({ scene: oneLayer });
    await pickLook(session.frame, 'Cool');
    await session.page.keyboard.press('Escape');
    await waitUntil(session, 'host.snapshot().closed');
    const { storage } = await session.snapshot();
    expect(storage['colorshine/draft']).toMatchObject({ recipe: presetRecipe('Cool') });
    await session.close();

    await open({ scene: { ...oneLayer, storage } });
    await session.frame.getByText('Your unfinished rows are back').waitFor();
    const colors = session.frame.getByRole('textbox', { name: /CSS color/ });
    expect(await colors.first().inputValue()).toBe(presetRecipe('Cool').rows[0]?.color);
    await session.frame.getByRole('button', { name: 'Discard' }).click();
    await colors.first().waitFor({ state: 'detached' });
    await session.frame.locator('body').press('Control+z');
    await colors.first().waitFor();
    await dismissNotice(session.frame);
    await applyAndRead(session.frame);
    await waitUntil(session, "host.snapshot().storage['colorshine/draft'] === undefined");
    await session.close();

    const broken = { 'colorshine/draft': { recipe: { version: 2, rows: [{ color: 'url(x)' }] } } };
    await open({ scene: { ...oneLayer, storage: broken } });
    await session.frame.getByText('70 × 50').waitFor();
    expect(await session.frame.getByText('Your unfinished rows').count()).toBe(0);
  });

  it('opened by Edit recolor shows the recipe of the layer and goes on from the original', async () => {
    await open({ scene: oneLayer });
    await pickLook(session.frame, 'Warm');
    await applyAndRead(session.frame);
    const { nodes } = await session.snapshot();
    const bytes = new Uint8Array(await session.readImage(await shownHash(session, '1:1')));
    await session.close();

    const layer = { ...rectangle('1:1', imagePaint('warm')), pluginData: nodes['1:1']?.pluginData ?? {} };
    await open({ command: 'edit', scene: scene([layer]), images: [...images, { name: 'warm', bytes }] });
    await waitForPreview(session.frame);
    const colors = session.frame.getByRole('textbox', { name: /CSS color/ });
    expect(await colors.first().inputValue()).toBe(presetRecipe('Warm').rows[0]?.color);
    await pickLook(session.frame, 'Sepia');
    await applyAndRead(session.frame);
    expectSamePixels(await shownPixels(session, '1:1'), await recolorByCore(translucent, presetRecipe('Sepia')));
  });

  it('keeps JPEG as JPEG, within its coding loss', async () => {
    await open({ scene: scene([rectangle('1:1', imagePaint('jpeg'))]) });
    await pickLook(session.frame, 'Warm');
    await applyAndRead(session.frame);
    const bytes = await session.readImage(await shownHash(session, '1:1'));
    expect([bytes[0], bytes[1]]).toEqual([0xff, 0xd8]);
    const { js: expected } = await recolorByCore(jpeg, presetRecipe('Warm'));
    const { data } = await decode(bytes);
    const squares = data.reduce((sum, value, i) => sum + (value - (expected[i] as number)) ** 2, 0);
    // Noise at quality 92 or so: far below this; another recipe or none is far above.
    expect(Math.sqrt(squares / data.length)).toBeLessThan(8);
  });

  it('follows the selection', async () => {
    const layers = [
      rectangle('1:1', imagePaint('translucent')),
      rectangle('1:2', solidPaint(1, 0, 0)),
      rectangle('1:3'),
    ];
    await open({ scene: scene(layers, { selection: [] }) });
    await session.frame.getByText('Nothing selected').waitFor();
    await session.evaluate("host.select('1:3')");
    await session.frame.getByText('No image in the selection').waitFor();
    await session.evaluate("host.select('1:2')");
    await session.frame.getByText('Colors of 1 layer').waitFor();
    await session.evaluate("host.select('1:1')");
    await waitForPreview(session.frame);
    await session.frame.getByText('70 × 50').waitFor();
  });

  it('closes by Escape', async () => {
    await open({ scene: oneLayer });
    await waitForPreview(session.frame);
    await session.frame.getByRole('tab', { name: 'Looks' }).focus();
    await session.page.keyboard.press('Escape');
    await waitUntil(session, 'host.snapshot().closed');
    expect(session.page.frames()).toHaveLength(1);
  });
});

describe('without a window', () => {
  it('re-runs the last recipe, and ends', async () => {
    const storage = { 'colorshine/recents': [presetRecipe('Sepia')] };
    await open({ command: 'rerun', scene: { ...oneLayer, storage } });
    await waitUntil(session, 'host.snapshot().closed');
    const { undoSteps, closeMessage, ui } = await session.snapshot();
    expect({ undoSteps, closeMessage, visible: ui.visible }).toEqual({
      undoSteps: 1,
      closeMessage: 'Recolored 1 layer',
      visible: false,
    });
    expectSamePixels(await shownPixels(session, '1:1'), await recolorByCore(translucent, presetRecipe('Sepia')));
  });

  it('says so when there is nothing to re-run', async () => {
    await open({ command: 'rerun', scene: { ...oneLayer, storage: { 'colorshine/recents': 7 } } });
    await waitUntil(session, 'host.snapshot().closed');
    const { notices, writes } = await session.snapshot();
    expect({ writes, notices }).toEqual({
      writes: 0,
      notices: [{ error: true, message: 'Nothing to re-run yet: recolor something first' }],
    });
  });

  it('applies the preset of a quick action', async () => {
    await open({ parameters: { preset: 'Cool' }, scene: oneLayer });
    await waitUntil(session, 'host.snapshot().closed');
    expectSamePixels(await shownPixels(session, '1:1'), await recolorByCore(translucent, presetRecipe('Cool')));
  });

  it('applies the color of a quick action', async () => {
    await open({ parameters: { color: 'rebeccapurple' }, scene: oneLayer });
    await waitUntil(session, 'host.snapshot().closed');
    const { nodes, closeMessage } = await session.snapshot();
    expect(closeMessage).toBe('Recolored 1 layer');
    const { recipe } = JSON.parse(nodes['1:1']?.pluginData.recolor ?? '{}') as {
      recipe: ReturnType<typeof presetRecipe>;
    };
    expect(recipe.rows[0]?.color).toBe('rebeccapurple');
    expectSamePixels(await shownPixels(session, '1:1'), await recolorByCore(translucent, recipe));
  });

  it('says so when there is no such look', async () => {
    const storage = { 'colorshine/recents': [presetRecipe('Sepia')] };
    await open({ parameters: { preset: 'Nonesuch' }, scene: { ...oneLayer, storage } });
    await waitUntil(session, 'host.snapshot().closed');
    const { notices, writes } = await session.snapshot();
    expect({ writes, notices }).toEqual({
      writes: 0,
      notices: [{ error: true, message: 'No look is named "Nonesuch"' }],
    });
  });

  it('says so when the color is none, and leaves the document alone', async () => {
    await open({ parameters: { color: 'blurple' }, scene: oneLayer });
    await waitUntil(session, 'host.snapshot().closed');
    const { notices, writes } = await session.snapshot();
    expect(writes).toBe(0);
    expect(notices).toMatchObject([{ error: true, message: expect.stringContaining('blurple') }]);
  });
});
