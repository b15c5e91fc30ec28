/** Only the loaders of promised formats, in every process that is ours. */
import { type ChildProcess, fork } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { checkLoader } from '../../src/node/image/loaders.js';
import { recolorBuffer } from '../../src/node/index.js';
import { messageOf } from '../support/errors.js';
import { gradient, toSharp } from '../support/images.js';
import { runCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';

/** Tells at the end of a process, or when it is asked, which formats libvips reads there. */
const PROBE = `
const sharp = require(${JSON.stringify(resolve('node_modules/sharp'))});
const { writeFileSync, readdirSync } = require('node:fs');
const folder = process.env.PROBE_FOLDER;
let isDone = false;
async function probe() {
  if (isDone) return;
  isDone = true;
  const found = {};
  for (const name of readdirSync(folder)) {
    found[name] = await sharp(folder + '/' + name).stats().then(() => true, () => false);
  }
  writeFileSync(process.env.PROBE_RESULT, JSON.stringify(found));
  process.send?.({ type: 'probed' });
}
process.on('beforeExit', probe);
process.on('SIGUSR2', probe);
`;

/** Files of every format that the bundled libvips reads, and a program that looks which of them open. */
async function makeProbe() {
  const [folder, place] = [await makeTempFolder(), await makeTempFolder()];
  const image = () => toSharp(gradient(20, 10));
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const) {
    await writeFile(join(folder, format), await image().toFormat(format).toBuffer());
  }
  await image().toFile(join(folder, 'own.v'));
  await writeFile(join(folder, 'svg'), SVG);
  await writeFile(join(place, 'probe.cjs'), PROBE);
  const env = { PROBE_FOLDER: folder, PROBE_RESULT: join(place, 'result.json') };
  const read = async () => JSON.parse(await readFile(env.PROBE_RESULT, 'utf8')) as Record<string, boolean>;
  return { env, probe: join(place, 'probe.cjs'), folder, read };
}

const ALLOWED = { avif: true, gif: true, jpeg: true, 'own.v': true, png: true, tiff: true, webp: true, svg: false };

describe.skipIf(process.platform === 'win32')('other loaders are closed', () => {
  it.each([
    ['shine', 'jpeg', 'red;50;70', '-o', 'out.jpg'],
    ['analyze', 'png', 'red;50;70'],
    ['lut', 'info', 'png'],
  ])('in the command line: %s', async (...args) => {
    const { env, probe, folder, read } = await makeProbe();
    Object.assign(process.env, env, { NODE_OPTIONS: `--require=${probe}` });
    try {
      await runCli(args, folder);
    } finally {
      for (const name of [...Object.keys(env), 'NODE_OPTIONS']) delete process.env[name];
    }
    expect(await read()).toMatchObject(ALLOWED);
  });

  it('in the processes that do a queue’s tasks', async () => {
    const { env, probe, folder, read } = await makeProbe();
    const child: ChildProcess = fork('dist/task-process.js', [folder, '1'], {
      env: { ...process.env, ...env },
      execArgv: ['--require', probe],
    });
    const until = (type: string) =>
      new Promise<void>((done) => child.on('message', (message: { type: string }) => message.type === type && done()));
    const failed = until('failed');
    child.send({
      type: 'task',
      task: { kind: 'plan', run: '0'.repeat(16), timeoutS: 1, sources: ['c1'], recipes: [] },
    });
    await failed; // it has begun
    const probed = until('probed');
    child.kill('SIGUSR2');
    await probed;
    child.kill('SIGKILL');
    expect(await read()).toMatchObject(ALLOWED);
  });
});

it('a loader that hides behind the magic bytes of TIFF or HEIC is refused by its name', () => {
  for (const [found, format] of [
    ['openslide', 'tiff'],
    ['dcraw', 'tiff'],
    ['magick', 'heic'],
    ['magick', 'avif'],
    [undefined, 'tiff'],
    ['jpeg', 'png'],
  ] as const) {
    expect(messageOf('INPUT_UNSUPPORTED', () => checkLoader(found, format, 'a.tif'))).toMatch(/^a\.tif: expected a /);
  }
});

it('a host keeps its loaders', async () => {
  await recolorBuffer(await toSharp(gradient(20, 10)).png().toBuffer(), ['red;50;70']);
  expect((await sharp(Buffer.from(SVG)).metadata()).format).toBe('svg');
});
