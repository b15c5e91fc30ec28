import type { Socket } from 'node:net';
import type * as BullMq from 'bullmq';
import type { Redis } from 'ioredis';
import { ColorshineError } from '../../core/errors.js';
import { type RedisAddress, readRedisUrl } from './redis-url.js';

/** An open connection and the drivers, which are optional packages. */
export interface QueueConnection {
  readonly address: RedisAddress;
  readonly bullmq: typeof BullMq;
  /** Commands wait while the connection is lost. BullMQ makes duplicates of it where a command blocks. */
  readonly redis: Redis;
  /** Resolves when there has been no connection for so long. */
  whenLost(ms: number): Promise<void>;
  /** Also ends the duplicates, so that none keeps the process alive with trying again. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Receives one sentence when the connection is lost in mid run, and one when it is back. */
  readonly onNotice: (sentence: string) => void;
  /** After how long without an answer a connection counts as lost, milliseconds. Default 30,000. */
  readonly silenceMs?: number;
}

/** How long a server may take to answer when a run begins. */
const ANSWER_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 2_000;
const POLL_MS = 100;
/**
 * A router that forgets a connection tells neither side, and the system itself would notice after hours. Longer than BullMQ ever has the
 * server wait before it answers.
 */
const SILENCE_MS = 30_000;
const RETRY_MS = { first: 200, most: 5_000 };
const OLDEST_VERSION = [6, 2] as const;

/**
 * Connects to a Redis server, or says within seconds why that cannot be. A connection that is lost later is made again for
 * as long as it takes.
 *
 * @throws INVALID_OPTION for a URL that is none; QUEUE_UNAVAILABLE for missing packages, no server, a wrong password and
 *   everything else. No message holds the password.
 */
export async function connectQueue(
  url: string,
  { onNotice, silenceMs = SILENCE_MS }: ConnectOptions,
): Promise<QueueConnection> {
  const address = readRedisUrl(url);
  const [bullmq, ioredis] = await loadDrivers();
  await probe(address, ioredis.Redis);

  let lost = false;
  let isClosing = false;
  const redis = new ioredis.Redis(address.href, {
    maxRetriesPerRequest: null, // as BullMQ wants it
    connectTimeout: ANSWER_TIMEOUT_MS,
    socketTimeout: silenceMs,
    connectionName: 'colorshine',
    retryStrategy: (times) => Math.min(RETRY_MS.first * 2 ** Math.min(times, 10), RETRY_MS.most),
  });
  handle(redis);
  redis.on('close', () => {
    if (lost || isClosing || redis.status === 'end') return;
    lost = true;
    onNotice(`the connection to ${address.shown} is lost; trying again`);
  });
  redis.on('ready', () => {
    if (lost) onNotice(`the connection to ${address.shown} is back`);
    lost = false;
  });
  const copies: Redis[] = [];
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (...args) => {
    const copy = handle(duplicate(...args));
    copies.push(copy);
    return copy;
  };
  return {
    address,
    bullmq,
    redis,
    async whenLost(ms) {
      for (let since = performance.now(); performance.now() - since < ms; ) {
        await new Promise((wake) => setTimeout(wake, POLL_MS).unref());
        if (redis.status === 'ready') since = performance.now();
      }
    },
    async close() {
      isClosing = true;
      if (redis.status === 'ready') await within(CLOSE_TIMEOUT_MS, redis.quit()).catch(() => undefined);
      for (const client of [redis, ...copies]) client.disconnect();
    },
  };
}

/** What every connection needs before it is used. */
function handle(client: Redis): Redis {
  client.on('error', () => undefined); // `close` follows and is told
  // The driver's timer of an answer outlives its connection: it would tear the next one, and keep the process.
  const inner = client as unknown as { socketTimeoutTimer?: NodeJS.Timeout | undefined };
  return client.on('close', () => {
    clearTimeout(inner.socketTimeoutTimer);
    inner.socketTimeoutTimer = undefined;
  });
}

/** @throws QUEUE_UNAVAILABLE that says what to install */
async function loadDrivers() {
  try {
    return await Promise.all([import('bullmq'), import('ioredis')]);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new ColorshineError(
      'QUEUE_UNAVAILABLE',
      'a queue needs two packages that are not installed: npm install bullmq ioredis',
      { cause: error },
    );
  }
}

/** One short-lived connection that never tries again: everything wrong shows here, before any work is begun. */
async function probe(address: RedisAddress, Client: typeof Redis): Promise<void> {
  const client = new Client(address.href, {
    lazyConnect: true,
    connectTimeout: ANSWER_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // A wrong database number is only emitted, and the connection then goes on with database 0.
  const failed = new Promise<never>((_, fail) => client.once('error', fail));
  failed.catch(() => undefined);
  try {
    const answer = (async () => {
      await client.connect();
      return client.info();
    })();
    checkVersion(await within(ANSWER_TIMEOUT_MS, Promise.race([failed, answer])), address);
  } catch (error) {
    // `connect` may only say that it is closed; the reason was emitted just before.
    const reason = await Promise.race([failed.catch((emitted: unknown) => emitted), Promise.resolve(error)]);
    throw unavailable(address, reason);
  } finally {
    client.on('error', () => undefined);
    client.disconnect();
    (client as unknown as { stream?: Socket }).stream?.destroy(); // the driver would wait for the other side
  }
}

function checkVersion(info: string, { shown }: RedisAddress): void {
  const version = /^(?:valkey|redis)_version:(\S+)/m.exec(info)?.[1] ?? '0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST_VERSION[0] || (major === OLDEST_VERSION[0] && minor >= OLDEST_VERSION[1])) return;
  throw new ColorshineError(
    'QUEUE_UNAVAILABLE',
    `${shown}: expected Redis ${OLDEST_VERSION.join('.')} or newer, got ${version}`,
  );
}

/** What the driver says, in one line that helps and holds no secret. The error itself does: it is not kept as the cause. */
function unavailable(address: RedisAddress, error: unknown): unknown {
  if (error instanceof ColorshineError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new ColorshineError(
    'QUEUE_UNAVAILABLE',
    `${address.shown}: expected a Redis server, got ${explain(code, message, address) ?? address.redact(message)}`,
  );
}

function explain(code: string, message: string, { href }: RedisAddress): string | undefined {
  const text = `${code} ${message}`;
  if (/ECONNREFUSED/.test(text)) return 'a refused connection; is the server running on that port?';
  if (/ENOTFOUND|EAI_AGAIN/.test(text)) return 'a host name that nobody knows';
  if (/EHOSTUNREACH|ENETUNREACH/.test(text)) return 'no way to that host';
  if (/WRONGPASS|invalid password/i.test(text)) return 'a refusal: wrong user or password';
  if (/NOAUTH/.test(text))
    return 'a server that asks for a password; give it in COLORSHINE_REDIS_PASSWORD or in the URL';
  if (/NOPERM/.test(text)) return 'a user who may not do what a queue needs';
  if (/DB index|invalid DB/i.test(text)) return 'a database number that the server does not have';
  if (/CERT|self.signed|certificate|altname/i.test(text))
    return `a certificate that is not trusted (${code || message})`;
  if (/EPROTO|wrong version number|SSL/i.test(text))
    return 'an answer without TLS; is it redis:// rather than rediss://?';
  if (/ETIMEDOUT|no answer/.test(text)) {
    const hint = href.startsWith('rediss:') ? '; does that port speak TLS?' : '';
    return `no answer within ${ANSWER_TIMEOUT_MS / 1000} s${hint}`;
  }
  if (/Protocol error|Connection is closed|ECONNRESET|EPIPE/.test(text)) {
    return 'an answer that is not Redis’; is it the right port, and does the server want rediss:// (TLS)?';
  }
  return undefined;
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, fail) => {
        timer = setTimeout(() => fail(new Error('no answer')), ms);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
