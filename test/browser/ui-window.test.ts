import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAxe, findSerious } from '../support/axe.js';
import {
  addFiles,
  type Playground,
  pasteText,
  readDownload,
  startOver,
  startPlayground,
} from '../support/playground.js';

import { colorfulPart, command, flat, openWithPhoto, photo, rowColors } from '../support/window-page.js';

let playground: Playground;
/** For tests that need no other page: each starts over, with rows of its own. */
let shared: Page;
beforeAll(async () => {
  playground = await startPlayground();
  shared = await openWithPhoto(playground);
});
afterAll(() => playground.close());

describe('accessibility', () => {
  for (const dark of [false, true]) {
    it(`has no serious finding in the ${dark ? 'dark' : 'light'} theme, in any state`, async () => {
      const page = await playground.open({ dark });
      await addAxe(page);
      expect(await findSerious(page), 'empty').toEqual([]);
      await addFiles(page, [photo(), photo('second.png', 2)]);
      expect(await findSerious(page), 'image, no rows').toEqual([]);
      await pasteText(page, 'teal;60;90\n#d13;25;170');
      await page.getByText('Touches').waitFor();
      await page.getByRole('button', { name: 'Keep greys' }).click();
      await page.locator('.stage').hover();
      expect(await findSerious(page), 'rows').toEqual([]);
      await page.getByRole('button', { name: 'Add row' }).click();
      expect(await findSerious(page), 'adding').toEqual([]);
      await page.keyboard.press('Escape');
      await page.locator('.swatch').first().click();
      expect(await findSerious(page), 'picker').toEqual([]);
      await page.keyboard.press('Escape');
      await page.locator('.color-field').first().fill('nonsense');
      expect(await findSerious(page), 'field error').toEqual([]);
      await page.getByRole('tab', { name: 'Looks' }).click();
      await page.locator('.look-picture').first().waitFor();
      expect(await findSerious(page), 'looks').toEqual([]);
      await addFiles(page, [{ name: 'a.gif', mimeType: 'image/gif', buffer: Buffer.from('GIF89a') }]);
      await page.getByRole('radio', { name: 'a.gif' }).check({ force: true });
      await page.getByText('cannot be recolored').waitFor();
      expect(await findSerious(page), 'image error').toEqual([]);
      await page.context().close();
    });
  }
});

describe('by keyboard alone', () => {
  it('adds, edits, reorders, duplicates, switches off and deletes rows, and undoes it all', async () => {
    const page = await openWithPhoto(playground, 'teal;60;90\norange;40;120');
    const press = async (label: string, key: string): Promise<void> => {
      await page.getByLabel(label, { exact: true }).focus();
      await page.keyboard.press(key);
    };
    expect(await rowColors(page)).toEqual(['teal', 'orange']);
    await press('Tolerance', 'ArrowRight');
    await press('Strength', 'Shift+ArrowLeft');
    expect(await command(page)).toBe('colorshine shine photo.png "teal;61;80" "orange;40;120" --blend oklab');
    await page.locator('.grip').first().focus();
    await page.keyboard.press('ArrowDown');
    expect(await rowColors(page)).toEqual(['orange', 'teal']);
    // The focus went along.
    await page.keyboard.press('ArrowUp');
    expect(await rowColors(page)).toEqual(['teal', 'orange']);
    await page.keyboard.press('ArrowDown');
    await press('Duplicate row 2', 'Enter');
    expect(await rowColors(page)).toEqual(['orange', 'teal', 'teal']);
    await press('Row 1 on', 'Space');
    await press('Delete row 3', 'Enter');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Delete row 2');
    for (const channel of ['Luminance', 'Hue', 'Saturation']) {
      await page.getByRole('button', { name: channel }).focus();
      await page.keyboard.press('Space');
    }
    // The last one stays on.
    expect(await page.getByRole('button', { name: 'Saturation' }).getAttribute('aria-pressed')).toBe('true');
    expect(await command(page)).toBe('colorshine shine photo.png "teal;61;80" --no-luminance --no-hue --blend oklab');
    for (let i = 0; i < 20; i++) await page.keyboard.press('Control+z');
    expect(await rowColors(page)).toEqual([]);
    for (let i = 0; i < 20; i++) await page.keyboard.press('Control+Shift+z');
    expect(await command(page)).toBe('colorshine shine photo.png "teal;61;80" --no-luminance --no-hue --blend oklab');
    await page.context().close();
  });

  it('applies with Enter, and not while a text is being typed', async () => {
    const page = shared;
    await startOver(page, 'teal;60;90');
    await page.locator('.color-field').first().fill('navy');
    await page.keyboard.press('Enter');
    expect(await page.locator('.progress').count()).toBe(0);
    await page.getByLabel('Tolerance', { exact: true }).focus();
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect((await readDownload(download)).name).toBe('photo_colorshine.png');
    await page.getByText('Recolored 1 image').waitFor();
  });

  it('marks a color that is none, keeps the last good one, and Esc takes the text back', async () => {
    const page = shared;
    await startOver(page, 'teal;60;90');
    const field = page.locator('.color-field').first();
    await field.fill('oklch(70% 0.1');
    await page.getByText('Not a CSS color').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await command(page)).toContain('"teal;60;90"');
    await field.press('Escape');
    expect(await rowColors(page)).toEqual(['teal']);
    await field.fill('oklch(70% 0.1 30)');
    expect(await command(page)).toContain('"oklch(70% 0.1 30);60;90"');
  });

  it('moves the divider, zooms the preview and walks the tabs', async () => {
    const page = shared;
    await startOver(page, 'teal;60;90');
    const divider = page.getByRole('slider', { name: /Divider/ });
    await divider.focus();
    await page.keyboard.press('ArrowRight');
    expect(await divider.getAttribute('aria-valuenow')).toBe('52');
    await page.locator('.stage').focus();
    const zoomed = page.getByRole('button', { name: /^Zoom \d+%/ });
    const before = await zoomed.innerText();
    await page.keyboard.press('+');
    expect(Number.parseInt(await zoomed.innerText(), 10)).toBeGreaterThan(Number.parseInt(before, 10));
    await page.keyboard.press('0');
    expect(await zoomed.innerText()).toBe(before);
    await page.getByRole('tab', { name: 'Colors' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('tab', { name: 'Looks' }).getAttribute('aria-selected')).toBe('true');
  });
});

describe('rows of three kinds', () => {
  it('are made, tuned and applied without a pointer', async () => {
    const page = shared;
    await startOver(page);
    await page.getByLabel('Colors of the image: click one to recolor it').getByRole('button').first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Row 1, color' }).waitFor();
    // The field has the keyboard: the target is darker, and the picture shows it.
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByText(/^Touches \d/).waitFor();
    expect(await command(page)).toMatch(/"(#[0-9a-f]{6}) -> (?!\1)[^;]+;auto;100"/);
    await page.keyboard.press('Escape');
    await page.getByLabel('Row 1, CSS color').fill('crimson');
    const [, from = ''] = /"(#[0-9a-f]{6}) -> crimson;auto;100"/.exec(await command(page)) ?? [];
    expect(from).not.toBe('');
    await page.getByText(/^Touches \d/).waitFor();

    const press = (name: string, key: string): Promise<void> =>
      page.getByRole('button', { name, exact: true }).press(key);
    await press('Distance', 'Enter');
    await page.getByLabel('Distance', { exact: true }).press('Home');
    await page.getByLabel('Distance', { exact: true }).press('Shift+ArrowRight');
    expect(await command(page)).toContain(`"${from} -> crimson;~0.05;100"`);
    await press('Percent', 'Enter');
    await page.getByLabel('Tolerance, number').fill('40');
    expect(await command(page)).toContain(`"${from} -> crimson;40;100"`);

    await press('Keep', 'Enter');
    expect(await command(page)).toContain(`"keep ${from};40;100"`);
    await press('Repaint', 'Enter');
    await press('Attract', 'Enter');
    expect(await command(page)).toContain(`"${from};50;70"`);
    await press('Vivid', 'Enter');
    expect(await command(page)).not.toContain('--blend');
    await press('Smooth', 'Enter');
    expect(await command(page)).toContain('--blend oklab');
    await press('Repaint', 'Enter');
    await page.getByLabel('Row 1, CSS color').fill('navy');
    await page.getByText(/^Touches \d/).waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Recolor and download' }).press('Enter');
    expect((await downloading).suggestedFilename()).toMatch(/\.png$/);
  });
});

describe('what it says', () => {
  it('tells how much an attractor touches, and when it touches nothing', async () => {
    const page = await openWithPhoto(playground, 'teal;34;90');
    await page.getByText('Touches 34 % of pixels').waitFor();
    await addFiles(page, [flat]);
    await page.getByRole('radio', { name: 'flat.png' }).check({ force: true });
    await page.getByText('touches no pixel of this image').waitFor();
    await page.context().close();
  });

  it('shows the reach: a full one in color, none in grey', async () => {
    const page = shared;
    await startOver(page, 'teal;100;200\nteal;0;100');
    await page.getByText('Touches 100 %').waitFor();
    await page.locator('.segmented').getByText('Reach').click();
    const colorful = (): Promise<number> => colorfulPart(page);
    await expect.poll(colorful).toBeGreaterThan(0.9);
    await page.locator('.color-field').nth(1).focus();
    await expect.poll(colorful).toBe(0);
    // A row that is off reaches nothing, whatever the others do.
    await page.locator('.color-field').nth(0).focus();
    await expect.poll(colorful).toBeGreaterThan(0.9);
    await page.getByRole('button', { name: 'Row 1 on' }).click();
    await expect.poll(colorful).toBe(0);
  });

  it('reads pasted JSON and command lines, and says what is wrong with others', async () => {
    const page = shared;
    await startOver(page);
    const recipe = { version: 1, attractors: [{ color: 'tan', tolerance: 5, strength: 6 }], channels: { hue: false } };
    await pasteText(page, JSON.stringify(recipe));
    expect(await command(page)).toBe('colorshine shine photo.png "tan;5;6" --no-hue');
    await page.getByRole('button', { name: /^Recipe/ }).click();
    await page.getByRole('button', { name: 'Paste recipe…' }).click();
    const field = page.getByRole('dialog').getByRole('textbox');
    await field.fill('red;50');
    await page.getByRole('button', { name: 'Use recipe' }).click();
    await page.getByText('expected 3 parts').waitFor();
    await field.fill('colorshine shine x.jpg "red;50;70" \'#fff;1;2\' --no-luminance');
    await page.getByRole('button', { name: 'Use recipe' }).click();
    expect(await command(page)).toBe('colorshine shine photo.png "red;50;70" "#fff;1;2" --no-luminance --no-hue');
  });

  it('keeps own looks over a reload: save, rename, delete', async () => {
    const page = await openWithPhoto(playground, 'teal;60;90');
    await page.getByRole('button', { name: /^Recipe/ }).click();
    await page.getByRole('button', { name: 'Save as look…' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('Mine');
    await page.keyboard.press('Enter');
    await page.getByText('Saved Mine').waitFor();
    await page.reload();
    await addFiles(page, [photo()]);
    await page.getByRole('tab', { name: 'Looks' }).click();
    await page.getByRole('button', { name: 'Rename Mine' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('Ours');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Ours', exact: true }).click();
    await page.getByRole('button', { name: 'Delete Ours' }).click();
    await page.getByText('Deleted Ours').waitFor();
    expect(await page.getByText('My looks').count()).toBe(0);
    await page.getByRole('tab', { name: 'Colors' }).click();
    expect(await rowColors(page)).toEqual(['teal']);
    await page.context().close();
  });
});
