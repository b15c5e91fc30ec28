import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { timeLeft } from '../../../src/node/cli/progress.js';
import { frameAsTiff } from '../../../src/node/image/tiff-frame.js';
import { analyze, makeRecipe, planFor, recolorFile } from '../../../src/node/index.js';
import { checkFreeSpace } from '../../../src/node/spool/free-space.js';
import { gradient, gradient16, toSharp } from '../../support/images.js';
import { makeNoise } from '../../support/lut.js';
import { leftovers, makeTempFolder } from '../../support/temp-folder.js';

const RECIPE = ['teal;60;80', 'orange;50;150'];

describe('checkFreeSpace', () => {
  it('says how much is needed, where, and what to do', async () => {
    await expect(checkFreeSpace('big.tif', tmpdir(), 1e18)).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(
        /^big\.tif: expected 1000000000\.\d GB free in \/\S+ for a temporary file, got [\d.]+ [MG]B free; .*TMPDIR, tempDir or --temp-dir$/,
      ),
    });
    await expect(checkFreeSpace('big.tif', tmpdir(), 1)).resolves.not.toThrow();
  });
});

describe('a folder for temporary files that cannot be used', () => {
  it('is named, with what is wrong, instead of the picture', async () => {
    const folder = await makeTempFolder();
    const at = (name: string): string => join(folder, name);
    await writeFile(at('in.png'), await toSharp(gradient(30, 20)).png().toBuffer());
    for (const [name, found] of [
      ['none', 'none of that name'],
      ['in.png', 'a file'],
    ] as const) {
      const options = { spoolAbove: 0, tempDir: at(name) };
      await expect(recolorFile(at('in.png'), at('out.png'), RECIPE, options)).rejects.toMatchObject({
        code: 'OUTPUT_UNWRITABLE',
        message: `${at(name)}: expected a folder for temporary files, got ${found}; choose one with TMPDIR, tempDir or --temp-dir`,
      });
    }
    expect(await leftovers(folder)).toEqual([]);
  });
});

describe('frameAsTiff', () => {
  it.each([
    [3, false],
    [4, false],
    [3, true],
    [4, true],
  ] as const)('makes a TIFF of %d channels, 16 bits: %s, of many strips and of one', async (channels, is16Bit) => {
    const folder = await makeTempFolder();
    for (const [width, height] of [
      [5, 3],
      [2000, 301],
    ] as const) {
      const samples = new (is16Bit ? Uint16Array : Uint8Array)(width * height * channels).map((_, i) => i * 7919);
      const pixels = Buffer.from(samples.buffer);
      const { header, trailer } = frameAsTiff({ width, height, channels, is16Bit, pixelsAt: 64 });
      const path = join(folder, 'a.tif');
      await writeFile(path, Buffer.concat([header, Buffer.alloc(64 - header.length), pixels, trailer]));
      const meta = await sharp(path).metadata();
      expect(meta).toMatchObject({ width, height, channels, depth: is16Bit ? 'ushort' : 'uchar' });
      const image = sharp(path);
      const raw = is16Bit ? image.toColourspace('rgb16').raw({ depth: 'ushort' }) : image.raw();
      expect((await raw.toBuffer()).equals(pixels)).toBe(true);
    }
  });
});

describe('timeLeft', () => {
  it('grows from the share of all stages that is done', () => {
    expect(timeLeft({ stage: 'decode', began: 0 }, 5000)).toBe('');
    expect(timeLeft({ stage: 'decode', began: 0, share: 0.5 }, 3000)).toBe(', 15 %, 17 s left');
    expect(timeLeft({ stage: 'encode', began: 0, share: 0.5 }, 600_000)).toBe(', 75 %, 4 min left');
  });
});

describe('a spooled run', () => {
  it('tells its stages and their shares in order', async () => {
    const folder = await makeTempFolder();
    await writeFile(join(folder, 'in.png'), await toSharp(gradient(400, 300)).png().toBuffer());
    const told: string[] = [];
    const shares: number[] = [];
    await recolorFile(join(folder, 'in.png'), join(folder, 'out.png'), RECIPE, {
      spoolAbove: 0,
      tileSize: 16,
      onStage: (stage) => told.push(stage),
      onProgress: (stage, share) => stage === 'recolor' && shares.push(share),
    });
    expect(told).toEqual(['decode', 'recolor', 'encode']);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((p, q) => p - q));
    expect(shares.length).toBeGreaterThanOrEqual(19);
  });

  it.each([8, 16])('measures a plan on %d bits as in memory', async (bits) => {
    const folder = await makeTempFolder();
    const deep = sharp(gradient16(90, 80), { raw: { width: 90, height: 80, channels: 3 } }).toColourspace('rgb16');
    const image = bits === 16 ? deep : toSharp(gradient(90, 80, 4));
    await writeFile(join(folder, 'in.png'), await image.png().toBuffer());
    const inMemory = await analyze(join(folder, 'in.png'), RECIPE);
    expect(await analyze(join(folder, 'in.png'), RECIPE, { spoolAbove: 0, tempDir: folder })).toEqual(inMemory);
    expect(await leftovers(folder)).toEqual([]);
  });

  it.each([3, 4] as const)('measures 16 bits in %d channels on threads as js does in memory', async (channels) => {
    const folder = await makeTempFolder();
    const [width, height] = [701, 503];
    const random = makeNoise(channels);
    const data = Uint16Array.from({ length: width * height * channels }, (_, i) => {
      if (channels === 4 && i % 4 === 3) return random() < 0.3 ? 0 : 65535;
      // The left half is nearly flat, so that ranks lie among many pixels.
      return (Math.floor(i / channels) % width) * 2 < width ? 30_000 + random() * 9 : random() * 65536;
    });
    const input = join(folder, 'in.tif');
    await sharp(data, { raw: { width, height, channels } })
      .toColourspace('rgb16')
      .tiff({ compression: 'none' })
      .toFile(input);
    // More than are sorted at once.
    const recipe = makeRecipe([
      ...RECIPE,
      '#757575;20;70',
      'white;0;50',
      'black;100;40',
      '#757575;30;90',
      'lime;99.9;3',
    ]);
    const expected = planFor({ data, width, height, channels }, recipe);
    const none = { spoolAbove: Number.MAX_SAFE_INTEGER };
    expect(await analyze(input, recipe, { ...none, threads: 3 })).toEqual(expected);
    expect(await analyze(await readFile(input), recipe, { threads: 1 })).toEqual(expected);
    for (const threads of [1, 3]) {
      const options = { spoolAbove: 0, tempDir: folder, tileSize: 200, threads };
      expect(await analyze(input, recipe, options)).toEqual(expected);
    }
    expect(await leftovers(folder)).toEqual([]);
    await expect(analyze(input, recipe, { threads: 0 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(analyze(input, recipe, { ...none, signal: { aborted: true } })).rejects.toMatchObject({
      code: 'CANCELED',
    });
  });

  it('of a broken file, into a bad folder, or canceled, fails in one line and leaves nothing', async () => {
    const folder = await makeTempFolder();
    const jpeg = await toSharp(gradient(300, 300)).jpeg().toBuffer();
    await writeFile(join(folder, 'good.jpg'), jpeg);
    await writeFile(join(folder, 'cut.jpg'), jpeg.subarray(0, jpeg.length / 2));
    const run = (name: string, options: object): Promise<unknown> =>
      recolorFile(join(folder, name), join(folder, 'out.jpg'), RECIPE, { spoolAbove: 0, tempDir: folder, ...options });
    await expect(run('cut.jpg', {})).rejects.toMatchObject({ code: 'INPUT_CORRUPT' });
    await expect(run('good.jpg', { tempDir: join(folder, 'none') })).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
      message: expect.stringContaining('--temp-dir'),
    });
    await expect(run('good.jpg', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELED' });
    await expect(run('good.jpg', { tileSize: 1 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(run('good.jpg', { maxPixels: 100 })).rejects.toMatchObject({ code: 'INPUT_TOO_LARGE' });
    for (const stage of ['recolor', 'encode']) {
      const signal = { aborted: false };
      const onStage = (now: string): void => {
        if (now === stage) signal.aborted = true;
      };
      await expect(run('good.jpg', { signal, onStage })).rejects.toMatchObject({ code: 'CANCELED' });
    }
    expect((await leftovers(folder)).concat()).toEqual([]);
  });
});
