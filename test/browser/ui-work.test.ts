import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { THUMBNAIL_SIDE } from '../../ui/app/thumbnail-queue.js';
import { countWork, readWork, workSince } from '../support/count-work.js';
import { addFiles, applyAndRead, type Playground, pasteText, startPlayground } from '../support/playground.js';
import { makePhotoLike, writePng } from '../support/png-images.js';

/** How much the window does for what it is asked; how long that takes is a matter of bench/window.ts. */

const MAX_UI_BYTES = 900_000;
const THREE_ATTRACTORS = 'teal;60;90\noklch(75% 0.15 50);40;120\n#d13;25;70';
const NO_WORKER = "worker-src 'none'";
const SIDE = 1024;
/** Pixels that the page may work on between two pauses. */
const MAX_STRIP = 1 << 18;

let playground: Playground;
beforeAll(async () => {
  playground = await startPlayground();
});
afterAll(() => playground.close());

/** The window with a photo-like PNG and a recipe, its preview painted. */
async function openWithPhoto(side: number, policy?: string): Promise<{ page: Page; fileBytes: number }> {
  const page = await playground.open({ before: countWork, ...(policy && { policy }) });
  const buffer = writePng(makePhotoLike(side, side), { width: side, height: side });
  await addFiles(page, [{ name: 'photo.png', mimeType: 'image/png', buffer }]);
  await pasteText(page, THREE_ATTRACTORS);
  await page.getByText('Touches', { exact: false }).waitFor();
  await waitForPaints(page, 1);
  return { page, fileBytes: buffer.length };
}

/** Waits until so many pictures have been painted, and then until nothing more comes of what was asked. */
async function waitForPaints(page: Page, atLeast: number): Promise<void> {
  await expect.poll(async () => (await readWork(page)).paints, { timeout: 20_000 }).toBeGreaterThanOrEqual(atLeast);
  for (let seen = await readWork(page), now = seen; ; seen = now) {
    await page.waitForTimeout(QUIET_MS);
    now = await readWork(page);
    if (now.paints === seen.paints && now.messages === seen.messages) return;
  }
}
const QUIET_MS = 400;

/** Waits until the thumbnail of the one result is drawn: a canvas is 300 wide before. */
const waitForResult = (page: Page): Promise<void> =>
  expect
    .poll(() => page.locator('.result canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).width))
    .toBe(THUMBNAIL_SIDE);

/** Moves a row's slider as a hand does, all moves in one turn of the event loop. */
const moveSlider = (page: Page, index: number, values: readonly number[]): Promise<void> =>
  page.evaluate(
    ([at, list]) => {
      const slider = document.querySelectorAll<HTMLInputElement>('.row input[type=range]')[at];
      if (!slider) throw new Error('no slider');
      for (const value of list) {
        slider.value = String(value);
        slider.dispatchEvent(new Event('input', { bubbles: true }));
      }
    },
    [index, values] as const,
  );

describe('the window', () => {
  it(`stays under ${MAX_UI_BYTES / 1000} kB`, () => {
    console.log(`ui.html: ${Math.round(playground.uiBytes / 1000)} kB`);
    expect(playground.uiBytes).toBeLessThan(MAX_UI_BYTES);
    expect(playground.uiBytes).toBeGreaterThan(100_000);
  });

  it.each([
    ['worker', undefined],
    ['page', NO_WORKER],
  ])(
    'computes and paints what is seen once for one move of a slider, what that hides once it rests, and never queues (on the %s)',
    async (_, policy) => {
      const { page } = await openWithPhoto(512, policy);
      const each = policy ? 0 : 1;
      // Tolerance and strength in turn: a new radius every second time.
      for (const [index, value] of [
        [0, 30],
        [1, 31],
        [0, 32],
        [1, 33],
      ] as const) {
        const before = await readWork(page);
        await moveSlider(page, index, [value]);
        await waitForPaints(page, before.paints + 1);
        expect(await workSince(page, before)).toMatchObject({ paints: 2, messages: 2 * each });
      }
      // Of a burst the first and the last are computed; what came in between is dropped. What is hidden follows the last.
      const before = await readWork(page);
      await moveSlider(
        page,
        0,
        Array.from({ length: 60 }, (_, i) => 20 + i),
      );
      await waitForPaints(page, before.paints + 2);
      expect(await workSince(page, before)).toMatchObject({ paints: 3, messages: 3 * each });
      // Fitted, what is seen has as many pixels as the screen.
      const [hidden = 0, seen = 0] = await page
        .locator('.cut canvas')
        .evaluateAll((canvases) => canvases.map((canvas) => (canvas as HTMLCanvasElement).width));
      expect([hidden, seen]).toEqual([512, Math.ceil((await page.locator('.cut .layer').boundingBox())?.width ?? 0)]);
      await page.context().close();
    },
  );

  it('hands a picture and its result to the worker as files, once each, and does not touch their pixels itself', async () => {
    const { page, fileBytes } = await openWithPhoto(SIDE);
    const before = await readWork(page);
    const { bytes } = await applyAndRead(page);
    await waitForResult(page);
    // To recolor, and for the result's thumbnail.
    expect(await workSince(page, before)).toMatchObject({
      messages: 2,
      bytes: fileBytes + bytes.length,
      pauses: 0,
    });
    await page.context().close();
  });

  it('steps aside between strips where it has to work on the page', async () => {
    const { page } = await openWithPhoto(SIDE, NO_WORKER);
    // Each look at the clock finds that it is time for a pause, so that pauses count strips and not milliseconds.
    await page.evaluate(() => {
      let time = performance.now();
      performance.now = () => {
        time += 1000;
        return time;
      };
    });
    const before = await readWork(page);
    await applyAndRead(page);
    await waitForResult(page);
    const { pauses, messages } = await workSince(page, before);
    console.log(`${SIDE} x ${SIDE} PNG on the page: ${pauses} pauses`);
    expect(messages).toBe(0);
    // To decode, count, repaint and encode, and to decode the result for its thumbnail.
    expect(pauses).toBeGreaterThanOrEqual((5 * SIDE ** 2) / MAX_STRIP);
    await page.context().close();
  });
});
