import { stat } from 'node:fs/promises';
import { ColorshineError } from '../../core/errors.js';
import type { Cancel } from '../../core/index.js';
import type { RecolorJob } from '../build/job.js';
import { resolveInRoot } from '../build/paths.js';
import type { Remote, RemoteOutcome } from '../build/remote.js';
import { hashFile } from '../files/hash-file.js';
import { connectQueue } from './connect.js';
import { poolPlans } from './pooled-plans.js';
import { type QueueRun, type RunEvent, startRun, stopOnCancel } from './queue-run.js';
import type { OutputOutcome } from './task.js';

export interface QueueRemoteOptions {
  readonly url: string;
  readonly queueName: string;
  /** Of each job: 1 tries once. */
  readonly attempts: number;
  readonly timeoutS: number;
  /** Takes back what is not begun when it is raised. */
  readonly signal?: Cancel;
  /** Receives sentences for people: retries, vanished workers, a lost connection. */
  readonly onNotice: (sentence: string) => void;
}

/** Workers on a queue in place of this process. Call `close` at the end, whatever happened. */
export interface QueueRemote extends Remote {
  close(): Promise<void>;
}

/** How long a network file system may take to show what another machine has written. */
const APPEAR_MS = 10_000;
const LOOK_AGAIN_MS = 200;

/** @throws INVALID_OPTION, QUEUE_UNAVAILABLE */
export async function openQueueRemote(options: QueueRemoteOptions): Promise<QueueRemote> {
  const { url, queueName, attempts, timeoutS, signal, onNotice } = options;
  const connection = await connectQueue(url, { onNotice });
  const stages = new Map<string, (stage: never) => void>();
  let hasToldNoWorker = false;
  const onEvent = (event: RunEvent): void => {
    if (event.event === 'stage') stages.get(event.label)?.(event.stage as never);
    const sentence = describeEvent(event, queueName, connection.address.shown);
    const isRepeated = event.event === 'no-worker' && hasToldNoWorker;
    hasToldNoWorker = event.event === 'no-worker';
    if (sentence !== undefined && !isRepeated) onNotice(sentence);
  };
  let run: QueueRun;
  try {
    run = await startRun({ connection, queueName, attempts, timeoutS, onEvent });
  } catch (error) {
    await connection.close();
    throw error;
  }
  const endWatch = stopOnCancel(run, signal);
  return {
    async make(root, jobs, inputHash, onStage) {
      const [{ input }] = jobs as readonly [RecolorJob];
      stages.set(input, onStage);
      try {
        const outcomes = await run.submit({ kind: 'recolor', jobs, inputHash }, input);
        return await Promise.all(jobs.map((job) => matchOutcome(job, outcomes, root)));
      } finally {
        stages.delete(input);
      }
    },
    measure: ({ root, onInput, ...pool }) => poolPlans(run, pool, root, onInput),
    cancel: () => run.stop(),
    async close() {
      endWatch();
      await run.stop();
      await connection.close();
    },
  };
}

/** Takes an output for made only when it is here and its bytes have the hash that the worker says. */
async function matchOutcome(job: RecolorJob, outcomes: readonly OutputOutcome[], root: string): Promise<RemoteOutcome> {
  const { report, error } = outcomes.find(({ output }) => output === job.output) ?? {};
  if (!report) {
    const { code = 'JOB_FAILED', message = `${job.output}: expected a result, got none` } = error ?? {};
    return { job, error: new ColorshineError(code, message) };
  }
  let hashed: string | undefined;
  for (const until = performance.now() + APPEAR_MS; ; ) {
    const path = await resolveInRoot(root, job.output, 'JOB_FAILED');
    const info = await stat(path).catch(() => undefined);
    const look = info && `${info.ino} ${info.size} ${info.mtimeMs}`;
    if (info?.isFile() && info.size === report.byteLength && look !== hashed) {
      if ((await hashFile(path).catch(() => undefined)) === report.hash) return { job, report };
      hashed = look; // not again before it changes
    }
    if (performance.now() > until) break;
    await new Promise((wake) => setTimeout(wake, LOOK_AGAIN_MS));
  }
  const found = hashed === undefined ? 'it is not' : 'another file is';
  return {
    job,
    error: new ColorshineError(
      'JOB_FAILED',
      `${job.output}: a worker says that it has written it, but ${found} in ${root}; is its --root the same folder?`,
    ),
  };
}

function describeEvent(event: RunEvent, queueName: string, redis: string): string | undefined {
  switch (event.event) {
    case 'retry':
      return `${event.message} (it will be tried again)`;
    case 'takeover':
      return `${event.label}: its worker has vanished; another one takes it over`;
    case 'no-worker':
      return `waiting: no worker of this version is at work on queue ${queueName}; start one with colorshine worker ${redis}`;
    default:
      return undefined;
  }
}
