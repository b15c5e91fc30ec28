import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { type Cancel, ColorshineError } from '../../core/index.js';
import type { Engine } from '../engine.js';
import { writeWhole } from '../files/output.js';
import type { Stage } from '../pipeline/stage.js';
import { createBuildEngine } from './engine.js';
import { jobKey } from './job.js';
import { named } from './paths.js';
import type { BuildPlan, BuildStep } from './plan-build.js';
import { makeRecord, type OutputRecord } from './records.js';
import type { Remote } from './remote.js';
import { isCancel, type JobReport, type PreparedJob, prepareJobs, toFile } from './run-job.js';

/** Images in work at once, where nobody says. */
export const DEFAULT_CONCURRENCY = Math.min(8, Math.max(2, availableParallelism()));

/** How one output ended. */
export type StepOutcome =
  | { readonly step: BuildStep; readonly status: 'fresh' | 'made'; readonly record: OutputRecord; readonly ms: number }
  | { readonly step: BuildStep; readonly status: 'failed'; readonly error: unknown };

export interface RunBuildOptions {
  /** Images in work at once, 1 to 64. */
  readonly concurrency?: number;
  readonly engine?: Engine;
  /** Makes and writes the outputs in place of this process, in its own concurrency. */
  readonly remote?: Remote;
  /** Starts nothing more after a failure. */
  readonly failFast?: boolean;
  /** Finishes what is being written and stops. */
  readonly signal?: Cancel;
  readonly onStage?: (input: string, stage: Stage, share?: number) => void;
  /** Called for each output that was to be made, as it ends. */
  readonly onOutcome?: (outcome: StepOutcome) => void;
}

/**
 * Makes what a plan says has to be made. Every output is whole or as it was before.
 *
 * @returns one outcome for each step that was reached, in the plan's order; fewer than steps when it was stopped
 */
export async function runBuild(plan: BuildPlan, options: RunBuildOptions): Promise<StepOutcome[]> {
  const outcomes = new Map<BuildStep, StepOutcome>();
  for (const step of plan.steps) {
    if (step.record) outcomes.set(step, { step, status: 'fresh', record: step.record, ms: 0 });
  }
  const queue = groupByInput(plan.steps.filter(({ reason }) => reason !== 'up to date'));
  const settle = (outcome: StepOutcome): void => {
    outcomes.set(outcome.step, outcome);
    options.onOutcome?.(outcome);
  };
  if (options.remote) await workElsewhere(plan, queue, options.remote, options, settle);
  else if (queue.length > 0) {
    const engine = options.engine ?? createBuildEngine();
    try {
      await work(plan, queue, engine, options, settle);
    } finally {
      if (!options.engine) engine.dispose();
    }
  }
  return plan.steps.flatMap((step) => outcomes.get(step) ?? []);
}

async function work(
  plan: BuildPlan,
  queue: BuildStep[][],
  engine: Engine,
  { concurrency = DEFAULT_CONCURRENCY, failFast, signal, onStage }: RunBuildOptions,
  settle: (outcome: StepOutcome) => void,
): Promise<void> {
  const { root } = plan.loaded;
  // Between two outputs a worker looks at this: on a failure, too, when the first one ends the build.
  const stop = { aborted: false };
  const cancel: Cancel = {
    get aborted() {
      return stop.aborted || signal?.aborted === true;
    },
  };
  const worker = async (): Promise<void> => {
    for (let steps = queue.shift(); steps && !cancel.aborted; steps = queue.shift()) {
      const [{ job: first }] = steps as [BuildStep];
      const stepOf = new Map(steps.map((step) => [step.job, step]));
      const jobs = steps.map(({ job }) => job);
      const onProgress = (stage: Stage, share?: number): void => onStage?.(first.input, stage, share);
      try {
        for await (const prepared of prepareJobs(jobs, { root, engine, signal: cancel, onProgress })) {
          const outcome = await keep(plan, stepOf.get(prepared.job) as BuildStep, prepared);
          if (outcome.status === 'failed' && failFast) stop.aborted = true;
          settle(outcome);
        }
      } catch (error) {
        if (!isCancel(error)) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, queue.length) }, worker));
}

async function workElsewhere(
  plan: BuildPlan,
  queue: readonly BuildStep[][],
  remote: Remote,
  { failFast, onStage }: RunBuildOptions,
  settle: (outcome: StepOutcome) => void,
): Promise<void> {
  const { root } = plan.loaded;
  const makeGroup = async (steps: BuildStep[]): Promise<void> => {
    const [{ job: first, inputHash }] = steps as [BuildStep];
    const stepOf = new Map(steps.map((step) => [step.job, step]));
    const jobs = steps.map(({ job }) => job);
    try {
      // What this process cannot read no other need try; reading it again tells why.
      const hash = inputHash ?? (await plan.hashes.ofInput(resolve(root, first.input)));
      const onProgress = (stage: Stage): void => onStage?.(first.input, stage);
      for (const { job, report, error } of await remote.make(root, jobs, hash, onProgress)) {
        const step = stepOf.get(job) as BuildStep;
        settle(report ? await note(plan, step, report) : { step, status: 'failed', error });
        if (error && failFast) void remote.cancel();
      }
    } catch (error) {
      if (error instanceof ColorshineError && error.code === 'CANCELED') return;
      for (const step of steps) settle({ step, status: 'failed', error });
      if (failFast) void remote.cancel();
    }
  };
  await Promise.all(queue.map(makeGroup));
}

/** Remembers an output that lies there already. A killed build has no record of it and makes it again. */
async function note(plan: BuildPlan, step: BuildStep, report: JobReport): Promise<StepOutcome> {
  const record = makeRecord(step.job, jobKey(step.job, report.inputHash), plan.configPath, report);
  await plan.records.write(record);
  return { step, status: 'made', record, ms: report.ms };
}

/** The record before the output has its name: an output counts only together with one that has its hash. @throws CANCELED */
async function keep(plan: BuildPlan, step: BuildStep, { job, encode, error }: PreparedJob): Promise<StepOutcome> {
  try {
    if (!encode) throw error;
    let made: JobReport | undefined;
    let record: OutputRecord | undefined;
    await writeWhole(named(resolve(plan.loaded.root, job.output)), async (temp) => {
      ({ report: made } = await encode(toFile(temp)));
      record = makeRecord(job, jobKey(job, made.inputHash), plan.configPath, made);
      await plan.records.write(record);
    });
    return { step, status: 'made', record: record as OutputRecord, ms: (made as unknown as JobReport).ms };
  } catch (failure) {
    if (isCancel(failure)) throw failure;
    return { step, status: 'failed', error: failure };
  }
}

function groupByInput(steps: readonly BuildStep[]): BuildStep[][] {
  const groups = new Map<string, BuildStep[]>();
  for (const step of steps) {
    const group = groups.get(step.job.input);
    if (group) group.push(step);
    else groups.set(step.job.input, [step]);
  }
  return [...groups.values()];
}
