import { realpath, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { type Cancel, ColorshineError, quote } from '../../core/index.js';
import { DEFAULT_MAX_PIXELS } from '../image/large-pixels.js';
import { connectQueue } from '../queue/connect.js';
import { checkQueueName, DEFAULT_QUEUE, DEFAULT_TIMEOUT_S, type Task } from '../queue/task.js';
import { createTaskPool } from '../queue/task-pool.js';
import { startWorker, type WorkerEvent } from '../queue/worker.js';
import { parseFlags } from './parse-flags.js';
import { seconds } from './print.js';
import { WORKER_FLAGS, type WorkerValues } from './project-flags.js';
import { leaveSoon } from './queue-options.js';
import { printJson, say } from './say.js';

/** As for shine: one picture decodes or encodes while another is recolored. */
const DEFAULT_CONCURRENCY = 2;
const DEFAULT_TAKEOVER_S = 15;
const POLL_MS = 100;

/** `colorshine worker`. Runs until it is told to end. @returns 0 after SIGTERM, 130 after SIGINT; both end what is in work first */
export async function runWorker(args: readonly string[], signal: Cancel): Promise<number> {
  const { values, positionals } = parseFlags(args, WORKER_FLAGS);
  const { concurrency = DEFAULT_CONCURRENCY, takeover: takeoverS = DEFAULT_TAKEOVER_S } = values;
  const { maxPixels = DEFAULT_MAX_PIXELS, jobTimeout: timeoutS = DEFAULT_TIMEOUT_S } = values;
  const limits = { maxPixels, timeoutS };
  const url = readUrl(positionals);
  const queueName = checkQueueName(values.queueName ?? DEFAULT_QUEUE);
  const root = await readRoot(values.root ?? '.');
  const tell = createSayer(values);

  const told = { terminate: false };
  process.removeAllListeners('SIGTERM'); // the default leaves at once
  process.on('SIGTERM', () => {
    told.terminate = true;
  });

  const connection = await connectQueue(url, { onNotice: (message) => tell({ event: 'notice', message }) });
  const threads = Math.max(1, Math.ceil(availableParallelism() / concurrency));
  const pool = createTaskPool({ root, threads });
  try {
    const worker = await startWorker({
      ...{ connection, queueName, pool, concurrency, limits },
      takeoverMs: takeoverS * 1000,
      onEvent: tell,
    });
    const { shown } = connection.address;
    tell({ event: 'ready', redis: shown, queue: queueName, root, concurrency });
    while (!signal.aborted && !told.terminate) await new Promise((wake) => setTimeout(wake, POLL_MS));
    // After Ctrl+C the command line has said that it stops.
    if (told.terminate || values.json) tell({ event: 'draining' });
    await worker.drain();
    tell({ event: 'ended' });
    return signal.aborted ? 130 : 0;
  } finally {
    pool.dispose();
    await connection.close();
    leaveSoon();
  }
}

type Spoken =
  | WorkerEvent
  | {
      readonly event: 'ready';
      readonly redis: string;
      readonly queue: string;
      readonly root: string;
      readonly concurrency: number;
    }
  | { readonly event: 'draining' | 'ended' };

function createSayer({ quiet, verbose = false, json }: WorkerValues): (spoken: Spoken) => void {
  if (json) return (spoken) => printJson(toJson(spoken));
  return (spoken) => {
    const isError = spoken.event === 'failed' || spoken.event === 'notice';
    if (quiet && !isError) return;
    for (const line of toLines(spoken, verbose)) say(line);
  };
}

function toLines(spoken: Spoken, verbose: boolean): string[] {
  switch (spoken.event) {
    case 'ready':
      return [
        `colorshine: working on queue ${spoken.queue} at ${spoken.redis}, ${spoken.concurrency} at once, in ${spoken.root}`,
        'colorshine: Ctrl+C ends it after the images in work',
      ];
    case 'draining':
      return ['colorshine: ending after the images in work'];
    case 'ended':
      return ['colorshine: ended'];
    case 'started':
      return verbose
        ? [`INFO: began ${nameOf(spoken.task)}${spoken.attempt > 1 ? `, attempt ${spoken.attempt}` : ''}`]
        : [];
    case 'done':
      return doneLines(spoken);
    case 'failed': {
      const { task, message, willRetry } = spoken;
      const prefix = task && !message.includes(nameOf(task)) ? `${nameOf(task)}: ` : '';
      return [`colorshine: ${prefix}${message}${willRetry ? ' (it will be tried again)' : ''}`];
    }
    case 'takeover':
      return ['colorshine: a worker has vanished; its job goes back into the queue'];
    case 'notice':
      return [`colorshine: ${spoken.message}`];
  }
}

function doneLines({ task, result, ms }: Extract<WorkerEvent, { event: 'done' }>): string[] {
  if (task.kind !== 'recolor') return [`${nameOf(task)}  ${seconds(ms)}`];
  const outcomes = result as readonly {
    output: string;
    report?: { width: number; height: number; ms: number };
    error?: { message: string };
  }[];
  return outcomes.map(({ output, report, error }) =>
    report
      ? `${task.jobs[0]?.input} -> ${output}  ${report.width} x ${report.height}, ${seconds(report.ms)}`
      : `colorshine: ${error?.message}`,
  );
}

/** What people call a task. */
function nameOf(task: Task): string {
  switch (task.kind) {
    case 'recolor':
      return (task.jobs[0] as { input: string }).input;
    case 'census':
      return `${task.input} (census)`;
    case 'merge':
      return `${task.sources.length} censuses merged`;
    case 'plan':
      return 'plan for all images';
  }
}

function toJson(spoken: Spoken): object {
  if (!('task' in spoken) || !spoken.task) return spoken;
  const { task, ...rest } = spoken;
  const outputs = task.kind === 'recolor' ? { outputs: task.jobs.map(({ output }) => output) } : {};
  return { ...rest, kind: task.kind, name: nameOf(task), run: task.run, ...outputs };
}

function readUrl(positionals: readonly string[]): string {
  const [url, ...more] = positionals;
  if (url !== undefined && more.length === 0) return url;
  throw new ColorshineError(
    'INVALID_OPTION',
    `worker: expected one Redis URL such as redis://host:6379, got ${positionals.length}`,
  );
}

async function readRoot(path: string): Promise<string> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory()) return realpath(resolve(path));
  throw new ColorshineError('INVALID_OPTION', `--root: expected a folder, got ${quote(path)}`);
}
