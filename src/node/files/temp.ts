import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { tempTrouble } from './temp-trouble.js';

/** `.cs-<machine>-<process id>-<its start>-<random>.tmp`: short enough for any file system, and it says whose it is. */
const TEMP_NAME = /^\.cs-([0-9a-f]{8})-(\d+)-([0-9a-z]*)-[0-9a-f]{8}\.(tmp|v)$/;
/** How far the clocks of a disk and of this machine may be apart. */
const CLOCK_SLACK_MS = 60_000;
/** Of another machine's or container's processes nothing is known but when they last wrote. */
export const FOREIGN_AGE_MS = 24 * 3600 * 1000;

const live = new Set<string>();
let isExitHooked = false;
let machine: string | undefined;

/**
 * A fresh temp file that is empty and its user's alone (mode 600), removed at the latest when the process exits.
 *
 * @param folder of `reserveScratch` by default the system's temp folder
 * @param extension `v` where sharp is to write its own format, which it tells by the name
 * @throws the system's error
 */
export function reserveTemp(folder: string, extension: 'tmp' | 'v' = 'tmp'): string {
  const path = reserveTempName(folder, extension);
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    live.delete(path);
    throw error;
  }
  return path;
}

/**
 * Likewise for pixels that never become an output.
 *
 * @throws OUTPUT_UNWRITABLE, DISK_FULL, which name the folder
 */
export function reserveScratch(folder = tmpdir(), extension: 'tmp' | 'v' = 'tmp'): string {
  try {
    return reserveTemp(folder, extension);
  } catch (error) {
    throw tempTrouble(folder, error as NodeJS.ErrnoException);
  }
}

/** A path alone, for what makes it itself, such as a link. */
export function reserveTempName(folder = tmpdir(), extension: 'tmp' | 'v' = 'tmp'): string {
  if (!isExitHooked) {
    process.once('exit', () => {
      for (const path of live) rmSync(path, { force: true });
    });
    isExitHooked = true;
  }
  const name = `.cs-${machineId()}-${process.pid}-${ownStart()}-${randomBytes(4).toString('hex')}.${extension}`;
  const path = join(folder, name);
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

/**
 * Deletes what killed processes left behind in a folder: at once where they ran here, after a day without a change where they ran
 * elsewhere, on a machine or in a container that shares the disk. Errors are ignored: sweeping is a courtesy.
 *
 * @returns how many were deleted, and how many may belong to processes that are at work
 */
export function sweepOrphans(folder: string): Promise<Swept> {
  return sweep(folder, async (path, owner) => {
    const isFromHere = owner.machine === machineId();
    if (isFromHere && owner.pid !== process.pid) return !isRunning(owner);
    if (isFromHere && owner.start !== '') return owner.start !== ownStart();
    // Under our own number, where no starts are known: what is older than we are is of a process before us. A list of our files would
    // not do: threads, and bundles that share a process, have one each.
    const age = isFromHere ? process.uptime() * 1000 + CLOCK_SLACK_MS : FOREIGN_AGE_MS;
    const info = await stat(path).catch(() => undefined);
    return info !== undefined && Date.now() - info.mtimeMs > age;
  });
}

/** Deletes the temp files of one process of this machine that is known to be gone. Errors are ignored. */
export async function sweepTempsOf(pid: number, folder: string): Promise<void> {
  await sweep(folder, async (_, owner) => owner.machine === machineId() && owner.pid === pid);
}

interface Swept {
  readonly deleted: number;
  readonly kept: number;
}

interface Owner {
  readonly machine: string;
  readonly pid: number;
  /** When the process began, in ticks of the system's clock, base 36; empty where that is not known. */
  readonly start: string;
}

async function sweep(folder: string, isOrphan: (path: string, owner: Owner) => Promise<boolean>): Promise<Swept> {
  const swept = { deleted: 0, kept: 0 };
  for (const name of await readdir(folder).catch(() => [])) {
    const [, machine, pid, start = ''] = TEMP_NAME.exec(name) ?? [];
    if (machine === undefined) continue;
    const path = join(folder, name);
    const isGone = await isOrphan(path, { machine, pid: Number(pid), start });
    if (isGone) await rm(path, { force: true }).catch(() => undefined);
    swept[isGone ? 'deleted' : 'kept']++;
  }
  return swept;
}

/** Where process ids mean the same: this boot of this machine, this container. @returns 8 hex digits */
function machineId(): string {
  if (machine !== undefined) return machine;
  const parts = [hostname(), read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim())];
  parts.push(read(() => readlinkSync('/proc/self/ns/pid')));
  machine = createHash('sha256').update(parts.join(' ')).digest('hex').slice(0, 8);
  return machine;
}

/** Linux alone has what is read so; elsewhere no two process tables share a name, and a process is known by its number. */
function read(part: () => string): string {
  try {
    return part();
  } catch {
    return '';
  }
}

/** Numbers are given again: a process that began at another time is another one. */
function isRunning({ pid, start }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return start === '' || startOf(pid) === start;
}

let own: string | undefined;

function ownStart(): string {
  own ??= startOf('self');
  return own;
}

/** @see proc(5), /proc/PID/stat, field 22; the name before it may hold anything, a parenthesis too */
function startOf(pid: number | 'self'): string {
  const line = read(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  const ticks = line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
  return ticks === undefined ? '' : Number(ticks).toString(36);
}
