import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { releaseTemp, reserveTempName } from '../../src/node/files/temp.js';

/** Beyond what any system gives. */
const NO_PID = 2 ** 22 + 1;

/** Leaves a temp file of a process of this machine that was killed. Not in temp-folder.ts: that is loaded before tests mock what this uses. */
export async function leaveOrphan(folder: string): Promise<void> {
  const own = reserveTempName(folder);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, basename(own).replace(`-${process.pid}-`, `-${NO_PID}-`)), 'half');
  await releaseTemp(own);
}
