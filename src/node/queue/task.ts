/**
 * READ FIRST. What travels on the queue: tasks as plain JSON, checked by whoever takes one, and their results. Pictures stay
 * in the root, the folder that build and workers share.
 */
import { createHash } from 'node:crypto';
import { ERROR_CODES } from '../../core/errors.js';
import {
  ColorshineError,
  checkPlan,
  type ErrorCode,
  makeRecipe,
  type Plan,
  quote,
  type Recipe,
  type RecipeInput,
} from '../../core/index.js';
import { checkInteger, checkList, checkObject, checkText } from '../../core/options.js';
import { checkHash, checkReport, FILE_SIZE_RANGE } from '../build/check-report.js';
import { ENGINE } from '../build/engine-id.js';
import { checkJob, checkRootPath, isPlanOf, type RecolorJob } from '../build/job.js';
import type { JobReport } from '../build/run-job.js';
import { formatFromPath } from '../image/format-names.js';
import { READING_KEYS, type Reading, readingOf } from '../image/reading-options.js';

/** Raised when the tasks change: workers of another version do not see each other's. */
const TASK_VERSION = 1;
export const DEFAULT_QUEUE = 'colorshine';
export const QUEUE_PREFIX = 'colorshine';
/** Seconds that an attempt may take. */
export const TIMEOUT_RANGE_S = { min: 1, max: 86_400 } as const;
export const DEFAULT_TIMEOUT_S = 300;
const NAMES_RANGE = { min: 1, max: 4096 } as const;
const COLORS_RANGE = { min: 0, max: 2 ** 25 } as const;
const MAX_MESSAGE_LENGTH = 4096;
const BAD = 'INVALID_JOB';

/** Of every task: which build asked, and how long an attempt may take. */
interface TaskBase {
  /** 16 hex digits. */
  readonly run: string;
  readonly timeoutS: number;
}

/** Makes all outputs of one picture and writes them into the root. */
export interface RecolorTask extends TaskBase {
  readonly kind: 'recolor';
  /** At least one, all of one input. */
  readonly jobs: readonly RecolorJob[];
  /** SHA-256 of the input: a worker whose root holds another file refuses. */
  readonly inputHash: string;
}

/** Map: counts the colors of one picture into a census file. */
export interface CensusTask extends TaskBase, Reading {
  readonly kind: 'census';
  readonly input: string;
  readonly inputHash: string;
  /** Name of the census file, such as `c12`. */
  readonly target: string;
}

/** Reduce: adds census files into one. */
export interface MergeTask extends TaskBase {
  readonly kind: 'merge';
  /** In the order of the inputs: the first picture's gamut names the plan's. */
  readonly sources: readonly string[];
  readonly target: string;
}

/** The end of it: freezes each recipe's radii on all census files together. */
export interface PlanTask extends TaskBase {
  readonly kind: 'plan';
  readonly sources: readonly string[];
  readonly recipes: readonly Recipe[];
}

export type Task = RecolorTask | CensusTask | MergeTask | PlanTask;
export type TaskKind = Task['kind'];

/** How one output ended. */
export interface OutputOutcome {
  readonly output: string;
  readonly report?: JobReport;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

export interface TaskResults {
  readonly recolor: readonly OutputOutcome[];
  readonly census: { readonly colors: number; readonly bytes: number };
  readonly merge: { readonly colors: number; readonly bytes: number };
  readonly plan: readonly Plan[];
}
export type TaskResult = TaskResults[TaskKind];

/** The queue's name in Redis. Builds and workers of other versions, which could give other bytes, use another one. */
export function queueKey(name: string): string {
  const engine = createHash('sha256').update(`${TASK_VERSION} ${ENGINE}`).digest('hex').slice(0, 8);
  return `${name}-${engine}`;
}

/** @throws INVALID_OPTION for a name that Redis tools or BullMQ would trip over */
export function checkQueueName(name: string): string {
  if (/^[\w.-]{1,64}$/.test(name)) return name;
  throw new ColorshineError(
    'INVALID_OPTION',
    `--queue-name: expected 1 to 64 letters, digits, dots, hyphens and underscores, got ${quote(name)}`,
  );
}

/** Redis key that stands for as long as the build runs. */
export function runKey(queue: string, run: string): string {
  return `${QUEUE_PREFIX}:${queue}:run:${run}`;
}

/** Redis key that holds the run which may write an output. */
export function ownerKey(queue: string, output: string): string {
  return `${QUEUE_PREFIX}:${queue}:owner:${createHash('sha256').update(output).digest('hex').slice(0, 32)}`;
}

/**
 * Checks a task that came from Redis. Nothing in it is ever executed; it may only write images. Where the links of its paths lead
 * is seen where they are used.
 *
 * @throws INVALID_JOB, and the codes of a job's parts
 */
export function checkTask(value: unknown): Task {
  const kind = (value as Partial<Task> | null)?.kind;
  const keys = typeof kind === 'string' && Object.hasOwn(KEYS, kind) ? KEYS[kind] : undefined;
  if (!keys) throw invalid('kind', `one of ${Object.keys(KEYS).join(', ')}`, kind);
  const task = checkObject(value, 'task', ['kind', 'run', 'timeoutS', ...keys], BAD) as unknown as Task;
  checkText(task.run, 'task: run', /^[0-9a-f]{16}$/, '16 hex digits', BAD);
  checkInteger(task.timeoutS, 'task: timeoutS', TIMEOUT_RANGE_S, BAD);
  switch (task.kind) {
    case 'recolor': {
      checkHash(task.inputHash, 'task: inputHash', BAD);
      const jobs = checkList(task.jobs, 'task: jobs', NAMES_RANGE, BAD).map(checkJob);
      const other = jobs.find(({ input }) => input !== (jobs[0] as RecolorJob).input);
      if (other) throw invalid('jobs', 'jobs of one input', other.input);
      const odd = jobs.find(({ output }) => formatFromPath(output) === undefined);
      if (odd) throw invalid('jobs', 'outputs that end in .jpg, .png, .webp, .gif, .tif or .avif', odd.output);
      return { ...task, jobs };
    }
    case 'census':
      checkHash(task.inputHash, 'task: inputHash', BAD);
      checkRootPath(task.input, 'task: input', BAD);
      checkText(task.target, 'task: target', CENSUS_NAME, 'a name such as c12', BAD);
      readingOf(task, 'task: ');
      return task;
    case 'merge':
      checkSources(task.sources);
      checkText(task.target, 'task: target', CENSUS_NAME, 'a name such as c12', BAD);
      return task;
    case 'plan': {
      checkSources(task.sources);
      const recipes = checkList(task.recipes, 'task: recipes', NAMES_RANGE, BAD);
      return { ...task, recipes: recipes.map((recipe) => makeRecipe(recipe as RecipeInput)) };
    }
  }
}

/** What a worker allows, whatever a task asks for: whoever may write to Redis must not decide how much of a machine he gets. */
export interface TaskLimits {
  readonly maxPixels: number;
  readonly timeoutS: number;
}

/** The task with the smaller of its own limits and the worker's. */
export function limitTask(task: Task, { maxPixels, timeoutS }: TaskLimits): Task {
  const limit = <T extends Reading>(given: T): T => ({
    ...given,
    maxPixels: Math.min(given.maxPixels ?? maxPixels, maxPixels),
  });
  const base = { timeoutS: Math.min(task.timeoutS, timeoutS) };
  if (task.kind === 'recolor') return { ...task, ...base, jobs: task.jobs.map(limit) };
  return task.kind === 'census' ? { ...limit(task), ...base } : { ...task, ...base };
}

/**
 * Checks what came back from Redis as the result of a task, against the task. What it says of files is for the caller to see.
 *
 * @throws INVALID_JOB, and the codes of a report's parts
 */
export function checkTaskResult(task: Task, value: unknown): TaskResult {
  switch (task.kind) {
    case 'recolor':
      return checkList(value, 'result', { min: task.jobs.length, max: task.jobs.length }, BAD).map((outcome) =>
        checkOutcome(outcome, task),
      );
    case 'census':
    case 'merge': {
      const { colors, bytes } = checkObject(value, 'result', ['colors', 'bytes'], BAD);
      return {
        colors: checkInteger(colors, 'result: colors', COLORS_RANGE, BAD),
        bytes: checkInteger(bytes, 'result: bytes', FILE_SIZE_RANGE, BAD),
      };
    }
    case 'plan': {
      const { length } = task.recipes;
      return checkList(value, 'result', { min: length, max: length }, BAD).map((item, i) => {
        const plan = checkPlan(item);
        if (isPlanOf(plan, task.recipes[i] as Recipe)) return plan;
        throw new ColorshineError(BAD, `result: expected a plan of recipe ${i + 1}, got one of another`);
      });
    }
  }
}

function checkOutcome(value: unknown, { jobs, inputHash }: RecolorTask): OutputOutcome {
  const { output, report, error } = checkObject(value, 'result', ['output', 'report', 'error'], BAD);
  const job = jobs.find((one) => one.output === output);
  if (!job) throw new ColorshineError(BAD, `result: expected an output of the task, got ${quote(output)}`);
  if (report === undefined) {
    const { code, message } = checkObject(error, 'result: error', ['code', 'message'], BAD);
    return { output: job.output, error: readFailure(code, message) };
  }
  const checked = checkReport(report, job, 'result: report', BAD);
  if (checked.inputHash === inputHash) return { output: job.output, report: checked };
  throw new ColorshineError(BAD, `result: report: expected one of the task's input, got ${checked.inputHash}`);
}

/** A failure that came from Redis: one of the codes that a task may have, and a sentence of bounded length. */
export function readFailure(code: unknown, message: unknown): { readonly code: ErrorCode; readonly message: string } {
  const text = typeof message === 'string' ? message : quote(message);
  const known = ERROR_CODES.find((one) => one === code && one !== 'CANCELED');
  return { code: known ?? 'JOB_FAILED', message: text.slice(0, MAX_MESSAGE_LENGTH) };
}

const CENSUS_NAME = /^[cm]\d{1,9}$/;
const KEYS: Readonly<Record<TaskKind, readonly string[]>> = {
  recolor: ['jobs', 'inputHash'],
  census: ['input', 'inputHash', 'target', ...READING_KEYS],
  merge: ['sources', 'target'],
  plan: ['sources', 'recipes'],
};

function checkSources(sources: unknown): void {
  for (const source of checkList(sources, 'task: sources', NAMES_RANGE, BAD)) {
    checkText(source, 'task: sources', CENSUS_NAME, 'names such as c12', BAD);
  }
}

function invalid(key: string, expected: string, given: unknown): ColorshineError {
  return new ColorshineError(BAD, `task: ${key}: expected ${expected}, got ${quote(given)}`);
}
