/** The flags that say how an image is read and what of it is written. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { readJpegInfo } from '../../src/codec/jpeg-segments.js';
import { gradient, toSharp } from '../support/images.js';
import { type CliResult, runCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';

let folder: string;
const at = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<CliResult> => runCli(args, folder);
const RECIPE = 'red;0;0';

beforeEach(async () => {
  folder = await makeTempFolder();
  const jpeg = await toSharp(gradient(40, 30))
    .withExif({ IFD0: { Make: 'Acme' } })
    .jpeg()
    .toBuffer();
  const table = jpeg.indexOf('ffdb', 'hex');
  await writeFile(at('photo.jpg'), jpeg);
  await writeFile(at('odd.jpg'), Buffer.concat([jpeg.subarray(0, table), Buffer.alloc(3), jpeg.subarray(table)]));
  await writeFile(at('cut.jpg'), jpeg.subarray(0, -100));
});

describe('--profile', () => {
  it('p3 and srgb, in any spelling', async () => {
    expect((await run('shine', 'photo.jpg', RECIPE, '-o', 'p3.png', '--Profile=p3')).code).toBe(0);
    expect((await sharp(at('p3.png')).metadata()).hasProfile).toBe(true);
    expect((await run('shine', 'p3.png', RECIPE, '-o', 'srgb.png', '--profile', 'srgb')).code).toBe(0);
    expect((await sharp(at('srgb.png')).metadata()).hasProfile).toBe(false);
    const { stdout } = await run('analyze', 'photo.jpg', 'red;50;70', '--profile', 'p3', '--json');
    expect(stdout.toString()).toContain('"display-p3"');
  });

  it('is one of three', async () => {
    const { code, stderr } = await run('shine', 'photo.jpg', RECIPE, '-o', 'x.png', '--profile', 'adobe');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'colorshine: --profile: expected one of srgb, p3, keep, got "adobe"\n',
    });
  });
});

describe('--fail-on', () => {
  it('decides about what is odd', async () => {
    const lenient = await run('shine', 'odd.jpg', RECIPE, '-o', 'a.jpg');
    expect(lenient.code).toBe(0);
    expect(lenient.stderr).toContain('note: the file is odd (3 extraneous bytes before marker 0xdb)');
    expect((await run('shine', 'odd.jpg', RECIPE, '-o', 'b.jpg', '--fail_on=warning')).code).toBe(1);
  });

  it('decides about what is broken', async () => {
    expect((await run('shine', 'cut.jpg', RECIPE, '-o', 'c.jpg')).code).toBe(1);
    expect((await run('shine', 'cut.jpg', RECIPE, '-o', 'c.jpg', '--fail-on', 'none')).code).toBe(0);
  });
});

it('--strip leaves metadata out, also of lut apply', async () => {
  await run('shine', 'photo.jpg', RECIPE, '-o', 'bare.jpg', '--strip');
  expect(readJpegInfo(await readFile(at('bare.jpg'))).exif).toBeUndefined();
  await writeFile(at('same.cube'), 'LUT_3D_SIZE 2\n0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n');
  await run('lut', 'apply', 'same.cube', 'photo.jpg', '-o', 'bare-lut.jpg', '--strip');
  expect(readJpegInfo(await readFile(at('bare-lut.jpg'))).exif).toBeUndefined();
});
