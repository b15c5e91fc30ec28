/**
 * A killed build leaves a temp file or two behind. Which are its own is known from the note it left in the cache: host and
 * process id. Without that note a temp file might belong to a build on another machine that shares the disk.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../files/folder.js';
import { isRunning, tempOwner } from '../files/temp.js';
import { replaceFile } from './records.js';

const SESSION_NAME = /^session-(\d+)\.json$/;

export interface Session {
  /** Call when the build has ended in order. */
  close(): Promise<void>;
}

/**
 * Notes that a build runs here, and sweeps after those of this machine that were killed.
 *
 * @param folder of the build's records
 * @param outputFolders absolute; where temp files may lie
 */
export async function openSession(folder: string, outputFolders: readonly string[]): Promise<Session> {
  const path = join(folder, `session-${process.pid}.json`);
  try {
    await sweepKilled(folder, outputFolders);
    await makeFolder(folder, 0o700);
    await replaceFile(path, JSON.stringify({ host: hostname(), pid: process.pid }));
  } catch {
    // A cache that cannot be written costs the sweep, not the build.
  }
  return { close: () => rm(path, { force: true }).catch(() => undefined) };
}

async function sweepKilled(folder: string, outputFolders: readonly string[]): Promise<void> {
  const dead = new Set<number>();
  const notes: string[] = [];
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const pid = Number(SESSION_NAME.exec(name)?.[1]);
    // In a container every run may have the same process id; a note of ours is not written yet.
    const isAlive = pid !== process.pid && isRunning(pid);
    if (!pid || isAlive || !(await isFromHere(join(folder, name)))) continue;
    dead.add(pid);
    notes.push(join(folder, name));
  }
  if (dead.size === 0) return;
  for (const place of outputFolders) {
    for (const name of await readdir(place).catch(() => [])) {
      if (dead.has(tempOwner(name) ?? 0)) await rm(join(place, name), { force: true });
    }
  }
  for (const name of names) {
    const pid = Number(/\.(\d+)-[0-9a-f]{8}\.tmp$/.exec(name)?.[1]);
    if (dead.has(pid)) await rm(join(folder, name), { force: true });
  }
  for (const note of notes) await rm(note, { force: true });
}

async function isFromHere(note: string): Promise<boolean> {
  try {
    return (JSON.parse(await readFile(note, 'utf8')) as { host?: unknown }).host === hostname();
  } catch {
    return false;
  }
}
