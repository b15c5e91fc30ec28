import { access, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ColorshineError, type ErrorCode } from '../../core/index.js';
import { resolveInRoot } from '../build/paths.js';
import { inputChanged, type JobReport, prepareJobs, toFile } from '../build/run-job.js';
import type { Engine } from '../engine.js';
import { readInput } from '../files/input.js';
import { isSameFile, writeWhole } from '../files/output.js';
import { openImage } from '../image/open-image.js';
import { readingOf } from '../image/reading-options.js';
import type { Stage } from '../pipeline/stage.js';
import { type CensusPool, createCensusPool } from '../pooled-plan.js';
import { decodeCensuses, encodeCensuses } from './census-file.js';
import { censusFolder } from './census-folder.js';
import type { CensusTask, MergeTask, OutputOutcome, PlanTask, RecolorTask, Task, TaskResult } from './task.js';

/** Failures before any output: those of the task as a whole. */
const OF_INPUT: ReadonlySet<string> = new Set<ErrorCode>([
  'INPUT_CHANGED',
  'INPUT_NOT_FOUND',
  'INPUT_NOT_A_FILE',
  'INPUT_UNREADABLE',
]);

export interface TaskContext {
  /** The folder that the task's paths start from. */
  readonly root: string;
  readonly engine: Engine;
  readonly onStage: (stage: Stage) => void;
  /** Asked when outputs are whole and wait for their names: false when a newer build owns one of them. */
  readonly mayWrite: (outputs: readonly string[]) => Promise<boolean>;
}

/**
 * Does one task. Doing it twice, or in two places at once, gives the same files: outputs are replaced whole.
 *
 * @param task checked
 * @throws ColorshineError when the task as a whole has failed; an output's own failure is in the result
 */
export function runTask(task: Task, context: TaskContext): Promise<TaskResult> {
  switch (task.kind) {
    case 'recolor':
      return recolor(task, context);
    case 'census':
      return countOne(task, context);
    case 'merge':
      return merge(task, context);
    case 'plan':
      return plan(task, context);
  }
}

async function recolor({ jobs, inputHash }: RecolorTask, context: TaskContext): Promise<OutputOutcome[]> {
  const { root, engine, onStage, mayWrite } = context;
  const { input: name } = jobs[0] as { input: string };
  const path = await resolveInRoot(root, name, 'INVALID_JOB');
  const outcomes: OutputOutcome[] = [];
  for await (const { job, encode, error } of prepareJobs(jobs, { root, inputHash, engine, onProgress: onStage })) {
    try {
      if (!encode) throw error;
      const target = await resolveInRoot(root, job.output, 'INVALID_JOB');
      if (await isSameFile(path, target)) {
        throw new ColorshineError(
          'OUTPUT_IS_INPUT',
          `${job.output}: expected an output other than the input, got a link to it`,
        );
      }
      let report: JobReport | undefined;
      await writeWhole(target, async (temp) => {
        ({ report } = await encode(toFile(temp)));
        if (!(await mayWrite([job.output]))) {
          throw new ColorshineError('JOB_SUPERSEDED', `${job.output}: its build is over, or a newer one makes it`);
        }
      });
      outcomes.push({ output: job.output, report: report as unknown as JobReport });
    } catch (failure) {
      if (!(failure instanceof ColorshineError) || OF_INPUT.has(failure.code)) throw failure;
      outcomes.push({ output: job.output, error: { code: failure.code, message: failure.message } });
    }
  }
  return outcomes;
}

async function countOne(task: CensusTask, context: TaskContext) {
  const { root, engine, onStage } = context;
  const { input, inputHash, run, target } = task;
  const image = await openImage(await resolveInRoot(root, input, 'INVALID_JOB'), {
    ...readingOf(task),
    name: input,
  });
  const pool = createCensusPool();
  try {
    if ((await image.hash()) !== inputHash) throw inputChanged(input, root);
    const { backend } = await engine.select();
    await pool.addImage(image, { backend, onStage });
  } finally {
    await image.close();
  }
  return store(pool, run, target, context);
}

async function merge({ sources, run, target }: MergeTask, context: TaskContext) {
  return store(await gather(sources, context.root, run), run, target, context);
}

async function plan({ sources, recipes, run }: PlanTask, { root }: TaskContext) {
  const pool = await gather(sources, root, run);
  return recipes.map((recipe) => pool.plan(recipe));
}

async function gather(sources: readonly string[], root: string, run: string): Promise<CensusPool> {
  const pool = createCensusPool();
  for (const name of sources) {
    const path = await resolveInRoot(root, join(censusFolder(root, run), name), 'INVALID_JOB');
    for (const part of await decodeCensuses(await readInput(path), path)) pool.addCensus(part);
  }
  return pool;
}

async function store(pool: CensusPool, run: string, name: string, { root, mayWrite }: TaskContext) {
  const parts = pool.parts();
  const bytes = await encodeCensuses(parts);
  const path = await resolveInRoot(root, join(censusFolder(root, run), name), 'INVALID_JOB');
  if (!(await mayWrite([]))) throw new ColorshineError('JOB_SUPERSEDED', 'the build that asked is over');
  // The build has made the folder, and deletes it at its end: made anew it would stay for ever.
  await access(dirname(path)).catch(() => {
    throw new ColorshineError('OUTPUT_UNWRITABLE', `${path}: expected the folder of the build, found none`);
  });
  await writeWhole(path, (temp) => writeFile(temp, bytes));
  return { colors: parts.reduce((sum, { census }) => sum + census.colors.length, 0), bytes: bytes.length };
}
