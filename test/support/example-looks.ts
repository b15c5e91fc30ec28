/** What every example of a bundler or framework shows: the look in both themes, and a smaller picture in rose. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { makeRecipe, parseRecipe } from '../../src/core/index.js';
import { loadTokens, recolorBuffer } from '../../src/node/index.js';
import { resolveRecipe } from '../../src/tokens/index.js';
import { openChromium } from './chromium.js';
import { addReader, readImage, readImages, type Shown, serveFolder } from './site.js';

const ROSE = makeRecipe(['oklch(65% 0.2 350);55;80']);

interface Looks {
  /** The picture and the recipe, from the project's folder; its tokens are `tokens.json`. */
  readonly picture: string;
  readonly recipe: string;
  /** Of what the example makes of it. */
  readonly format?: 'jpeg' | 'png';
  /** Whether the bytes are the library's, too; where the framework encodes, the pixels of what is written without loss are. */
  readonly isCopied?: boolean;
  readonly page?: BrowserContextOptions;
}

/**
 * Opens a built example in a browser, until the test ends, and compares what it shows with what the library gives.
 *
 * @param output folder that is served
 */
export async function expectExampleLooks(
  root: string,
  output: string,
  { picture, recipe, format = 'jpeg', isCopied = true, page: options }: Looks,
): Promise<{ readonly page: Page; readonly shown: Readonly<Record<string, Shown>> }> {
  const site = await serveFolder(output);
  onTestFinished(() => site.close());
  const chromium = await openChromium();
  onTestFinished(() => chromium.close());
  const page = await chromium.newPage(options);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await addReader(page);
  await page.goto(site.origin);
  const shown = await readImages(page, 3);

  const source = await readFile(join(root, picture));
  const tokens = await loadTokens([join(root, 'tokens.json')]);
  const brand = parseRecipe(await readFile(join(root, recipe), 'utf8'));
  for (const theme of ['light', 'dark']) {
    const { data } = await recolorBuffer(source, resolveRecipe(brand, tokens, theme), { backend: 'wasm', format });
    site.extra.set(`/expected/${theme}`, data);
    const { src: _, ...expected } = await readImage(page, `${site.origin}/expected/${theme}`);
    const src = shown[theme]?.src ?? '';
    // Of several formats a <picture> shows the first that it can.
    const showsOther = await page.evaluate(
      (alt) => [...document.images].some((image) => image.alt === alt && image.currentSrc !== image.src),
      theme,
    );
    expect(showsOther ? await readImage(page, src) : shown[theme]).toMatchObject(expected);
    if (isCopied) expect(Buffer.from(await (await fetch(src)).arrayBuffer()).equals(data), theme).toBe(true);
  }
  expect(shown.light?.hash).not.toBe(shown.dark?.hash);

  // Another size and format of one look.
  site.extra.set('/expected/rose', (await recolorBuffer(source, ROSE, { backend: 'wasm' })).data);
  const { mean } = await readImage(page, `${site.origin}/expected/rose`);
  expect(shown.rose).toMatchObject({ width: 240, height: 160 });
  expect(Math.abs((shown.rose?.mean ?? 0) - mean)).toBeLessThan(1);
  expect(errors).toEqual([]);
  return { page, shown };
}
