/**
 * The site in a browser, served from a subfolder. A part of the pages, since all of them take half a minute to build; `DOCS_ALL=1` takes all. `npm run
 * docs` itself refuses a dead link.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { globSync } from 'tinyglobby';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildSite } from '../../scripts/docs.js';
import { addAxe, findSerious } from '../support/axe.js';
import { type Chromium, openChromium } from '../support/chromium.js';
import { type Site, serveFolder } from '../support/site.js';

const BASE = '/colorshine/';
const PART = ['index', 'start', 'choosing-values', 'playground'];
/** Five seconds on a calm machine. */
const SLOW_MS = 400_000;

let chromium: Chromium;
let site: Site;
let root: string;
let folder: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'colorshine-site-'));
  folder = join(root, BASE);
  const isWanted = (page: string): boolean =>
    process.env.DOCS_ALL === '1' || PART.some((name) => page === `docs/${name}.md`);
  [chromium, site] = await Promise.all([openChromium(), serveFolder(root), buildSite(folder, BASE, isWanted)]);
}, SLOW_MS);
afterAll(async () => {
  await chromium?.close();
  await site?.close();
  await rm(root, { recursive: true, force: true });
});

/** Opens a path below the subfolder. @returns the page, and what goes wrong in it from then on */
async function open(path: string): Promise<{ page: Page; wrong: string[] }> {
  const page = await chromium.newPage({ viewport: { width: 1280, height: 800 } });
  const wrong: string[] = [];
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', ({ message }) => wrong.push(message));
  page.on('response', (response) => response.status() >= 400 && wrong.push(`${response.status()} ${response.url()}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(site.origin) && !/^(data|blob):/.test(request.url())) wrong.push(request.url());
  });
  await page.goto(`${site.origin}${BASE}${path}`, { waitUntil: 'networkidle' });
  return { page, wrong };
}

it('has no link or picture that leads nowhere', async () => {
  const pages = globSync('**/*.html', { cwd: folder, ignore: 'try/**' });
  expect(pages.length).toBeGreaterThan(PART.length);
  const dead: string[] = [];
  for (const path of pages) {
    const html = await readFile(join(folder, path), 'utf8');
    for (const [, link = ''] of html.matchAll(/(?:href|src)="([^"#]+)(?:#[^"]*)?"/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      const { pathname } = new URL(link, `http://site${BASE}${path}`);
      const file = decodeURI(pathname).slice(BASE.length) || 'index.html';
      if (!pathname.startsWith(BASE) || !existsSync(join(folder, file))) dead.push(`${path} -> ${link}`);
    }
  }
  expect(dead).toEqual([]);
});

it('shows every page without an error, for everybody, by day and by night', async () => {
  for (const path of globSync('**/*.html', { cwd: folder, ignore: ['try/**', '404.html'] })) {
    const { page, wrong } = await open(path);
    expect(await page.locator('h1').count(), path).toBe(1);
    await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
    await addAxe(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.waitForFunction(
        (isDark) => document.documentElement.classList.contains('dark') === isDark,
        colorScheme === 'dark',
      );
      expect(await findSerious(page), `${path} ${colorScheme}`).toEqual([]);
    }
    expect(wrong, path).toEqual([]);
    await page.close();
  }
});

it('finds words, and opens what was found', async () => {
  const { page, wrong } = await open('index.html');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('searchbox').fill('tolerance');
  await page.getByRole('option').first().click();
  await page.waitForURL(({ pathname, hash }) => !pathname.endsWith('/index.html') && hash !== '');
  expect(wrong).toEqual([]);
  await page.close();
});

it('has the playground, which starts and recolors its sample', async () => {
  const { page, wrong } = await open('index.html');
  await page.getByRole('link', { name: 'Playground' }).first().click();
  await page.waitForURL(/try\/index\.html/);
  await page.getByRole('button', { name: 'Use the sample' }).click();
  await page.getByRole('button', { name: 'Recolor and download' }).waitFor();
  expect(wrong).toEqual([]);
  await page.close();
});
