/** Readers that go away, names that are too long, files that must not be lost. */
import { execFile } from 'node:child_process';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { gradient, toSharp } from '../support/images.js';
import { runCli, startCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';

const RED = 'red;50;70';
const RECIPE = '{"version":1,"attractors":[{"color":"red","tolerance":50,"strength":70}]}';
let folder: string;
let png: Buffer;
const at = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = await makeTempFolder();
  png = await toSharp(gradient(16, 16)).png().toBuffer();
  await writeFile(at('a.png'), png);
});

describe('a reader of standard output that goes away', () => {
  it.each([['--json'], ['--json', '--explain']])('%j: every image is written all the same', async (...flags) => {
    const names = ['b.png', 'c.png', 'd.png', 'e.png', 'f.png'];
    for (const name of names) await writeFile(at(name), png);
    const script = `"$0" "$1" shine *.png "${RED}" --out-dir out --concurrency 1 ${flags.join(' ')} | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const args = ['-c', script, process.execPath, resolve('dist/cli.cjs')];
    const { stdout } = await promisify(execFile)('bash', args, { cwd: folder });
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('0');
    expect(await readdir(at('out'))).toHaveLength(6);
  });

  it('an image that nobody reads to its end is not done', async () => {
    await writeFile(at('big.png'), await toSharp(gradient(400, 400)).png({ compressionLevel: 0 }).toBuffer());
    const child = startCli(['shine', 'big.png', RED, '-o', '-', '--format', 'tiff'], folder);
    child.stdout?.destroy();
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    expect(await new Promise((done) => child.on('close', done))).toBe(1);
    expect(stderr).toBe('colorshine: standard output: expected a reader to its end, got one that went away\n');
  });

  it('standard error may go away too', async () => {
    const child = startCli(['shine', 'a.png', RED, '--verbose'], folder);
    child.stderr?.destroy();
    expect(await new Promise((done) => child.on('close', done))).toBe(0);
    expect(await readdir(folder)).toContain('a_colorshine.png');
  });
});

describe('names that are too long for the file system', () => {
  const LONG = 'x'.repeat(244); // with its extension 248 bytes, with `_colorshine` 259

  it.each([
    ['the name that is made', [`${LONG}.png`, RED], `${LONG}_colorshine.png`],
    ['-o', ['a.png', RED, '-o', `${LONG}yyyyyyyyyy.png`], `${LONG}yyyyyyyyyy.png`],
    ['--out-dir', ['a.png', RED, '--out-dir', `${LONG}yyyyyyyyyyyy`], `${LONG}yyyyyyyyyyyy/a.png`],
    ['two bytes a letter', ['a.png', RED, '-o', `${'ä'.repeat(127)}.png`], `${'ä'.repeat(127)}.png`],
    ['--save-recipe', ['a.png', RED, '--save-recipe', `${LONG}yyyyyyyyyy.json`], `${LONG}yyyyyyyyyy.json`],
  ])('%s', async (_, args, name) => {
    await writeFile(at(`${LONG}.png`), png);
    const { code, stderr } = await runCli(['shine', ...args], folder);
    expect(stderr).toBe(`colorshine: ${name}: expected a place to write to, got a name that is too long for it\n`);
    expect(code).toBe(1);
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('is said of standard input before it is recolored', async () => {
    const { stderr } = await runCli(
      ['shine', '-', RED, '-o', `${LONG}yyyyyyyyyy.png`],
      folder,
      Buffer.from('no image'),
    );
    expect(stderr).toContain('a name that is too long for it');
  });
});

describe('files that were given are not lost', () => {
  beforeEach(async () => {
    await writeFile(at('brand.json'), RECIPE);
    await writeFile(at('tokens.json'), '{"red":{"$type":"color","$value":"#ff0000"}}');
  });

  it.each([
    ['an image over the recipe', ['shine', 'a.png', '--recipe', 'brand.json', '-o', 'brand.json']],
    ['a preview over the recipe', ['shine', 'a.png', '--recipe', 'brand.json', '--preview', 'brand.json']],
    ['a recipe over the recipe', ['shine', 'a.png', RED, '--recipe', 'brand.json', '--save-recipe', './brand.json']],
    ['a table over the recipe', ['lut', 'export', 'a.png', '--recipe', 'look.cube', '-o', 'look.cube']],
    ['a recipe over the tokens', ['palette', 'a.png', '--tokens', 'tokens.json', '--save-recipe', 'tokens.json']],
    ['a chart over the recipe', ['bench', 'a.png', '--recipe', 'chart.svg', '--chart', 'chart.svg']],
  ])('%s', async (_, args) => {
    await writeFile(at('look.cube'), RECIPE);
    await writeFile(at('chart.svg'), RECIPE);
    const before = await Promise.all((await readdir(folder)).map(async (name) => [name, await readFile(at(name))]));
    const { code, stderr } = await runCli(args, folder);
    expect(stderr).toMatch(/^colorshine: .*expected an output other than the input, got the same file/);
    expect(stderr).not.toContain(args[0] === 'bench' ? '--force' : '\n\n');
    expect(code).toBe(2);
    const after = await Promise.all((await readdir(folder)).map(async (name) => [name, await readFile(at(name))]));
    expect(after).toEqual(before);
  });

  it.each([
    ['an image and its recipe', ['shine', 'a.png', RED, '-o', 'x', '--format=png', '--save-recipe', './x', '--force']],
    ['an image and its preview', ['shine', 'a.png', RED, '-o', 'x.png', '--preview', 'X.png']],
    ['a preview and the recipe', ['shine', 'a.png', RED, '--preview', 'x.png', '--save-recipe', 'x.png']],
    ['an image and its palette', ['palette', 'a.png', '--tokens=tokens.json', '-o', 'x.png', '--save-recipe=x.png']],
  ])('%s are two files', async (_, args) => {
    const before = await readdir(folder);
    const { code, stderr } = await runCli(args, folder);
    expect(stderr).toMatch(/^colorshine: .*: expected a file of its own for each output, got it twice\n$/);
    expect(code).toBe(2);
    expect(await readdir(folder)).toEqual(before);
  });

  it.skipIf(process.platform === 'win32')('two names of one file are one, also through links', async () => {
    await symlink('.', at('here'));
    await writeFile(at('target.png'), 'old');
    await symlink('target.png', at('link.png'));
    for (const [output, preview] of [
      ['new.png', 'here/new.png'],
      ['link.png', 'target.png'],
    ] as const) {
      const { code, stderr } = await runCli(['shine', 'a.png', RED, '-o', output, '--preview', preview], folder);
      expect(stderr).toContain(`${preview}: expected a file of its own for each output, got it twice`);
      expect(code).toBe(2);
    }
    expect(await readFile(at('target.png'), 'utf8')).toBe('old');
  });
});

describe('text files as Windows writes them', () => {
  const bom = (text: string): Buffer => Buffer.from(`\uFEFF${text}`);
  const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');

  it.each([
    ['a byte order mark', bom],
    ['UTF-16', utf16],
    ['UTF-16, the other order', (text: string) => utf16(text).swap16()],
  ])('%s: recipes, plans, tokens, configurations', async (_, encode) => {
    await writeFile(at('brand.json'), encode(RECIPE));
    await writeFile(at('tokens.json'), encode('{"red":{"$type":"color","$value":"#ff0000"}}'));
    const plan = (await runCli(['analyze', 'a.png', RED], folder)).stdout.toString();
    await writeFile(at('plan.json'), encode(plan));
    for (const recipe of ['brand.json', 'plan.json']) {
      expect(await runCli(['shine', 'a.png', '--recipe', recipe, '-o', 'x.png'], folder)).toMatchObject({ code: 0 });
    }
    expect((await runCli(['tokens', 'tokens.json'], folder)).stdout.toString()).toContain('#ff0000');
    const config = { inputs: 'a.png', recipe: 'brand.json', tokens: 'tokens.json', out: 'dist/{name}.{ext}' };
    await writeFile(at('colorshine.config.json'), encode(JSON.stringify(config)));
    expect(await runCli(['build'], folder)).toMatchObject({ code: 0 });
  });
});
