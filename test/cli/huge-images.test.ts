import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { gradient, gradient16, toSharp } from '../support/images.js';
import { runCli, startCli, statusOf } from '../support/run-cli.js';
import { leftovers, makeTempFolder } from '../support/temp-folder.js';

const RED = 'red;50;70';
const SPOOL = ['--spool-above', '0', '--temp-dir', 'temp'];
let folder: string;
const at = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = await makeTempFolder();
  await mkdir(at('temp'));
});

describe('an image through a file on disk', () => {
  it('is cut by --tile-size, says so, and is the same', async () => {
    await writeFile(at('photo.png'), await toSharp(gradient(90, 70)).png().toBuffer());
    await runCli(['shine', 'photo.png', RED, '-o', 'memory.png'], folder);
    const args = ['shine', 'photo.png', RED, '-o', 'spool.png', '--verbose', '--tile_size=16', ...SPOOL];
    const { code, stderr } = await runCli(args, folder);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^INFO: Using tile size: 90x16; the image is recolored in a file \(0MB in temp\)/m);
    expect(stderr).toMatch(/^INFO: Tiles of that size: 5$/m);
    expect(await readFile(at('spool.png'))).toEqual(await readFile(at('memory.png')));
    expect(await readdir(at('temp'))).toEqual([]);
  });

  it('is measured the same by analyze', async () => {
    await writeFile(at('photo.png'), await toSharp(gradient(90, 70)).png().toBuffer());
    const [a, b] = await Promise.all([
      runCli(['analyze', 'photo.png', RED], folder),
      runCli(['analyze', 'photo.png', RED, ...SPOOL], folder),
    ]);
    expect(b.stdout.toString()).toBe(a.stdout.toString());
  });

  it('is refused in one line where there is no folder for it', async () => {
    await writeFile(at('photo.png'), await toSharp(gradient(90, 70)).png().toBuffer());
    const { code, stderr } = await runCli(['shine', 'photo.png', RED, '--spool-above=0', '--temp-dir=none'], folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^colorshine: none: expected a folder for temporary files, got none of that name; .*--temp-dir\n$/,
    );
    expect((await readdir(folder)).sort()).toEqual(['photo.png', 'temp']);
  });

  it('writes a preview, and says what coarse radii cost', async () => {
    await writeFile(at('photo.jpg'), await toSharp(gradient(1500, 700)).jpeg().toBuffer());
    const args = [
      'shine',
      'photo.jpg',
      RED,
      '--hierarchical',
      '--preview',
      'small.png',
      '-o',
      'out.jpg',
      '-v',
      ...SPOOL,
    ];
    const { code, stderr } = await runCli(args, folder);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/Coarse copy: 1024x478, shrunken by the decoder/);
    expect(stderr).toMatch(/Radius error of the hierarchical pass: at most 0\.0\d+ \(\d\.\d+ %\)/);
    expect(stderr).toMatch(/for exact radii, \d\.\d+s (saved|lost)/);
    expect((await sharp(at('small.png')).metadata()).width).toBe(1024);
    const same = await runCli(['shine', 'photo.jpg', RED, '--preview', 'out.jpg', '-o', 'out.jpg'], folder);
    expect(same).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('out.jpg: expected a file of its own for each output'),
    });
  });
});

/** Starts a run that takes a while and waits until its temporary file has some content. */
async function startLongRun() {
  // 16 bits are slow to measure and to compute.
  const pixels = gradient16(1600, 1200);
  const image = sharp(pixels, { raw: { width: 1600, height: 1200, channels: 3 } }).toColourspace('rgb16');
  await writeFile(at('deep.png'), await image.png({ compressionLevel: 1 }).toBuffer());
  const child = startCli(['shine', 'deep.png', RED, '--backend=js', ...SPOOL], folder);
  const ended = new Promise<number>((done) => child.on('close', (code, signal) => done(statusOf(code, signal))));
  for (let i = 0; i < 3000 && (await leftovers(at('temp'))).length === 0; i++) await sleep(5);
  expect(await leftovers(at('temp'))).toHaveLength(1);
  await sleep(100);
  return { child, ended };
}

describe('an end before the end', () => {
  it('by SIGINT exits with 130 and leaves no file', async () => {
    const { child, ended } = await startLongRun();
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(await readdir(at('temp'))).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(['deep.png', 'temp']);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s does not wait for the decoder', { timeout: 60_000 }, async (name) => {
    const side = 16_383; // takes a second or more to decode
    const flat = sharp({ create: { width: side, height: side, channels: 3, background: '#406080' } });
    await flat.jpeg({ optimiseCoding: false }).toFile(at('flat.jpg'));
    const child = startCli(['shine', 'flat.jpg', RED, '--max-pixels=300000000', '--temp-dir=temp'], folder);
    const ended = new Promise((done) => child.on('close', (code, signal) => done({ code, signal })));
    for (let i = 0; i < 3000 && (await leftovers(at('temp'))).length === 0; i++) await sleep(5);
    child.kill(name);
    if (name === 'SIGINT') {
      await new Promise((told) => child.stderr?.once('data', told));
      child.kill(name);
    }
    expect(await ended).toEqual({ code: null, signal: name });
    expect(await readdir(at('temp'))).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(['flat.jpg', 'temp']);
  });

  it('by kill -9 leaves a file that a later run sweeps', async () => {
    const { child, ended } = await startLongRun();
    child.kill('SIGKILL');
    await ended;
    const [orphan = ''] = await leftovers(at('temp'));
    expect(orphan).toMatch(/\.v$/);
    expect(existsSync(at('deep_colorshine.png'))).toBe(false);
    const longAgo = Date.now() / 1000 - 120;
    await utimes(join(at('temp'), orphan), longAgo, longAgo);
    await writeFile(at('photo.png'), await toSharp(gradient(90, 70)).png().toBuffer());
    expect((await runCli(['shine', 'photo.png', RED, ...SPOOL], folder)).code).toBe(0);
    expect(await readdir(at('temp'))).toEqual([]);
  });
});

describe('memory', () => {
  it('stays flat through a file, and does not in memory', { timeout: 120_000 }, async () => {
    const peakOf = async (side: number, ...flags: string[]): Promise<number> => {
      const image = sharp({ create: { width: side, height: side, channels: 3, background: '#406080' } });
      await image.jpeg().toFile(at(`${side}.jpg`));
      const args = ['shine', `${side}.jpg`, RED, '--json', '--temp-dir=temp', ...flags];
      const { stdout, stderr, code } = await runCli(args, folder);
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout.toString()).peakMemory;
    };
    const MB = 1e6;
    const small = await peakOf(2000, '--spool-above=0');
    const large = await peakOf(8000, '--spool-above=0');
    const inMemory = await peakOf(8000, '--spool-above=1000000000');
    expect(large).toBeLessThan(300 * MB);
    expect(large - small).toBeLessThan(60 * MB);
    expect(inMemory - large).toBeGreaterThan(100 * MB); // 64 million pixels take 192 MB alone
  });

  it.runIf(process.platform === 'linux')(
    'stays flat in a build, however many at once',
    { timeout: 120_000 },
    async () => {
      const image = sharp({ create: { width: 8000, height: 8000, channels: 3, background: '#406080' } });
      await image.jpeg().toFile(at('a.jpg'));
      for (const name of ['b', 'c']) await copyFile(at('a.jpg'), at(`${name}.jpg`));
      await writeFile(
        at('colorshine.config.json'),
        JSON.stringify({ inputs: '*.jpg', recipe: [RED], out: 'out/{name}.png' }),
      );
      // Not maxRSS, which a process inherits from the one that started it.
      const report =
        'import{readFileSync as r}from"node:fs";process.on("exit",()=>console.error("peak",/VmHWM:\\s+(\\d+)/.exec(r("/proc/self/status","utf8"))[1]))';
      vi.stubEnv('NODE_OPTIONS', `--import=data:text/javascript,${encodeURIComponent(report)}`);
      const { stderr, code } = await runCli(['build', '--concurrency', '3'], folder);
      vi.unstubAllEnvs();
      expect(code, stderr).toBe(0);
      const kilobytes = Number(/^peak (\d+)$/m.exec(stderr)?.[1]);
      expect(kilobytes).toBeGreaterThan(50_000);
      expect(kilobytes).toBeLessThan(400_000); // three times 64 million pixels take 576 MB alone
    },
  );
});
