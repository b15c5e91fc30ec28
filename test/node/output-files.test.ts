import { chmod, lstat, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { unreadable } from '../../src/node/files/input.js';
import { writeWhole } from '../../src/node/files/output.js';
import { tempTrouble } from '../../src/node/files/temp-trouble.js';
import { corrupt } from '../../src/node/image/decode.js';
import { recolorFile } from '../../src/node/index.js';
import { gradient, toSharp } from '../support/images.js';
import { leftovers, makeTempFolder } from '../support/temp-folder.js';

const RED = ['red;50;70'];
let folder: string;
const at = (name: string): string => join(folder, name);
const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

beforeEach(async () => {
  folder = await makeTempFolder();
  await writeFile(at('photo.png'), await toSharp(gradient(90, 70)).png().toBuffer());
});

it('what the machine has no more of is said as such, and no picture is called broken for it', async () => {
  const full = Object.assign(new Error("EMFILE: too many open files, open 'x'"), { code: 'EMFILE' });
  const words = 'too many open files already; raise ulimit -n';
  expect(unreadable('a.png', full)).toMatchObject({
    code: 'INPUT_UNREADABLE',
    message: `a.png: expected a readable file, got ${words}`,
  });
  await expect(writeWhole(at('out'), () => Promise.reject(full))).rejects.toMatchObject({
    code: 'OUTPUT_UNWRITABLE',
    message: `${at('out')}: expected a place to write to, got ${words}`,
  });
  expect(tempTrouble('/t', full).message).toContain(`got ${words};`);
  const threads = new Error('glib: Error creating thread: Resource temporarily unavailable');
  expect(corrupt(threads, 'png', 'a.png')).toMatchObject({
    code: 'INPUT_UNREADABLE',
    message: `a.png: expected memory and threads enough to decode it, got a refusal (${threads.message})`,
  });
  const files = new Error('VipsForeignLoad: unable to open; Too many open files');
  expect(corrupt(files, 'png', 'a.png').message).toBe(`a.png: expected a readable file, got ${words}`);
  expect(corrupt(new Error('pngload: libspng read error'), 'png', 'a.png').code).toBe('INPUT_CORRUPT');
  expect(await leftovers(folder)).toEqual([]);
});

describe.skipIf(process.platform === 'win32')('permissions', () => {
  it('of a file that is replaced stay; a new one has what the umask leaves; meanwhile it is the user’s alone', async () => {
    const seen: number[] = [];
    const write = (name: string) =>
      writeWhole(at(name), async (temp) => {
        seen.push(await modeOf(temp));
        await writeFile(temp, 'new');
      });
    for (const mode of [0o600, 0o640, 0o604]) {
      await writeFile(at('out'), 'old');
      await chmod(at('out'), mode);
      await write('out');
      expect(await modeOf(at('out'))).toBe(mode);
    }
    await write('fresh');
    expect(await modeOf(at('fresh'))).toBe(0o666 & ~process.umask());
    expect(seen).toEqual([0o600, 0o600, 0o600, 0o600]);
  });

  it.each(['png', 'jpg', 'webp'])('of a private %s stay when it is recolored', async (extension) => {
    await writeFile(at(`out.${extension}`), 'old');
    await chmod(at(`out.${extension}`), 0o600);
    await recolorFile(at('photo.png'), at(`out.${extension}`), RED);
    expect(await modeOf(at(`out.${extension}`))).toBe(0o600);
  });

  it('of pixels on disk are the user’s alone', async () => {
    await mkdir(at('temp'));
    const seen = new Set<number>();
    await recolorFile(at('photo.png'), at('out.png'), RED, {
      spoolAbove: 0,
      tempDir: at('temp'),
      onProgress: async () => {
        for (const name of await readdir(at('temp'))) {
          const info = await stat(at(`temp/${name}`)).catch(() => undefined);
          if (info) seen.add(info.mode & 0o777);
        }
      },
    });
    expect([...seen]).toEqual([0o600]);
    expect(await leftovers(at('temp'))).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('an output that is a link', () => {
  it('is written through: the link stays, the file keeps its place and permissions', async () => {
    await mkdir(at('shared'));
    await writeFile(at('shared/current.png'), 'old');
    await chmod(at('shared/current.png'), 0o640);
    await symlink('shared/current.png', at('link.png'));
    await symlink('link.png', at('second.png'));
    await recolorFile(at('photo.png'), at('second.png'), RED);
    expect(await readlink(at('link.png'))).toBe('shared/current.png');
    expect((await lstat(at('second.png'))).isSymbolicLink()).toBe(true);
    expect((await readFile(at('shared/current.png'))).subarray(1, 4).toString()).toBe('PNG');
    expect(await modeOf(at('shared/current.png'))).toBe(0o640);
    expect([...(await leftovers(folder)), ...(await leftovers(at('shared')))]).toEqual([]);
  });

  it('is refused when it leads nowhere', async () => {
    await symlink('gone/a.png', at('link.png'));
    await expect(recolorFile(at('photo.png'), at('link.png'), RED)).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
      message: `${at('link.png')}: expected a place to write to, got a link that leads nowhere`,
    });
  });
});
