/** How the window behaves under fingers that are not careful: popovers, half-typed fields, many rows, the keyboard's place. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MAX_ROWS } from '../../src/core/options.js';
import { addFiles, type InputFile, type Playground, startOver, startPlayground } from '../support/playground.js';
import { makePhotoLike, writePng } from '../support/png-images.js';

const SIDE = 96;
let playground: Playground;
let page: Page;
/** One for all tests that need nothing else: each starts with rows, focus and size of its own. */
let shared: Page;
beforeAll(async () => {
  playground = await startPlayground();
  shared = await playground.open();
  await addFiles(shared, [photo()]);
});
afterEach(async () => {
  if (page !== shared) await page.context().close();
});
afterAll(() => playground.close());

const photo = (name = 'photo.png', seed = 1): InputFile => ({
  name,
  mimeType: 'image/png',
  buffer: writePng(makePhotoLike(SIDE, SIDE, seed), { width: SIDE, height: SIDE }),
});

async function openWith(recipe: string, { width = 320, height = 560 } = {}): Promise<void> {
  page = shared;
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ forcedColors: 'none' });
  await startOver(page, recipe);
}
const colors = (): Promise<string[]> =>
  page.locator('.color-field').evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value));
const command = (): Promise<string> => page.locator('.command').innerText();
const focusedLabel = (): Promise<string> =>
  page.evaluate(() => {
    const { activeElement } = document;
    if (activeElement === document.body) return 'nothing';
    return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? '';
  });
const openPasteForm = async (): Promise<void> => {
  await page.getByRole('button', { name: /^Recipe/ }).click();
  await page.getByRole('button', { name: 'Paste recipe…' }).click();
};
/** How much of an element its scrolling panel shows, 0 to 1. */
const shownPart = (selector: string): Promise<number> =>
  page.locator(selector).evaluate((element) => {
    const box = element.getBoundingClientRect();
    const panel = (element.closest('.panel') as HTMLElement).getBoundingClientRect();
    return Math.max(0, Math.min(box.bottom, panel.bottom) - Math.max(box.top, panel.top)) / box.height;
  });

describe('popovers', () => {
  it('close by Esc after a press on a bare spot of them, and by Tab past their end', async () => {
    await openWith('teal;60;90');
    await page.locator('.swatch').click();
    await page.getByRole('dialog').getByText('From the image').click();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await focusedLabel()).toBe('Row 1: choose color, now teal');
    await page.getByRole('button', { name: /^Recipe/ }).click();
    for (let i = 0; i < 9 && (await page.getByRole('dialog').count()) > 0; i++) await page.keyboard.press('Tab');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await focusedLabel()).toBe('Add row');
  });

  it('keep Enter and Cmd+Z to themselves', async () => {
    await openWith('teal;60;90');
    await page.locator('.swatch').click();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await openPasteForm();
    const field = page.getByRole('dialog').getByRole('textbox');
    await field.fill('red;50;70');
    await field.press('Control+Enter');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await colors()).toEqual(['red']);
    await page.getByRole('button', { name: /^Recipe/ }).click();
    await page.getByRole('button', { name: 'Save as look…' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('Mine');
    await page.keyboard.press('Control+z');
    expect(await colors()).toEqual(['red']);
    // None of it was an Apply.
    expect(await page.locator('.progress').count()).toBe(0);
    expect(await page.getByText('Recolored').count()).toBe(0);
  });

  it('grow within the window, in lines of text', async () => {
    await openWith('teal;60;90', { height: 500 });
    await openPasteForm();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('red;50;70\nblue;50');
    await page.getByRole('button', { name: 'Use recipe' }).click();
    await dialog.getByText('line 2').waitFor();
    const box = (await dialog.boundingBox()) ?? expect.fail('no dialog');
    expect(box.y + box.height).toBeLessThanOrEqual(500);
    const lineHeight = await dialog.getByText('line 2').evaluate((element) => getComputedStyle(element).lineHeight);
    expect(lineHeight).toBe('16px');
  });
});

describe('fields', () => {
  it('take a number beyond the range to its end, and Esc brings the old one back', async () => {
    await openWith('teal;60;90');
    const strength = page.getByRole('textbox', { name: 'Strength, number' });
    await strength.selectText();
    await page.keyboard.type('250');
    expect(await strength.getAttribute('aria-invalid')).toBe('true');
    await strength.blur();
    expect(await strength.inputValue()).toBe('200');
    expect(await command()).toContain('"teal;60;200"');
    await strength.selectText();
    await page.keyboard.type('15');
    await page.keyboard.press('Escape');
    expect(await command()).toContain('"teal;60;200"');
    const color = page.locator('.color-field');
    await color.selectText();
    await page.keyboard.type('reddd');
    await page.keyboard.press('Escape');
    expect(await command()).toContain('"teal;60;200"');
  });

  it('show what undo brought back, not what was typed', async () => {
    await openWith('teal;60;90');
    const color = page.locator('.color-field');
    await color.fill('navy');
    await page.keyboard.press('Control+z');
    expect(await colors()).toEqual(['teal']);
    const strength = page.getByRole('textbox', { name: 'Strength, number' });
    await strength.fill('50');
    await page.keyboard.press('Control+z');
    expect(await strength.inputValue()).toBe('90');
  });
});

describe('many rows', () => {
  const rows = (count: number): string =>
    Array.from({ length: count }, (_, i) => `hsl(${i * 5} 50% 50%);10;50`).join('\n');

  it('bring the new one into view', async () => {
    await openWith(rows(14));
    await page.locator('.chip').first().click();
    await expect.poll(() => shownPart('.row.open')).toBe(1);
    await page.getByRole('button', { name: 'Undo', exact: true }).focus();
    await page.locator('.grip').nth(13).focus();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => shownPart('.row:nth-child(13) .row-line')).toBe(1);
  });

  it('say so when there is room for no more', async () => {
    await openWith(rows(MAX_ROWS));
    await page.getByRole('button', { name: 'Add row' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Attract' }).click();
    await page.getByText(`at most ${MAX_ROWS} rows`).waitFor();
    expect(await page.locator('.row').count()).toBe(MAX_ROWS);
  });
});

describe('after Apply', () => {
  it('the keyboard is where it was, and the news are read out', async () => {
    await openWith('teal;60;90');
    await page.locator('.notice-area').evaluate((area) => Object.assign(area, { isSame: true }));
    await page.getByRole('button', { name: 'Recolor and download' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Recolored 1 image').waitFor();
    await expect.poll(focusedLabel).toBe('Recolor and download');
    // A live region that comes with its text is not read.
    expect(await page.locator('.notice-area').evaluate((area) => 'isSame' in area)).toBe(true);
    await page.getByRole('button', { name: 'Dismiss' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(focusedLabel).toBe('Recolor and download');
    await page.getByRole('slider', { name: 'Strength' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Recolored 1 image').waitFor();
    await expect.poll(focusedLabel).toBe('Strength');
  });
});

describe('room', () => {
  it('is found below the row for what is wrong with its color', async () => {
    await openWith('teal;60;90');
    const field = page.locator('.color-field').first();
    const width = ((await field.boundingBox()) ?? expect.fail('no field')).width;
    await field.fill('oklch(70% 0.1');
    const fault = (await page.getByText('Not a CSS color').boundingBox()) ?? expect.fail('nothing said');
    const now = (await field.boundingBox()) ?? expect.fail('no field');
    expect(now.width).toBe(width);
    expect(fault.y).toBeGreaterThanOrEqual(now.y + now.height);
    expect(fault.width).toBeGreaterThan(200);
  });

  it('is kept for the head of the rows, however tall the open one is', async () => {
    await openWith('keep #51691f;~0.08;100\n#3a5b91 -> navy;auto;100');
    await page.locator('.grip').nth(1).focus();
    await page.getByRole('button', { name: /^Open row 2/ }).press('Enter');
    await expect.poll(() => shownPart('.row.open .row-line')).toBe(1);
    const head = (await page.getByRole('heading', { name: 'Recolor' }).boundingBox()) ?? expect.fail('no head');
    const tabs = (await page.locator('.tabs').boundingBox()) ?? expect.fail('no tabs');
    expect(head.y).toBeGreaterThanOrEqual(tabs.y + tabs.height);
  });

  it('is kept for the panel in a low window, as at 200 % zoom, and a small one scrolls', async () => {
    await openWith('teal;60;90', { width: 640, height: 360 });
    expect(await shownPart('.row.open')).toBe(1);
    // The narrowest of these: the preview's own buttons are still whole.
    await page.setViewportSize({ width: 600, height: 400 });
    const tools = page.locator('.preview-tools');
    expect(await tools.evaluate((bar) => bar.scrollWidth - bar.clientWidth)).toBe(0);
    await page.setViewportSize({ width: 320, height: 256 });
    await page.getByRole('button', { name: 'Hue' }).scrollIntoViewIfNeeded();
    const isInView = await page.getByRole('button', { name: 'Hue' }).evaluate((button) => {
      const { top, bottom } = button.getBoundingClientRect();
      const footer = document.querySelector('.footer')?.getBoundingClientRect();
      return top >= 0 && bottom <= (footer?.top ?? 0) && (footer?.bottom ?? 0) <= innerHeight;
    });
    expect(isInView).toBe(true);
  });

  it('is left for adding images beside many of them, which are counted', async () => {
    page = await playground.open();
    await addFiles(
      page,
      Array.from({ length: 12 }, (_, i) => photo(`${i}.png`, i)),
    );
    const button = (await page.getByRole('button', { name: 'Add images' }).boundingBox()) ?? expect.fail('no button');
    const strip = (await page.locator('.thumbs').boundingBox()) ?? expect.fail('no strip');
    expect(button.x).toBeGreaterThanOrEqual(strip.x + strip.width);
    expect(button.x + button.width).toBeLessThan(320);
    await page.getByRole('radio', { name: '3.png' }).check({ force: true });
    await page.getByText('4 of 12').waitFor();
  });
});

it('keeps the focus among looks when one is deleted', async () => {
  await openWith('teal;60;90');
  for (const name of ['One', 'Two']) {
    await page.getByRole('button', { name: /^Recipe/ }).click();
    await page.getByRole('button', { name: 'Save as look…' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill(name);
    await page.keyboard.press('Enter');
    await page.getByText(`Saved ${name}`).waitFor();
  }
  await page.getByRole('tab', { name: 'Looks' }).click();
  await page.getByRole('button', { name: 'Delete Two' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Deleted Two').waitFor();
  await expect.poll(focusedLabel).toBe('Delete One');
  await page.keyboard.press('Enter');
  await page.getByText('Deleted One').waitFor();
  await expect.poll(focusedLabel).toBe('Looks');
});

it('shows colors where the system sets its own', async () => {
  await openWith('teal;60;90');
  await page.emulateMedia({ forcedColors: 'active' });
  const ground = (selector: string): Promise<string> =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(await ground('.swatch')).toBe('rgb(0, 128, 128)');
  expect(new Set([await ground('.tabs [aria-selected=true]'), await ground('.tabs [aria-selected=false]')]).size).toBe(
    2,
  );
});

describe('the engine', () => {
  it('starts while the window is shown already', async () => {
    page = await playground.open({
      before: () => {
        globalThis.Worker = class extends Worker {
          constructor(...args: ConstructorParameters<typeof Worker>) {
            super(...args);
            const look = (): void => void (document.title = `app: ${document.querySelector('main.app') !== null}`);
            this.addEventListener('message', look, { once: true });
          }
        };
      },
    });
    expect(await page.title()).toBe('app: true');
  });
});

describe('the color picker', () => {
  it('keeps the hue of a color that loses its chroma on the way', async () => {
    await openWith('#2f7d4f;60;90');
    await page.locator('.swatch').first().click();
    const field = page.getByRole('slider', { name: 'Lightness and chroma' });
    const hue = page.getByRole('slider', { name: 'Hue', exact: true });
    const before = await hue.inputValue();
    await field.press('Home');
    expect(await colors()).toEqual([expect.stringMatching(/^#(..)\1\1$/)]);
    expect(await hue.inputValue()).toBe(before);
    await field.press('Shift+ArrowRight');
    await field.press('Shift+ArrowRight');
    expect(await page.getByLabel('Chroma, number').inputValue()).toBe('0.1');
    expect(await hue.inputValue()).toBe(before);
  });

  it('has a field of lightness and chroma, for keys, numbers and the pointer, which stops where Display P3 does', async () => {
    await openWith('#2f7d4f;60;90');
    await page.locator('.swatch').first().click();
    const field = page.getByRole('slider', { name: 'Lightness and chroma' });
    const number = (name: string): Promise<string> => page.getByLabel(`${name}, number`).inputValue();
    await expect.poll(focusedLabel).toBe('Lightness and chroma');
    await page.getByLabel('Lightness, number').fill('50');
    await page.getByLabel('Chroma, number').fill('0,05');
    await page.getByLabel('Hue, number').fill('120+30');
    expect(await field.getAttribute('aria-valuetext')).toBe('Lightness 50 %, chroma 0.050');
    await field.press('ArrowUp');
    await field.press('Shift+ArrowLeft');
    expect([await number('Lightness'), await number('Chroma'), await number('Hue')]).toEqual(['51', '0', '150']);
    await field.press('End'); // the most that sRGB has
    expect(await colors()).toEqual([expect.stringMatching(/^#[0-9a-f]{6}$/)]);
    const inSrgb = Number(await number('Chroma'));
    await field.press('ArrowRight');
    expect(await colors()).toEqual([expect.stringMatching(/^oklch\(51% 0\.\d+ 150\)$/)]);
    const box = (await field.boundingBox()) ?? expect.fail('no field');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 1, box.y + box.height * 0.49, { steps: 3 });
    await page.mouse.up();
    const inP3 = Number(await number('Chroma'));
    expect(inP3).toBeGreaterThan(inSrgb + 0.02);
    expect(inP3).toBeLessThan(0.25);
  });
});
