import { randomBytes } from 'node:crypto';
import type { Job, Queue, QueueEvents } from 'bullmq';
import { messageOf } from '../../core/errors.js';
import { type Cancel, ColorshineError } from '../../core/index.js';
import type { Stage } from '../pipeline/stage.js';
import type { QueueConnection } from './connect.js';
import {
  checkTaskResult,
  ownerKey,
  QUEUE_PREFIX,
  queueKey,
  readFailure,
  runKey,
  type Task,
  type TaskKind,
  type TaskResults,
} from './task.js';

/** What a task still lacks: the run fills it in. */
export type TaskDraft = Task extends infer T ? (T extends Task ? Omit<T, 'run' | 'timeoutS'> : never) : never;

/** What a run tells while it waits. `label` is the task's own. */
export type RunEvent =
  | { readonly event: 'started' | 'takeover'; readonly label: string }
  | { readonly event: 'stage'; readonly label: string; readonly stage: Stage }
  | { readonly event: 'retry'; readonly label: string; readonly message: string }
  /** Nobody works on the queue. */
  | { readonly event: 'no-worker' };

export interface QueueRunOptions {
  readonly connection: QueueConnection;
  readonly queueName: string;
  /** Of each task: 1 tries once. */
  readonly attempts: number;
  readonly timeoutS: number;
  readonly onEvent: (event: RunEvent) => void;
}

/** One build's tasks on a queue. */
export interface QueueRun {
  /** Names the run in Redis and in the root. */
  readonly id: string;
  /** @returns what the task gave. @throws ColorshineError of the task, or CANCELED after `stop` */
  submit<K extends TaskKind>(draft: Extract<TaskDraft, { kind: K }>, label: string): Promise<TaskResults[K]>;
  /** Takes back what no worker has begun, and ends. Every task that still waits is CANCELED. */
  stop(): Promise<void>;
}

/** The build's sign of life; without it workers drop its tasks. */
const ALIVE_S = 60;
const BEAT_MS = 10_000;
/** For events that got lost with a connection. */
const LOOK_MS = 10_000;
/** So long without any sign a run asks whether anybody works. */
const LONELY_MS = 3_000;
/** How long a claim on an output outlives its build, so that a forgotten task of an older one cannot undo it. */
const OWNER_S = 7 * 24 * 3600;
const BACKOFF_MS = 1000;
/** Without a connection an end does not wait for one. */
const LOST_MS = 500;
/** A result that nobody fetched goes away. */
const KEEP_S = 24 * 3600;
const MAX_RESUBMITS = 5;
const STAGES: Readonly<Record<Stage, true>> = { decode: true, recolor: true, encode: true };

interface Pending {
  readonly task: Task;
  readonly label: string;
  readonly done: (result: never) => void;
  readonly fail: (error: ColorshineError) => void;
  readonly resubmits: number;
  /** False until Redis has it. */
  isAdded: boolean;
}

/** Begins a run: from now on tasks can be submitted. Call `stop` at its end, whatever happened. */
export async function startRun(options: QueueRunOptions): Promise<QueueRun> {
  const { connection, queueName } = options;
  const { bullmq, redis } = connection;
  const key = queueKey(queueName);
  const shared = { connection: redis, prefix: QUEUE_PREFIX };
  const queue: Queue = new bullmq.Queue(key, shared);
  const [last] = await redis.xrevrange(`${QUEUE_PREFIX}:${key}:events`, '+', '-', 'COUNT', 1);
  // From where the stream ends now, so that nothing is missed before it listens.
  const events: QueueEvents = new bullmq.QueueEvents(key, { ...shared, lastEventId: last?.[0] ?? '0-0' });
  queue.on('error', () => undefined); // told by the connection itself
  events.on('error', () => undefined);
  const run = new Run(options, queue, events);
  await run.begin();
  return run;
}

class Run implements QueueRun {
  readonly id = randomBytes(8).toString('hex');
  private readonly pending = new Map<string, Pending>();
  private readonly timers: NodeJS.Timeout[] = [];
  private count = 0;
  private stopping: Promise<void> | undefined;
  private isLooking = false;
  private lastSign = performance.now();

  constructor(
    private readonly options: QueueRunOptions,
    private readonly queue: Queue,
    private readonly events: QueueEvents,
  ) {}

  async begin(): Promise<void> {
    await this.beat();
    this.listen();
    await Promise.all([this.queue.waitUntilReady(), this.events.waitUntilReady()]);
    this.timers.push(setInterval(() => void this.beat().catch(() => undefined), BEAT_MS));
    this.timers.push(setInterval(() => void this.look().catch(() => undefined), LOOK_MS));
    this.timers.push(setInterval(() => void this.checkWorkers().catch(() => undefined), LONELY_MS));
    this.options.connection.redis.on('ready', this.onReady);
  }

  submit<K extends TaskKind>(draft: Extract<TaskDraft, { kind: K }>, label: string): Promise<TaskResults[K]> {
    const task = { ...draft, run: this.id, timeoutS: this.options.timeoutS } as unknown as Task;
    return new Promise((done, fail) => {
      const pending: Pending = {
        task,
        label,
        done: done as (result: never) => void,
        fail,
        resubmits: 0,
        isAdded: false,
      };
      if (this.stopping) return fail(canceled());
      if (this.pending.size === 0) this.lastSign = performance.now();
      this.add(pending).catch((error: Error) => fail(this.describe(error.message)));
    });
  }

  stop(): Promise<void> {
    return (this.stopping ??= this.end());
  }

  private async end(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    const { redis } = this.options.connection;
    redis.off('ready', this.onReady);
    const waiting = [...this.pending];
    this.pending.clear();
    for (const [, { fail }] of waiting) fail(canceled());
    if (redis.status === 'ready') {
      await redis.del(runKey(this.queue.name, this.id)); // what a worker begins from now on it drops
      // One that a worker has begun cannot be removed; it ends by itself.
      await Promise.all(waiting.map(([id]) => this.queue.remove(id).catch(() => 0)));
    }
    const closing = Promise.all([this.events.close(), this.queue.close()]).catch(() => undefined);
    await Promise.race([closing, this.options.connection.whenLost(LOST_MS)]);
  }

  private readonly onReady = (): void => void this.look().catch(() => undefined);

  private async add(pending: Pending): Promise<void> {
    const id = `${this.id}-${++this.count}`;
    pending.isAdded = false;
    this.pending.set(id, pending);
    try {
      await this.send(id, pending.task);
      pending.isAdded = true;
    } catch (error) {
      this.pending.delete(id);
      throw error;
    }
  }

  private async send(id: string, task: Task): Promise<void> {
    const { attempts, connection } = this.options;
    if (task.kind === 'recolor') {
      const claims = connection.redis.pipeline();
      for (const { output } of task.jobs) claims.set(ownerKey(this.queue.name, output), this.id, 'EX', OWNER_S);
      await claims.exec();
    }
    await this.queue.add(task.kind, task, {
      jobId: id,
      attempts,
      backoff: { type: 'exponential', delay: BACKOFF_MS },
      removeOnComplete: { age: KEEP_S },
      removeOnFail: { age: KEEP_S },
      stackTraceLimit: 0,
    });
  }

  private listen(): void {
    const label = (jobId: string): string | undefined => {
      const found = this.pending.get(jobId);
      if (found) this.lastSign = performance.now();
      return found?.label;
    };
    const tell = (event: 'started' | 'takeover', jobId: string): void => {
      const name = label(jobId);
      if (name !== undefined) this.options.onEvent({ event, label: name });
    };
    this.events.on('active', ({ jobId }) => tell('started', jobId));
    this.events.on('stalled', ({ jobId }) => tell('takeover', jobId));
    this.events.on('progress', ({ jobId, data }) => {
      const name = label(jobId);
      if (name === undefined || typeof data !== 'string' || !Object.hasOwn(STAGES, data)) return;
      this.options.onEvent({ event: 'stage', label: name, stage: data as Stage });
    });
    this.events.on('delayed', ({ jobId }) => {
      if (label(jobId) !== undefined) void this.tellRetry(jobId).catch(() => undefined);
    });
    this.events.on('completed', ({ jobId, returnvalue }) => this.settle(jobId, returnvalue as unknown));
    this.events.on('failed', ({ jobId, failedReason }) => this.settle(jobId, undefined, failedReason));
  }

  private async tellRetry(jobId: string): Promise<void> {
    const job: Job | undefined = await this.queue.getJob(jobId);
    const pending = this.pending.get(jobId);
    if (!job?.failedReason || !pending) return;
    this.options.onEvent({ event: 'retry', label: pending.label, message: this.describe(job.failedReason).message });
  }

  private settle(jobId: string, result: unknown, failure?: string): void {
    const pending = this.pending.get(jobId);
    if (!pending) return;
    this.lastSign = performance.now();
    this.pending.delete(jobId);
    void this.queue.remove(jobId).catch(() => 0); // results are not left in Redis
    if (failure === undefined) {
      try {
        pending.done(checkTaskResult(pending.task, result) as never);
      } catch (error) {
        const reason = messageOf(error);
        pending.fail(
          new ColorshineError('JOB_FAILED', `${pending.label}: a member of the queue gave a false result: ${reason}`),
        );
      }
      return;
    }
    const error = this.describe(failure);
    // Dropped by a worker while this side was cut off, though the build goes on.
    if (error.code === 'JOB_SUPERSEDED' && pending.resubmits < MAX_RESUBMITS) void this.resubmit(pending, error);
    else pending.fail(error);
  }

  /** Submits again what workers dropped, unless a newer build owns the outputs. */
  private async resubmit(pending: Pending, error: ColorshineError): Promise<void> {
    const { task } = pending;
    const { redis } = this.options.connection;
    try {
      const outputs = task.kind === 'recolor' ? task.jobs.map(({ output }) => output) : [];
      const owners =
        outputs.length > 0 ? await redis.mget(outputs.map((output) => ownerKey(this.queue.name, output))) : [];
      if (owners.some((owner) => owner !== null && owner !== this.id)) return pending.fail(error);
      await this.beat();
      await this.add({ ...pending, resubmits: pending.resubmits + 1 });
    } catch {
      pending.fail(error);
    }
  }

  private async beat(): Promise<void> {
    await this.options.connection.redis.set(runKey(this.queue.name, this.id), '1', 'EX', ALIVE_S);
  }

  /** Asks Redis for every task that has not ended: events get lost with a connection, jobs with a server's memory. */
  private async look(): Promise<void> {
    if (this.isLooking || this.stopping || this.options.connection.redis.status !== 'ready') return;
    this.isLooking = true;
    try {
      await this.beat();
      for (const [id, pending] of [...this.pending]) {
        const job: Job | undefined = await this.queue.getJob(id);
        if (!this.pending.has(id) || !pending.isAdded) continue;
        if (!job) {
          this.pending.delete(id);
          await this.add(pending); // the server forgot it
        } else if (job.finishedOn && job.failedReason) this.settle(id, undefined, job.failedReason);
        else if (job.finishedOn) this.settle(id, job.returnvalue);
      }
    } finally {
      this.isLooking = false;
    }
  }

  private async checkWorkers(): Promise<void> {
    const isLonely = this.pending.size > 0 && performance.now() - this.lastSign >= LONELY_MS;
    if (!isLonely || this.options.connection.redis.status !== 'ready') return;
    // Some hosted servers do not list their clients.
    const workers = await this.queue.getWorkersCount().catch(() => 1);
    if (workers === 0) this.options.onEvent({ event: 'no-worker' });
  }

  /** `CODE: message`, as workers fail, or BullMQ's own words. */
  private describe(reason: string): ColorshineError {
    const match = /^([A-Z_]+): (.*)$/s.exec(reason);
    if (match) {
      const { code, message } = readFailure(match[1], match[2]);
      return new ColorshineError(code, message);
    }
    if (/stalled more than/.test(reason)) {
      return new ColorshineError(
        'JOB_FAILED',
        'expected a worker to finish it, but every worker that began it vanished',
      );
    }
    const { code, message } = readFailure(undefined, this.options.connection.address.redact(String(reason)));
    return new ColorshineError(code, message);
  }
}

function canceled(): ColorshineError {
  return new ColorshineError('CANCELED', 'canceled');
}

/** Stops a run when a signal is raised. @returns a function that ends the watch */
export function stopOnCancel(run: QueueRun, signal: Cancel | undefined): () => void {
  if (!signal) return () => undefined;
  const timer = setInterval(() => {
    if (signal.aborted) void run.stop();
  }, 100);
  return () => clearInterval(timer);
}
