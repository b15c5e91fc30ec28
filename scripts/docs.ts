/**
 * `npm run docs [-- OUT] [--base /colorshine/]`: the pages as a static site with search and the playground, in OUT (default dist/site), to be served
 * from `--base` (default `/`). Run `npm run build` first. Any static server shows it: `npx vite preview --outDir dist/site`.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { globSync } from 'tinyglobby';
import { packPage } from './pack-pages.js';

/** Inside of site/, so that what Markdown becomes finds its modules. */
const STAGE = resolve('site/.stage');
const PLAYGROUND = 'dist/playground/index.html';
/** Pages that lie elsewhere in the repository. */
const ELSEWHERE: Readonly<Record<string, string>> = { 'CHANGELOG.md': 'changes.md' };

/** @param base path with a slash at both ends @param isWanted which pages are made; those that they lead to become plain text */
export async function buildSite(out: string, base = '/', isWanted = (_page: string): boolean => true): Promise<void> {
  if (!/^\/(?:.*\/)?$/.test(base)) throw new Error(`--base: expected a path such as /colorshine/, got "${base}"`);
  const pages = globSync('docs/**/*.md').filter(isWanted);
  const images = globSync('docs/images/*');
  const files = new Set([...pages, ...images]);
  await rm(STAGE, { recursive: true, force: true });
  await mkdir(join(STAGE, 'public/try'), { recursive: true });
  await cp('docs/images', join(STAGE, 'images'), { recursive: true });
  await cp(PLAYGROUND, join(STAGE, 'public/try/index.html')).catch(() => {
    throw new Error(`${PLAYGROUND} is missing: npm run build`);
  });
  for (const page of pages) {
    const text = (await readFile(page, 'utf8')).replaceAll('](../CHANGELOG.md)', '](changes.md)');
    const isPacked = (path: string): boolean => files.has(path) || path === 'docs/changes.md';
    await put(page.slice('docs/'.length), packPage(text, { page, isPacked }));
  }
  for (const [from, to] of Object.entries(ELSEWHERE)) {
    const text = packPage(await readFile(from, 'utf8'), { page: from, isPacked: (path) => files.has(path) });
    await put(to, text.replaceAll('](docs/', ']('));
  }
  const env = { ...process.env, NODE_ENV: 'production', DOCS_SOURCE: STAGE, DOCS_BASE: base, DOCS_OUT: resolve(out) };
  try {
    await promisify(execFile)(process.execPath, ['node_modules/vitepress/bin/vitepress.js', 'build', 'site'], { env });
  } catch (error) {
    throw new Error((error as { stderr: string }).stderr, { cause: error });
  }
  await rm(STAGE, { recursive: true, force: true });
}

async function put(path: string, text: string): Promise<void> {
  const file = join(STAGE, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

if (process.argv[1]?.endsWith('docs.ts')) {
  const { values, positionals } = parseArgs({ options: { base: { type: 'string' } }, allowPositionals: true });
  await buildSite(positionals[0] ?? 'dist/site', values.base);
}
