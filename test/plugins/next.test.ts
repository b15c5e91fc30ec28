/** The example for Next, built by Turbopack and by webpack, served and opened in a real browser. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeRecipe, parseRecipe } from '../../src/core/index.js';
import { loadTokens, recolorBuffer } from '../../src/node/index.js';
import { resolveRecipe } from '../../src/tokens/index.js';
import { launchChromium } from '../support/chromium.js';
import { buildExample, copyExample, type ExampleProject } from '../support/example-project.js';
import { addReader, readImage, readImages, serveFolder } from '../support/site.js';

/** In this repository, since Turbopack follows no link that leads out of its root. */
async function openExample(): Promise<ExampleProject> {
  const project = await copyExample('next', [], resolve('examples'));
  onTestFinished(project.remove);
  return project;
}

it.each([['--turbopack'], ['--webpack']])(
  'next build %s shows the pixels that the library gives',
  async (bundler) => {
    const { root } = await openExample();
    const { code, text } = await buildExample('next', root, [bundler]);
    expect(code, text).toBe(0);
    const site = await serveFolder(join(root, 'out'));
    onTestFinished(() => site.close());
    const browser = await launchChromium();
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    await addReader(page);
    await page.goto(site.origin);
    const shown = await readImages(page, 3);

    const source = await readFile(join(root, 'app/hero.jpg'));
    const tokens = await loadTokens([join(root, 'tokens.json')]);
    const brand = parseRecipe(await readFile(join(root, 'app/brand.json'), 'utf8'));
    for (const theme of ['light', 'dark']) {
      const { data } = await recolorBuffer(source, resolveRecipe(brand, tokens, theme), { backend: 'wasm' });
      const response = await fetch(shown[theme]?.src ?? '');
      expect(Buffer.from(await response.arrayBuffer()).equals(data), theme).toBe(true);
    }
    const rose = makeRecipe(['oklch(65% 0.2 350);55;80']);
    site.extra.set('/expected.jpg', (await recolorBuffer(source, rose, { backend: 'wasm' })).data);
    expect(shown.rose).toMatchObject({ width: 240, height: 160 });
    const { mean } = await readImage(page, `${site.origin}/expected.jpg`);
    expect(Math.abs((shown.rose?.mean ?? 0) - mean)).toBeLessThan(1);
    if (bundler === '--turbopack') expect(shown.rose?.src).toMatch(/\.webp$/);
  },
  600_000,
);
