/** Recipes and tokens are watched: a change shows in the browser, or in the next build, without a restart. */
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { rspack } from '@rspack/core';
import { context } from 'esbuild';
import type { Page } from 'playwright-core';
import { watch as watchRolldown } from 'rolldown';
import { watch as watchRollup } from 'rollup';
import { createServer } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import webpack from 'webpack';
import esbuildPlugin from '../../src/node/plugins/esbuild.js';
import rollupPlugin from '../../src/node/plugins/rollup.js';
import webpackPlugin from '../../src/node/plugins/webpack.js';
import { webpackProject } from '../support/bundled.js';
import { type Chromium, openChromium } from '../support/chromium.js';
import { copyExample, type ExampleProject } from '../support/example-project.js';
import { addReader, readImages, type Shown } from '../support/site.js';

let project: ExampleProject | undefined;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await project?.remove();
});

async function open(name: string, packages = [name]): Promise<string> {
  project = await copyExample(name, packages);
  return project.root;
}

/** In one step: a watcher must not see the file half written. */
async function replaceText(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(`${path}.new`, text.replace(from, to));
  await rename(`${path}.new`, path);
}

/** Another sky for the dark theme. */
function changeToken(root: string): Promise<void> {
  return replaceText(join(root, 'tokens.json'), 'oklch(42% 0.1 265)', 'oklch(42% 0.1 165)');
}

/** Names of the dark hero among a build's files. */
async function darkNames(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('hero.dark')).sort();
}

async function until<T>(read: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await read();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the dev server of Vite', () => {
  let chromium: Chromium;
  beforeAll(async () => {
    chromium = await openChromium();
  });
  afterAll(() => chromium.close());

  /** The example's page in a browser. */
  async function openPage(root: string): Promise<Page> {
    const server = await createServer({
      root,
      configFile: join(root, 'vite.config.js'),
      configLoader: 'native',
      logLevel: 'silent',
      server: { port: 0, host: 'localhost' },
    });
    closers.push(() => server.close());
    await server.listen();
    const page = await chromium.newPage();
    closers.push(() => page.close());
    await addReader(page);
    await page.goto(server.resolvedUrls?.local[0] as string);
    return page;
  }

  /** What the page shows once it meets the condition; a reload may cut a look off. */
  function shownWhen(page: Page, isSo: (shown: Record<string, Shown>) => boolean): Promise<Record<string, Shown>> {
    return until(async () => {
      const shown = await readImages(page, 3).catch(() => undefined);
      return shown && isSo(shown) ? shown : undefined;
    });
  }

  function bannerOf(page: Page): Promise<string> {
    return page.evaluate(() => getComputedStyle(document.querySelector('.banner') as Element).backgroundImage);
  }

  it('shows recolored images, and new ones when a token or a recipe changes', async () => {
    const root = await open('vite');
    const page = await openPage(root);
    const before = await shownWhen(page, () => true);
    expect(before.dark?.hash).not.toBe(before.light?.hash);
    const path = new URL(before.dark?.src ?? '').pathname;
    expect(await bannerOf(page)).toContain(path);

    await changeToken(root);
    const after = await shownWhen(page, ({ dark }) => dark?.src !== before.dark?.src);
    expect(after.dark?.hash).not.toBe(before.dark?.hash);
    expect(after.light).toEqual(before.light);
    expect(after.rose).toEqual(before.rose);
    await until(async () =>
      (await bannerOf(page)).includes(new URL(after.dark?.src ?? '').pathname) ? true : undefined,
    );

    await replaceText(join(root, 'src/brand.json'), ';85;85"', ';85;20"');
    const last = await shownWhen(page, ({ light }) => light?.src !== before.light?.src);
    expect(last.light?.hash).not.toBe(before.light?.hash);
  });

  it('comes back by itself when a broken recipe is mended', async () => {
    const root = await open('vite');
    const recipe = join(root, 'src/brand.json');
    await replaceText(recipe, '"rows"', '"rowes"');
    const page = await openPage(root);
    const overlay = page.locator('vite-error-overlay .message-body');
    await overlay.waitFor();
    expect(await overlay.textContent()).toContain('unknown key "rowes"; did you mean "rows"?');
    await replaceText(recipe, '"rowes"', '"rows"');
    await shownWhen(page, () => true);
  });

  it.each([
    ['vite', ['vite']],
    ['imagetools', ['vite', 'vite-imagetools']],
  ])('reads no recipe that only a visitor names: %s', async (name, packages) => {
    const root = await open(name, packages);
    const secret = join(root, '..', `${basename(root)}.secret`);
    await writeFile(secret, 'password: hunter2');
    closers.push(() => rm(secret));
    const page = await openPage(root);
    await shownWhen(page, () => true);
    const response = await fetch(`${new URL(page.url()).origin}/src/hero.jpg?shine=${secret}&import`);
    expect(response.status).toBe(500);
    const body = await response.text();
    expect(body).toContain('found no such import');
    expect(body).not.toContain('hunter2');
  });

  it('imagetools: likewise, past its cache', async () => {
    const root = await open('imagetools', ['vite', 'vite-imagetools']);
    const page = await openPage(root);
    const before = await shownWhen(page, () => true);
    await changeToken(root);
    const after = await shownWhen(page, ({ dark }) => dark?.src !== before.dark?.src);
    expect(after.dark?.hash).not.toBe(before.dark?.hash);
    expect(after.light).toEqual(before.light);
  });
});

describe('a changed token makes another file', () => {
  it.each([
    ['Rollup', watchRollup],
    ['Rolldown', watchRolldown as unknown as typeof watchRollup],
  ])('in %s’s watch mode', async (_, watch) => {
    const root = await open('rollup');
    const watcher = watch({
      input: join(root, 'src/main.js'),
      output: { dir: join(root, 'dist'), assetFileNames: '[name]-[hash][extname]' },
      plugins: [rollupPlugin({ root, tokens: 'tokens.json' })],
    });
    closers.push(() => watcher.close());
    const builds: string[] = [];
    watcher.on('event', (event) => {
      if (event.code === 'BUNDLE_END') event.result.close();
      if (event.code === 'ERROR') builds.push(event.error.message);
      if (event.code === 'END') builds.push('done');
    });
    await expectAnother(root, builds);
  });

  it.each([
    ['webpack', webpack],
    ['Rspack', rspack as unknown as typeof webpack],
  ])('in %s’s watch mode', async (_, bundler) => {
    const root = await open('webpack');
    const compiler = bundler({
      mode: 'development',
      ...webpackProject(root, './src/main.js'),
      plugins: [webpackPlugin({ tokens: 'tokens.json' })],
    });
    const builds: string[] = [];
    const watching = compiler?.watch({ aggregateTimeout: 20 }, (error, stats) => {
      builds.push(error?.message || stats?.toString({ all: false, errors: true }) || 'done');
    });
    closers.push(() => new Promise((done) => watching?.close(done)));
    await expectAnother(root, builds);
  });

  it('in esbuild’s watch mode', async () => {
    const root = await open('esbuild');
    const builds: string[] = [];
    const builder = await context({
      absWorkingDir: root,
      entryPoints: ['src/main.js'],
      bundle: true,
      format: 'esm',
      outdir: 'dist',
      logLevel: 'silent',
      plugins: [
        esbuildPlugin({ tokens: 'tokens.json' }),
        {
          name: 'count',
          setup: ({ onEnd }) =>
            onEnd(({ errors }) => void builds.push(errors.map(({ text }) => text).join() || 'done')),
        },
      ],
    });
    closers.push(() => builder.dispose());
    await builder.watch();
    await expectAnother(root, builds);
  });
});

/** @param builds how each build went, filled by the bundler */
async function expectAnother(root: string, builds: readonly string[]): Promise<void> {
  const folder = join(root, 'dist');
  await until(async () => builds[0]);
  expect(builds).toEqual(['done']);
  const before = await darkNames(folder);
  expect(before).toHaveLength(1);
  await changeToken(root);
  // A bundler may build once more beforehand, for files as young as its first look at them.
  const added = async () => (await darkNames(folder)).filter((name) => !before.includes(name));
  const hasFailed = (): boolean => builds.some((how) => how !== 'done');
  await until(async () => hasFailed() || (builds.length > 1 && (await added()).length > 0) || undefined);
  expect(new Set(builds)).toEqual(new Set(['done']));
  // esbuild deletes the old file, the others leave it.
  expect(await added()).toHaveLength(1);
}
