import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAxe, findSerious } from '../support/axe.js';
import {
  addFiles,
  applyAndRead,
  type InputFile,
  type Playground,
  pasteText,
  readDownload,
  startOver,
  startPlayground,
} from '../support/playground.js';
import { makePhotoLike, writePng } from '../support/png-images.js';

const SIDE = 128;
let playground: Playground;
/** For tests that need no other page: each starts over, with rows of its own. */
let shared: Page;
beforeAll(async () => {
  playground = await startPlayground();
  shared = await openWithPhoto();
});
afterAll(() => playground.close());

const photo = (name = 'photo.png', seed = 1): InputFile => ({
  name,
  mimeType: 'image/png',
  buffer: writePng(makePhotoLike(SIDE, SIDE, seed), { width: SIDE, height: SIDE }),
});
const flat: InputFile = {
  name: 'flat.png',
  mimeType: 'image/png',
  buffer: writePng(new Uint8Array(64 * 64 * 4).fill(255), { width: 64, height: 64 }),
};

async function openWithPhoto(recipe?: string): Promise<Page> {
  const page = await playground.open();
  await addFiles(page, [photo()]);
  if (recipe) await pasteText(page, recipe);
  return page;
}
const rowColors = (page: Page): Promise<string[]> =>
  page.locator('.color-field').evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value));
const command = (page: Page): Promise<string> => page.locator('.command').innerText();

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
    const page = await openWithPhoto('teal;60;90\norange;40;120');
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

describe('what it says', () => {
  it('tells how much an attractor touches, and when it touches nothing', async () => {
    const page = await openWithPhoto('teal;34;90');
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

  it('recolors several files, counts them, reports those it cannot, and cancels', async () => {
    const page = await playground.open();
    const gif = { name: 'moving.gif', mimeType: 'image/gif', buffer: Buffer.from('GIF89a') };
    await addFiles(page, [photo('a.png'), gif, photo('b.png', 2)]);
    await pasteText(page, 'teal;60;90');
    const names: string[] = [];
    page.on('download', (download) => names.push(download.suggestedFilename()));
    await page.getByRole('button', { name: 'Recolor and download' }).click();
    await page.getByText(/Recolored 2 images, skipped 1/).waitFor();
    await page.getByText(/moving\.gif: .*GIF/).waitFor();
    await expect.poll(() => names.sort()).toEqual(['a_colorshine.png', 'b_colorshine.png']);

    const large = {
      ...photo('large.png'),
      buffer: await sharp(Buffer.from(makePhotoLike(900, 900)), { raw: { width: 900, height: 900, channels: 4 } })
        .png()
        .toBuffer(),
    };
    await addFiles(page, [large]);
    await page.getByRole('button', { name: 'Recolor and download' }).click();
    await page.getByText('of 4 images').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Canceled. Nothing was changed.').waitFor();
    expect(names).toHaveLength(2);
    await page.context().close();
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
    const page = await openWithPhoto('teal;60;90');
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

describe('a page of files', () => {
  it('keeps results to drag out and to download again, until they are put away', async () => {
    const page = await playground.open();
    await addFiles(page, [photo('a.png'), photo('b.png', 2)]);
    await pasteText(page, 'teal;60;90');
    const { name, bytes } = await applyAndRead(page);
    expect(name).toBe('a_colorshine.png');
    await expect.poll(() => page.locator('.result').count()).toBe(2);
    const link = page.getByRole('link', { name: 'Download a_colorshine.png again' });
    const [again] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(await readDownload(again)).toEqual({ name, bytes });
    const dragged = await link.evaluate(async (element) => {
      const dataTransfer = new DataTransfer();
      element.dispatchEvent(new DragEvent('dragstart', { dataTransfer, bubbles: true }));
      const [mime, file, ...url] = dataTransfer.getData('DownloadURL').split(':');
      const { byteLength } = await (await fetch(url.join(':'))).arrayBuffer();
      return { mime, file, byteLength };
    });
    expect(dragged).toEqual({ mime: 'image/png', file: name, byteLength: bytes.length });
    await page.getByRole('button', { name: 'Put the results away' }).click();
    expect(await page.locator('.result').count()).toBe(0);
    await page.context().close();
  });

  it('takes images from the clipboard, and gives and takes recipes as links', async () => {
    const page = await openWithPhoto('#2c4f8f -> teal;~0.08;90');
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      const canvas = document.querySelector('canvas') as HTMLCanvasElement;
      const bytes = Uint8Array.from(atob(canvas.toDataURL('image/png').split(',')[1] ?? ''), (c) => c.charCodeAt(0));
      clipboardData.items.add(new File([bytes], 'pasted.png', { type: 'image/png' }));
      dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    await expect.poll(() => page.locator('.thumb input').count()).toBe(2);

    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: /^Recipe/ }).click();
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText('Link copied').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const rows = await rowColors(page);
    expect(rows.length).toBeGreaterThan(0);

    await page.goto('about:blank');
    await page.goto(link);
    await page.getByText('Recipe taken from the link').waitFor();
    expect(await rowColors(page)).toEqual(rows);
    expect(new URL(page.url()).hash).toBe('');
    // Nobody is believed.
    await page.evaluate(
      (hash) => {
        location.hash = hash;
      },
      new URL(link).hash.slice(0, -9),
    );
    await page.locator('.notice.bad').waitFor();
    expect(await rowColors(page)).toEqual(rows);
    await page.context().close();
  });

  it('is one file that any folder takes, and works without a server and a network', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'colorshine-page-'));
    const write = (out: string) => promisify(execFile)(process.execPath, ['scripts/playground.mjs', '--out', out]);
    await write(join(folder, 'deep/er'));
    expect(await readdir(join(folder, 'deep/er'))).toEqual(['index.html']);
    const context = await playground.browser.newContext({ offline: true });
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(folder, 'deep/er/index.html')).href);
    await addFiles(page, [photo('a.png')]);
    await pasteText(page, 'teal;60;90');
    expect((await applyAndRead(page)).name).toBe('a_colorshine.png');
    await context.close();
    // A page of somebody else's stays.
    await writeFile(join(folder, 'index.html'), '<title>Mine</title>');
    await expect(write(folder)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('--out: expected') });
    expect(await readFile(join(folder, 'index.html'), 'utf8')).toBe('<title>Mine</title>');
    await rm(folder, { recursive: true });
  });
});

it('says which backend computes and why, and what became of the GPU once an image is open', async () => {
  const page = await playground.open();
  const menu = page.getByRole('button', { name: /^Recipe/ });
  const button = page.getByRole('button', { name: /^Computed by \w+/ });
  await menu.click();
  expect(await button.getAttribute('title')).not.toContain('GPU');
  await button.click();
  await page
    .locator('.notice')
    .getByText(/Using \w+: it passed its self-test/)
    .waitFor();
  await addFiles(page, [photo()]);
  await menu.click();
  // The race itself: ui-gpu.test.ts. Chromium draws in software here.
  await expect
    .poll(() => button.getAttribute('title'), { timeout: 20_000 })
    .toMatch(/The GPU was left out: SwiftShader/);
  await page.context().close();
});

it('asks the network for nothing but the page itself', async () => {
  const page = await playground.open();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.reload();
  await page.getByText('Use the sample').click();
  await page.locator('.stage').waitFor();
  await pasteText(page, 'teal;60;90');
  await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(requests.filter((url) => !url.startsWith('blob:'))).toHaveLength(1);
  await page.context().close();
});

/** Points of the picture to points of the stage. */
async function stagePoints(page: Page): Promise<(x: number, y: number) => { x: number; y: number }> {
  const canvas = (await page.locator('.stage canvas').first().boundingBox()) ?? expect.fail('no canvas');
  const stage = (await page.locator('.stage').boundingBox()) ?? expect.fail('no stage');
  return (x, y) => ({
    x: canvas.x - stage.x + (x / SIDE) * canvas.width,
    y: canvas.y - stage.y + (y / SIDE) * canvas.height,
  });
}

/** Mean color of a part of the photo, ends left out. */
function meanOf(left: number, top: number, right: number, bottom: number): string {
  const data = makePhotoLike(SIDE, SIDE);
  const sums = [0, 0, 0];
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++)
      for (let i = 0; i < 3; i++) sums[i] = (sums[i] as number) + (data[(y * SIDE + x) * 4 + i] as number);
  const count = (right - left) * (bottom - top);
  return `#${Buffer.from(sums.map((sum) => Math.round(sum / count))).toString('hex')}`;
}

/** Share of the shown result that is no grey. */
function colorfulPart(page: Page): Promise<number> {
  return page.locator('.cut canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) count++;
    return count / (data.length / 4);
  });
}
