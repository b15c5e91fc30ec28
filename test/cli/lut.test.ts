import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkPlan, formatCube, haldFromLut, identityLut, parseCube } from '../../src/index.js';
import { analyze } from '../../src/node/index.js';
import { gradient, gradient16, toSharp } from '../support/images.js';
import { isSame } from '../support/lut.js';
import { type CliResult, runCli } from '../support/run-cli.js';
import { leftovers, makeTempFolder } from '../support/temp-folder.js';

const RECIPE = ['teal;50;70', 'orange;40;60'];
let folder: string;

const at = (name: string): string => join(folder, name);
const pixelsOf = (name: string): Promise<Buffer> => sharp(at(name)).removeAlpha().raw().toBuffer();
const run = (...args: string[]): Promise<CliResult> => runCli(args, folder);
const json = ({ stdout }: CliResult) => JSON.parse(stdout.toString());

beforeEach(async () => {
  folder = await makeTempFolder();
  process.env.COLORSHINE_CACHE = at('cache'); // the command line inherits it
  await writeFile(at('photo.png'), await toSharp(gradient(120, 90)).png().toBuffer());
});

/** Largest difference, and the mean of all. */
function compare(p: Buffer, q: Buffer): { max: number; mean: number } {
  expect(p.length).toBe(q.length);
  let [max, sum] = [0, 0];
  for (let i = 0; i < p.length; i++) {
    const d = Math.abs((p[i] as number) - (q[i] as number));
    max = Math.max(max, d);
    sum += d;
  }
  return { max, mean: sum / p.length };
}

describe('files that a command was given beside its images', () => {
  it('are not replaced without --force', async () => {
    const { stderr } = await run('lut', 'export', 'photo.png', ...RECIPE, '-o', 'look.png', '--size', '16');
    expect(stderr).toContain('look.png: hald');
    await writeFile(at('reference.png'), await toSharp(gradient(90, 60)).png().toBuffer());
    await writeFile(at('tokens.json'), JSON.stringify({ brand: { $type: 'color', $value: '#008080' } }));
    const shineIt = ['shine', 'photo.png'];
    const withReference = [...shineIt, ...RECIPE, '--reference', 'reference.png'];
    const calls = [
      ['look.png', 'lut', 'apply', 'look.png', 'photo.png', '-o', 'look.png'],
      ['reference.png', ...withReference, '-o', 'reference.png'],
      ['reference.png', ...withReference, '-o', 'out.png', '--preview', 'reference.png'],
      ['tokens.json', ...shineIt, '{brand};50;70', '--tokens', 'tokens.json', '--save-recipe', 'tokens.json'],
      ['tokens.json', 'palette', 'photo.png', '--tokens', 'tokens.json', '--save-recipe', 'tokens.json'],
    ] as const;
    for (const [file, ...args] of calls) {
      const before = await readFile(at(file));
      const { code, stderr } = await run(...args);
      expect({ args, code, stderr }).toEqual({
        args,
        code: 2,
        stderr: `colorshine: ${file}: expected an output other than the input, got the same file; use --force to replace it\n`,
      });
      expect((await readFile(at(file))).equals(before)).toBe(true);
    }
    expect((await run(...withReference, '-o', 'reference.png', '--force')).code).toBe(0);
  });
});

describe('lut info', () => {
  it('shows titles and comments in UTF-8 or Latin-1, and passes no control characters on', async () => {
    const rows = '0 0 0\n'.repeat(8);
    const describe = async (head: string, encoding: BufferEncoding): Promise<string> => {
      await writeFile(at('look.cube'), Buffer.from(`${'#'.repeat(70)}\n${head}\nLUT_3D_SIZE 2\n${rows}`, encoding));
      return (await run('lut', 'info', 'look.cube')).stdout.toString();
    };
    const said = await describe('TITLE "\u00c9t\u00e9 100 % \u590f"\n# \u00fcber', 'utf8');
    expect(said).toMatch(/title +\u00c9t\u00e9 100 % \u590f\n/);
    expect(said).toMatch(/comment +\u00fcber\n/);
    expect(await describe('TITLE "\u00c9t\u00e9"', 'latin1')).toMatch(/title +\u00c9t\u00e9\n/);
    const hostile = await describe('TITLE "\u001b[31mred\u001b]0;name\u0007"\n# \u009b2J', 'utf8');
    expect(hostile).toMatch(/title +\?\[31mred\?\]0;name\?\n/);
    expect(hostile).toMatch(/comment +\?2J\n/);
  });
});

describe('shine with a lookup table', () => {
  it('uses it, reports the error that its pixels have, and keeps it for the next time', async () => {
    const args = ['shine', 'photo.png', ...RECIPE, '--json', '-o'];
    await run(...args, 'exact.png');
    const first = json(await run(...args, 'a.png', '--lut_size=17'));
    expect(first).toMatchObject({ strategy: 'lut', lut: { size: 17, interpolation: 'tetrahedral', hit: false } });
    const { max } = compare(await pixelsOf('a.png'), await pixelsOf('exact.png'));
    expect(max).toBeGreaterThan(0);
    expect(first.lut.error).toMatchObject({ max, exhaustive: true });
    const second = json(await run(...args, 'b.png', '--lut-size', '17', '--backend', first.backend));
    expect(second.lut.hit).toBe(true);
    expect(await pixelsOf('b.png')).toEqual(await pixelsOf('a.png'));
  });

  it('says in words what a miss differs in', async () => {
    const common = ['shine', 'photo.png', '--backend=wasm', '--verbose=True', '-o', 'out.png'];
    const before = await run(...common, 'teal;50;70', '--strategy', 'lut');
    expect(before.stderr).toMatch(/Lookup table: 33x33x33, tetrahedral, float nodes/);
    expect(before.stderr).toMatch(
      /error against the exact pull, in 1\/255: max \d+, 99 % of pixels within \d+, [\d.]+ % of/,
    );
    const after = await run(...common, 'teal;50;75', '--strategy', 'lut');
    expect(after.stderr).toContain('miss, against the nearest entry: strength 75 instead of 70 (teal)');
    const none = await run(...common, 'teal;50;75', '--strategy', 'lut', '--no-cache');
    expect(none.stderr).toContain('built; not kept');
  });

  it('says why two images with the same settings do not share a table, and how they would', async () => {
    await toSharp(gradient(60, 90)).negate().png().toFile(at('other.png'));
    const shine = (...args: string[]) => run('shine', ...args, 'teal;50;70', '--lut_size=65', '--verbose=True');
    await shine('photo.png');
    const apart = await shine('other.png');
    expect(apart.stderr).toMatch(
      /miss, against the nearest entry: radius [\d.]+ instead of [\d.]+ \(teal, measured on other pixels\); the settings are the same but a tolerance is a share of each image’s own pixels; radii measured once let images share one table: analyze\(\), --reference IMAGE or --pooled$/m,
    );
    const shared = await shine('other.png', '--reference', 'photo.png');
    expect(shared.stderr).toMatch(/Lookup table cache: hit/);
  });

  it('is the exact path with --lut-size 0, and an error where flags contradict each other', async () => {
    expect(json(await run('shine', 'photo.png', ...RECIPE, '--lut_size=0', '--json')).strategy).toMatch(
      /^(table|direct)$/,
    );
    for (const [args, message] of [
      [['--lut-size', '1'], '--lut-size: expected a number from 2 to 129, got 1'],
      [['--lut-size', '130'], '--lut-size: expected a number from 0 to 129, got 130'],
      [['--lut-size', '33', '--strategy', 'table'], '--lut-size: expected --strategy lut or none, got table'],
      [['--lut-size', '0', '--strategy', 'lut'], '--lut-size: expected 2 to 129 with --strategy lut, got 0'],
      [['--interpolation', 'cubic'], '--interpolation: expected one of tetrahedral, trilinear, got "cubic"'],
      [['--pooled', '--reference', 'photo.png'], '--pooled: expected no --reference beside it, got both'],
      [['--reference', 'none.png'], 'none.png: expected an image file, found nothing there'],
    ] as const) {
      const { code, stderr } = await run('shine', 'photo.png', ...RECIPE, ...args);
      expect(stderr.trim()).toBe(`colorshine: ${message}`);
      expect(code).toBe(message.startsWith('none') ? 1 : 2);
    }
    expect((await readdir(folder)).sort()).toEqual(['photo.png', 'photo_colorshine.png']);
  });
});

describe('one plan for many images', () => {
  beforeEach(async () => {
    await writeFile(at('dark.png'), await toSharp(gradient(60, 40)).linear(0.4).png().toBuffer());
  });

  it('from a reference: its radii, in images of either gamut', async () => {
    await toSharp(gradient(20, 20)).withIccProfile('p3').toFile(at('wide.png'));
    const plan = await analyze(at('dark.png'), RECIPE);
    const { stdout, code } = await run(
      'shine',
      'photo.png',
      'wide.png',
      ...RECIPE,
      '--reference',
      'dark.png',
      '--json',
    );
    expect(code).toBe(0);
    const reports = stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(reports.map(({ gamut }) => gamut).sort()).toEqual(['display-p3', 'srgb']);
    for (const report of reports) expect(checkPlan(report.plan)).toEqual({ ...plan, gamut: report.gamut });
  });

  it('from all inputs pooled: as of one image that holds them all', async () => {
    const [a, b] = [await pixelsOf('photo.png'), await pixelsOf('dark.png')];
    const both = Buffer.concat([a, b]);
    const png = await sharp(both, { raw: { width: both.length / 3, height: 1, channels: 3 } })
      .png()
      .toBuffer();
    const plan = await analyze(png, RECIPE);
    await writeFile(at('broken.png'), 'no image');
    const { stdout, code } = await run('shine', '*.png', ...RECIPE, '--pooled', '--json');
    expect(code).toBe(1); // the broken one fails alone
    const reports = stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(reports.filter(({ status }) => status === 'failed')).toHaveLength(1);
    const done = reports.filter(({ status }) => status === 'done');
    expect(done).toHaveLength(2);
    for (const report of done) expect(checkPlan(report.plan)).toEqual(plan);
  });
});

describe('the cache, shared by processes', () => {
  it('serves many at once, whole, with one entry and no leftovers', async () => {
    const runs = Array.from({ length: 4 }, (_, i) =>
      run('shine', 'photo.png', ...RECIPE, '--lut-size', '33', '--backend', 'wasm', '--json', '-o', `out${i}.png`),
    );
    const results = await Promise.all(runs);
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const first = await readFile(at('out0.png'));
    for (let i = 1; i < 4; i++) expect(isSame(await readFile(at(`out${i}.png`)), first)).toBe(true);
    expect(await readdir(at('cache/luts'))).toHaveLength(1);
    expect(
      json(await run('shine', 'photo.png', ...RECIPE, '--lut-size', '33', '--backend', 'wasm', '--json')).lut.hit,
    ).toBe(true);
  });

  it('survives kills at any moment: what is there is whole', async () => {
    const cli = join(process.cwd(), 'dist/cli.cjs');
    const args = [cli, 'shine', 'photo.png', '--lut-size', '65', '--backend', 'wasm', '-o', 'k.png', '--quiet'];
    await run('shine', 'photo.png', 'teal;50;70', '--lut-size', '65', '--backend', 'wasm', '--quiet', '-o', 'k.png');
    for (let i = 0; i < 4; i++) {
      const child = spawn(process.execPath, [...args, `teal;50;${71 + i}`], { cwd: folder, stdio: 'ignore' });
      const closed = new Promise((resolve) => child.on('close', resolve)); // a fast machine is done before the kill
      await new Promise((resolve) => setTimeout(resolve, 100 + 60 * i));
      child.kill('SIGKILL');
      await closed;
    }
    const again = [];
    for (let i = 0; i < 5; i++) {
      const result = await run(
        'shine',
        'photo.png',
        `teal;50;${70 + i}`,
        '--lut-size',
        '65',
        '--backend',
        'wasm',
        '--json',
      );
      again.push(json(result).lut);
    }
    expect(again[0].hit).toBe(true);
    expect(again.filter(({ explanation }) => explanation.includes('damaged'))).toEqual([]);
  });

  it('answers info, path and clear', async () => {
    expect((await run('cache', 'path')).stdout.toString().trim()).toBe(at('cache/luts'));
    await run('shine', 'photo.png', ...RECIPE, '--lut-size', '17');
    const { stdout } = await run('cache', 'info');
    expect(stdout.toString()).toMatch(/1 lookup table, 0\.1 MB of at most 256\.0 MB\n.*17\^3 .*teal;50;70/);
    expect(json(await run('cache', 'info', '--json')).entries).toHaveLength(1);
    expect((await run('cache', 'clear')).stdout.toString()).toContain('deleted 1 lookup table');
    expect(json(await run('cache', 'info', '--json')).entries).toEqual([]);
    expect(await run('cache', 'burn')).toMatchObject({ code: 2, stderr: expect.stringContaining('info, clear, path') });
  });
});

describe('lut export, apply and info', () => {
  it('write what shine does: the exported table applied is the table strategy’s picture', async () => {
    const size = ['--lut-size', '33', '--backend', 'wasm'];
    await run('shine', 'photo.png', ...RECIPE, ...size, '-o', 'shone.png');
    expect((await run('lut', 'export', 'photo.png', ...RECIPE, ...size, '-o', 'look.cube')).code).toBe(0);
    expect((await run('lut', 'apply', 'look.cube', 'photo.png', '-o', 'applied.png')).code).toBe(0);
    const large = ['--spool-above', '0', '--tile-size', '16', '--temp-dir', '.'];
    expect((await run('lut', 'apply', 'look.cube', 'photo.png', '-o', 'spooled.png', ...large)).code).toBe(0);
    expect(await readFile(at('spooled.png'))).toEqual(await readFile(at('applied.png')));
    const { max, mean } = compare(await pixelsOf('applied.png'), await pixelsOf('shone.png'));
    expect(max).toBeLessThanOrEqual(1); // six decimals may round the other way
    expect(mean).toBeLessThan(0.001);
    const { title, comments, grid } = json(await run('lut', 'info', 'look.cube', '--json'));
    expect(title).toBe('Colorshine teal;50;70 orange;40;60');
    expect(grid).toMatchObject({ size: 33, min: [0, 0, 0], max: [1, 1, 1] });
    const plan = await analyze(at('photo.png'), RECIPE);
    for (const { radius } of plan.rows) expect(comments.join('\n')).toContain(`radius ${radius.toFixed(6)} (Oklab)`);
    expect(comments.join('\n')).toContain(`measured on ${plan.pixels} pixels`);
  });

  it('write Hald images of both depths, and from a plan', async () => {
    const plan = await analyze(at('photo.png'), RECIPE);
    await writeFile(at('plan.json'), JSON.stringify(plan));
    const size = ['--size', '36', '--backend', 'wasm'];
    await run('lut', 'export', '--recipe', 'plan.json', ...size, '-o', 'look.cube');
    for (const bits of ['8', '16']) {
      expect(
        (await run('lut', 'export', '--recipe', 'plan.json', ...size, '--bits', bits, '-o', 'look.png')).code,
      ).toBe(0);
      const info = json(await run('lut', 'info', 'look.png', '--json'));
      expect(info).toMatchObject({ kind: 'hald', bits: Number(bits), grid: { size: 36 } });
      expect(info).toMatchObject({ title: 'Colorshine teal;50;70 orange;40;60' });
      expect(info.comments).toContainEqual(expect.stringMatching(/^ {2}teal;50;70 radius 0\.\d{6} \(Oklab\)$/));
      const cube = parseCube(await readFile(at('look.cube')), 'look.cube').lut;
      const { data } = haldFromLut(cube, bits === '8' ? 8 : 16);
      const raw = sharp(at('look.png'));
      const read =
        bits === '8'
          ? await raw.raw().toBuffer()
          : await raw.toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer();
      const samples = bits === '8' ? read : new Uint16Array(read.buffer, read.byteOffset, read.length / 2);
      let worst = 0;
      for (let i = 0; i < data.length; i++) worst = Math.max(worst, Math.abs((data[i] ?? 0) - (samples[i] ?? 0)));
      expect(worst).toBeLessThanOrEqual(1); // by the six decimals of the .cube
    }
  });

  it('export design tokens, in the theme that is asked for', async () => {
    const color = { $type: 'color', $value: '#ff6b35', $extensions: { mode: { Dark: '#102040' } } };
    await writeFile(at('tokens.json'), JSON.stringify({ brand: color }));
    const tokens = ['--tokens', 'tokens.json', '--theme', 'dark'];
    const { code, stderr } = await run('lut', 'export', 'photo.png', '{brand};50;70', ...tokens, '-o', 'look.cube');
    expect(code, stderr).toBe(0);
    expect(json(await run('lut', 'info', 'look.cube', '--json')).title).toBe('Colorshine #102040;50;70');
  });

  it('apply foreign tables to 16-bit images, alpha and all', async () => {
    const { nodes, ...rest } = identityLut(2);
    await writeFile(at('negative.cube'), formatCube({ ...rest, nodes: nodes.map((x) => 1 - x) }, 'negative', []));
    const deep = gradient16(40, 30);
    await sharp(deep, { raw: { width: 40, height: 30, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toFile(at('deep.png'));
    await toSharp(gradient(40, 30, 4))
      .png()
      .toFile(at('clear.png'));
    expect((await run('lut', 'apply', 'negative.cube', 'deep.png', 'clear.png', '--out-dir', 'out')).code).toBe(0);
    const bytes = await sharp(at('out/deep.png')).toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer();
    const got = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    expect(
      isSame(
        got,
        deep.map((x) => 65535 - x),
      ),
    ).toBe(true);
    const rgba = await sharp(at('out/clear.png')).raw().toBuffer();
    const expected = gradient(40, 30, 4).data.map((x, i) => (i % 4 === 3 ? x : 255 - x));
    expect(isSame(rgba, expected)).toBe(true);
  });

  it('answer bad calls and bad files with one line, and leave nothing behind', async () => {
    await writeFile(at('bad.cube'), 'LUT_3D_SIZE 2\n0 0 x\n');
    const before = (await readdir(folder)).sort();
    for (const [args, code, message] of [
      [[], 2, 'lut: expected one of export, apply, info, got nothing'],
      [['exprot'], 2, 'lut: expected one of export, apply, info, got "exprot"'],
      [['export', 'photo.png', 'red;50;70'], 2, '--output-image: expected look.cube or look.png, got none'],
      [['export', 'photo.png', 'red;50;70', '-o', 'a.3dl'], 2, '--output-image: expected a name that ends in .cube'],
      [['export', 'photo.png', 'red;50;70', '-o', 'a.png', '--size', '33'], 2, '--size: expected 4, 9, 16, 25, 36, 49'],
      [['export', 'photo.png', 'red;50;70', '-o', 'a.png', '--bits', '12'], 2, '--bits: expected 8 or 16, got 12'],
      [
        ['export', 'photo.png', 'red;50;70', '-o', 'a.cube', '--max-pixels=9'],
        1,
        'photo.png: expected at most 9 pixels, got 10800 (120 x 90); raise it with --max-pixels\n',
      ],
      [['export', 'photo.png', 'red;50;70', '-o', 'a.cube', '--max-pixels=0'], 2, '--max-pixels: expected'],
      [['export', 'photo.png', 'red;50;70', '-o', 'a.cube', '--threads=0'], 2, '--threads: expected a number from 1'],
      [
        ['export', 'photo.png', 'red;50;70', '-o', 'photo.png'],
        2,
        'photo.png: expected an output other than the input',
      ],
      [['export', 'red;50;70', '-o', 'a.cube'], 2, 'INPUT: expected one image to measure, got 0'],
      [['apply', 'bad.cube', 'photo.png'], 1, 'bad.cube:2: expected three finite numbers, got "0 0 x"'],
      [['apply', 'photo.png', 'photo.png'], 1, 'photo.png: expected a Hald image, a square of 8, 27, 64'],
      [['apply', 'missing.cube', 'photo.png'], 1, 'missing.cube: expected an image file, found nothing there'],
      [['info', '.'], 1, '.: expected an image file, got a folder'],
    ] as const) {
      const result = await run('lut', ...args);
      expect(result.stderr.trim().split('\n')).toHaveLength(1);
      expect(result.stderr).toContain(`colorshine: ${message}`);
      expect(result.code).toBe(code);
    }
    expect((await readdir(folder)).sort()).toEqual(before);
    expect(await leftovers(folder)).toEqual([]);
  });
});

it('lut apply says what it changed on the way', async () => {
  await run('lut', 'export', 'photo.png', ...RECIPE, '-o', 'look.cube', '--size', '5');
  await writeFile(at('cmyk.jpg'), await toSharp(gradient(60, 40)).toColourspace('cmyk').jpeg().toBuffer());
  const { code, stderr } = await run('lut', 'apply', 'look.cube', 'cmyk.jpg', '-o', 'out.jpg');
  expect(code).toBe(0);
  expect(stderr).toMatch(/^cmyk\.jpg -> out\.jpg {2}60 x 40\n {2}note: .*CMYK/);
});
