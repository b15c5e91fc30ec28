import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach } from 'vitest';
import { releaseTemp, reserveTempName } from '../../src/node/files/temp.js';

/** A fresh folder for the current test, removed after it. */
export async function makeTempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'colorshine-test-'));
  folders.push(folder);
  return folder;
}

/** Temp files that this project would leave behind. */
export async function leftovers(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('.cs-'));
}

/** Beyond what any system gives. */
const NO_PID = 2 ** 22 + 1;

/** Leaves a temp file of a process of this machine that was killed. */
export async function leaveOrphan(folder: string): Promise<void> {
  const own = reserveTempName(folder);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, basename(own).replace(`-${process.pid}-`, `-${NO_PID}-`)), 'half');
  await releaseTemp(own);
}

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});
