import { hostname } from 'node:os';
import type { Job } from 'bullmq';
import { ColorshineError, type ErrorCode, messageOf } from '../../core/errors.js';
import type { QueueConnection } from './connect.js';
import {
  checkTask,
  limitTask,
  ownerKey,
  QUEUE_PREFIX,
  queueKey,
  runKey,
  type Task,
  type TaskLimits,
  type TaskResult,
} from './task.js';
import type { TaskPool } from './task-pool.js';

/** What a worker tells while it works. */
export type WorkerEvent =
  | { readonly event: 'started'; readonly task: Task; readonly attempt: number }
  | { readonly event: 'done'; readonly task: Task; readonly result: TaskResult; readonly ms: number }
  | {
      readonly event: 'failed';
      readonly task: Task | undefined;
      readonly code: string;
      readonly message: string;
      readonly willRetry: boolean;
    }
  /** A job of a worker that is not heard of any more goes back into the queue. */
  | { readonly event: 'takeover' }
  | { readonly event: 'notice'; readonly message: string };

export interface WorkerOptions {
  readonly connection: QueueConnection;
  readonly queueName: string;
  /** Does the tasks; as many at once as `concurrency`. */
  readonly pool: TaskPool;
  readonly concurrency: number;
  /** No task gets more, whatever it asks for. */
  readonly limits: TaskLimits;
  /** After how long without a sign of life a worker's jobs are taken over by others, milliseconds. */
  readonly takeoverMs: number;
  readonly onEvent: (event: WorkerEvent) => void;
}

export interface QueueWorker {
  /** Takes no more jobs, ends when those in work are done. */
  drain(): Promise<void>;
}

/** Failures that another attempt, or another worker, may not have: all others lie in the picture or the recipe. */
const PASSING: ReadonlySet<string> = new Set<ErrorCode>([
  'INPUT_NOT_FOUND',
  'INPUT_UNREADABLE',
  'INPUT_CHANGED',
  'OUTPUT_UNWRITABLE',
  'BACKEND_FAILED',
  'JOB_FAILED',
]);
/** A picture that takes its worker down so often is given up. */
const MAX_TAKEOVERS = 3;
const RETRY_FETCH_MS = 1000;
/** A worker that is to end does not wait longer for a connection: what it has made is made again by another, the same. */
const LOST_MS = 5000;

/** Processes tasks from a queue until it is drained. */
export async function startWorker(options: WorkerOptions): Promise<QueueWorker> {
  const { connection, queueName, concurrency, takeoverMs, onEvent } = options;
  const { bullmq, redis } = connection;
  const worker = new bullmq.Worker<unknown, TaskResult>(queueKey(queueName), (job) => processJob(job, options), {
    connection: redis,
    prefix: QUEUE_PREFIX,
    name: `${hostname()}-${process.pid}`,
    concurrency,
    lockDuration: takeoverMs,
    stalledInterval: takeoverMs,
    maxStalledCount: MAX_TAKEOVERS,
    runRetryDelay: RETRY_FETCH_MS,
  });
  worker.on('stalled', () => onEvent({ event: 'takeover' }));
  worker.on('error', (error) => {
    // A lost connection is told by the connection itself.
    if (bullmqOwn(error)) onEvent({ event: 'notice', message: connection.address.redact(error.message) });
  });
  await worker.waitUntilReady();
  return { drain: () => Promise.race([worker.close(), connection.whenLost(LOST_MS)]) };
}

async function processJob(job: Job<unknown, TaskResult>, options: WorkerOptions): Promise<TaskResult> {
  const { pool, onEvent } = options;
  const { UnrecoverableError } = options.connection.bullmq;
  const began = performance.now();
  const isLast = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
  let task: Task | undefined;
  try {
    task = limitTask(checkTask(job.data), options.limits);
    const { run } = task;
    const outputs = task.kind === 'recolor' ? task.jobs.map(({ output }) => output) : [];
    const mayWrite = (paths: readonly string[]) => isWanted(options, run, paths);
    if (!(await mayWrite(outputs))) {
      throw new ColorshineError('JOB_SUPERSEDED', 'the build that asked is over, or a newer one makes its outputs');
    }
    onEvent({ event: 'started', task, attempt: job.attemptsMade + 1 });
    const onStage = (stage: string): void => void job.updateProgress(stage).catch(() => undefined);
    const result = await pool.run(task, { onStage, mayWrite });
    if (task.kind === 'recolor')
      throwForRetry(result as readonly { error?: { code: string; message: string } }[], isLast);
    onEvent({ event: 'done', task, result, ms: performance.now() - began });
    return result;
  } catch (error) {
    const { code, message } = describe(error);
    const willRetry = PASSING.has(code) && !isLast;
    onEvent({ event: 'failed', task, code, message, willRetry });
    throw willRetry ? new Error(`${code}: ${message}`) : new UnrecoverableError(`${code}: ${message}`);
  }
}

/** A job whose outputs failed in a passing way is done again as a whole; the last attempt's outcome stands as it is. */
function throwForRetry(outcomes: readonly { error?: { code: string; message: string } }[], isLast: boolean): void {
  if (isLast) return;
  const passing = outcomes.find(({ error }) => error && PASSING.has(error.code))?.error;
  if (passing) throw new ColorshineError(passing.code as ErrorCode, passing.message);
}

/** True while the build runs and no newer one has claimed an output. */
async function isWanted({ connection, queueName }: WorkerOptions, run: string, outputs: readonly string[]) {
  const queue = queueKey(queueName);
  const [alive, ...owners] = await connection.redis.mget([
    runKey(queue, run),
    ...outputs.map((output) => ownerKey(queue, output)),
  ]);
  return alive !== null && owners.every((owner) => owner === null || owner === run);
}

function describe(error: unknown): { code: string; message: string } {
  if (error instanceof ColorshineError) return { code: error.code, message: error.message };
  return { code: 'JOB_FAILED', message: `unexpected error: ${messageOf(error)}` };
}

function bullmqOwn(error: Error & { code?: string }): boolean {
  return error.code === undefined && !/connection|ECONN|EPIPE|ETIMEDOUT|reconnect/i.test(error.message);
}
