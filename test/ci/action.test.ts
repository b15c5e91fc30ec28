/** The GitHub action: its steps in a real bash, on a project that has this package installed. */
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { lexer, parse as renderMarkdown, type Tokens } from 'marked';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type BuildProject,
  COLORS,
  CONFIG,
  linesOf,
  MANIFEST,
  makeProject,
  THEMED,
  tokensOf,
} from '../support/build-project.js';
import { type Runner, readAction, runAction } from '../support/run-action.js';

/** A name that is markup, a shell command, a workflow command and a table's end. */
const HOSTILE = '::error::$(touch pwned)`<img src=x onerror=alert(1)>`|"; touch pwned; # [a](javascript:b) @all';

// npx and the command line, a dozen times: seconds each where much else runs.
vi.setConfig({ testTimeout: 600_000 });

let project: BuildProject;
let runner: Runner;
beforeEach(async () => {
  project = await makeProject();
  await mkdir(project.at('node_modules/.bin'));
  await symlink(resolve('.'), project.at('node_modules/colorshine'), 'junction');
  await symlink(resolve('dist/cli.cjs'), project.at('node_modules/.bin/colorshine'));
  runner = { workspace: project.folder, cache: project.at('.runner/cache'), temp: project.at('.runner/temp') };
  await project.addImages(1);
  await project.write('tokens.json', tokensOf(COLORS));
  await project.write(CONFIG, THEMED);
});

/** The cells of the only table, as they are shown. */
function cellsOf(markdown: string): string[][] {
  const tables = lexer(markdown).filter((token) => token.type === 'table') as Tokens.Table[];
  expect(tables).toHaveLength(1);
  const shown = ({ tokens }: Tokens.TableCell): string =>
    tokens.map((token) => ('text' in token ? token.text : '')).join('');
  return tables.flatMap(({ rows }) => rows.map((row) => row.map(shown)));
}

it('says what is made, keeps it for the next job, and then says what a changed token did, before and after', async () => {
  const first = await runAction(runner, { outputs: 'dist' });
  expect(first.code, first.log).toBe(0);
  expect(first.summary).toContain('\n3 new.\n');
  expect(cellsOf(first.summary)).toEqual([
    ['dist/i000.contrast.png', 'new', '–', expect.stringMatching(/^24 × 16, \d+ B, #ffffff;60;90$/)],
    ['dist/i000.dark.png', 'new', '–', expect.stringMatching(/^24 × 16, \d+ B, #224466;60;90$/)],
    ['dist/i000.light.png', 'new', '–', expect.stringMatching(/^24 × 16, \d+ B, #ff8800;60;90$/)],
  ]);
  expect(first.log).toContain('3 new.');
  const built = await project.contents('dist');
  expect(built.size).toBe(4);

  // Another machine: nothing but the checkout and what GitHub kept.
  await rm(project.at('dist'), { recursive: true });
  const second = await runAction(runner, { outputs: 'dist' });
  expect(second).toMatchObject({ code: 0, cacheHit: 'true' });
  expect(second.summary).toBe('### Colorshine\n\n3 up to date.\n\n');
  expect(await project.contents('dist')).toEqual(built);

  // What the cache brings along and nothing makes any more is not shipped.
  await rm(project.at('dist'), { recursive: true });
  await project.write('tokens.json', tokensOf({ brand: { ...COLORS.brand, dark: 'olive' } }));
  await project.write(CONFIG, { ...THEMED, themes: ['dark', 'contrast'] });
  const third = await runAction(runner, { outputs: 'dist' });
  expect(third).toMatchObject({ code: 0, cacheHit: 'false' });
  expect(third.summary).toContain('\n1 changed, 1 up to date, 1 no longer made and deleted.\n');
  expect(cellsOf(third.summary)).toEqual([
    [
      ...['dist/i000.dark.png', 'recipe or token changed'],
      expect.stringMatching(/^24 × 16, \d+ B, #224466;60;90$/),
      expect.stringMatching(/^24 × 16, \d+ B, olive;60;90$/),
    ],
  ]);
  const left = ['colorshine-manifest.json', 'i000.contrast.png', 'i000.dark.png'];
  expect([...(await project.contents('dist')).keys()]).toEqual(left.map((name) => `dist/${name}`));
});

it('checks: passes what was built, fails and lists what is stale, and writes nothing', async () => {
  expect((await project.build()).code).toBe(0);
  const fine = await runAction(runner, { check: 'true' });
  expect(fine).toMatchObject({
    code: 0,
    summary: '### Colorshine\n\n3 as the configuration says.\n\n',
    cacheHit: undefined,
  });

  await project.write('images/i000.png', await readFile('examples/build/images/leaf.png'));
  await rm(project.at('dist/i000.light.png'));
  const before = await project.contents('dist');
  const { code, summary, log } = await runAction(runner, { check: 'true' });
  expect(code).toBe(1);
  expect(summary).toContain('\n1 missing, 2 stale.\n');
  expect(cellsOf(summary)).toEqual([
    ['dist/i000.contrast.png', 'stale', 'image changed'],
    ['dist/i000.dark.png', 'stale', 'image changed'],
    ['dist/i000.light.png', 'missing', 'output missing'],
  ]);
  expect(log).toContain('1 missing, 2 stale.');
  expect(await project.contents('dist')).toEqual(before);
});

it('obeys no file name, and says which image failed', async () => {
  const image = await readFile(project.at('images/i000.png'));
  await project.write(`images/${HOSTILE.replaceAll('/', '')}.png`, image);
  await project.write('images/broken\n::error::x.png', 'no image');
  const { themes, ...plain } = THEMED;
  await project.write(CONFIG, { ...plain, themes: themes.slice(0, 1) });
  await project.write(`b"$(touch pwned)".json`, await readFile(project.at(CONFIG)));
  const { code, summary, log } = await runAction(runner, { config: 'b"$(touch pwned)".json' });
  expect(code).toBe(1);
  expect(summary).toContain('\n2 new, 1 failed.\n');
  expect(await project.contents('pwned')).toEqual(new Map());
  expect((await project.contents('.')).has('pwned')).toBe(false);
  const html = renderMarkdown(summary) as string;
  expect(tagsOf(html)).toEqual(new Set(['h3', 'p', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'code']));
  // Whatever the log holds stands between the marks within which GitHub obeys no line.
  const [, token] = /^::stop-commands::([\w-]{36})$/m.exec(log) ?? [];
  const commands = log.split('\n').filter((line) => /^\s*::|##\[/.test(line));
  expect(commands[0]).toBe(`::stop-commands::${token}`);
  expect(commands.filter((line) => !/^::(stop-commands::)?[\w-]{36}(::)?$/.test(line))).toEqual([]);
});

it.each([
  [{ check: 'yes' }, 2, 'check: expected true or false, got "yes"'],
  [{ config: 'gone.json', check: 'true' }, 2, 'gone.json: expected a build configuration, got nothing there'],
])('ends with one error: %j', async (inputs, code, message) => {
  const run = await runAction(runner, inputs);
  expect(run.code).toBe(code);
  expect(run.log).toContain(message);
  expect(await project.contents(MANIFEST)).toEqual(new Map());
});

it('names the cache by what the outputs are made of, not by what is there', async () => {
  const plan = async (): Promise<{ keys: unknown[]; name: string }> => {
    const { stdout } = await project.build('--dry-run', '--json');
    const name = execFileSync(process.execPath, [join('scripts', 'action', 'key.mjs'), CONFIG], { input: stdout });
    return { keys: linesOf({ stdout, code: 0, stderr: '' }).map(({ key }) => key), name: name.toString() };
  };
  const first = await plan();
  for (const key of first.keys) expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(first.name).toMatch(/^scope=[0-9a-f]{8}\nkey=[0-9a-f]{64}\n$/);
  await project.build();
  expect(await plan()).toEqual(first);
  await project.write('tokens.json', tokensOf({ brand: { ...COLORS.brand, dark: 'olive' } }));
  const second = await plan();
  expect(second.keys.map((key, i) => key === first.keys[i])).toEqual([true, false, true]);
  expect(second.name.split('\n')[0]).toBe(first.name.split('\n')[0]);
  expect(second.name).not.toBe(first.name);
});

describe('action.yml', () => {
  it('puts nothing from outside into a script', async () => {
    const { runs, inputs } = await readAction();
    expect(runs.using).toBe('composite');
    for (const { run } of runs.steps) expect(run ?? '').not.toContain('${{');
    for (const { description } of Object.values(inputs)) expect(description).not.toBe('');
  });

  it('is described', async () => {
    const page = await readFile('docs/builds.md', 'utf8');
    const { inputs } = await readAction();
    for (const name of Object.keys(inputs)) expect(page, name).toMatch(new RegExp(`\\| \`${name}\` +\\|`));
  });
});

describe('the summary', () => {
  const summarize = (lines: readonly object[]): string =>
    execFileSync(process.execPath, [join('scripts', 'action', 'summary.mjs')], {
      input: lines.map((line) => JSON.stringify(line)).join('\n'),
      maxBuffer: 2 ** 26,
    }).toString();
  const done = { status: 'failed', summary: { outputs: 1, missing: 1, stale: 0, foreign: 0 } };

  it('shows every name as it is, and never as markup', () => {
    const name = fc.string({
      unit: fc.constantFrom(...'`|\\<>&*_[]()!#@:\n\r\t a/.www.https://'),
      minLength: 1,
      maxLength: 40,
    });
    const names = fc.sample(name, 400);
    const markdown = summarize([...names.map((path) => ({ status: 'missing', path, reason: 'x' })), done]);
    const rows = cellsOf(markdown);
    expect(rows.map((row) => row.length)).toEqual(names.map(() => 3));
    expect(tagsOf(renderMarkdown(markdown) as string)).toEqual(
      new Set(['h3', 'p', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'code']),
    );
    const unmask = (text = ''): string =>
      text.replace(/\\u00([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    expect(rows.map(([path]) => unmask(path).trim())).toEqual(names.map((path) => path.trim()));
  });

  it('fits into what GitHub takes, and says how much it leaves out', () => {
    const path = `dist/${'ü'.repeat(200)}.png`;
    const lines = Array.from({ length: 10_000 }, () => ({ status: 'missing', path, reason: 'x' }));
    const markdown = summarize([...lines, done]);
    expect(Buffer.byteLength(markdown)).toBeLessThan(2 ** 20);
    expect(cellsOf(markdown).length + Number(/… and (\d+) more\./.exec(markdown)?.[1])).toBe(10_000);
  });
});

function tagsOf(html: string): Set<string> {
  return new Set([...html.matchAll(/<(\w+)/g)].map(([, tag]) => tag as string));
}
