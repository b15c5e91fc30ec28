import { resolve } from 'node:path';
import { sweepOrphans } from '../files/temp.js';
import { sweepCensusFolders } from '../queue/census-folder.js';
import { type Described, describeBuild, pruneStale } from './finish-build.js';
import type { BuildPlan } from './plan-build.js';
import { type RunBuildOptions, runBuild, type StepOutcome } from './run-build.js';
import type { Shard } from './shard.js';

export interface MakeBuildOptions extends RunBuildOptions {
  readonly shard?: Shard;
  /** Deletes outputs that the configuration does not make any more. */
  readonly prune?: boolean;
}

/** What came of a plan. */
export interface MadeBuild {
  /** In the plan's order; fewer than its steps when it was stopped. */
  readonly outcomes: readonly StepOutcome[];
  readonly failures: readonly unknown[];
  /** None where an output is missing: a manifest that left something out would be taken for the whole. */
  readonly described: readonly Described[];
  readonly pruned: number;
}

/** Carries a plan out: outputs, manifest, snippets. @throws as `describeBuild`; what is wrong with an image is an outcome */
export async function makeBuild(plan: BuildPlan, { shard, prune, ...run }: MakeBuildOptions): Promise<MadeBuild> {
  const outcomes = await runBuild(plan, run).finally(() => sweepFolders(plan));
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'failed' ? [outcome.error] : []));
  const isComplete = outcomes.length === plan.steps.length && failures.length === 0;
  const described = isComplete ? await describeBuild(plan, outcomes, shard) : [];
  const pruned = isComplete && prune ? await pruneStale(plan) : 0;
  await plan.hashes.save();
  return { outcomes, failures, described, pruned };
}

/** At the end, for what workers of this run have left, too, and also where nothing is to be made: a killed build leaves its temp files. */
async function sweepFolders({ loaded, steps, manifestPath, records }: BuildPlan): Promise<void> {
  const written = [...steps.map(({ job }) => job.output), manifestPath];
  const folders = written.map((path) => resolve(loaded.root, path, '..'));
  for (const folder of new Set([records.folder, ...folders])) await sweepOrphans(folder);
  await sweepCensusFolders(loaded.root);
}
