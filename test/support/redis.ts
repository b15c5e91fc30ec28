import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findRedis, type RedisProgram } from './find-redis.js';

/** A running Redis for tests. */
export interface TestRedis {
  /** With the password in it. */
  readonly url: string;
  /** Kills a server that this process started and starts it again on the same port, with the same data. */
  restart(pauseMs: number): Promise<void>;
  stop(): Promise<void>;
}

export interface RedisSettings {
  /** Lines of redis.conf; `PORT` stands for the port, which then must be named by a `port` or `tls-port` line. */
  readonly lines?: readonly string[];
}

const URL_VARIABLE = 'COLORSHINE_TEST_REDIS_URL';
const REQUIRE_VARIABLE = 'COLORSHINE_TEST_REDIS_REQUIRED';
const START_TIMEOUT_MS = 20_000;

/**
 * Why tests on a real Redis cannot run here, said aloud on standard error; undefined when they can.
 *
 * @throws Error instead when COLORSHINE_TEST_REDIS_REQUIRED is set, as the gate does
 */
export function whyNoRedis(): string | undefined {
  if (process.env[URL_VARIABLE]) return undefined;
  try {
    findRedis();
    return undefined;
  } catch (error) {
    const reason = `${(error as Error).message}; install redis-server 6.2 or newer, or set ${URL_VARIABLE}`;
    if (process.env[REQUIRE_VARIABLE]) throw new Error(`tests on a real Redis are required: ${reason}`);
    process.stderr.write(`\nSKIPPED: every test on a real Redis server, since ${reason}\n\n`);
    return reason;
  }
}

/** The server that COLORSHINE_TEST_REDIS_URL names, or one of our own. */
export async function openRedis(): Promise<TestRedis> {
  const url = process.env[URL_VARIABLE];
  if (!url) return startRedis();
  return {
    url,
    restart: () => Promise.reject(new Error('the server is not ours to restart')),
    stop: () => Promise.resolve(),
  };
}

/** Starts a server of our own on a free port, with a password, in a temporary folder. */
export async function startRedis({ lines }: RedisSettings = {}): Promise<TestRedis> {
  const program = findRedis();
  const port = await findFreePort();
  const password = `secret-${randomBytes(8).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'colorshine-redis-'));
  const config = [
    ...(lines ?? ['port PORT']),
    'bind 127.0.0.1',
    `requirepass ${password}`,
    `dir ${folder}`,
    'save ""',
    'appendonly yes',
    'appendfsync always', // a killed server of a test keeps what it has answered
    'daemonize no',
  ].join('\n');
  const text = config.replaceAll('PORT', String(port));
  const tls = text.includes('tls-port');
  const url = `${tls ? 'rediss' : 'redis'}://:${password}@127.0.0.1:${port}`;
  let server = await launch(program, text, url);
  return {
    url,
    async restart(pauseMs) {
      await kill(server);
      await new Promise((done) => setTimeout(done, pauseMs));
      server = await launch(program, text, url);
    },
    async stop() {
      await kill(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The configuration goes through standard input, so that the password shows in no list of processes. */
async function launch(program: RedisProgram, config: string, url: string): Promise<ChildProcess> {
  const server = spawn(program.path, ['-'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...program.env },
  });
  process.once('exit', () => server.kill('SIGKILL'));
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk));
  server.on('error', (error) => (output += error.message));
  server.stdin?.on('error', () => undefined);
  server.stdin?.end(`${config}\n`);
  const client = new Redis(url, {
    lazyConnect: true,
    tls: url.startsWith('rediss') ? { rejectUnauthorized: false } : undefined,
  });
  client.on('error', () => undefined); // it is not up yet
  const deadline = Date.now() + START_TIMEOUT_MS;
  try {
    await Promise.race([
      client.ping(),
      new Promise((_, fail) => server.once('exit', () => fail(new Error(`redis-server ended:\n${output}`)))),
      new Promise((_, fail) =>
        setTimeout(() => fail(new Error(`redis-server is silent:\n${output}`)), deadline - Date.now()).unref(),
      ),
    ]);
  } finally {
    client.disconnect();
  }
  return server;
}

async function kill(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((done) => server.once('exit', done));
  server.kill('SIGKILL');
  await ended;
}

/** A port on 127.0.0.1 that nobody listens on. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
