/** Tables that other programs apply to the same image. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { gradient, gradient16, toSharp } from '../support/images.js';
import { isSame } from '../support/lut.js';
import { type CliResult, runCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';

const execute = promisify(execFile);
const RECIPE = ['teal;50;70', 'orange;40;60'];
let folder: string;

const at = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<CliResult> => runCli(args, folder);

beforeEach(async () => {
  folder = await makeTempFolder();
  process.env.COLORSHINE_CACHE = at('cache'); // the command line inherits it
  await writeFile(at('photo.png'), await toSharp(gradient(120, 90)).png().toBuffer());
});

describe('other programs agree to 2/65535 on the same image and table', async () => {
  const find = async (names: readonly string[]): Promise<string | undefined> => {
    for (const name of names) {
      // A program that is there says its version.
      const { stdout } = await execute(name, ['-version']).catch(() => ({ stdout: '' }));
      if (/ffmpeg version|ImageMagick/.test(stdout)) return name;
    }
    return undefined;
  };
  const ffmpeg = await find(['ffmpeg']);
  const magick = await find(['magick', 'convert-im6.q16', 'convert']);
  const FF = ['-v', 'error', '-y', '-i', 'deep.png'];

  beforeEach(async () => {
    await sharp(gradient16(120, 90), { raw: { width: 120, height: 90, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toFile(at('deep.png'));
  });

  const samplesOf = async (name: string): Promise<Uint16Array> => {
    const bytes = await sharp(at(name)).removeAlpha().toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer();
    return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  };

  async function expectNear(theirs: string, table: string, interpolation: string): Promise<void> {
    await run('lut', 'apply', table, 'deep.png', '-o', 'ours.png', '--interpolation', interpolation);
    const [ours, other, before] = [await samplesOf('ours.png'), await samplesOf(theirs), await samplesOf('deep.png')];
    let [worst, change] = [0, 0];
    for (let i = 0; i < ours.length; i++) {
      worst = Math.max(worst, Math.abs((ours[i] ?? 0) - (other[i] ?? 0)));
      change = Math.max(change, Math.abs((ours[i] ?? 0) - (before[i] ?? 0)));
    }
    expect(worst).toBeLessThanOrEqual(2); // of 65535: they truncate where we round
    expect(change).toBeGreaterThan(10_000); // the table does something
  }

  it('ffmpeg lut3d', async () => {
    if (!ffmpeg) return console.log('skipped: ffmpeg is not installed');
    await run('lut', 'export', 'photo.png', ...RECIPE, '-o', 'look.cube', '--backend', 'wasm');
    for (const interpolation of ['tetrahedral', 'trilinear']) {
      const filter = `format=gbrp16,lut3d=look.cube:interp=${interpolation},format=rgb48be`;
      await execute(ffmpeg, [...FF, '-vf', filter, 'theirs.png'], { cwd: folder });
      await expectNear('theirs.png', 'look.cube', interpolation);
    }
  });

  it('ffmpeg haldclut', async () => {
    if (!ffmpeg) return console.log('skipped: ffmpeg is not installed');
    await run('lut', 'export', 'photo.png', ...RECIPE, '-o', 'look.png', '--backend', 'wasm');
    const filter = '[0]format=rgb48[a];[1]format=rgb48[b];[a][b]haldclut=interp=tetrahedral,format=rgb48be';
    await execute(ffmpeg, [...FF, '-i', 'look.png', '-filter_complex', filter, '-frames:v', '1', 'theirs.png'], {
      cwd: folder,
    });
    await expectNear('theirs.png', 'look.png', 'tetrahedral');
  });

  it('ImageMagick -hald-clut, and its identity changes nothing here', async () => {
    if (!magick) return console.log('skipped: ImageMagick is not installed');
    await run('lut', 'export', 'photo.png', ...RECIPE, '-o', 'look.png', '--backend', 'wasm');
    await execute(magick, ['deep.png', 'look.png', '-hald-clut', 'theirs.png'], { cwd: folder });
    await expectNear('theirs.png', 'look.png', 'trilinear');
    await execute(magick, ['hald:6', 'identity.png'], { cwd: folder });
    await run('lut', 'apply', 'identity.png', 'deep.png', '-o', 'same.png');
    expect(isSame(await samplesOf('same.png'), await samplesOf('deep.png'))).toBe(true);
  });
});
