import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { writeAll } from '../../src/node/files/write-all.js';
import { recolorFile } from '../../src/node/index.js';
import { gradient, toSharp } from '../support/images.js';
import { leftovers, makeTempFolder } from '../support/temp-folder.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('writeAll goes on where a write ended early, and fails where the disk is full', async () => {
  const folder = await makeTempFolder();
  const file = await open(join(folder, 'a'), 'w+');
  const write = file.write.bind(file);
  const short = vi
    .spyOn(file, 'write')
    .mockImplementation((async (bytes: Uint8Array, at: number, length: number, position: number | null) =>
      write(bytes, at, Math.min(3, length), position)) as never);
  await writeAll(file, Buffer.from('01234567'), 2);
  await writeAll(file, Buffer.from('abcd'));
  expect(short).toHaveBeenCalledTimes(5);
  await file.close();
  expect(await readFile(join(folder, 'a'), 'latin1')).toBe('abcd234567');
});

it('a temp folder that cannot be used is named, not the output', async () => {
  const folder = await makeTempFolder();
  const at = (name: string): string => join(folder, name);
  // With metadata, which travels into an AVIF in a temporary file.
  await writeFile(
    at('in.jpg'),
    await toSharp(gradient(30, 20))
      .withExif({ IFD0: { Artist: 'x' } })
      .jpeg()
      .toBuffer(),
  );
  vi.stubEnv('TMPDIR', at('in.jpg'));
  await expect(recolorFile(at('in.jpg'), at('out.avif'), ['teal;50;70'])).rejects.toMatchObject({
    code: 'OUTPUT_UNWRITABLE',
    message: `${at('in.jpg')}: expected a folder for temporary files, got a file; choose one with TMPDIR or --temp-dir`,
  });
  expect(await leftovers(folder)).toEqual([]);
});
