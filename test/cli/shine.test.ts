import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { lstat, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { reserveTemp } from '../../src/node/files/temp.js';
import { type RecolorFileOptions, recolorBuffer, recolorFile } from '../../src/node/index.js';
import { gradient, toSharp } from '../support/images.js';
import { runCli, startCli, statusOf } from '../support/run-cli.js';
import { leftovers, makeTempFolder } from '../support/temp-folder.js';

const RED = 'red;50;70';
let folder: string;

const at = (name: string): string => join(folder, name);
const pixelsOf = (name: string): Promise<Buffer> => sharp(at(name)).raw().toBuffer();

/** Recolors photo.png with what only a shell can do. */
async function runShell(rest: string, before = ''): Promise<{ code: number | null; stderr: string }> {
  const line = `${before} exec "${process.execPath}" "${resolve('dist/cli.cjs')}" shine photo.png "${RED}" ${rest}`;
  const child = spawn('bash', ['-c', line], { cwd: folder });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return { code: await new Promise((done) => child.on('close', done)), stderr };
}

beforeEach(async () => {
  folder = await makeTempFolder();
  await writeFile(at('photo.png'), await toSharp(gradient(90, 70)).png().toBuffer());
});

describe('where outputs go', () => {
  it('beside the input by default, replaced the next time, skipped with --no-clobber', async () => {
    expect((await runCli(['shine', 'photo.png', RED], folder)).code).toBe(0);
    await writeFile(at('photo_colorshine.png'), 'old');
    const skipped = await runCli(['shine', 'photo.png', RED, '--no-clobber'], folder);
    expect(skipped).toMatchObject({ code: 0, stderr: expect.stringContaining('the output exists') });
    expect(await readFile(at('photo_colorshine.png'), 'utf8')).toBe('old');
    expect((await runCli(['shine', 'photo.png', RED], folder)).code).toBe(0);
    expect((await sharp(at('photo_colorshine.png')).metadata()).width).toBe(90);
    expect(await leftovers(folder)).toEqual([]);
  });

  it('does not recolor its own earlier outputs', async () => {
    await runCli(['shine', 'photo.png', RED], folder);
    const { stderr } = await runCli(['shine', '*.png', RED], folder);
    expect(stderr).toContain('it is the output of photo.png');
    expect((await readdir(folder)).sort()).toEqual(['photo.png', 'photo_colorshine.png']);
  });

  it('to -o in the format of its extension, to --out-dir under the same names, with --force over the input', async () => {
    await runCli(['shine', 'photo.png', RED, '-o', 'x.webp'], folder);
    expect((await sharp(at('x.webp')).metadata()).format).toBe('webp');
    await runCli(['shine', 'photo.png', RED, '--out-dir', 'a/b', '--format', 'jpg', '--quality=40'], folder);
    expect((await sharp(at('a/b/photo.jpg')).metadata()).format).toBe('jpeg');
    const before = await pixelsOf('photo.png');
    expect((await runCli(['shine', 'photo.png', RED, '-o', 'photo.png', '--force'], folder)).code).toBe(0);
    expect(await pixelsOf('photo.png')).not.toEqual(before);
  });

  it('through standard input and output', async () => {
    const input = await readFile(at('photo.png'));
    const { code, stdout } = await runCli(['shine', '-', RED], folder, input);
    expect(code).toBe(0);
    expect(stdout).toEqual((await recolorBuffer(input, [RED])).data);
  });

  it('from standard input to a file in the format of its extension', async () => {
    await runCli(['shine', '-', RED, '-o', 'x.webp'], folder, await readFile(at('photo.png')));
    expect((await sharp(at('x.webp')).metadata()).format).toBe('webp');
  });

  it('to standard output alone with --json, whose object goes beside it', async () => {
    const { code, stdout, stderr } = await runCli(['shine', 'photo.png', RED, '-o', '-', '--json'], folder);
    expect(code).toBe(0);
    expect(stdout).toEqual((await recolorBuffer(await readFile(at('photo.png')), [RED])).data);
    expect(JSON.parse(stderr)).toMatchObject({ status: 'done', output: 'standard output' });
  });

  it.runIf(process.platform !== 'win32')('into a FIFO, which stays one, and into what a shell has open', async () => {
    const want = (await recolorBuffer(await readFile(at('photo.png')), [RED])).data;
    execFileSync('mkfifo', [at('pipe')]);
    const reading = readFile(at('pipe'));
    const { code, stderr } = await runCli(['shine', 'photo.png', RED, '-o', 'pipe'], folder);
    expect(code, stderr).toBe(0);
    expect((await lstat(at('pipe'))).isFIFO()).toBe(true);
    expect(await reading).toEqual(want);
    expect(await leftovers(folder)).toEqual([]);
    if (process.platform !== 'linux') return;
    await runShell('-o /proc/self/fd/1 > opened.png');
    expect(await readFile(at('opened.png'))).toEqual(want);
  });

  it.runIf(process.platform !== 'win32')('or says that standard output had no room for all of it', async () => {
    await writeFile(at('photo.png'), await toSharp(gradient(400, 300)).png().toBuffer());
    // Kilobytes, as a full disk would have it.
    const { code, stderr } = await runShell('-o - > full.png', 'ulimit -f 8;');
    expect(stderr).toMatch(/^colorshine: standard output: expected a place to write to, got \w+$/m);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });

  it('nowhere with --dry-run', async () => {
    const { code, stdout } = await runCli(['shine', '*.png', RED, '--dry-run', '--save-recipe=r.json'], folder);
    expect(code).toBe(0);
    expect(stdout.toString()).toMatch(/^write\s+photo\.png -> photo_colorshine\.png$/m);
    expect(await readdir(folder)).toEqual(['photo.png']);
  });
});

describe('recipes', () => {
  it('saves one and reads it back to the same pixels', async () => {
    const args = ['shine', 'photo.png', 'teal;40;60', 'orange;40;120', '--no-luminance'];
    await runCli([...args, '-o', 'a.png', '--save-recipe', 'look.json'], folder);
    expect(JSON.parse(await readFile(at('look.json'), 'utf8'))).toMatchObject({
      version: 1,
      attractors: [{ color: 'teal', tolerance: 40, strength: 60 }, { color: 'orange' }],
      channels: { luminance: false, saturation: true, hue: true },
    });
    await runCli(['shine', 'photo.png', '--recipe', 'look.json', '-o', 'b.png'], folder);
    expect(await pixelsOf('b.png')).toEqual(await pixelsOf('a.png'));
  });

  it('takes a plan, whose radii stay frozen', async () => {
    const { stdout } = await runCli(['analyze', 'photo.png', RED], folder);
    await writeFile(at('plan.json'), stdout);
    await sharp(at('photo.png')).resize(20).toFile(at('small.png'));
    const { stdout: line } = await runCli(['shine', 'small.png', '--recipe=plan.json', '--json'], folder);
    expect(JSON.parse(line.toString()).plan).toEqual(JSON.parse(stdout.toString()));
  });
});

describe('what it says', () => {
  it('one line by default, none with --quiet', async () => {
    expect((await runCli(['shine', 'photo.png', RED], folder)).stderr).toMatch(
      /^photo\.png -> photo_colorshine\.png {2}90 x 70, \d/,
    );
    expect(await runCli(['shine', 'photo.png', RED, '-q'], folder)).toMatchObject({ code: 0, stderr: '' });
  });

  it('sizes, radii, choices, times and memory with --verbose', async () => {
    // Large enough, and few enough colors, that a table is the faster way at any speed of the machine.
    const photo = toSharp(gradient(60, 50)).resize(600, 500, { kernel: 'nearest' });
    await writeFile(at('photo.png'), await photo.png().toBuffer());
    const { stderr } = await runCli(['shine', 'photo.png', RED, '--verbose', '--tile_size=200'], folder);
    for (const line of [
      /^INFO: Image size: 600x500 \(0\.3M pixels\)$/m,
      /^INFO: Using tile size: 200x200/m,
      /^INFO: Tiles of that size: 9$/m,
      /^INFO: Distinct colors: [\d,]+$/m,
      /^INFO: Attractor 1: red;50;70 radius 0\.\d+ \(Oklab\), touches (49|50)\.\d % of the pixels$/m,
      /^INFO: Backend: Using (wasm|js), .+$/m,
      /^INFO: Strategy: table \(.+\)$/m,
      ...['Decode', 'Census', 'Radii', 'Pull', 'Repaint', 'Encode', 'Total processing time'].map(
        (stage) => new RegExp(`^INFO: ${stage}: \\d+\\.\\d\\ds$`, 'm'),
      ),
      /^INFO: Peak memory usage: \d+MB$/m,
    ]) {
      expect(stderr).toMatch(line);
    }
  });

  it('the same as data with --json, one object a line, failures included', async () => {
    await writeFile(at('photo.png'), await toSharp(gradient(180, 140)).png().toBuffer());
    await writeFile(at('bad.png'), 'x');
    const { code, stdout } = await runCli(['shine', 'photo.png', 'bad.png', RED, '--json', '--concurrency=1'], folder);
    expect(code).toBe(1);
    const [done, failed] = stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(done).toMatchObject({ status: 'done', input: 'photo.png', width: 180, pixels: 25200, strategy: 'direct' });
    expect(Object.keys(done.timings)).toEqual(['decode', 'census', 'radii', 'pull', 'repaint', 'encode', 'total']);
    expect(failed).toMatchObject({ status: 'failed', input: 'bad.png', code: 'INPUT_UNSUPPORTED' });
  });

  it('what analyze measured, with --verbose beside the plan', async () => {
    const { stdout, stderr } = await runCli(['analyze', 'photo.png', RED, '--verbose'], folder);
    expect(JSON.parse(stdout.toString()).pixels).toBe(6300);
    expect(stderr).toMatch(/^INFO: Image: photo\.png, 6,300 pixels/m);
    expect(stderr).toMatch(/^INFO: Attractor 1: red;50;70 radius 0\.\d+ \(Oklab\)/m);
  });

  it('why an attractor touches nothing', async () => {
    await sharp({ create: { width: 100, height: 100, channels: 3, background: '#808080' } }).toFile(at('flat.png'));
    const { stderr } = await runCli(['shine', 'flat.png', RED], folder);
    expect(stderr).toContain('attractor red: touches no pixel of this image');
  });

  it('help with examples for each command, the version, and a hint for a typo', async () => {
    const help = await runCli(['--help'], folder);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout.toString()).toMatch(/Examples\n {2}colorshine shine/);
    for (const command of ['shine', 'analyze']) {
      const page = (await runCli([command, '--help'], folder)).stdout.toString();
      expect(page).toMatch(/Examples\n {2}colorshine /);
      expect(page).toContain('--max-pixels');
    }
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    expect((await runCli(['--version'], folder)).stdout.toString()).toBe(`${version}\n`);
    for (const args of [['shin'], ['help', 'shin'], ['constructor']]) {
      const { code, stderr } = await runCli(args, folder);
      expect(stderr).toMatch(/^colorshine: unknown command "(shin"; did you mean shine|constructor")/);
      expect(code).toBe(2);
    }
    expect((await runCli([], folder)).code).toBe(2);
  });
});

describe('imgcolorshine command lines', () => {
  const baseline = async (recipe = {}, options: RecolorFileOptions = {}): Promise<Buffer> => {
    await recolorFile(at('photo.png'), at('baseline.png'), { rows: [RED], ...recipe }, options);
    return pixelsOf('baseline.png');
  };
  it.each<[string[], object, RegExp | undefined, RecolorFileOptions?]>([
    [['--gpu=True'], {}, /gpu: .+; colors are computed by (wasm|js)/],
    [['--gpu=False'], {}, undefined],
    [['--gpu', 'True', '--verbose=True'], {}, /gpu/],
    [['--lut_size=65', '--no-cache'], {}, /Lookup table: 65x65x65/, { strategy: 'lut', lut: { size: 65 } }],
    [['--LUT_size=0'], {}, undefined],
    [['--tile_size=2048'], {}, /tile size: 2048x2048/],
    [['--fused_kernel=True'], {}, /Strategy: direct/],
    [['--hierarchical=True', '--tile-size', '512'], {}, /hierarchical/],
    [['--fast_hierar', '--Fast_spatial=False'], {}, /hierarchical/],
    [['--luminance=False'], { channels: { luminance: false } }, undefined],
    [['--saturation=False', '--hue', 'False'], { channels: { saturation: false, hue: false } }, undefined],
  ])('%j', async (flags, recipe, said, options = {}) => {
    const { code, stderr } = await runCli(
      ['shine', 'photo.png', RED, ...flags, '--output_image=out.png', '--verbose=True'],
      folder,
    );
    expect(code, stderr).toBe(0);
    if (said) expect(stderr).toMatch(said);
    expect(await pixelsOf('out.png')).toEqual(await baseline(recipe, options));
  });
});

describe('a batch', () => {
  it('has the same bytes one after the other and side by side, and --verbose says how it goes', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const [i, name] of names.entries()) {
      // Large enough for the ways of the wasm backend.
      await writeFile(
        at(`${name}.jpg`),
        await toSharp(gradient(700 + 40 * i, 500))
          .jpeg({ quality: 95 })
          .toBuffer(),
      );
    }
    const run = async (...flags: string[]) => {
      const { code, stderr } = await runCli(['shine', '[a-e].jpg', RED, '--verbose', '--threads=3', ...flags], folder);
      expect(code).toBe(0);
      return stderr;
    };
    expect(await run('--out-dir=serial', '--concurrency=1')).toContain(
      'INFO: Batch: 5 images, one after the other, each on up to 3 threads\n',
    );
    expect(await run('--out-dir=beside', '--concurrency=4')).toContain(
      'INFO: Batch: 5 images, up to 4 at once, each recolored on a thread of its own (2 of 3), while others are read and written\n',
    );
    expect(await run('--out-dir=default')).toContain('5 images, up to 5 at once');
    for (const name of names) {
      const bytes = await readFile(at(`serial/${name}.jpg`));
      for (const out of ['beside', 'default'])
        expect((await readFile(at(`${out}/${name}.jpg`))).equals(bytes)).toBe(true);
    }
  });
});

describe('interruption', () => {
  it('ends with 130 on SIGINT and leaves no temp file and no half output', async () => {
    await sharp({
      create: {
        width: 3000,
        height: 3000,
        channels: 3,
        background: 'navy',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    })
      .png({ compressionLevel: 0 })
      .toFile(at('big.png'));
    for (let i = 0; i < 6; i++) await writeFile(at(`big${i}.png`), await readFile(at('big.png')));
    const child = startCli(['shine', 'big*.png', RED, '--out-dir=out', '--json', '--concurrency=1'], folder);
    await new Promise((seen) => child.stdout?.once('data', seen)); // the first image is done
    child.kill('SIGINT');
    const status = new Promise((done) => child.on('close', (code, signal) => done(statusOf(code, signal))));
    expect(await status).toBe(130);
    const written = await readdir(at('out'));
    expect(written.length).toBeLessThan(7);
    expect(written.filter((name) => name.startsWith('.'))).toEqual([]);
    for (const name of written) expect((await sharp(at(`out/${name}`)).stats()).isOpaque).toBe(true);
  });

  it('ends quietly when the reader of standard output goes away', async () => {
    const child = startCli(['shine', 'photo.png', RED, '--json'], folder);
    child.stdout?.destroy();
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    expect(await new Promise((done) => child.on('close', done))).toBe(0);
    expect(stderr).not.toMatch(/EPIPE|at .*\.js/);
  });

  it('sweeps temp files of processes that were killed', async () => {
    // Of another container, which numbers its processes itself: one is at work, one has not been heard of for a day.
    const [busy, old] = [at('.cs-00000000-1-abc-01234567.tmp'), at('.cs-00000000-2-abc-01234567.tmp')];
    for (const path of [busy, old]) await writeFile(path, 'half');
    const { utimes } = await import('node:fs/promises');
    await utimes(busy, new Date(Date.now() - 3_600_000), new Date(Date.now() - 3_600_000));
    await utimes(old, new Date(Date.now() - 25 * 3_600_000), new Date(Date.now() - 25 * 3_600_000));
    // Of this machine: a process that has ended left it just now.
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    const own = basename(reserveTemp(folder)).replace(`-${process.pid}-`, `-${pid}-`);
    await writeFile(at(own), 'half');
    await runCli(['shine', 'photo.png', RED], folder);
    expect((await leftovers(folder)).filter((name) => !name.includes(`-${process.pid}-`))).toEqual([basename(busy)]);
    expect((await stat(at('photo_colorshine.png'))).size).toBeGreaterThan(100);
  });
});
