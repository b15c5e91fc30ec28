import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { startCli } from './run-cli.js';

// A build in this process and the built workers must be of one version to share a queue.
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
Object.assign(globalThis, { COLORSHINE_VERSION: version });
export const { connectQueue } = await import('../../src/node/queue/connect.js');
export const { startRun } = await import('../../src/node/queue/queue-run.js');
export const { poolPlans } = await import('../../src/node/queue/pooled-plans.js');
export const { censusFolder } = await import('../../src/node/queue/census-folder.js');
export const { queueKey, runKey } = await import('../../src/node/queue/task.js');
export const { ENGINE } = await import('../../src/node/build/engine-id.js');
export const { runJob, hashBytes } = await import('../../src/node/build/index.js');

/** A queue name that no other test uses. */
export function uniqueQueue(): string {
  return `test-${randomBytes(6).toString('hex')}`;
}

/** One line of a worker's `--json`. */
export interface WorkerLine {
  readonly event: string;
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly willRetry?: boolean;
  readonly attempt?: number;
}

export interface RunningWorker {
  readonly process: ChildProcess;
  /** All that it has said so far. */
  readonly lines: readonly WorkerLine[];
  /** Standard output and standard error together. */
  output(): string;
  /** Resolves with the first line, also an earlier one, that fits. */
  until(fits: (line: WorkerLine) => boolean): Promise<WorkerLine>;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

const workers = new Set<ChildProcess>();

/** Starts the built `colorshine worker` as a process of its own, and waits until it is ready. */
export async function startWorkerProcess(args: readonly string[], cwd: string): Promise<RunningWorker> {
  const child = startCli(['worker', '--json', ...args], cwd);
  workers.add(child);
  const lines: WorkerLine[] = [];
  const waiting: (() => void)[] = [];
  let output = '';
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk;
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() as string;
    lines.push(...parts.map((line) => JSON.parse(line) as WorkerLine));
    for (const wake of waiting.splice(0)) wake();
  });
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk));
  const ended = new Promise<number | null>((done) => child.once('close', done));
  ended.then(() => {
    workers.delete(child);
    for (const wake of waiting.splice(0)) wake();
  });
  const worker: RunningWorker = {
    process: child,
    lines,
    ended,
    output: () => output,
    async until(fits) {
      for (;;) {
        const found = lines.find(fits);
        if (found) return found;
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the worker has ended:\n${output}`);
        await new Promise<void>((wake) => waiting.push(wake));
      }
    },
  };
  await worker.until(({ event }) => event === 'ready');
  return worker;
}

/** Ends every worker that still runs, at once. */
export async function killWorkers(): Promise<void> {
  for (const child of workers) child.kill('SIGKILL');
  await Promise.all([...workers].map((child) => new Promise((done) => child.once('close', done))));
}
