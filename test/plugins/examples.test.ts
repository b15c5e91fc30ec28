/** Every example project, built by its real bundler from the built package, opened in a real browser. */
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { expectExampleLooks } from '../support/example-looks.js';
import { buildExample, copyExample } from '../support/example-project.js';

const EXAMPLES = [
  { name: 'vite', packages: ['vite'], folder: 'dist', style: true },
  { name: 'rollup', packages: ['rollup'], folder: '', style: false },
  { name: 'webpack', packages: ['webpack'], folder: '', style: true },
  { name: 'esbuild', packages: ['esbuild'], folder: '', style: true },
  { name: 'imagetools', packages: ['vite', 'vite-imagetools'], folder: 'dist', style: false },
  { name: 'eleventy', packages: [], folder: '_site', style: false },
];

it.each(EXAMPLES)(
  'the $name example shows the pixels that the library gives',
  async ({ name, packages, folder, style }) => {
    const { root, remove } = await copyExample(name, packages);
    onTestFinished(remove);
    const { code, text } = await buildExample(name, root);
    expect(code, text).toBe(0);
    // imagetools writes no JPEG with the input's own quality, so its example asks for PNG.
    const isCopied = name !== 'imagetools';
    const looks = { picture: 'src/hero.jpg', recipe: 'src/brand.json', isCopied } as const;
    const { page, shown } = await expectExampleLooks(root, join(root, folder), {
      ...looks,
      format: isCopied ? 'jpeg' : 'png',
    });
    expect(shown.rose?.src).toMatch(/hero-[\w-]{8}\.webp$/);
    for (const theme of isCopied ? ['light', 'dark'] : []) {
      expect(shown[theme]?.src).toMatch(new RegExp(`hero\\.${theme}-[\\w-]{8}\\.jpg$`));
    }
    if (!style) return;
    const url = await page.evaluate(() => {
      const banner = document.querySelector('.banner') as Element;
      return /url\("(.*)"\)/.exec(getComputedStyle(banner).backgroundImage)?.[1] ?? '';
    });
    expect(url).toBe(shown.dark?.src);
  },
);
