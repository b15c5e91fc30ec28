/** Fixed reaches and plans are known before the first pixel: an image that fits into memory is recolored while it is decoded. */
import { watch } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { createEngine, type RecolorFileOptions, recolorFile } from '../../../src/node/index.js';
import { gradient, toSharp } from '../../support/images.js';
import { leftovers, makeTempFolder } from '../../support/temp-folder.js';

const FIXED = ['teal;~0.3;80', '#446688 -> crimson;~0.2;80', 'keep olive;~0.1;60'];
/** Just over 2^22 pixels. */
const [WIDTH, HEIGHT] = [2101, 2003];

const engine = createEngine({ threads: 1 });
afterAll(() => engine.dispose());

const files = {
  jpg: await toSharp(gradient(WIDTH, HEIGHT, 3))
    .jpeg()
    .toBuffer(),
  png: await toSharp(gradient(WIDTH, HEIGHT, 4))
    .png()
    .toBuffer(),
};

let folder: string;
let inputs: Record<keyof typeof files, string>;
beforeEach(async () => {
  folder = await makeTempFolder();
  inputs = { jpg: join(folder, 'in.jpg'), png: join(folder, 'in.png') };
  for (const name of ['jpg', 'png'] as const) await writeFile(inputs[name], files[name]);
});

/** @returns the bytes, and whether a file stood in the folder of temporary ones meanwhile */
async function recolor(input: string, rows: readonly string[], options: RecolorFileOptions = {}) {
  const tempDir = await makeTempFolder();
  const seen: (string | null)[] = [];
  const watcher = watch(tempDir, (_, name) => seen.push(name));
  try {
    const output = join(folder, `out${input.slice(-4)}`);
    const report = await recolorFile(input, output, [...rows], { engine, tempDir, ...options });
    return { bytes: await readFile(output), report, isBehind: seen.length > 0 };
  } finally {
    watcher.close();
    expect(await leftovers(tempDir)).toEqual([]);
  }
}

it.each(['jpg', 'png'] as const)('a %s gives the bytes that it gives decoded as a whole', async (name) => {
  const input = inputs[name];
  const behind = await recolor(input, FIXED);
  // Nothing can be written there, so it is decoded as a whole.
  const whole = await recolor(input, FIXED, { tempDir: join(folder, 'nowhere') });
  expect([behind.isBehind, whole.isBehind]).toEqual([true, false]);
  expect(behind.bytes.equals(whole.bytes)).toBe(true);
  expect(behind.report.spool).toBeUndefined();
  expect(behind.report.plan).toEqual(whole.report.plan);
});

it('not where a reach is a share of the picture, a table is measured on it, or others are under way', async () => {
  const input = inputs.jpg;
  expect((await recolor(input, [...FIXED, 'gold;5;50'])).isBehind).toBe(false);
  expect((await recolor(input, FIXED, { strategy: 'lut', lut: { size: 17 } })).isBehind).toBe(false);
  const [first, second] = await Promise.all([recolor(input, FIXED), recolor(inputs.png, FIXED)]);
  expect([first.isBehind, second.isBehind]).toEqual([true, false]);
});

it('says of a file that ends too soon what is said otherwise, and leaves nothing', async () => {
  const cut = join(folder, 'cut.jpg');
  await writeFile(cut, files.jpg.subarray(0, files.jpg.length * 0.6));
  await expect(recolor(cut, FIXED)).rejects.toMatchObject({ code: 'INPUT_CORRUPT' });
});

it('hears a cancel, and leaves nothing', async () => {
  const controller = new AbortController();
  const out = join(folder, 'canceled');
  await mkdir(out);
  const canceled = recolorFile(inputs.png, join(out, 'a.png'), FIXED, {
    engine,
    signal: controller.signal,
    onStage: () => controller.abort(),
  });
  await expect(canceled).rejects.toMatchObject({ code: 'CANCELED' });
  expect(await leftovers(out)).toEqual([]);
});
