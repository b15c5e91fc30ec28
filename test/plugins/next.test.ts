/** The example for Next, built by Turbopack and by webpack, served and opened in a real browser. */
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { expectExampleLooks } from '../support/example-looks.js';
import { buildExample, copyExample } from '../support/example-project.js';

it.each([['--turbopack'], ['--webpack']])(
  'next build %s shows the pixels that the library gives',
  async (bundler) => {
    // In this repository, since Turbopack follows no link that leads out of its root.
    const { root, remove } = await copyExample('next', [], resolve('examples'));
    onTestFinished(remove);
    const { code, text } = await buildExample('next', root, [bundler]);
    expect(code, text).toBe(0);
    const looks = { picture: 'app/hero.jpg', recipe: 'app/brand.json' };
    const { shown } = await expectExampleLooks(root, join(root, 'out'), looks);
    if (bundler === '--turbopack') expect(shown.rose?.src).toMatch(/\.webp$/);
  },
  600_000,
);
