import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import type { BenchReport } from '../../src/node/bench/bench-report.js';
import { gradient, gradient16, toSharp } from '../support/images.js';
import { runCli, startCli, statusOf } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';

async function folderWithImage(): Promise<string> {
  const folder = await makeTempFolder();
  await toSharp(gradient(96, 64)).png().toFile(join(folder, 'in.png'));
  return folder;
}

async function benchJson(folder: string, args: readonly string[]): Promise<BenchReport> {
  const { code, stdout, stderr } = await runCli(['bench', ...args, '--json', '--quiet'], folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout.toString());
}

it('measures backends x strategies x sizes, and compares each with the exact result', async () => {
  const folder = await folderWithImage();
  const report = await benchJson(folder, [
    ...['in.png', 'blue;50;70', 'orange;40;150', '--sizes', '48,96', '--runs', '3', '--warmup=1'],
    ...['--backends', 'js,wasm', '--threads', '1,2', '--lut-sizes', '9,33'],
  ]);
  expect(report).toMatchObject({ version: 1, image: 'in.png', format: 'png', runs: 3, warmups: 1 });
  expect(report.machine).toMatchObject({ node: process.versions.node, cores: expect.any(Number) });
  expect(report.recipe.rows).toHaveLength(2);
  expect(report.sizes.map(({ width, height }) => [width, height])).toEqual([
    [48, 32],
    [96, 64],
  ]);
  for (const { rows, pixels, distinctColors } of report.sizes) {
    expect(distinctColors).toBeGreaterThan(100);
    // (js, wasm 1, wasm 2) x (table, direct, 2 sizes x (lut, kept), hierarchical)
    expect(rows).toHaveLength(3 * 7);
    for (const { strategy, lutSize, result } of rows) {
      if (!result) throw new Error('a row without a result');
      expect(result.milliseconds.runs).toBe(3);
      expect(result.milliseconds.min).toBeLessThanOrEqual(result.milliseconds.median);
      expect(result.megapixelsPerSecond).toBeCloseTo(pixels / result.milliseconds.median / 1000, 6);
      expect(result.checksum).toMatch(/^[0-9a-f]{8}$/);
      if (strategy !== 'lut') expect(result.difference.max).toBeLessThanOrEqual(1);
      // A coarse table cannot be exact: if it were, it would have been compared with itself.
      if (lutSize === 9) expect(result.difference.max).toBeGreaterThan(1);
    }
    const sums = (strategy: string, backend: string): Set<string | undefined> =>
      new Set(rows.filter((r) => r.strategy === strategy && r.backend === backend).map((r) => r.result?.checksum));
    expect(sums('table', 'wasm')).toEqual(sums('direct', 'wasm'));
    expect(sums('table', 'wasm').size).toBe(1);
  }
});

it('says how far off the radii of a small copy are, and what they save', async () => {
  const folder = await makeTempFolder();
  await toSharp(gradient(900, 600)).jpeg().toFile(join(folder, 'in.jpg'));
  const args = ['in.jpg', 'blue;50;70', 'orange;40;150', '--runs', '2', '--backends', 'wasm', '--threads', '1'];
  const strategies = ['--strategies', 'table,hierarchical'];
  const { sizes } = await benchJson(folder, [...args, ...strategies, '--sizes', '900']);
  const [exact, coarse] = sizes[0]?.rows ?? [];
  expect(exact?.result).not.toHaveProperty('radiusError');
  const { distance, share, milliseconds } = coarse?.result?.radiusError ?? { distance: 0, share: 0, milliseconds: 0 };
  expect(distance).toBeGreaterThan(0);
  expect(share).toBeGreaterThan(distance); // radii are shorter than 1
  expect(share).toBeLessThan(0.05);
  expect(milliseconds).toBeGreaterThan(0);
  expect(coarse?.result?.checksum).not.toBe(exact?.result?.checksum);
  const { stdout } = await runCli(['bench', ...args, ...strategies, '--sizes', '900', '--quiet'], folder);
  expect(stdout.toString()).toMatch(
    /^ {2}Hierarchical, wasm, 1 thread: radii at most 0\.\d{5} off \(\d\.\d\d %\), the small copy takes [\d.]+ ms, [\d.]+ ms (saved|lost) against exact radii\.$/m,
  );
  const plan = await runCli(['analyze', 'in.jpg', 'blue;50;70'], folder);
  await writeFile(join(folder, 'plan.json'), plan.stdout);
  const frozen = await runCli(
    ['bench', 'in.jpg', '--recipe', 'plan.json', '--runs', '1', ...strategies, '--sizes', '200', '--quiet'],
    folder,
  );
  expect(frozen.stdout.toString()).toMatch(/hierarchical: not measured, the radii of a plan are frozen/);
});

it('prints a table, says why a GPU is missing, and draws the chart', async () => {
  const folder = await folderWithImage();
  const args = ['bench', 'in.png', 'teal;40;60', '--runs', '1', '--warmup', '0', '--backends', 'wasm,gpu'];
  const { code, stdout, stderr } = await runCli([...args, '--chart', 'c.svg', '--strategies', 'table,lut'], folder);
  expect(code).toBe(0);
  expect(stderr).toBe('Wrote the chart: c.svg\n');
  const text = stdout.toString();
  expect(text).toMatch(/^ {2}wasm, \d+ threads? +table +[\d.]+ +[\d.]+ \.\. [\d.]+ +[\d.]+ /m);
  expect(text).toMatch(/lut 33, kept/);
  expect(text).toMatch(/^ {2}(gpu: not measured, .{10}|gpu +table)/m);
  expect(text).toMatch(
    /Fastest exact way: wasm, \d+ threads?, table \(--backend wasm --threads \d+ --strategy table\)/,
  );
  expect(text).toMatch(/On top of that: decoding [\d.]+ ms, encoding [\d.]+ ms \(PNG\)/);
  const svg = await readFile(join(folder, 'c.svg'), 'utf8');
  expect(svg).toMatch(/^<svg [\s\S]*wasm, \d+ threads?: table[\s\S]*<\/svg>\n$/);

  const png = await runCli([...args, '--chart', 'c.png', '-q', '--strategies', 'table'], folder);
  expect({ code: png.code, stderr: png.stderr }).toEqual({ code: 0, stderr: '' });
  // Rendering its own drawing opened no way for SVG as an input.
  await writeFile(join(folder, 'x.png'), svg);
  const refused = await runCli(['bench', 'x.png', 'teal;40;60', '--chart', 'd.png'], folder);
  expect({ code: refused.code, stderr: refused.stderr }).toEqual({
    code: 1,
    stderr: 'colorshine: x.png: expected a JPEG, PNG, WebP, GIF, TIFF, AVIF or HEIC image, got SVG\n',
  });
  const { width, format } = await sharp(join(folder, 'c.png')).metadata();
  expect({ width, format }).toEqual({ width: 1640, format: 'png' });
});

it('measures 16-bit images where the way can', async () => {
  const folder = await makeTempFolder();
  const raw = { width: 40, height: 30, channels: 3 as const };
  await sharp(gradient16(40, 30), { raw }).toColourspace('rgb16').png().toFile(join(folder, 'deep.png'));
  const args = ['deep.png', 'blue;50;70', '--runs', '1', '--backends', 'wasm', '--lut-sizes', '17', '--sizes', '20'];
  const { sizes } = await benchJson(folder, args);
  const [table, direct, lut] = sizes[0]?.rows ?? [];
  expect(table?.why).toBe('a table needs an 8-bit image');
  expect(direct?.result?.difference.max).toBe(0);
  expect(lut?.result?.difference.max).toBeGreaterThan(0);
});

it('refuses what cannot be measured, before measuring', async () => {
  const folder = await folderWithImage();
  const cases: [string[], RegExp][] = [
    [['in.png'], /rows: expected at least one/],
    [['blue;50;70'], /INPUT: expected one image file, got 0/],
    [['in.png', 'blue;50;70', '--sizes', '0'], /--sizes: expected a number from 1 to 65535, got 0/],
    [['in.png', 'blue;50;70', '--sizes', 'big'], /--sizes: expected a whole number from 1 to 65535, got "big"/],
    [
      ['in.png', 'blue;50;70', '--sizes', '60000'],
      /--sizes: expected at most 100000000 pixels, got 2400000000 for 60000/,
    ],
    [['in.png', 'blue;50;70', '--runs', '0'], /--runs: expected a number from 1 to 1000, got 0/],
    [['in.png', 'blue;50;70', '--backends', 'cuda'], /--backends: expected one of js, wasm, gpu, got "cuda"/],
    [['in.png', 'blue;50;70', '--lut-sizes', '1'], /--lut-sizes: expected a number from 2 to 129, got 1/],
    [
      ['in.png', 'blue;50;70', '--chart', './in.png'],
      /in.png: expected an output other than the input, got the same file$/m,
    ],
    [
      ['in.png', 'blue;50;70', '--chart', 'c.pdf'],
      /--chart: expected a file name that ends in .svg or .png, got "c.pdf"/,
    ],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await runCli(['bench', ...args], folder);
    expect({ args, code, stdout: stdout.toString() }).toEqual({ args, code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  }
});

it('stops on SIGINT with 130, without half a report', async () => {
  const folder = await folderWithImage();
  const child = startCli(['bench', 'in.png', 'blue;50;70', '--sizes', '1500', '--runs', '1000'], folder);
  let stdout = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  const ended = new Promise((done) => child.on('close', (code, signal) => done(statusOf(code, signal))));
  await new Promise((done) => setTimeout(done, 1500));
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(stdout).toBe('');
});
