/**
 * Pictures of the window for the documents, from the built playground in a real browser, small enough to commit:
 * `npx tsx scripts/screenshots.ts`. Look at them after every change of the window.
 */
import { mkdir, stat } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { type Playground, pasteText, startPlayground } from '../test/support/playground.js';

const OUT = 'docs/images';
const RECIPE = '#3a5b91 -> oklch(45% 0.09 200);auto;100\noklch(75% 0.15 50);40;90\nkeep #51691f;~0.08;100';
const SMALL = { width: 320, height: 620 };
const WIDE = { width: 1120, height: 700 };

await mkdir(OUT, { recursive: true });
const playground = await startPlayground();
for (const dark of [false, true]) await shootTheme(playground, dark);
await playground.close();

async function shootTheme(from: Playground, dark: boolean): Promise<void> {
  const theme = dark ? 'dark' : 'light';
  const save = (page: Page, state: string): Promise<void> => shoot(page, `ui-${state}-${theme}`);

  const small = await from.open({ ...SMALL, dark });
  await save(small, 'empty');
  await openSample(small);
  await save(small, 'image');
  await pasteText(small, RECIPE);
  await settle(small);
  await save(small, 'rows');
  await small.locator('.swatch').first().click();
  await save(small, 'picker');
  await small.keyboard.press('Escape');
  await small.locator('.color-field').first().fill('oklch(45% 0.12');
  await save(small, 'field-error');
  await small.keyboard.press('Escape');
  await small.locator('.segmented').getByText('Reach').click();
  await small.waitForTimeout(300);
  await save(small, 'reach');
  await small.getByText('Split', { exact: true }).click();
  await small.getByRole('tab', { name: 'Looks' }).click();
  await small.waitForTimeout(1500);
  await save(small, 'looks');
  await small.getByRole('tab', { name: 'Colors' }).click();
  await small.getByRole('button', { name: 'Recolor and download' }).click();
  await small.locator('.progress').waitFor();
  await save(small, 'progress');
  await small.getByText('Recolored 1 image').waitFor();
  await small.locator('.result img').evaluate((image: HTMLImageElement) => image.decode());
  await save(small, 'done');
  await small
    .locator('input[type=file]')
    .first()
    .setInputFiles([{ name: 'moving.gif', mimeType: 'image/gif', buffer: Buffer.from('GIF89a') }]);
  await small.getByRole('radio', { name: 'moving.gif' }).check({ force: true });
  await small.getByText('cannot be recolored').waitFor();
  await save(small, 'error');
  await small.context().close();

  const wide = await from.open({ ...WIDE, dark });
  await openSample(wide);
  await pasteText(wide, RECIPE);
  await settle(wide);
  await save(wide, 'playground');
  await wide.context().close();
}

async function openSample(page: Page): Promise<void> {
  await page.getByText('Use the sample').click();
  await page.locator('.stage').waitFor();
  await page.waitForTimeout(600);
}

/** Preview painted, the toast gone. */
async function settle(page: Page): Promise<void> {
  await page.getByText('Touches').waitFor();
  await page.locator('.notice').waitFor({ state: 'detached' });
  await page.mouse.move(1, 1);
  await page.waitForTimeout(300);
}

async function shoot(page: Page, name: string): Promise<void> {
  const path = `${OUT}/${name}.webp`;
  await sharp(await page.screenshot())
    .webp({ quality: 82, effort: 6, smartSubsample: true })
    .toFile(path);
  console.log(`${path} ${Math.round((await stat(path)).size / 1000)} kB`);
}
