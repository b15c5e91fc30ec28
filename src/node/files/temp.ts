import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `.cs-<process id>-<random>.tmp`: short enough for any file system, and it says whose it is. */
const TEMP_NAME = /^\.cs-(\d+)-[0-9a-f]{12}\.(tmp|v)$/;
/** A temp file of a vanished process is swept only when this old, in case clocks or process ids mislead. */
const ORPHAN_AGE_MS = 60_000;

const live = new Set<string>();
let isExitHooked = false;

/**
 * A fresh temp path, removed at the latest when the process exits.
 *
 * @param folder default: the system's temp folder
 * @param extension `v` where sharp is to write its own format, which it tells by the name
 */
export function reserveTemp(folder = tmpdir(), extension: 'tmp' | 'v' = 'tmp'): string {
  if (!isExitHooked) {
    process.once('exit', () => {
      for (const path of live) rmSync(path, { force: true });
    });
    isExitHooked = true;
  }
  const path = join(folder, `.cs-${process.pid}-${randomBytes(6).toString('hex')}.${extension}`);
  live.add(path);
  return path;
}

/** Deletes a reserved temp file; one that does not exist is fine. */
export async function releaseTemp(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
  live.delete(path);
}

/** Says that a reserved temp file has become the real one. */
export function keepTemp(path: string): void {
  live.delete(path);
}

/** Deletes what killed processes left behind in a folder. Errors are ignored: sweeping is a courtesy. */
export async function sweepOrphans(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const pid = tempOwner(name);
    if (!pid || isRunning(pid)) continue;
    const path = join(folder, name);
    const info = await stat(path).catch(() => undefined);
    if (info && Date.now() - info.mtimeMs > ORPHAN_AGE_MS) await rm(path, { force: true }).catch(() => undefined);
  }
}

/** Deletes the temp files of one process that is known to be gone. Errors are ignored. */
export async function sweepTempsOf(pid: number, folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (tempOwner(name) === pid) await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}

/** The process that a temp file belongs to, undefined for other files. */
export function tempOwner(name: string): number | undefined {
  return Number(TEMP_NAME.exec(name)?.[1]) || undefined;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
