/** Many images at once: a whole page or file, the contact sheet, one reach for all. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { recolorPixels } from '../../src/core/recolor.js';
import { createJsBackend, makeRecipe } from '../../src/index.js';
import { fixReaches } from '../../ui/state/matching.js';
import { makePicture } from '../figma/images.js';
import { imagePaint, rectangle, scene } from '../figma/scenes.js';
import { type BrowserSession, type Figma, startFigma } from '../figma-host/browser-session.js';
import type { ImageSpec, Scene } from '../figma-host/scene.js';
import { addAxe, findSerious } from '../support/axe.js';
import {
  applyAndRead,
  decode,
  expectSamePixels,
  pickLook,
  shownHash,
  shownPixels,
  waitForPreview,
} from './window-driver.js';

const MANY = 36;

let figma: Figma;
let images: ImageSpec[];
let session: BrowserSession;

beforeAll(async () => {
  figma = await startFigma();
  images = await Promise.all(
    Array.from({ length: MANY + 1 }, async (_, i) => ({
      name: `i${i}`,
      bytes: await makePicture(40, 30, { seed: i + 1, isOpaque: true }),
    })),
  );
});
afterAll(() => figma.close());
afterEach(async () => {
  expect((await session.snapshot()).violations).toEqual([]);
  expect(session.errors).toEqual([]);
  await session.close();
});

const layer = (i: number) => ({ ...rectangle(`1:${i}`, imagePaint(`i${i}`)), name: `Photo ${i}` });
const many: Scene = {
  ...scene([]),
  pages: [
    { id: '0:1', children: [{ id: '1:f', type: 'FRAME', children: Array.from({ length: MANY }, (_, i) => layer(i)) }] },
    { id: '0:2', children: [layer(MANY)] },
  ],
};

for (const theme of ['light', 'dark'] as const) {
  it(`takes a page and a file, by keyboard, decodes what is on the screen, leaves out what has no tick, ${theme}`, async () => {
    session = await figma.open({ scene: many, images, theme });
    const { frame, page } = session;
    await frame.getByText('Nothing selected').waitFor();
    await addAxe(frame);
    expect(await findSerious(frame), 'nothing selected').toEqual([]);
    await frame.getByRole('button', { name: 'This page' }).press('Enter');
    await waitForPreview(frame);
    await frame.getByText(`1 of ${MANY} on page`).waitFor();
    expect(await frame.locator('.thumb').count()).toBeLessThan(20);
    await frame.getByRole('button', { name: 'Images of: This page' }).press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await frame.getByText(`1 of ${MANY + 1} in file`).waitFor();
    await pickLook(frame, 'Sepia');
    await frame.getByRole('radio', { name: 'All', exact: true }).check({ force: true });
    await frame.locator('.card canvas').nth(4).waitFor();
    const shown = await frame.locator('.card').count();
    expect(shown).toBeLessThan(30);
    expect(Object.keys((await session.snapshot()).fetches).length).toBeLessThan(MANY);
    expect(await findSerious(frame), 'contact sheet').toEqual([]);
    await frame.getByRole('checkbox', { name: 'Photo 1', exact: true }).press('Space');
    // What was out of sight is made once it is scrolled to.
    await frame.locator('.sheet').evaluate((sheet) => sheet.scrollTo(0, sheet.scrollHeight));
    await frame.getByRole('checkbox', { name: `Photo ${MANY}`, exact: true }).press('Space');
    expect(await frame.locator('.card').count()).toBeLessThan(30);
    await frame.getByRole('button', { name: `Apply to ${MANY - 1} images` }).waitFor();
    const how = frame.getByRole('button', { name: /^How to apply/ });
    await how.press('Enter');
    expect(await findSerious(frame), 'placement').toEqual([]);
    await page.keyboard.press('ArrowDown'); // what is no choice here is passed over
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    expect(await how.getAttribute('aria-label')).toBe('How to apply: New fill above');
    await how.and(frame.locator(':focus')).press('Enter');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Escape');
    expect(await how.getAttribute('aria-label')).toBe('How to apply: Replace the image');
    if (theme === 'dark') return;
    await frame.getByRole('button', { name: 'Tick all' }).click();
    await frame.getByRole('button', { name: 'Tick none' }).click();
    await frame.locator('.sheet').evaluate((sheet) => sheet.scrollTo(0, 0));
    for (const name of ['Photo 0', 'Photo 2']) await frame.getByRole('checkbox', { name, exact: true }).check();
    await frame.getByRole('button', { name: 'Apply to 2 images' }).waitFor();
    expect(await applyAndRead(frame)).toContain('Recolored 2 layers');
    for (const [id, isSame] of [
      ['1:0', false],
      ['1:1', true],
      [`1:${MANY}`, true],
    ] as const) {
      const hash = await session.hashOf(`i${id.slice(2)}`);
      expect((await shownHash(session, id)) === hash, id).toBe(isSame);
    }
  });
}

it('gives all images the reach that the first needs, in previews and in what is written', async () => {
  const storage = { 'colorshine/draft': { recipe: makeRecipe(['red;20;100']) } };
  const filled = rectangle('1:9', { type: 'SOLID', color: { r: 1, g: 0.5, b: 0 } });
  session = await figma.open({ scene: scene([layer(0), layer(1), filled], { storage }), images });
  const { frame, page } = session;
  await waitForPreview(frame);
  await frame.getByRole('radio', { name: 'All', exact: true }).check({ force: true });
  const reach = frame.getByRole('button', { name: /^Reach: / });
  // With colors of layers all share one plan: there is nothing to choose.
  await frame.getByRole('tab', { name: 'Design system' }).click();
  await reach.waitFor();
  await frame.getByRole('checkbox', { name: '1 layer color' }).check();
  await reach.waitFor({ state: 'detached' });
  await frame.getByRole('checkbox', { name: '1 layer color' }).uncheck();
  await addAxe(frame);
  await reach.press('Enter');
  expect(await findSerious(frame), 'reach').toEqual([]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  await reach.and(frame.locator(':focus')).waitFor();
  expect(await reach.getAttribute('aria-label')).toBe('Reach: As the first');
  await applyAndRead(frame);
  const recipe = makeRecipe(['red;20;100']);
  const recolor = async (place: number, of = recipe) => {
    const run = async (backend: ReturnType<typeof createJsBackend>) => {
      const { data, width, height } = await decode(images[place]?.bytes as Uint8Array);
      const { plan } = await recolorPixels({ data, width, height, channels: 4 }, of, { backend });
      return { data, radii: plan.rows.map(({ radius }) => radius) };
    };
    const [js, wasm] = [await run(createJsBackend()), await run(await createWasmBackend())];
    return { js: js.data, wasm: wasm.data, radii: js.radii };
  };
  const first = await recolor(0);
  expectSamePixels(await shownPixels(session, '1:0'), first);
  const fixed = await recolor(1, fixReaches(recipe, first.radii));
  expectSamePixels(await shownPixels(session, '1:1'), fixed);
  expect(fixed.js.equals((await recolor(1)).js)).toBe(false);
});
