import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { releaseTemp, reserveTemp, sweepOrphans } from '../../src/node/files/temp.js';
import { writeAll } from '../../src/node/files/write-all.js';
import { recolorFile } from '../../src/node/index.js';
import { gradient, toSharp } from '../support/images.js';
import { leaveOrphan } from '../support/leave-orphan.js';
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

it.runIf(process.platform === 'linux')(
  'leftovers are known by their process and its start, not by their age',
  async () => {
    const folder = await makeTempFolder();
    const sleeper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const own = reserveTemp(folder);
    const [, machine, pid, start] = basename(own).split('-');
    expect(pid).toBe(String(process.pid));
    // The beginning of a process, as the system says it, in the name of each of its files.
    const begin = (id: number | undefined): string =>
      Number(readFileSync(`/proc/${id}/stat`, 'latin1').split(') ')[1]?.split(' ')[19]).toString(36);
    expect(start).toBe(begin(process.pid));
    const name = (by: string | undefined, id: number | undefined, since: string | undefined, n: number): string =>
      `.cs-${by}-${id}-${since}-0000000${n}.tmp`;
    const stay = [
      basename(own),
      name(machine, process.pid, start, 1),
      name(machine, sleeper.pid, begin(sleeper.pid), 2),
      name('00000000', sleeper.pid, 'abc', 3),
      // Not ours to know: nothing of ours is called so.
      '.cs-notes.tmp',
    ];
    const go = [
      name(machine, gone, begin(sleeper.pid), 4),
      // Numbers that were given again, our own too.
      name(machine, sleeper.pid, 'abc', 5),
      name(machine, process.pid, 'abc', 6),
      name('00000000', 1, 'abc', 7),
    ];
    for (const file of [...stay.slice(1), ...go]) await writeFile(join(folder, file), '');
    const longAgo = new Date(Date.now() - 25 * 3600 * 1000);
    await utimes(join(folder, go[3] as string), longAgo, longAgo);
    await sweepOrphans(folder);
    expect((await readdir(folder)).sort()).toEqual(stay.sort());
    sleeper.kill();
    await releaseTemp(own);
  },
);

it('pixels that a killed process left in the temp folder go with the next picture, however small', async () => {
  const folder = await makeTempFolder();
  await leaveOrphan(folder);
  vi.stubEnv('TMPDIR', folder);
  const input = join(await makeTempFolder(), 'in.png');
  await toSharp(gradient(30, 20)).png().toFile(input);
  await recolorFile(input, `${input}.png`, ['teal;50;70']);
  expect(await leftovers(folder)).toEqual([]);
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
    message: `${at('in.jpg')}: expected a folder for temporary files, got a file; choose one with TMPDIR, tempDir or --temp-dir`,
  });
  expect(await leftovers(folder)).toEqual([]);
});
