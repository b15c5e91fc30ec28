import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { gradient, gradient16, toSharp } from '../support/images.js';
import { runCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';

async function folderWithImages(): Promise<string> {
  const folder = await makeTempFolder();
  // Sixty-four pixels of each color.
  await toSharp(gradient(150, 100)).resize(1200, 800, { kernel: 'nearest' }).png().toFile(join(folder, 'large.png'));
  await toSharp(gradient(20, 20)).png().toFile(join(folder, 'tiny.png'));
  const raw = { width: 60, height: 40, channels: 3 as const };
  await sharp(gradient16(60, 40), { raw }).toColourspace('rgb16').png().toFile(join(folder, 'deep.png'));
  return folder;
}

it('--explain prints the decision and the numbers behind it', async () => {
  const folder = await folderWithImages();
  const { code, stderr } = await runCli(['shine', 'large.png', 'blue;50;70', '--explain'], folder);
  expect(code).toBe(0);
  for (const line of [
    /^Why large\.png was recolored this way$/m,
    /^ {2}Size +1200 x 800, 8 bits, [\d,]+ distinct colors \([\d.]+ % of the pixels\)$/m,
    /^ {2}Batch +1 image; radii measured on each image; exact/m,
    /^ {2}Backends +[* ] (wasm|js): [\d.]+ million colors a second here; /m,
    /^ +gpu: not asked for/m,
    /^ {2}Strategies \* table: about [\d.]+ ms expected, exact$/m,
    /^ +direct: about [\d.]+ ms expected, exact$/m,
    /^ +lut: about [\d.]+ ms expected, approximate; not considered: it is approximate, and nobody allowed that$/m,
    /^ {2}Chosen +(wasm|js), table: each distinct color is computed once, then looked up$/m,
    /^ {2}Took +[\d.]+ ms \(census [\d.]+, radii [\d.]+, pull [\d.]+, repaint [\d.]+\)$/m,
  ]) {
    expect(stderr).toMatch(line);
  }
});

it('decides by size, depth, what is asked and what is allowed', async () => {
  const folder = await folderWithImages();
  const explain = async (...args: string[]): Promise<string> =>
    (await runCli(['shine', ...args, 'blue;50;70', '--explain', '--out-dir', 'out'], folder)).stderr;
  expect(await explain('tiny.png')).toMatch(/Strategies +table: .*\n +\* direct: /);
  expect(await explain('deep.png')).toMatch(/table: exact; not considered: it needs 8 bits\n +\* direct: /);
  expect(await explain('large.png', '--fused_kernel=True')).toMatch(/Chosen +\w+, direct: as asked/);
  const gpu = await explain('large.png', '--gpu');
  expect(gpu).toMatch(/Backends +[* ] webgpu: /);
  expect(gpu).not.toMatch(/gpu: not asked for/);
  const batch = await explain('large.png', 'tiny.png', '--reference', 'large.png', '--approximate');
  expect(batch).toMatch(
    /Batch +2 images, .*; the same radii for all: the radii were measured on large\.png; lookup tables allowed/,
  );
  expect(batch).not.toMatch(/nobody allowed/);
});

it('gives the same as data', async () => {
  const folder = await folderWithImages();
  const args = ['shine', 'large.png', 'blue;50;70', '--explain', '--json', '--gpu'];
  const { stdout, stderr } = await runCli(args, folder);
  expect(stderr).not.toContain('Why');
  const data = JSON.parse(stdout.toString());
  expect(data).toMatchObject({
    strategy: 'table',
    choice: {
      strategy: 'table',
      ways: [{ strategy: 'table', exact: true }, { strategy: 'direct' }, { strategy: 'lut' }],
    },
    explain: { images: 1, gpuAsked: true, approximate: false },
  });
  expect(data.backends.map(({ name }: { name: string }) => name)).toEqual(['webgpu', 'wasm', 'js']);
});

it('refuses --approximate beside an exact strategy', async () => {
  const folder = await folderWithImages();
  const args = ['shine', 'large.png', 'blue;50;70', '--approximate', '--strategy', 'table'];
  const { code, stderr } = await runCli(args, folder);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'colorshine: --approximate: expected --strategy auto or none, got table\n',
  });
});
