import { ColorshineError } from '../../core/errors.js';
import type { Cancel } from '../../core/index.js';
import { checkInteger } from '../../core/options.js';
import type { QueueRemote } from '../queue/queue-remote.js';
import { readRedisUrl } from '../queue/redis-url.js';
import { QUEUE_FLAGS } from './flags.js';
import type { ParsedFlags } from './parse-flags.js';

/** What `--queue` and the flags beside it say. */
export interface QueueSettings {
  readonly url: string;
  readonly queueName?: string;
  readonly attempts: number;
  readonly timeoutS: number;
}

const RETRIES = { min: 0, max: 100, byDefault: 2 } as const;
const TIMEOUT_S = { min: 1, max: 86_400, byDefault: 300 } as const;

const LEAVE_MS = 500;

/** @returns undefined without `--queue`. @throws INVALID_OPTION, also for a flag that needs it */
export function readQueueSettings({ values }: ParsedFlags): QueueSettings | undefined {
  const url = values.get('queue') as string | undefined;
  if (url === undefined) {
    const lone = QUEUE_FLAGS.find(({ name }) => values.has(name));
    if (!lone) return undefined;
    throw new ColorshineError('INVALID_OPTION', `--${lone.name}: expected --queue URL beside it, got none`);
  }
  readRedisUrl(url);
  const read = (name: string, { byDefault, ...range }: { min: number; max: number; byDefault: number }): number =>
    values.has(name) ? checkInteger(values.get(name), `--${name}`, range) : byDefault;
  return {
    url,
    ...(values.has('queue-name') && { queueName: values.get('queue-name') as string }),
    attempts: read('retries', RETRIES) + 1,
    timeoutS: read('job-timeout', TIMEOUT_S),
  };
}

/** Ends the process even if a lost connection's timers would keep it for seconds. To be called when all is said and done. */
export function leaveSoon(): void {
  setTimeout(() => process.exit(), LEAVE_MS).unref();
}

/** Connects; everything that needs the packages of a queue is loaded here. @throws INVALID_OPTION, QUEUE_UNAVAILABLE */
export async function openQueue(
  { queueName, ...rest }: QueueSettings,
  signal: Cancel,
  onNotice: (sentence: string) => void,
): Promise<QueueRemote> {
  const [{ openQueueRemote }, { checkQueueName, DEFAULT_QUEUE }] = await Promise.all([
    import('../queue/queue-remote.js'),
    import('../queue/task.js'),
  ]);
  return openQueueRemote({ ...rest, queueName: checkQueueName(queueName ?? DEFAULT_QUEUE), signal, onNotice });
}
