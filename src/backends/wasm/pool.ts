import { ColorshineError } from '../../core/errors.js';
import type { Job, JobResult } from './jobs.js';
import type { FromWorker, ToWorker } from './worker.js';

/** A worker of Node or of a page, as far as the pool needs one. */
export interface WorkerHandle {
  post(message: ToWorker, transfer: ArrayBuffer[]): void;
  /** Called once by the pool, before the first `post`. */
  listen(onMessage: (message: FromWorker) => void, onCrash: (reason: string) => void): void;
  /** Whether the worker keeps the process alive; Node only. */
  hold(alive: boolean): void;
  terminate(): void;
}

/** Workers that wait for jobs. Broken for good after the first failure: its owner goes on without it. */
export interface Pool {
  readonly size: number;
  /** True when all workers see a SharedArrayBuffer. */
  readonly sharesMemory: boolean;
  /**
   * Gives one job to each worker and waits for all.
   *
   * @param jobs at most `size`
   * @param own runs on the calling thread meanwhile
   * @throws BACKEND_FAILED when a worker crashes, runs out of memory or misses the deadline
   */
  run(jobs: readonly Job[], own?: () => void): Promise<JobResult[]>;
  /**
   * Gives one job to the first worker that has nothing to do.
   *
   * @param makeJob called when there is one
   * @throws BACKEND_FAILED as `run`
   */
  runOnFree(makeJob: () => Job): Promise<JobResult>;
  dispose(): void;
}

/** How workers come into being: `startNodePool` or `startBrowserPool`. */
export type StartPool = (module: WebAssembly.Module, size: number) => Promise<Pool>;

/** A start takes 50 ms; a page policy that silently drops workers shows only as silence. */
const START_DEADLINE_MS = 10_000;
/** All 2^24 colors with 64 attractors take a slow machine a minute. */
const JOB_DEADLINE_MS = 120_000;

interface Waiting {
  readonly done: (result: JobResult) => void;
  readonly failed: (error: ColorshineError) => void;
}

/** @throws BACKEND_FAILED when a worker does not come up */
export async function createPool(
  handles: readonly WorkerHandle[],
  module: WebAssembly.Module,
  sharesMemory: boolean,
): Promise<Pool> {
  const waiting = new Map<number, Waiting>();
  let nextId = 0;
  let broken: ColorshineError | undefined;
  let markReady: () => void = () => {};
  let readyCount = 0;

  function fail(reason: string): void {
    broken ??= new ColorshineError('BACKEND_FAILED', `backend wasm: a worker failed: ${reason}`);
    for (const { failed } of waiting.values()) failed(broken);
    waiting.clear();
    for (const handle of handles) handle.terminate();
  }

  function receive(message: FromWorker): void {
    if (message.type === 'failed') fail(message.message);
    else if (message.type === 'ready') {
      if (++readyCount === handles.length) markReady();
    } else {
      waiting.get(message.id)?.done(message.result);
      waiting.delete(message.id);
    }
  }

  const ready = new Promise<JobResult>((resolve, reject) => {
    markReady = () => resolve({});
    waiting.set(-1, { done: resolve, failed: reject });
  });
  for (const handle of handles) {
    handle.listen(receive, fail);
    handle.post({ type: 'start', module }, []);
  }
  await withDeadline(ready, START_DEADLINE_MS, fail);
  waiting.delete(-1);
  for (const handle of handles) handle.hold(false);

  function give(handle: WorkerHandle, job: Job): Promise<JobResult> {
    const id = nextId++;
    // Otherwise a process with nothing else to do would end while it waits.
    handle.hold(true);
    return new Promise<JobResult>((done, failed) => {
      waiting.set(id, { done, failed });
      handle.post({ type: 'job', id, job }, movedWith(job));
    }).finally(() => handle.hold(false));
  }

  /** Workers without a job of `runOnFree`, the one to take at the end: whose memory is still warm. Who waits for one. */
  const free = [...handles].reverse();
  const queue: ((handle: WorkerHandle) => void)[] = [];

  return {
    size: handles.length,
    sharesMemory,
    async runOnFree(makeJob) {
      const handle = free.pop() ?? (await new Promise<WorkerHandle>((resolve) => queue.push(resolve)));
      try {
        if (broken) throw broken;
        return await withDeadline(give(handle, makeJob()), JOB_DEADLINE_MS, fail);
      } finally {
        const next = queue.shift();
        if (next) next(handle);
        else free.push(handle);
      }
    },
    async run(jobs, own) {
      if (broken) throw broken;
      const results = jobs.map((job, i) => give(handles[i] as WorkerHandle, job));
      const all = Promise.all(results);
      all.catch(() => {}); // looked at below; `own` may run long after a worker has failed
      own?.();
      return withDeadline(all, JOB_DEADLINE_MS, fail);
    },
    dispose() {
      broken ??= new ColorshineError('BACKEND_FAILED', 'backend wasm: used after dispose');
      fail('disposed');
    },
  };
}

/** The memory that goes to the worker instead of being copied. */
function movedWith(job: Job): ArrayBuffer[] {
  switch (job.kind) {
    case 'pull-moved':
      return [job.colors.buffer];
    case 'lone':
      return [job.data.buffer];
    default:
      return [];
  }
}

async function withDeadline<T>(promise: Promise<T>, milliseconds: number, fail: (reason: string) => void): Promise<T> {
  const timer = setTimeout(() => fail(`no answer within ${milliseconds / 1000} s`), milliseconds);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}
