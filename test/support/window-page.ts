/** What tests of the window open, and what they read off it. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { addFiles, type InputFile, type Playground, pasteText } from './playground.js';
import { makePhotoLike, writePng } from './png-images.js';

const SIDE = 128;

export const photo = (name = 'photo.png', seed = 1): InputFile => ({
  name,
  mimeType: 'image/png',
  buffer: writePng(makePhotoLike(SIDE, SIDE, seed), { width: SIDE, height: SIDE }),
});

export const flat: InputFile = {
  name: 'flat.png',
  mimeType: 'image/png',
  buffer: writePng(new Uint8Array(64 * 64 * 4).fill(255), { width: 64, height: 64 }),
};

export async function openWithPhoto(playground: Playground, recipe?: string): Promise<Page> {
  const page = await playground.open();
  await addFiles(page, [photo()]);
  if (recipe) await pasteText(page, recipe);
  return page;
}

export const rowColors = (page: Page): Promise<string[]> =>
  page.locator('.color-field').evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value));

export const command = (page: Page): Promise<string> => page.locator('.command').innerText();

/** Points of the picture to points of the stage. */
export async function stagePoints(page: Page): Promise<(x: number, y: number) => { x: number; y: number }> {
  const canvas = (await page.locator('.stage canvas').first().boundingBox()) ?? expect.fail('no canvas');
  const stage = (await page.locator('.stage').boundingBox()) ?? expect.fail('no stage');
  return (x, y) => ({
    x: canvas.x - stage.x + (x / SIDE) * canvas.width,
    y: canvas.y - stage.y + (y / SIDE) * canvas.height,
  });
}

/** Mean color of a part of the photo, ends left out. */
export function meanOf(left: number, top: number, right: number, bottom: number): string {
  const data = makePhotoLike(SIDE, SIDE);
  const sums = [0, 0, 0];
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++)
      for (let i = 0; i < 3; i++) sums[i] = (sums[i] as number) + (data[(y * SIDE + x) * 4 + i] as number);
  const count = (right - left) * (bottom - top);
  return `#${Buffer.from(sums.map((sum) => Math.round(sum / count))).toString('hex')}`;
}

/** Share of the shown result that is no grey. */
export function colorfulPart(page: Page): Promise<number> {
  return page.locator('.cut canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) count++;
    return count / (data.length / 4);
  });
}
