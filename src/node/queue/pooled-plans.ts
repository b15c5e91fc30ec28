import type { Plan, Recipe } from '../../core/index.js';
import type { Reading } from '../image/reading-options.js';
import { openCensusFolder } from './census-folder.js';
import type { QueueRun } from './queue-run.js';

/** Inputs that share their radii, and the recipes to measure on them. */
export interface PoolDraft {
  /** Paths from the root, in the order in which a local build counts them. */
  readonly inputs: readonly { readonly path: string; readonly hash: string }[];
  readonly recipes: readonly Recipe[];
  readonly reading?: Reading | undefined;
}

/** Census files that one task adds up. A merge costs what it reads, and a wide tree moves the fewest bytes. */
const FAN_IN = 16;

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
  const remove = await openCensusFolder(root, run.id);
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
    await remove();
  }
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
