/** A disk that is full at any write: an error that says so, no half file, and the files of before as they were. */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { contents, endOf, start } from './command.js';
import { below, type Line } from './line.js';

const SIDE = 500;
const DISK_KB = 600;

export const FULL_DISK_LINE: Line = {
  name: 'full disk',
  share: 1,
  whyNot() {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'mounting a small disk takes root on Linux';
    return spawnSync('mount', ['--version']).status === 0 ? undefined : 'no mount here';
  },
  async run({ random, folder, goesOn }) {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_KB}k`, 'tmpfs', disk], { encoding: 'utf8' });
    if (mounted.status !== 0) return { tried: `nothing: ${mounted.stderr.trim()}`, faults: [] };
    try {
      const data = Buffer.from(Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i * 7) ^ (i >> 10)));
      const source = join(folder, 'in.png');
      await sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } })
        .png()
        .toFile(source);
      const faults: string[] = [];
      let full = 0;
      let runs = 0;
      do {
        const old = Buffer.from('what was there before');
        await writeFile(join(disk, 'out.png'), old);
        await writeFile(join(disk, 'filler'), Buffer.alloc(below(random, DISK_KB - 50) * 1024));
        const { code, stderr } = await endOf(
          start(['shine', source, 'teal;40;90', '-o', 'disk/out.png', '--quiet'], folder),
        );
        runs++;
        const found = await contents(disk);
        const bytes = await readFile(join(disk, 'out.png'));
        if (code === 0) {
          const { width } = await sharp(bytes).metadata();
          if (width !== SIDE) faults.push('exit 0, but the picture is not whole');
        } else {
          full++;
          if (code !== 1) faults.push(`exit ${code}: ${stderr.trim()}`);
          if (stderr.trim().split('\n').length !== 1) faults.push(`more than one line: ${stderr.trim()}`);
          if (!bytes.equals(old)) faults.push('the file of before is gone');
        }
        for (const name of found.keys()) if (name.startsWith('.cs-')) faults.push(`${name} was left over`);
        await rm(join(disk, 'filler'));
      } while (goesOn() && faults.length === 0);
      return { tried: `${runs} runs on a disk of ${DISK_KB} kB, full in ${full}`, faults };
    } finally {
      spawnSync('umount', [disk]);
    }
  },
};
