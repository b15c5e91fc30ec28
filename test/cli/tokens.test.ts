import { readFileSync } from 'node:fs';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { gradient, toSharp } from '../support/images.js';
import { runCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';

const FIXTURES = resolve('test/fixtures/tokens');
const fixture = (name: string): string => join(FIXTURES, name);

let folder: string;
beforeEach(async () => {
  folder = await makeTempFolder();
  await toSharp(gradient(64, 48)).png().toFile(join(folder, 'a.png'));
});

describe('colorshine tokens', () => {
  it('lists the colors by group, one column a theme, aligned', async () => {
    const { stdout, code } = await runCli(['tokens', fixture('figma-variables.json'), '--group', 'fill'], folder);
    expect(code).toBe(0);
    const lines = stdout.toString().trimEnd().split('\n').slice(1);
    expect(lines).toEqual([
      '2 colors, themes: Light, Dark, High contrast',
      '',
      '          Light    Dark     High contrast',
      'fill',
      '  brand   #0f766e  #99f6e4  #000000',
      '  button  #0f766e  #99f6e4  #000000',
    ]);
  });

  it('shows one theme, with the color as written', async () => {
    const { stdout } = await runCli(
      ['tokens', fixture('figma-variables.json'), '--theme', 'dark', '--group', 'text'],
      folder,
    );
    expect(stdout.toString()).toContain('  muted  #99f6e4  rgb(153 246 228 / 0.75)\n');
  });

  it('paints swatches in the terminal’s colors', async () => {
    const before = process.env.FORCE_COLOR;
    process.env.FORCE_COLOR = '3';
    try {
      const { stdout } = await runCli(['tokens', fixture('style-dictionary.json')], folder);
      expect(stdout.toString()).toContain('  primary  \x1b[48;2;122;46;142m  \x1b[0m #7a2e8e\n');
    } finally {
      if (before === undefined) delete process.env.FORCE_COLOR;
      else process.env.FORCE_COLOR = before;
    }
  });

  it('prints JSON', async () => {
    const { stdout } = await runCli(['tokens', fixture('tokens-studio.json'), '--json', '--theme', 'dark'], folder);
    const data = JSON.parse(stdout.toString());
    expect(data).toMatchObject({ themes: ['Light', 'Dark'], theme: 'Dark', colors: { 'button.fill': '#c99a5b' } });
    expect(data.groups).toContain('colors.sand');
  });

  it.each([
    [['tokens'], 2, 'FILE: expected at least one token file, got 0'],
    [['tokens', 'missing.json'], 1, 'missing.json: expected a token file, found nothing there'],
    [['tokens', '.'], 1, '.: expected a token file, got a folder'],
    [['tokens', 'a.png'], 2, 'a.png: expected design tokens as JSON'],
    [['tokens', fixture('figma-variables.json'), '--theme', 'lihgt'], 2, 'did you mean Light?'],
    [['tokens', fixture('figma-variables.json'), '--group', 'fil'], 2, 'did you mean fill?'],
  ])('%j fails with one line', async (args, exit, message) => {
    const { stderr, code, stdout } = await runCli(args, folder);
    expect(code).toBe(exit);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toHaveLength(0);
  });
});

describe('colors that cannot be read', () => {
  const file = 'odd.json';
  beforeEach(() =>
    writeFile(join(folder, file), '{"red":{"value":"#ff0000","type":"color"},"x":{"value":"var(--x)","type":"color"}}'),
  );

  it('are listed, and the others are there', async () => {
    const { code, stdout } = await runCli(['tokens', file], folder);
    expect(code).toBe(0);
    const text = stdout.toString();
    expect(text).toContain('1 color\n');
    expect(text).toMatch(
      /\n {2}red {2}#ff0000\n\nCannot be read: 1\n {2}odd\.json: x: expected a color .*got "var\(--x\)"\n$/,
    );
    const json = JSON.parse((await runCli(['tokens', file, '--json'], folder)).stdout.toString());
    expect(json.colors).toEqual({ red: '#ff0000' });
    expect(json.problems).toEqual({ x: expect.stringContaining('odd.json: x: expected a color') });
  });

  it('are an error where they are used, and palette does without them', async () => {
    expect(await runCli(['shine', 'a.png', '{red};1;2', '--tokens', file, '-o', 'b.png'], folder)).toMatchObject({
      code: 0,
    });
    const { code, stderr } = await runCli(['shine', 'a.png', '{x};1;2', '--tokens', file, '-o', 'c.png'], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^colorshine: row 1: odd\.json: x: expected a color .*\n$/);
    const palette = await runCli(['palette', 'a.png', '--tokens', file], folder);
    expect(palette.code).toBe(0);
    expect(palette.stdout.toString()).toContain('a.png: 1 of 1 design colors');
    expect(palette.stderr).toBe('colorshine: 1 color cannot be read; colorshine tokens lists it\n');
  });
});

describe('shine and analyze with tokens', () => {
  it('give the bytes of the color that the token has in the theme', async () => {
    const tokens = ['--tokens', fixture('figma-variables.json')];
    for (const [theme, color] of [
      ['Light', '#0f766e'],
      ['Dark', '#99f6e4'],
    ] as const) {
      const run = await runCli(
        ['shine', 'a.png', '{fill.button};60;80', '-o', 't.png', ...tokens, '--theme', theme],
        folder,
      );
      expect(run.stderr).not.toContain('expected');
      await runCli(['shine', 'a.png', `${color};60;80`, '-o', 'c.png'], folder);
      expect(await readFile(join(folder, 't.png'))).toEqual(await readFile(join(folder, 'c.png')));
    }
  });

  it('keep the reference in a saved recipe, so that each theme can resolve it', async () => {
    const tokens = ['--tokens', fixture('primer-base.json'), '--tokens', fixture('primer-functional.json')];
    await runCli(
      ['shine', 'a.png', '{fgColor.accent};60;80', '--save-recipe', 'r.json', '-o', 'b.png', ...tokens],
      folder,
    );
    expect(JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8')).attractors[0].color).toBe('{fgColor.accent}');
    const list = `${fixture('primer-base.json')},${fixture('primer-functional.json')}`;
    const { stdout } = await runCli(['analyze', 'a.png', '--recipe', 'r.json', '--tokens', list], folder);
    expect(JSON.parse(stdout.toString()).attractors[0].color).toBe('#2f86e8');
  });

  it.each<[string[], string]>([
    [[], 'row 1: expected design tokens to look {fill.brand} up in, got none; give token files with --tokens FILE'],
    [['--theme', 'Dark'], '--theme: expected token files beside it (--tokens FILE), got none'],
    [['--tokens', fixture('primer-base.json')], 'row 1: token {fill.brand}: expected a color of the token files'],
    [
      ['{fgColor.default};1;2', '--tokens', fixture('primer-functional.json')],
      'primer-functional.json: fgColor.default: expected an alias of a known token',
    ],
    [
      ['--tokens', fixture('figma-variables.json'), '--theme', 'Drak'],
      'theme: expected one of Light, Dark, High contrast, got "Drak"',
    ],
  ])('%j: one line, exit code 2, nothing written', async (flags, message) => {
    const attractors = flags[0]?.startsWith('{') ? [] : ['{fill.brand};60;80'];
    const { stderr, code } = await runCli(['shine', 'a.png', ...attractors, ...flags], folder);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['a.png']);
  });

  it('say where a cycle is', async () => {
    await writeFile(
      join(folder, 'cycle.json'),
      '{"a":{"$type":"color","$value":"{b}"},"b":{"$type":"color","$value":"{a}"}}',
    );
    await copyFile(join(folder, 'a.png'), join(folder, 'keep.png'));
    const { stderr, code } = await runCli(['shine', 'a.png', '{a};60;80', '--tokens', 'cycle.json'], folder);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'colorshine: row 1: cycle.json: b: expected aliases that end at a color, got a cycle: {a} -> {b} -> {a}\n',
    );
  });
});

describe('colorshine palette', () => {
  const tokens = ['--tokens', fixture('material.tokens.json'), '--group', 'md.ref'];
  // A fit takes a second, less with fewer colors.
  beforeEach(() => toSharp(gradient(12, 9)).png().toFile(join(folder, 'a.png')));

  it('explains its rows, saves a recipe with references, and recolors as that recipe does', async () => {
    const run = await runCli(['palette', 'a.png', ...tokens, '--save-recipe', 'r.json', '-o', 'b.png'], folder);
    expect(run.code).toBe(0);
    const text = run.stdout.toString();
    expect(text).toMatch(/^a\.png: \d+ of 26 design colors\n\ncolor +tolerance {2}strength {2}share\n/);
    expect(text).toMatch(/\nmd\.ref\.palette\.\S+ +\d+\.\d +\d+ +\d+ % {2}[a-z ]+: takes .+/);
    expect(text).toMatch(/mean\): 0\.\d{3}, then 0\.\d{3}: \d+ % nearer\n$/);
    const recipe = JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8'));
    expect(recipe.attractors[0].color).toMatch(/^\{md\.ref\.palette\..+\}$/);
    await runCli(['shine', 'a.png', '--recipe', 'r.json', ...tokens.slice(0, 2), '-o', 'c.png'], folder);
    expect(await readFile(join(folder, 'b.png'))).toEqual(await readFile(join(folder, 'c.png')));
    expect(await readFile(join(folder, 'b.png'))).not.toEqual(await readFile(join(folder, 'a.png')));
  });

  it('writes the format that the output is named for, also from standard input', async () => {
    const { code, stderr } = await runCli(
      ['palette', '-', ...tokens, '-o', 'b.webp'],
      folder,
      await readFile(join(folder, 'a.png')),
    );
    expect(code, stderr).toBe(0);
    expect((await sharp(join(folder, 'b.webp')).metadata()).format).toBe('webp');
  });

  it('goes as far as it is told, and prints JSON', async () => {
    const strengths = async (howFar: string): Promise<number[]> => {
      const { stdout } = await runCli(['palette', 'a.png', ...tokens, '--how-far', howFar, '--json'], folder);
      return JSON.parse(stdout.toString()).recipe.attractors.map(({ strength }: { strength: number }) => strength);
    };
    expect(new Set(await strengths('0'))).toEqual(new Set([0]));
    expect(new Set(await strengths('200'))).toEqual(new Set([200]));
    const [half, full] = [await strengths('50'), await strengths('100')];
    expect(half).toEqual(full.map((strength) => Math.round(strength / 2)));
    expect(await readdir(folder)).toEqual(['a.png']);
  });

  it.each<[string[], number, string]>([
    [['palette', 'a.png'], 2, '--tokens: expected at least one token file, got none'],
    [['palette', ...tokens], 2, 'INPUT: expected one image file, got 0'],
    [['palette', 'missing.png', ...tokens], 1, 'missing.png: expected an image file, found nothing there'],
    [['palette', 'a.png', ...tokens, '--how-far', '300'], 2, 'how-far: expected a number from 0 to 200, got 300'],
    [['palette', 'a.png', ...tokens, '--save-recipe', 'a.png'], 2, 'a.png: expected an output other than the input'],
    [['palette', 'a.png', ...tokens, '-o', 'a.png'], 2, 'a.png: expected an output other than the input'],
    [['palette', 'a.png', ...tokens.slice(0, 2), '--group', 'md.rev'], 2, 'did you mean md.ref?'],
  ])('%j fails with one line, nothing written', async (args, exit, message) => {
    const { stderr, code } = await runCli(args, folder);
    expect(code).toBe(exit);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['a.png']);
  });
});
