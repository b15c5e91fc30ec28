import { type Cancel, ColorshineError } from '../../core/index.js';
import { checkBuild } from '../build/check-build.js';
import { mergeShards } from '../build/finish-build.js';
import { type MadeBuild, makeBuild } from '../build/make-build.js';
import { type BuildPlan, planBuild } from '../build/plan-build.js';
import type { QueueRemote } from '../queue/queue-remote.js';
import type { BuildPrinter } from './build-print.js';
import type { BuildSettings } from './build-settings.js';
import { createProgress, type Progress } from './progress.js';
import { leaveSoon, openQueue } from './queue-options.js';

const EXIT_INTERRUPTED = 130;

/**
 * One build from the configuration's text to the manifest.
 *
 * @param isSilentWhenFresh says nothing when there was nothing to do
 */
export async function buildOnce(
  settings: BuildSettings,
  printer: BuildPrinter,
  isSilentWhenFresh = false,
): Promise<{ code: number; plan: BuildPlan }> {
  const { queue, signal } = settings;
  if (!queue || settings.dryRun || settings.merge) return buildWith(undefined, settings, printer, isSilentWhenFresh);
  const remote = await openQueue(queue, signal, (sentence) => printer.notice(sentence));
  try {
    return await buildWith(remote, settings, printer, isSilentWhenFresh);
  } finally {
    await remote.close();
    if (signal.aborted) leaveSoon();
  }
}

async function buildWith(
  remote: QueueRemote | undefined,
  settings: BuildSettings,
  printer: BuildPrinter,
  isSilentWhenFresh: boolean,
): Promise<{ code: number; plan: BuildPlan }> {
  const began = performance.now();
  const { signal, shard, config } = settings;
  const measuring = settings.showsProgress ? printer.measuring() : undefined;
  const plan = await planBuild({
    signal,
    force: settings.force,
    outlineOnly: settings.merge,
    readOnly: settings.check,
    ...(config !== undefined && { config }),
    ...(shard && { shard }),
    ...(remote && { remote }),
    ...(measuring && { onMeasure: measuring.next }),
  }).finally(() => measuring?.stop());
  printer.leftOut(plan);
  if (settings.merge) {
    printer.merged(plan, await mergeShards(plan));
    return { code: 0, plan };
  }
  if (settings.check) {
    const findings = await checkBuild(plan);
    printer.checked(plan, findings);
    return { code: findings.length === 0 ? 0 : 1, plan };
  }
  if (settings.dryRun) {
    printer.dryRun(plan);
    return { code: 0, plan };
  }
  const { outcomes, failures, described, pruned } = await makeWithProgress(plan, remote, settings, printer);
  if (
    isSilentWhenFresh &&
    outcomes.every(({ status }) => status === 'fresh') &&
    !described.some(({ written }) => written)
  ) {
    return { code: exitCode(failures, signal), plan };
  }
  printer.summary(plan, outcomes, { described, pruned, isInterrupted: signal.aborted, ms: performance.now() - began });
  return { code: exitCode(failures, signal), plan };
}

async function makeWithProgress(
  plan: BuildPlan,
  remote: QueueRemote | undefined,
  settings: BuildSettings,
  printer: BuildPrinter,
): Promise<MadeBuild> {
  const { concurrency, failFast, prune, shard, signal } = settings;
  const todo = plan.steps.filter(({ reason }) => reason !== 'up to date');
  const progress: Progress = createProgress(Math.max(1, todo.length), settings.showsProgress && todo.length > 0);
  printer.attach(progress);
  try {
    return await makeBuild(plan, {
      concurrency,
      failFast,
      prune,
      signal,
      ...(shard && { shard }),
      ...(remote && { remote }),
      onStage: (input, stage, share) => progress.stage(input, stage, share),
      onOutcome(outcome) {
        printer.outcome(outcome, progress);
        progress.finish(outcome.step.job.input, outcome.status === 'failed');
      },
    });
  } finally {
    printer.attach(undefined);
    progress.stop();
  }
}

function exitCode(failures: readonly unknown[], signal: Cancel): number {
  if (signal.aborted) return EXIT_INTERRUPTED;
  if (failures.length === 0) return 0;
  return failures.every((error) => error instanceof ColorshineError && error.isUsage) ? 2 : 1;
}
