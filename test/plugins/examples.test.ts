/** Every example project, built by its real bundler from the built package, opened in a real browser. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRecipe, parseRecipe } from '../../src/core/index.js';
import { loadTokens, recolorBuffer } from '../../src/node/index.js';
import { resolveRecipe } from '../../src/tokens/index.js';
import { launchChromium } from '../support/chromium.js';
import { buildExample, copyExample, type ExampleProject } from '../support/example-project.js';
import { addReader, readImage, readImages, type Site, serveFolder } from '../support/site.js';

const EXAMPLES = [
  { name: 'vite', packages: ['vite'], folder: 'dist', style: true },
  { name: 'rollup', packages: ['rollup'], folder: '', style: false },
  { name: 'webpack', packages: ['webpack'], folder: '', style: true },
  { name: 'esbuild', packages: ['esbuild'], folder: '', style: true },
  { name: 'imagetools', packages: ['vite', 'vite-imagetools'], folder: 'dist', style: false },
  { name: 'eleventy', packages: [], folder: '_site', style: false },
];

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe.each(EXAMPLES)('the $name example', ({ name, packages, folder, style }) => {
  let project: ExampleProject;
  let site: Site;
  beforeAll(async () => {
    project = await copyExample(name, packages);
    const { code, text } = await buildExample(name, project.root);
    expect(code, text).toBe(0);
    site = await serveFolder(join(project.root, folder));
  });
  afterAll(async () => {
    await site?.close();
    await project.remove();
  });

  it('shows the pixels that the library gives', async () => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await addReader(page);
    await page.goto(site.origin);
    const shown = await readImages(page, 3);
    const source = await readFile(join(project.root, 'src/hero.jpg'));
    const tokens = await loadTokens([join(project.root, 'tokens.json')]);
    const brand = parseRecipe(await readFile(join(project.root, 'src/brand.json'), 'utf8'));
    // imagetools writes no JPEG with the input's own quality, so its example asks for PNG.
    const format = name === 'imagetools' ? 'png' : 'jpeg';
    for (const theme of ['light', 'dark']) {
      const recipe = resolveRecipe(brand, tokens, theme);
      const { data } = await recolorBuffer(source, recipe, { backend: 'wasm', format });
      const path = `/expected/${theme}.${format}`;
      site.extra.set(path, data);
      const { src: _, ...expected } = await readImage(page, site.origin + path);
      expect(shown[theme]).toMatchObject(expected);
      if (name === 'imagetools') continue;
      expect(Buffer.from(await (await fetch(shown[theme]?.src ?? '')).arrayBuffer()).equals(data)).toBe(true);
      expect(shown[theme]?.src).toMatch(new RegExp(`hero\\.${theme}-[\\w-]{8}\\.jpg$`));
    }
    expect(shown.light?.hash).not.toBe(shown.dark?.hash);

    const rose = makeRecipe(['oklch(65% 0.2 350);55;80']);
    const { data: full } = await recolorBuffer(source, rose, { backend: 'wasm' });
    expect(shown.rose).toMatchObject({ width: 240, height: 160 });
    expect(shown.rose?.src).toMatch(/hero-[\w-]{8}\.webp$/);
    site.extra.set('/expected/rose.jpg', full);
    const { mean } = await readImage(page, `${site.origin}/expected/rose.jpg`);
    expect(Math.abs((shown.rose?.mean ?? 0) - mean)).toBeLessThan(1); // another size and format of one look

    if (style) {
      const url = await page.evaluate(() => {
        const banner = document.querySelector('.banner') as Element;
        return /url\("(.*)"\)/.exec(getComputedStyle(banner).backgroundImage)?.[1] ?? '';
      });
      expect(url).toBe(shown.dark?.src);
    }
    expect(errors).toEqual([]);
    await page.close();
  });
});
