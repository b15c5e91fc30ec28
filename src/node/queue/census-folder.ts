import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ColorshineError } from '../../core/index.js';
import { resolveInRoot } from '../build/paths.js';
import { makeFolder } from '../files/folder.js';
import { FOREIGN_AGE_MS, keepTemp, reserveTemp, sweepOrphans } from '../files/temp.js';

const FOLDER = '.colorshine-queue';
const RUN_NAME = /^[0-9a-f]{16}$/;

/** Folder in the root where the census files of a run lie until its plans are made. */
export function censusFolder(root: string, run: string): string {
  return join(resolve(root), FOLDER, run);
}

/**
 * Makes a run's folder, with a temp file in it that says which process it belongs to.
 *
 * @returns removes it, and the folder of all runs when nobody else is in it
 * @throws OUTPUT_UNWRITABLE
 */
export async function openCensusFolder(root: string, run: string): Promise<() => Promise<void>> {
  const folder = await resolveInRoot(root, censusFolder(root, run), 'OUTPUT_UNWRITABLE');
  let owner: string | undefined;
  try {
    await makeFolder(folder);
    owner = reserveTemp(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ColorshineError('OUTPUT_UNWRITABLE', `${folder}: expected a place for censuses, got ${code}`);
  }
  return async () => {
    // Not where a link may lead meanwhile.
    const place = await resolveInRoot(root, censusFolder(root, run), 'OUTPUT_UNWRITABLE').catch(() => undefined);
    keepTemp(owner);
    if (place === undefined) return;
    await rm(place, { recursive: true, force: true }).catch(() => undefined);
    await rmdir(dirname(place)).catch(() => undefined); // not empty: another build is at work
  };
}

/** Deletes the folders of builds that were killed. Errors are ignored: sweeping is a courtesy. */
export async function sweepCensusFolders(root: string): Promise<void> {
  const parent = await resolveInRoot(root, join(resolve(root), FOLDER), 'OUTPUT_UNWRITABLE').catch(() => undefined);
  if (parent === undefined) return; // a link leads it out of the root
  const names = await readdir(parent).catch(() => undefined);
  if (names === undefined) return;
  for (const name of names) {
    const folder = join(parent, name);
    if (RUN_NAME.test(name) && (await isForsaken(folder)))
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
  await rmdir(parent).catch(() => undefined);
}

/**
 * An empty folder without an owner may be one that its build has just made; with censuses in it, it is what is left of a build whose
 * deletion was killed, or that a worker outlived. Of other machines it is known when it last changed.
 */
async function isForsaken(folder: string): Promise<boolean> {
  const info = await stat(folder).catch(() => undefined);
  if (info && Date.now() - info.mtimeMs > FOREIGN_AGE_MS) return true;
  const { deleted, kept } = await sweepOrphans(folder);
  if (kept > 0) return false;
  return deleted > 0 || (await readdir(folder).catch(() => [])).length > 0;
}
