/**
 * READ FIRST. What travels on the queue: tasks as plain JSON, checked by whoever takes one, and their results. Pictures stay
 * in the root, the folder that build and workers share.
 */
import { createHash } from 'node:crypto';
import { ColorshineError, makeRecipe, type Plan, quote, type Recipe, type RecipeInput } from '../../core/index.js';
import { checkInteger, checkObject } from '../../core/options.js';
import { ENGINE } from '../build/engine-id.js';
import { checkJob, type RecolorJob } from '../build/job.js';
import type { JobReport } from '../build/run-job.js';

/** Raised when the tasks change: workers of another version do not see each other's. */
const TASK_VERSION = 1;
export const DEFAULT_QUEUE = 'colorshine';
export const QUEUE_PREFIX = 'colorshine';
const TIMEOUT_RANGE_S = { min: 1, max: 86_400 } as const;
const MAX_NAMES = 4096;

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
export interface CensusTask extends TaskBase {
  readonly kind: 'census';
  readonly input: string;
  readonly inputHash: string;
  readonly maxPixels?: number;
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
  readonly error?: { readonly code: string; readonly message: string };
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
 * Checks a task that came from Redis. Nothing in it is ever executed; its paths are checked against the root where they are
 * used.
 *
 * @throws INVALID_JOB, and the codes of a job's parts
 */
export function checkTask(value: unknown): Task {
  const kind = (value as Partial<Task> | null)?.kind;
  const keys = typeof kind === 'string' && Object.hasOwn(KEYS, kind) ? KEYS[kind] : undefined;
  if (!keys) throw invalid('kind', `one of ${Object.keys(KEYS).join(', ')}`, kind);
  const task = checkObject(value, 'task', ['kind', 'run', 'timeoutS', ...keys], 'INVALID_JOB') as unknown as Task;
  pattern(task.run, 'run', /^[0-9a-f]{16}$/, '16 hex digits');
  checkInteger(task.timeoutS, 'task: timeoutS', TIMEOUT_RANGE_S);
  switch (task.kind) {
    case 'recolor': {
      pattern(task.inputHash, 'inputHash', HASH, '64 hex digits');
      const jobs = list(task.jobs, 'jobs').map(checkJob);
      const other = jobs.find(({ input }) => input !== (jobs[0] as RecolorJob).input);
      if (other) throw invalid('jobs', 'jobs of one input', other.input);
      return { ...task, jobs };
    }
    case 'census':
      pattern(task.inputHash, 'inputHash', HASH, '64 hex digits');
      pattern(task.input, 'input', /./, 'a path');
      pattern(task.target, 'target', CENSUS_NAME, 'a name such as c12');
      if (task.maxPixels !== undefined) checkInteger(task.maxPixels, 'task: maxPixels', { min: 1, max: 2 ** 53 - 1 });
      return task;
    case 'merge':
      checkSources(task.sources);
      pattern(task.target, 'target', CENSUS_NAME, 'a name such as c12');
      return task;
    case 'plan':
      checkSources(task.sources);
      return { ...task, recipes: list(task.recipes, 'recipes').map((recipe) => makeRecipe(recipe as RecipeInput)) };
  }
}

const HASH = /^[0-9a-f]{64}$/;
const CENSUS_NAME = /^[cm]\d{1,9}$/;
const KEYS: Readonly<Record<TaskKind, readonly string[]>> = {
  recolor: ['jobs', 'inputHash'],
  census: ['input', 'inputHash', 'maxPixels', 'target'],
  merge: ['sources', 'target'],
  plan: ['sources', 'recipes'],
};

function checkSources(sources: unknown): void {
  for (const source of list(sources, 'sources')) pattern(source, 'sources', CENSUS_NAME, 'names such as c12');
}

function list(value: unknown, key: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0 && value.length <= MAX_NAMES) return value;
  throw invalid(key, `a list of 1 to ${MAX_NAMES}`, value);
}

function pattern(value: unknown, key: string, expected: RegExp, words: string): void {
  if (typeof value !== 'string' || !expected.test(value)) throw invalid(key, words, value);
}

function invalid(key: string, expected: string, given: unknown): ColorshineError {
  return new ColorshineError('INVALID_JOB', `task: ${key}: expected ${expected}, got ${quote(given)}`);
}
