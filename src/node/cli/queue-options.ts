import { ColorshineError } from '../../core/errors.js';
import type { Cancel } from '../../core/index.js';
import type { QueueRemote } from '../queue/queue-remote.js';
import { readRedisUrl } from '../queue/redis-url.js';
import { valueName } from './parse-flags.js';
import { QUEUE_FLAGS, type QueueValues } from './project-flags.js';

/** What `--queue` and the flags beside it say. */
export interface QueueSettings {
  readonly url: string;
  readonly queueName?: string;
  readonly attempts: number;
  readonly timeoutS: number;
}

const DEFAULT_RETRIES = 2;
const DEFAULT_TIMEOUT_S = 300;

const LEAVE_MS = 500;

/** @returns undefined without `--queue`. @throws INVALID_OPTION, also for a flag that needs it */
export function readQueueSettings(values: QueueValues): QueueSettings | undefined {
  const { queue: url, queueName, retries = DEFAULT_RETRIES, jobTimeout: timeoutS = DEFAULT_TIMEOUT_S } = values;
  if (url === undefined) {
    const lone = QUEUE_FLAGS.find(({ name }) => valueName(name) in values);
    if (!lone) return undefined;
    throw new ColorshineError('INVALID_OPTION', `--${lone.name}: expected --queue URL beside it, got none`);
  }
  readRedisUrl(url);
  return { url, queueName, attempts: retries + 1, timeoutS };
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
