import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Playground, startOver, startPlayground } from '../support/playground.js';

import { colorfulPart, command, meanOf, openWithPhoto, rowColors, stagePoints } from '../support/window-page.js';

let playground: Playground;
/** For tests that need no other page: each starts over, with rows of its own. */
let shared: Page;
beforeAll(async () => {
  playground = await startPlayground();
  shared = await openWithPhoto(playground);
});
afterAll(() => playground.close());

describe('with the mouse', () => {
  it('repaints from the mean of what was clicked, or drawn around, asks for the target, and with Shift starts from another', async () => {
    const page = shared;
    await startOver(page);
    const at = await stagePoints(page);
    const click = async (x: number, y: number, modifiers: 'Shift'[] = []): Promise<string> => {
      await page.locator('.stage').click({ position: at(x + 0.5, y + 0.5), modifiers });
      return meanOf(x - 2, y - 2, x + 3, y + 3);
    };
    const first = await click(20, 30);
    await page.getByRole('dialog', { name: 'Row 1, color' }).waitFor();
    await page.getByText('Choose the color that it shall become').waitFor();
    await page.keyboard.press('Escape');
    expect(await command(page)).toBe(`colorshine shine photo.png "${first} -> ${first};auto;100" --blend oklab`);
    const second = await click(100, 90, ['Shift']);
    expect(await command(page)).toBe(`colorshine shine photo.png "${second} -> ${first};auto;100" --blend oklab`);

    const draw = async (from: readonly [number, number], to: readonly [number, number]): Promise<void> => {
      const stage = (await page.locator('.stage').boundingBox()) ?? expect.fail('no stage');
      const [start, end] = [at(...from), at(...to)];
      await page.mouse.move(stage.x + start.x, stage.y + start.y);
      await page.mouse.down();
      await page.mouse.move(stage.x + end.x, stage.y + end.y, { steps: 3 });
    };
    await draw([120.5, 50.5], [90.5, 20.5]);
    expect((await page.locator('.marquee').boundingBox())?.width).toBeGreaterThan(20);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    expect(await rowColors(page)).toEqual([first]);
    await draw([120.5, 50.5], [90.5, 20.5]);
    await page.mouse.up();
    expect(await page.locator('.marquee').count()).toBe(0);
    await page.getByRole('dialog', { name: 'Row 2, color' }).waitFor();
    const third = meanOf(90, 20, 121, 51);
    expect(await command(page)).toContain(`"${third} -> ${third};auto;100"`);
  });

  it('reorders rows by dragging their grip', async () => {
    const page = shared;
    await startOver(page, 'red;10;50\nlime;20;50\nblue;30;50');
    const grips = page.locator('.grip');
    const from = (await grips.nth(0).boundingBox()) ?? expect.fail('no grip');
    const to = (await grips.nth(2).boundingBox()) ?? expect.fail('no grip');
    await page.mouse.move(from.x + 5, from.y + 12);
    await page.mouse.down();
    await page.mouse.move(from.x + 5, to.y + 12, { steps: 6 });
    await page.mouse.up();
    expect(await rowColors(page)).toEqual(['lime', 'blue', 'red']);
    await page.keyboard.press('Control+z');
    expect(await rowColors(page)).toEqual(['red', 'lime', 'blue']);
  });

  it('starts from a palette color and from a look', async () => {
    const page = shared;
    await startOver(page);
    await page.locator('.chip').first().click();
    expect((await rowColors(page))[0]).toMatch(/^#[0-9a-f]{6}$/);
    await page.locator('.panel').evaluate((panel) => panel.scrollBy(0, 500));
    await page.getByRole('tab', { name: 'Looks' }).click();
    expect(await page.locator('.panel').evaluate((panel) => panel.scrollTop)).toBe(0);
    await page.getByRole('button', { name: 'Sepia' }).click();
    await page.getByRole('tab', { name: 'Colors' }).click();
    expect(await command(page)).toBe(
      'colorshine shine photo.png "oklch(60% 0.055 72);100;200" --no-luminance --blend oklab',
    );
  });
});

describe('seeing what rows do', () => {
  it('says what becomes of the color under the pointer, and marks the row that does it', async () => {
    const page = shared;
    await startOver(page, 'keep red;~0.02;100\nteal;100;200');
    await page.getByText('Keeps 0').or(page.getByText('touches no pixel')).waitFor();
    await page.locator('.stage').hover({ position: (await stagePoints(page))(20.5, 30.5) });
    const readout = page.locator('.readout');
    await readout.getByText('Row 2').waitFor();
    expect(await readout.innerText()).toMatch(/^\s*\d+ % 0\.\d\d( \d+°)?\s+→\s+54 % 0\.09 195°\s+Row 2/);
    expect(await page.locator('.row.marked').getAttribute('data-kind')).toBe('attractor');
    await page.getByRole('heading', { name: 'Recolor' }).hover();
    expect(await page.locator('.readout, .row.marked').count()).toBe(0);
  });

  it('pans by scrolling, zooms at the pointer with Ctrl, and keeps the zoom of a window that changes its size', async () => {
    const page = shared;
    await startOver(page, 'teal;60;90');
    const zoomed = async (): Promise<number> => Number.parseInt(await page.locator('.zoom').innerText(), 10);
    const layer = async () => (await page.locator('.layer').first().boundingBox()) ?? expect.fail('no picture');
    const fitted = await zoomed();
    const stage = (await page.locator('.stage').boundingBox()) ?? expect.fail('no stage');
    const pointer = { x: stage.x + 100, y: stage.y + 60 };
    await page.mouse.move(pointer.x, pointer.y);
    const partUnder = async (): Promise<number> => {
      const { y, height } = await layer();
      return (pointer.y - y) / height;
    };
    const part = await partUnder();
    await page.keyboard.down('Control');
    for (let i = 0; i < 4; i++) await page.mouse.wheel(0, -120);
    await page.keyboard.up('Control');
    await expect.poll(zoomed).toBeGreaterThan(3 * fitted);
    expect(await partUnder()).toBeCloseTo(part, 2);
    const before = await layer();
    await page.mouse.wheel(30, 40);
    await expect.poll(async () => (await layer()).y).toBe(before.y - 40);
    expect((await layer()).x).toBe(before.x - 30);
    const kept = await zoomed();
    await page.setViewportSize({ width: 400, height: 700 });
    expect(await zoomed()).toBe(kept);
    await page.locator('.zoom').click();
    const again = await zoomed();
    await page.setViewportSize({ width: 320, height: 560 });
    await expect.poll(zoomed).not.toBe(again); // what is fitted stays so
  });

  it('zooms and pans by two fingers, and takes neither for a click', async () => {
    const page = shared;
    await startOver(page, 'teal;60;90');
    await page.locator('.zoom').click();
    const stage = (await page.locator('.stage').boundingBox()) ?? expect.fail('no stage');
    const layer = async () => (await page.locator('.layer').first().boundingBox()) ?? expect.fail('no picture');
    const before = await layer();
    const [x, y] = [stage.x + stage.width / 2, stage.y + stage.height / 2];
    const session = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: (readonly [number, number, number?])[]) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map(([dx, dy, id], i) => ({ x: x + dx, y: y + dy, id: id ?? i })),
      });
    await touch('touchStart', [-20, 0]);
    await touch('touchStart', [-20, 0], [20, 0]);
    await touch('touchMove', [-60, 0], [60, 0]);
    await expect.poll(async () => (await layer()).width / before.width).toBeCloseTo(3, 1);
    const zoomed = await layer();
    await touch('touchMove', [-40, 30], [80, 30]);
    await expect.poll(async () => (await layer()).y - zoomed.y).toBeCloseTo(30, 0);
    expect((await layer()).x - zoomed.x).toBeCloseTo(20, 0);
    expect((await layer()).width).toBeCloseTo(zoomed.width, 0);
    // The finger that stays pans on, from where it is.
    await touch('touchEnd', [80, 30, 1]);
    await touch('touchMove', [-50, 30]);
    await expect.poll(async () => (await layer()).x - zoomed.x).toBeCloseTo(10, 0);
    await touch('touchEnd');
    await session.detach();
    expect(await rowColors(page)).toEqual(['teal']);
    await page.locator('.zoom').click();
  });

  it('shows the reach of a row while its slider is moved, and while the row is pointed at or has the keyboard', async () => {
    const page = shared;
    await startOver(page, 'teal;0;100\nteal;100;200');
    await page.getByText('Tolerance 0').waitFor();
    await expect.poll(() => colorfulPart(page)).toBe(1);
    const slider = page.getByLabel('Tolerance', { exact: true });
    const box = (await slider.boundingBox()) ?? expect.fail('no slider');
    await page.mouse.move(box.x + 8, box.y + box.height / 2);
    await page.mouse.down();
    await page.getByRole('img', { name: 'Reach' }).waitFor();
    await expect.poll(() => colorfulPart(page)).toBeLessThan(0.2);
    expect(await page.locator('.divider').count()).toBe(0);
    await page.mouse.up();
    await page.getByRole('img', { name: 'Result' }).waitFor();
    // By keys as long as they move it, and a moment longer.
    await slider.press('Home');
    await page.getByRole('img', { name: 'Reach' }).waitFor();
    await page.getByRole('img', { name: 'Result' }).waitFor();

    await page.locator('.grip').first().focus();
    await page.keyboard.press('ArrowUp'); // from here on the focus shows
    await expect.poll(() => colorfulPart(page)).toBe(0);
    await page.keyboard.press('Tab');
    await expect.poll(() => colorfulPart(page)).toBe(1);

    await page.locator('.row').nth(0).locator('.row-line').hover();
    await expect.poll(() => colorfulPart(page)).toBe(0);
    await page.getByRole('heading', { name: 'Recolor' }).hover();
    await expect.poll(() => colorfulPart(page)).toBe(1);
  });

  it('shows the original for as long as C, or its button, is held', async () => {
    const page = shared;
    await startOver(page, 'teal;100;200');
    const cut = (): Promise<string> => page.locator('.cut').evaluate((layer) => getComputedStyle(layer).clipPath);
    await page.locator('.cut').waitFor();
    const before = await cut();
    expect(before).not.toContain('100%');
    await page.keyboard.down('c');
    await expect.poll(cut).toContain('100%');
    await page.locator('.badge').waitFor();
    await page.keyboard.up('c');
    await expect.poll(cut).toBe(before);
    const button = page.getByRole('button', { name: /^Compare/ });
    await button.focus();
    await page.keyboard.down('Space');
    await expect.poll(cut).toContain('100%');
    await page.keyboard.up('Space');
    await expect.poll(cut).toBe(before);
    const box = (await button.boundingBox()) ?? expect.fail('no button');
    await page.mouse.move(box.x + 8, box.y + 8);
    await page.mouse.down();
    await expect.poll(cut).toContain('100%');
    await page.mouse.up();
    await expect.poll(cut).toBe(before);
    // A letter in a field is a letter.
    await page.locator('.color-field').fill('');
    await page.keyboard.type('c');
    expect(await cut()).toBe(before);
  });

  it('keeps skin and greys by one press, and lets them go by another', async () => {
    const page = shared;
    await startOver(page, 'teal;100;200');
    const greys = page.getByRole('button', { name: 'Keep greys' });
    await greys.press('Enter');
    await page.getByRole('button', { name: 'Keep skin' }).press('Space');
    expect(await greys.getAttribute('aria-pressed')).toBe('true');
    expect(await command(page)).toMatch(/"teal;100;200" "keep #121212;~0.09;100" .*"keep #784d3b;~0.1;100"/);
    // The row that is worked on stays open.
    expect(await page.locator('.row.open .color-field').inputValue()).toBe('teal');
    await greys.press('Enter');
    await page.getByRole('button', { name: 'Keep skin' }).press('Enter');
    expect(await rowColors(page)).toEqual(['teal']);
  });
});
