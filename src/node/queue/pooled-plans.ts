import { rm } from 'node:fs/promises';
import { ColorshineError, type Plan, type Recipe } from '../../core/index.js';
import type { QueueRun } from './queue-run.js';
import { censusFolder } from './run-task.js';

/** Inputs that share their radii, and the recipes to measure on them. */
export interface PoolDraft {
  /** Paths from the root, in the order in which a local build counts them. */
  readonly inputs: readonly { readonly path: string; readonly hash: string }[];
  readonly recipes: readonly Recipe[];
  readonly maxPixels?: number;
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
 * @param onPart called for each task done, with how many there are
 * @returns beside `recipes`
 * @throws what a task throws. A picture that cannot be read is left out, as a local build does; its own job tells.
 */
export async function poolPlans(
  run: QueueRun,
  { inputs, recipes, maxPixels }: PoolDraft,
  root: string,
  onPart: (done: number, total: number) => void = () => undefined,
): Promise<readonly Plan[]> {
  const total = countTasks(inputs.length);
  let done = 0;
  const tick = <T>(value: T): T => {
    onPart(++done, total);
    return value;
  };
  try {
    const limit = maxPixels === undefined ? {} : { maxPixels };
    // One promise for each census, in order; the reduce of a group begins when its own sixteen are there.
    let level: Promise<string | undefined>[] = inputs.map(({ path, hash }, i) => {
      const target = nextName('c', i);
      return run
        .submit({ kind: 'census', input: path, inputHash: hash, target, ...limit }, `${path} (census)`)
        .then(() => target, skipPicture)
        .then(tick);
    });
    let merges = 0;
    while (level.length > FAN_IN) {
      level = chunk(level, FAN_IN).map(async (group) => {
        const sources = present(await Promise.all(group));
        if (sources.length < 2) return tick(sources[0]);
        const target = nextName('m', merges++);
        await run.submit({ kind: 'merge', sources, target }, `${sources.length} censuses`);
        return tick(target);
      });
      for (const part of level) part.catch(() => undefined); // the first failure is thrown below
    }
    const sources = present(await Promise.all(level));
    if (sources.length === 0) return [];
    return tick(await run.submit({ kind: 'plan', sources, recipes }, `plan of ${inputs.length} images`));
  } finally {
    await removeCensuses(root, run.id);
  }
}

/** Deletes a run's census files. */
export async function removeCensuses(root: string, run: string): Promise<void> {
  await rm(censusFolder(root, run), { recursive: true, force: true }).catch(() => undefined);
}

function skipPicture(error: unknown): undefined {
  const code = error instanceof ColorshineError ? error.code : undefined;
  if (code?.startsWith('INPUT_')) return undefined;
  throw error;
}

function countTasks(inputs: number): number {
  let tasks = inputs + 1;
  for (let width = inputs; width > FAN_IN; ) {
    width = Math.ceil(width / FAN_IN);
    tasks += width;
  }
  return tasks;
}

function nextName(letter: 'c' | 'm', i: number): string {
  return `${letter}${i}`;
}

function present(names: readonly (string | undefined)[]): string[] {
  return names.filter((name) => name !== undefined);
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
