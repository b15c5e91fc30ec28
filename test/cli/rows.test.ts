/** Rows of three kinds, fixed and suggested reaches, and the blend, on the command line. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { recolorBuffer } from '../../src/node/index.js';
import { gradient, toSharp } from '../support/images.js';
import { runCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';

let folder: string;
const at = (name: string): string => join(folder, name);
const run = (...args: string[]) => runCli(args, folder);
const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout.toString());
};

beforeEach(async () => {
  folder = await makeTempFolder();
  await writeFile(at('in.png'), await toSharp(gradient(96, 64)).png().toBuffer());
});

describe('rows that are refused: one line that says what was expected, exit code 2', () => {
  it.each([
    ['a -> ;40;60', 'color: expected a color after the arrow'],
    ['-> b', 'from: expected a color before the arrow'],
    ['-> b;40;60', 'from: expected a color before the arrow'],
    ['red -> blue -> teal;40;60', 'expected one arrow'],
    ['keep', 'keep: expected a color after it'],
    ['keep;40;60', 'keep: expected a color after it'],
    ['keep red -> blue;40;60', 'keep: expected a color and no arrow'],
    ['red -> blue;~2;60', 'reach: expected a number from 0 to 1 after ~, got "~2"'],
    ['red -> blue;~-1;60', 'reach: expected a number from 0 to 1 after ~, got "~-1"'],
    ['red -> blue;~;60', 'reach: expected a number from 0 to 1 after ~, got "~"'],
    ['red -> blue;140%;60', 'tolerance: expected a number from 0 to 100, got "140%"'],
    ['red -> blue;40;60;1;2;3', 'expected 3 parts "color;reach;strength"'],
    ['blurple -> blue;40;60', 'from: color: expected a CSS color'],
    ['red -> blurple;40;60', 'color: expected a CSS color'],
    ['red;auto;60', 'reach: expected auto on a repaint or keep row alone'],
  ])('%s', async (row, message) => {
    const { code, stderr } = await run('shine', 'in.png', row);
    expect(stderr.trimEnd().split('\n'), stderr).toHaveLength(1);
    expect(stderr).toContain(`colorshine: row 1: ${message}`);
    expect(code).toBe(2);
  });

  it.each([
    ['an unknown token', '{brand.gone} -> {brand.new};~0.1;100', 'row 1: from: token {brand.gone}'],
    ['a cycle', '{brand.old} -> {brand.loop};~0.1;100', '{brand.loop}'],
    ['a cycle on the left', '{brand.loop} -> {brand.old};~0.1;100', '{brand.loop}'],
  ])('%s', async (_, row, message) => {
    const color = (value: string) => ({ $type: 'color', $value: value });
    const loop = { loop: color('{brand.pool}'), pool: color('{brand.loop}') };
    const colors = { old: color('#1f5fbf'), new: color('#1a7f5a'), ...(row.includes('loop') && loop) };
    await writeFile(at('t.json'), JSON.stringify({ brand: colors }));
    const { code, stderr } = await run('shine', 'in.png', row, '--tokens', 't.json');
    expect(stderr.trimEnd().split('\n'), stderr).toHaveLength(1);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

describe('rows of three kinds', () => {
  const ROWS = ['#335577 → teal;~0.2;100', 'olive to pink;40%;80', 'keep grey;20;100', 'gold;30;120'];

  it('give what the library gives, and are saved and read again', async () => {
    const { data } = await recolorBuffer(await readFile(at('in.png')), { rows: ROWS, blend: 'oklab' });
    const { code, stderr } = await run('shine', 'in.png', ...ROWS, '--blend=oklab', '--save-recipe=r.json', '-o=a.png');
    expect(code, stderr).toBe(0);
    const pixels = (file: string | Uint8Array) => sharp(file).raw().toBuffer();
    expect((await pixels(at('a.png'))).equals(await pixels(data))).toBe(true);
    expect(JSON.parse(await readFile(at('r.json'), 'utf8'))).toMatchObject({ version: 2, blend: 'oklab' });
    await run('shine', 'in.png', '--recipe=r.json', '-o=b.png');
    expect((await readFile(at('b.png'))).equals(await readFile(at('a.png')))).toBe(true);
  });

  it('are named for what they do, with their radii and shares', async () => {
    const { stderr } = await run('analyze', 'in.png', ...ROWS, '--verbose');
    expect(stderr).toMatch(
      /Repaint 1: #335577 -> teal;~0\.2;100 radius 0\.2000 \(Oklab\), touches [\d.]+ % of the pixels/,
    );
    expect(stderr).toMatch(/Keep 3: keep grey;20;100 radius [\d.]+ \(Oklab\), touches 2\d\.\d % of the pixels/);
    expect(stderr).toMatch(/Attractor 4: gold;30;120/);
  });

  it('of keeps alone change nothing, and say so', async () => {
    const { code, stderr } = await run('shine', 'in.png', 'keep red;100;100', '-o=o.png', '--verbose');
    expect(code).toBe(0);
    expect(stderr).toContain('keep rows alone change nothing');
    const pixels = (file: string) => sharp(at(file)).raw().toBuffer();
    expect((await pixels('o.png')).equals(await pixels('in.png'))).toBe(true);
  });
});

describe('fixed reaches', () => {
  const FIXED = ['#335577 -> teal;~0.2;100', 'gold;~0.1;90'];

  it('are a plan: large images are recolored as they are decoded, with the same pixels', async () => {
    const disk = await json('shine', 'in.png', ...FIXED, '-o=a.png', '--spool-above=0');
    expect(disk.spool.isEarly).toBe(true);
    const memory = await json('shine', 'in.png', ...FIXED, '-o=b.png');
    expect(memory.plan.rows.map(({ radius }: { radius: number }) => radius)).toEqual([0.2, 0.1]);
    const pixels = (file: string) => sharp(at(file)).raw().toBuffer();
    expect((await pixels('a.png')).equals(await pixels('b.png'))).toBe(true);
  });

  it('make a lookup table for every image, without one', async () => {
    const { code, stderr } = await run('lut', 'export', ...FIXED, '-o=look.cube', '--size=5');
    expect(code, stderr).toBe(0);
    expect(await readFile(at('look.cube'), 'utf8')).toContain('All reaches are fixed: it holds for every image.');
    const measured = await run('lut', 'export', 'gold;30;90', '-o=other.cube');
    expect(measured.code).toBe(2);
    expect(measured.stderr).toContain('INPUT: expected one image to measure, got 0');
  });
});

describe('suggested reaches', () => {
  it('are what analyze says, and what auto takes', async () => {
    const { code, stdout } = await run('analyze', 'in.png', '--suggest', '#335577');
    expect(code).toBe(0);
    const { reach, share, row } = JSON.parse(stdout.toString());
    expect(share).toBeGreaterThan(0);
    expect(row).toBe(`#335577 -> COLOR;~${reach};100`);
    const { plan } = await json('shine', 'in.png', '#335577 -> teal;auto;100', '-o=a.png');
    expect(plan.rows[0].radius).toBe(reach);
    await run('shine', 'in.png', `#335577 -> teal;~${reach};100`, '-o=b.png');
    expect((await readFile(at('b.png'))).equals(await readFile(at('a.png')))).toBe(true);
  });

  it('take no rows beside them, and a color', async () => {
    const both = await run('analyze', 'in.png', 'red;1;2', '--suggest', 'red');
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('--suggest: expected no rows beside it')]);
    expect((await run('analyze', 'in.png', '--suggest', 'blurple')).stderr).toContain('expected a CSS color');
  });
});
