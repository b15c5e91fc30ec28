import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ColorshineError, type Plan, type Recipe } from '../../core/index.js';
import { resolveInRoot } from '../build/paths.js';
import { makeFolder } from '../files/folder.js';
import type { Reading } from '../image/reading-options.js';
import type { QueueRun } from './queue-run.js';
import { censusFolder } from './run-task.js';

/** Inputs that share their radii, and the recipes to measure on them. */
export interface PoolDraft {
  /** Paths from the root, in the order in which a local build counts them. */
  readonly inputs: readonly { readonly path: string; readonly hash: string }[];
  readonly recipes: readonly Recipe[];
  readonly reading?: Reading | undefined;
}

/** Census files that one task adds up. A merge costs what it reads, and a wide tree moves the fewest bytes. */
const FAN_IN = 16;
const RUN_NAME = /^[0-9a-f]{16}$/;
const FORGOTTEN_MS = 24 * 3600 * 1000;

/**
 * Freezes recipes' radii on many pictures together, as map and reduce: each picture's census is counted by whoever is free,
 * 16 censuses make one, until the last task makes the plans. A census merges in any split, so the plans are those of a local
 * build, bit for bit.
 *
 * The censuses lie as files in the root, which every worker reaches anyway: at 0.1 to 1 MB a photo a folder of thousands would
 * fill Redis' memory. They are deleted at the end.
 *
 * @param root the build's
 * @param onInput called as each picture is counted
 * @returns beside `recipes`
 * @throws what a task throws: without one of the pictures the plan would be another one for all. The run has then stopped
 */
export async function poolPlans(
  run: QueueRun,
  { inputs, recipes, reading }: PoolDraft,
  root: string,
  onInput: (path: string) => void = () => undefined,
): Promise<readonly Plan[]> {
  const folder = await resolveInRoot(root, censusFolder(root, run.id), 'OUTPUT_UNWRITABLE');
  await makeFolder(folder).catch((error: NodeJS.ErrnoException) => {
    throw new ColorshineError('OUTPUT_UNWRITABLE', `${folder}: expected a place for censuses, got ${error.code}`);
  });
  try {
    // One promise for each census, in order; the reduce of a group begins when its own sixteen are there.
    let level = inputs.map(async ({ path, hash }, i) => {
      const target = `c${i}`;
      await run.submit({ kind: 'census', input: path, inputHash: hash, target, ...reading }, path);
      onInput(path);
      return target;
    });
    const all = [...level];
    let merges = 0;
    while (level.length > FAN_IN) {
      level = chunk(level, FAN_IN).map(async (group) => {
        const sources = await Promise.all(group);
        if (sources.length < 2) return sources[0] as string;
        const target = `m${merges++}`;
        await run.submit({ kind: 'merge', sources, target }, 'census of a part');
        return target;
      });
      all.push(...level);
    }
    for (const part of all) part.catch(() => undefined); // one failure is thrown, the others follow from it
    const sources = await Promise.all(level);
    return await run.submit({ kind: 'plan', sources, recipes }, 'plan of all');
  } catch (error) {
    await run.stop(); // no census that is still being counted comes after the folder is gone
    throw error;
  } finally {
    await removeCensuses(root, run.id);
  }
}

/** Deletes a run's census files, those that killed builds forgot, and the folder when nobody else is in it. */
async function removeCensuses(root: string, run: string): Promise<void> {
  const folder = await resolveInRoot(root, censusFolder(root, run), 'OUTPUT_UNWRITABLE').catch(() => undefined);
  if (folder === undefined) return; // a link leads it out of the root
  const parent = dirname(folder);
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  for (const name of await readdir(parent).catch(() => [])) {
    if (!RUN_NAME.test(name)) continue;
    const other = join(parent, name);
    const info = await stat(other).catch(() => undefined);
    if (info && Date.now() - info.mtimeMs > FORGOTTEN_MS)
      await rm(other, { recursive: true, force: true }).catch(() => undefined);
  }
  await rmdir(parent).catch(() => undefined); // not empty: another build is at work
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
