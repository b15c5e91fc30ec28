/** The window as a page of files: what comes in, what goes out, and what is asked of the network. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addFiles,
  applyAndRead,
  type Playground,
  pasteText,
  readDownload,
  startPlayground,
} from '../support/playground.js';
import { makePhotoLike } from '../support/png-images.js';

import { openWithPhoto, photo, rowColors } from '../support/window-page.js';

let playground: Playground;
beforeAll(async () => {
  playground = await startPlayground();
});
afterAll(() => playground.close());

describe('a page of files', () => {
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

  it('keeps results to drag out and to download again, until they are put away', async () => {
    const page = await playground.open();
    await addFiles(page, [photo('a.png'), photo('b.png', 2)]);
    await pasteText(page, 'teal;60;90');
    const { name, bytes } = await applyAndRead(page);
    expect(name).toBe('a_colorshine.png');
    await expect.poll(() => page.locator('.result').count()).toBe(2);
    const middleOf = (canvas: Element): readonly number[] =>
      [...((canvas as HTMLCanvasElement).getContext('2d')?.getImageData(10, 10, 1, 1).data ?? [])].slice(3);
    await expect.poll(() => page.locator('.result canvas').first().evaluate(middleOf)).toEqual([255]);
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
    const page = await openWithPhoto(playground, '#2c4f8f -> teal;~0.08;90');
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
    const context = await playground.chromium.newContext({ offline: true });
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
