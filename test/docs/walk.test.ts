/**
 * The pages, walked as written: a home with nothing in it but the packed tarball, the files that a page shows, and some pictures.
 * Every command is run, every script imported, every piece of TypeScript compiled.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SPLITS, STRIPS, VARIANTS } from '../../scripts/doc-pictures.js';
import { pack } from '../../scripts/pack.js';
import { type Block, blocksOf, findDeadLinks, findPages } from '../support/pages.js';

const execute = promisify(execFile);

/** Commands that are not run, and why. */
const LEFT_OUT: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^npm |^npx tsx|\bnpm install\b/, 'asks the registry, or is of the repository'],
  [/^docker /, 'wants a container'],
  [/redis:\/\//, 'wants a Redis server: test/queue'],
  [/^ffmpeg |^magick /, 'another program: test/cli/lut-peers.test.ts'],
];
/** Pictures of which each page finds small copies. */
const PICTURES: Readonly<Record<string, readonly string[]>> = {
  'still-life.jpg': ['photo.jpg', 'shots/01.jpg', 'reference.jpg', 'examples/still-life.jpg', 'images/hero.jpg'],
  'lake.jpg': ['hero.jpg', 'shots/02.jpg', 'examples/lake.jpg', 'panorama.tif', 'src/hero.jpg'],
  'flat-art.png': ['flat-art.png', 'photo.png', 'in.png', 'pictures/sub/card.png'],
  'portrait.png': ['portrait.png'],
};
/** What else the files of the first steps are called. */
const ALSO: Readonly<Record<string, string>> = { 'brand.json': 'recipe.json', 'tokens.json': 'variables.json' };
const KNOWN_ENDING = /&theme=(?:light|dark)$|&format=(?:avif|webp|jpe?g|png)$|&shine$/;
/** Pages of which nothing is run: they speak of the repository, or are made from docstrings. */
const isUsers = (page: string): boolean => !/^(CONTRIBUTING|CHANGELOG)|^docs\/api\/|internals\/|^examples\//.test(page);

/** Ten seconds on a calm machine. */
const SLOW_MS = 400_000;

const pages = findPages().filter(isUsers);
const blocks = new Map(pages.map((page) => [page, blocksOf(readFileSync(page, 'utf8'))]));

interface Step {
  readonly page: string;
  readonly folder: string;
  readonly command?: string;
  readonly script?: string;
}
const steps: Step[] = [];
let results: readonly { readonly code: number; readonly text: string }[] = [];
let home: string;

beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'colorshine-walk-')));
  const { tarball } = await pack(home);
  await execute('tar', ['-xzf', tarball, '-C', home]);
  await installPackage();
  for (const [page, own] of blocks) await prepare(page, own);
  await writeFile(join(home, 'steps.json'), JSON.stringify(steps));
  const bin = join(home, 'node_modules/.bin');
  const env = { ...process.env, HOME: home, PATH: `${bin}:${process.env.PATH}`, COLORSHINE_CACHE: join(home, 'cache') };
  const cli = join(home, 'node_modules/colorshine/dist/cli.cjs');
  const [stepsFile, resultsFile] = [join(home, 'steps.json'), join(home, 'results.json')];
  await execute('node', [resolve('test/support/run-in-turn.mjs'), cli, stepsFile, resultsFile], { env });
  results = JSON.parse(await readFile(resultsFile, 'utf8'));
}, SLOW_MS);
afterAll(() => rm(home, { recursive: true, force: true }));

/** What `npm install` of the tarball leaves, without asking the registry: the package's own files, and this project's dependencies. */
async function installPackage(): Promise<void> {
  const modules = join(home, 'node_modules');
  await mkdir(join(modules, '.bin'), { recursive: true });
  for (const name of await readdir('node_modules')) {
    if (!name.startsWith('.') && name !== 'colorshine')
      await symlink(resolve('node_modules', name), join(modules, name));
  }
  await cp(join(home, 'package'), join(modules, 'colorshine'), { recursive: true });
  const { bin } = JSON.parse(await readFile('package.json', 'utf8')) as { bin: Record<string, string> };
  for (const [name, path] of Object.entries(bin)) {
    const text = `#!/bin/sh\nexec node ${join(modules, 'colorshine', path)} "$@"\n`;
    await writeFile(join(modules, '.bin', name), text, { mode: 0o755 });
  }
}

/** Pictures that the pages speak of, small, and the files of the first steps. @returns the folder with them */
async function makeFolder(name: string): Promise<string> {
  const folder = join(home, name.replaceAll(/\W/g, '-'));
  for (const [example, copies] of Object.entries(PICTURES)) {
    for (const [copy, small] of copies.map((copy) => [copy, join(home, `small-${example}${extname(copy)}`)] as const)) {
      // By the name's ending.
      if (!existsSync(small)) await sharp(`examples/${example}`).resize(160).toFile(small);
      await mkdir(dirname(join(folder, copy)), { recursive: true });
      await cp(small, join(folder, copy));
    }
  }
  for (const { file, text } of blocks.get('docs/start.md') as Block[]) {
    if (file) await Promise.all([file, ALSO[file]].map((path) => path && writeFile(join(folder, path), text)));
  }
  await writeFile(
    join(folder, 'src/main.js'),
    "import hero from './hero.jpg?shine=brand.json&theme=dark';\nconsole.log(hero);\n",
  );
  return folder;
}

/** Writes the files of a page, and adds its commands and scripts to the steps. */
async function prepare(page: string, own: readonly Block[]): Promise<void> {
  if (!own.some(({ language, file }) => file || /^(sh|js)$/.test(language))) return;
  const folder = await makeFolder(page);
  for (const [i, { language, file, text }] of own.entries()) {
    if (file) await writeFile(join(folder, file), text);
    if (language === 'sh') {
      const lines = text.replaceAll(/\\\n\s*/g, '').split('\n');
      const meant = lines.filter(
        (line) => line && !line.startsWith('#') && !LEFT_OUT.some(([pattern]) => pattern.test(line)),
      );
      steps.push(...meant.map((command) => ({ page, folder, command })));
    }
    if (language === 'js' && !file && /^import .* from 'colorshine/m.test(text) && !/\?shine/.test(text)) {
      const script = /^\/\/ ([\w.]+)$/m.exec(text)?.[1] ?? `block-${i + 1}.mjs`;
      await writeFile(join(folder, script.replace(/\.js$/, '.mjs')), text);
      steps.push({ page, folder, script: script.replace(/\.js$/, '.mjs') });
    }
  }
}

it.each(pages)('%s: every command and script does what it says', (page) => {
  const failed = steps.flatMap(({ page: of, command, script }, i) => {
    const { code, text } = results[i] ?? { code: 'none', text: 'it was not reached' };
    return of === page && code !== 0 ? [`${command ?? script}\n${text}`] : [];
  });
  expect(failed).toEqual([]);
});

it('leaves out only what is said to be left out, and runs the rest', () => {
  expect(steps.length).toBeGreaterThan(60);
  const lines = [...blocks.values()]
    .flat()
    .flatMap(({ language, text }) => (language === 'sh' ? text.split('\n') : []));
  for (const [pattern, why] of LEFT_OUT)
    expect(
      lines.some((line) => pattern.test(line)),
      why,
    ).toBe(true);
});

describe('what a page shows', () => {
  it.each(pages)('%s: in languages that are known, and what is JSON or YAML is that', (page) => {
    for (const { language, text } of blocks.get(page) as Block[]) {
      expect(['sh', 'js', 'ts', 'jsx', 'astro', 'html', 'json', 'yaml', 'text'], text).toContain(language);
      if (language === 'json') expect(() => JSON.parse(text), text).not.toThrow();
      if (language !== 'yaml') continue;
      const { jobs = {} } = parse(text) as { jobs?: Record<string, { 'runs-on'?: string; steps?: unknown[] }> };
      for (const job of Object.values(jobs))
        expect(job).toMatchObject({ 'runs-on': expect.any(String), steps: expect.any(Array) });
    }
  });

  it('compiles, with strict types', async () => {
    const folder = await makeFolder('types');
    const files: string[] = [];
    for (const [page, own] of blocks) {
      for (const [i, { language, text }] of own.entries()) {
        if (!/^(js|ts)$/.test(language) || !/colorshine|\?shine/.test(text) || /storybook/.test(text)) continue;
        files.push(`${page.replaceAll(/\W/g, '-')}-${i + 1}.${language}`);
        // As the page on bundlers tells: where no ending fits, `&shine`.
        const typed = text.replaceAll(/(\?shine=[^']*)'/g, (all, query: string) =>
          KNOWN_ENDING.test(query) ? all : `${query}&shine'`,
        );
        await writeFile(join(folder, files.at(-1) as string), typed);
      }
    }
    expect(files.length).toBeGreaterThan(15);
    const options = {
      strict: true,
      noImplicitAny: false,
      noImplicitThis: false,
      allowJs: true,
      checkJs: true,
      noEmit: true,
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2023', 'dom'],
      types: ['node', 'colorshine/client'],
      skipLibCheck: true,
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files }));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const tsc = [resolve('node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'];
    const { stdout } = await execute('node', tsc).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });

  it('has each picture with the rows that made it', async () => {
    const texts = await Promise.all(findPages().map((page) => readFile(page, 'utf8')));
    const rowsOf = [
      ...SPLITS.map(({ name, rows }) => [name, rows] as const),
      ...STRIPS.map(({ name, panels }) => [name, panels.flatMap(({ recipe }) => recipe?.rows ?? [])] as const),
    ];
    for (const [name, rows] of rowsOf) {
      const shown = texts.filter((text) => text.includes(`images/${name}.webp`));
      expect(shown.length, name).toBeGreaterThan(0);
      const colors = name === 'cookbook-variants' ? VARIANTS.map(([word, color]) => `${word}: '${color}'`) : undefined;
      const isShown = (row: string): boolean => shown.some((text) => text.includes(row) || isSaid(text, row));
      for (const row of colors ?? rows) expect(isShown(row), `${name}: ${row}`).toBe(true);
    }
  });
});

/** Whether a page says a row with the names of its tokens in place of their values. */
function isSaid(text: string, row: string): boolean {
  const values = [...text.matchAll(/"([\w-]+)": \{ "\$type": "color", "\$value": "(#\w+)"/g)];
  const named = values.reduce((all, [, name, value]) => all.replace(value as string, `{brand.${name}}`), row);
  return named !== row && text.includes(named);
}

it('has no dead link in the tarball', () => {
  expect(findPages(join(home, 'package'))).toContain('docs/start.md');
  expect(findDeadLinks(join(home, 'package'))).toEqual([]);
});
