import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { beforeEach, expect, it } from 'vitest';
import { findStored, type StoredImage, storeImage, sweepStore } from '../../src/node/plugins/store.js';
import { leaveOrphan } from '../support/leave-orphan.js';
import { makeTempFolder } from '../support/temp-folder.js';

const ABOUT = { format: 'png', width: 3, height: 2 };
let folder: string;

beforeEach(async () => {
  folder = await makeTempFolder();
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a build does for one image. */
async function get(key: string, bytes: string): Promise<StoredImage> {
  return (await findStored(folder, key)) ?? storeImage(folder, key, 'a.png', Buffer.from(bytes), ABOUT);
}

/** A process that gets the image of each key that it is sent, and answers with what it has read. */
const CHILD = `
import { readFile } from 'node:fs/promises';
import { findStored, storeImage } from '../../src/node/plugins/store.js';
process.on('message', async ({ folder, key }) => {
  try {
    const about = { format: 'png', width: 3, height: 2 };
    const { file } = (await findStored(folder, key)) ?? (await storeImage(folder, key, 'a.png', Buffer.from(key), about));
    process.send(await readFile(file, 'utf8'));
  } catch (error) {
    process.send(String(error));
  }
});`;

it('pairs of processes that want the same image at the same time both get it, 200 of 200', async () => {
  const outfile = join(await mkdtemp(resolve('node_modules/.store-test-')), 'child.mjs'); // where packages are found
  const stdin = { contents: CHILD, resolveDir: 'test/plugins' };
  await build({ stdin, bundle: true, platform: 'node', format: 'esm', packages: 'external', outfile });
  const children = [fork(outfile), fork(outfile)];
  try {
    for (let i = 0; i < 200; i++) {
      const key = sha256(`${i}`);
      const answers = children.map((child) => new Promise((answer) => child.once('message', answer)));
      for (const child of children) child.send({ folder, key });
      expect(await Promise.all(answers)).toEqual([key, key]);
    }
  } finally {
    for (const child of children) child.kill();
    await rm(dirname(outfile), { recursive: true });
  }
});

it('an entry that another process is filling is left alone', async () => {
  const key = sha256('x');
  const place = join(folder, key.slice(0, 20));
  await mkdir(place);
  await writeFile(join(place, 'a.png'), 'half');
  expect(await findStored(folder, key)).toBeUndefined();
  expect(await readdir(place)).toEqual(['a.png']);
});

it('what killed builds left in the folders of entries is taken away: at once from beside an image, later where there is none', async () => {
  const { file } = await get(sha256('x'), 'bytes');
  await leaveOrphan(dirname(file));
  const [young, old] = ['y', 'z'].map((text) => join(folder, sha256(text).slice(0, 20))) as [string, string];
  for (const place of [young, old]) {
    await mkdir(place);
    await writeFile(join(place, 'a.png'), 'no entry says what it is');
    await leaveOrphan(place);
  }
  const longAgo = new Date(Date.now() - 31 * 24 * 3600 * 1000);
  await utimes(old, longAgo, longAgo);
  await sweepStore(folder);
  expect((await readdir(dirname(file))).sort()).toEqual(['a.png', 'entry.json']);
  expect(await readdir(young)).toEqual(['a.png']);
  expect(existsSync(old)).toBe(false);
});

it('an entry that is damaged or forged is not believed, and made again', async () => {
  const key = sha256('x');
  const { file } = await get(key, 'bytes');
  const path = join(folder, key.slice(0, 20), 'entry.json');
  const entry = JSON.parse((await readFile(path, 'utf8')).slice(65)) as Record<string, unknown>;
  const secret = join(folder, 'secret.png');
  await writeFile(secret, 'secret');
  const forged: unknown[] = [
    null,
    [],
    { ...entry, name: '../secret.png', hash: sha256('secret') },
    { ...entry, name: '..\\secret.png', hash: sha256('secret') },
    { ...entry, name: secret, hash: sha256('secret') },
    { ...entry, name: 'entry.json' },
    { ...entry, name: 7 },
    { ...entry, width: '1" onerror="x' },
    { ...entry, height: -1 },
    { ...entry, format: '"><script>' },
    { ...entry, hash: sha256('other') },
    { ...entry, key: sha256('other') },
    { ...entry, version: 1 },
    { ...entry, more: 1 },
  ];
  for (const value of forged) {
    const json = JSON.stringify(value);
    for (const text of [`${sha256(json)}\n${json}`, json, '']) {
      await writeFile(path, text);
      expect(await findStored(folder, key), json).toBeUndefined();
    }
  }
  expect(await get(key, 'bytes')).toEqual({ ...ABOUT, file });
  expect(await findStored(folder, key)).toEqual({ ...ABOUT, file });
  expect(existsSync(secret)).toBe(true);
});

it.skipIf(process.platform === 'win32')('a folder in the place of a file ends in an image made again', async () => {
  const key = sha256('x');
  await mkdir(join(folder, key.slice(0, 20), 'entry.json'), { recursive: true });
  expect(await findStored(folder, key)).toBeUndefined();
  await symlink('nowhere', join(folder, key.slice(0, 20), 'b'));
  const { file } = await get(key, 'bytes');
  expect(await readFile(file, 'utf8')).toBe('bytes');
});
