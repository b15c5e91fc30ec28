import { join } from 'node:path';
import { anything, type Checks, callback, cancelSignal, checkOptions, flag, text } from '../../core/check-options.js';
import { throwIfCanceled } from '../../core/errors.js';
import type { Cancel, Plan, Recipe } from '../../core/index.js';
import { checkPlan } from '../../core/plan-file.js';
import { readSealed, writeSealed } from '../files/sealed.js';
import { openImage } from '../image/open-image.js';
import { lookOfReading, type Reading } from '../image/reading-options.js';
import { lendBackend } from '../lend-backend.js';
import { createCensusPool } from '../pooled-plan.js';
import { ENGINE } from './engine-id.js';
import type { ExpandedConfig, Pool } from './expand-config.js';
import { hashBytes, isPlanOf, type RecolorJob } from './job.js';
import { resolveInRoot } from './paths.js';
import type { Remote } from './remote.js';

export interface MeasurePoolsOptions {
  /** Folder that the jobs' paths start from. */
  readonly root: string;
  /** SHA-256 of an input, 64 hex digits. */
  readonly hashOf: (input: string) => Promise<string>;
  /** Where measured plans are kept; undefined keeps none. */
  readonly cacheFolder?: string | undefined;
  /** Keeps none, and reads those that are there. */
  readonly readOnly?: boolean | undefined;
  /** Aborting it ends the work with CANCELED. */
  readonly signal?: Cancel | undefined;
  /** Called before each input is read. */
  readonly onInput?: (input: string) => void;
  /** Counts in place of this process. */
  readonly remote?: Remote | undefined;
}

const CHECKS: Checks<MeasurePoolsOptions> = {
  root: text,
  hashOf: callback,
  cacheFolder: text,
  readOnly: flag,
  signal: cancelSignal,
  onInput: callback,
  remote: anything,
};

/**
 * Freezes the radii of every pool. The census merges, so neither the order nor the split of the inputs has a say.
 *
 * @returns the jobs, those of pools with their plan
 * @throws what reading an input throws: without it the plan would be another one for all
 */
export async function planPools({ jobs, pools }: ExpandedConfig, options: MeasurePoolsOptions): Promise<RecolorJob[]> {
  checkOptions(options, CHECKS);
  const planned = [...jobs];
  const groups = new Map<string, Pool[]>();
  for (const pool of pools) {
    const id = JSON.stringify([pool.inputs, pool.reading]);
    groups.set(id, [...(groups.get(id) ?? []), pool]);
  }
  for (const group of groups.values()) {
    const plans = await planGroup(group, options);
    for (const [i, pool] of group.entries()) {
      for (const at of pool.jobs) planned[at] = { ...(jobs[at] as RecolorJob), plan: plans[i] as Plan };
    }
  }
  return planned;
}

/** @param group pools of the same inputs, which are read once */
async function planGroup(group: readonly Pool[], options: MeasurePoolsOptions): Promise<readonly Plan[]> {
  const { hashOf, cacheFolder } = options;
  const [{ inputs, reading }] = group as readonly [Pool];
  const hashes: string[] = [];
  for (const input of inputs) hashes.push(await hashOf(input));
  const paths = group.map(({ recipe }) => cacheFolder && planPath(cacheFolder, recipe, reading, hashes));
  const kept = await Promise.all(paths.map((path, i) => readPlan(path, (group[i] as Pool).recipe)));
  if (kept.every((plan) => plan !== undefined)) return kept as Plan[];

  const plans = await measure(group, hashes, options);
  if (!options.readOnly) await Promise.all(plans.map((plan, i) => keepPlan(paths[i], plan)));
  return plans;
}

async function measure(
  group: readonly Pool[],
  hashes: readonly string[],
  { root, signal, onInput, remote }: MeasurePoolsOptions,
): Promise<readonly Plan[]> {
  const [{ inputs, reading }] = group as readonly [Pool];
  const recipes = group.map(({ recipe }) => recipe);
  if (remote) {
    const named = inputs.map((path, i) => ({ path, hash: hashes[i] as string }));
    return remote.measure({ root, inputs: named, recipes, reading, ...(onInput && { onInput }) });
  }
  const census = createCensusPool();
  await lendBackend(undefined, async (backend) => {
    for (const input of inputs) {
      throwIfCanceled(signal);
      onInput?.(input);
      const image = await openImage(await resolveInRoot(root, input, 'INVALID_CONFIG'), { ...reading, name: input });
      try {
        await census.addImage(image, { backend, signal });
      } finally {
        await image.close();
      }
    }
  });
  return recipes.map((recipe) => census.plan(recipe));
}

function planPath(folder: string, recipe: Recipe, reading: Reading, hashes: readonly string[]): string {
  const { name: _, ...look } = recipe;
  const read = lookOfReading(reading);
  const id = JSON.stringify([ENGINE, look, hashes, ...(read ? [read] : [])]);
  return join(folder, 'plans', `${hashBytes(id).slice(0, 32)}.json`);
}

async function readPlan(path: string | undefined, recipe: Recipe): Promise<Plan | undefined> {
  const plan = path === undefined ? undefined : await readSealed(path, checkPlan);
  return plan && isPlanOf(plan, recipe) ? plan : undefined;
}

/** What cannot be kept is measured again next time. */
async function keepPlan(path: string | undefined, plan: Plan): Promise<void> {
  if (path !== undefined) await writeSealed(path, plan).catch(() => undefined);
}
