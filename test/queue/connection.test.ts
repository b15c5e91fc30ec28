import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSlowProxy } from '../../scripts/soak/slow-proxy.js';
import { gradient, toSharp } from '../support/images.js';
import {
  censusFolder,
  connectQueue,
  ENGINE,
  hashBytes,
  killWorkers,
  startRun,
  startWorkerProcess,
  uniqueQueue,
} from '../support/queue.js';
import { findFreePort, startRedis, type TestRedis, whyNoRedis } from '../support/redis.js';
import { runCli } from '../support/run-cli.js';
import { makeSelfSigned } from '../support/self-signed.js';
import { makeTempFolder } from '../support/temp-folder.js';

/** Runs `colorshine worker` on a URL that cannot work. @returns what it printed, which must be one line */
async function refuse(url: string, code: number, env: Record<string, string> = {}): Promise<string> {
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    const result = await runCli(['worker', url], await makeTempFolder());
    expect(result.stdout.toString()).toBe('');
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
    expect(result.code).toBe(code);
    return result.stderr;
  } finally {
    for (const key of Object.keys(env)) delete process.env[key];
    Object.assign(process.env, before);
  }
}

describe('colorshine worker without a server', () => {
  it('says that a port is closed', async () => {
    const port = await findFreePort();
    const text = await refuse(`redis://:s3cret@127.0.0.1:${port}`, 1);
    expect(text).toContain(`redis://127.0.0.1:${port}: expected a Redis server, got a refused connection`);
    expect(text).not.toContain('s3cret');
  });

  it('says that a host is unknown, and what is no Redis', async () => {
    expect(await refuse('redis://no-such-host.invalid', 1)).toContain('a host name that nobody knows');
    const web = createServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    const { port } = web.address() as AddressInfo;
    expect(await refuse(`redis://127.0.0.1:${port}`, 1)).toContain('an answer that is not Redis');
    web.close();
  });

  it('gives up on a server that does not answer', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    expect(await refuse(`redis://127.0.0.1:${port}`, 1)).toContain('no answer within 5 s');
    silent.close();
  });

  it('refuses what is no Redis URL, without its password', async () => {
    for (const url of ['http://me:s3cret@host', 'redis://me:s3cret@host:port', 's3cret@host', 'redis://:s3cret@h/x']) {
      expect(await refuse(url, 2)).not.toContain('s3cret');
    }
    expect((await runCli(['worker'], await makeTempFolder())).code).toBe(2);
    expect((await runCli(['worker', 'redis://h', '--root', 'nowhere'], await makeTempFolder())).stderr).toContain(
      '--root',
    );
  });

  it('says what to install when the packages are missing', async () => {
    const hook = `export async function resolve(name, context, next) {
      if (name === 'bullmq') throw Object.assign(new Error('none'), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context);
    }`;
    const register = `import { register } from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hook)}`)});`;
    const text = await refuse('redis://127.0.0.1:1', 1, {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(register)}`,
    });
    expect(text).toContain('npm install bullmq ioredis');
  });
});

describe.skipIf(whyNoRedis())('colorshine worker on a real Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(killWorkers);
  afterAll(() => redis?.stop());

  it('never prints a password, wrong or right', async () => {
    const { password, host } = new URL(redis.url);
    expect(await refuse(`redis://:wr0ng@${host}`, 1)).toBe(
      `colorshine: redis://${host}: expected a Redis server, got a refusal: wrong user or password\n`,
    );
    expect(await refuse(`redis://${host}`, 1)).toContain('COLORSHINE_REDIS_PASSWORD');
    expect(await refuse(`redis://${host}`, 1, { COLORSHINE_REDIS_PASSWORD: 'wr0ng' })).not.toContain('wr0ng');
    expect(await refuse(`${redis.url}/99`, 1)).toContain('a database number that the server does not have');
    const folder = await makeTempFolder();
    const worker = await startWorkerProcess([redis.url, '--verbose', '--queue-name', uniqueQueue()], folder);
    worker.process.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect(worker.output()).toContain(host);
    expect(worker.output()).not.toContain(password);
  });

  it('goes on after the connection was lost, and says so', async () => {
    const folder = await makeTempFolder();
    const queueName = uniqueQueue();
    const bytes = await toSharp(gradient(80, 60)).png().toBuffer();
    await writeFile(join(folder, 'a.png'), bytes);
    const notices: string[] = [];
    const connection = await connectQueue(redis.url, { onNotice: (text) => void notices.push(text) });
    const run = await startRun({ connection, queueName, attempts: 3, timeoutS: 60, onEvent: () => undefined });
    const recipe = {
      version: 2 as const,
      rows: [{ color: 'teal', tolerance: 60, strength: 80 }],
      channels: { luminance: true, saturation: true, hue: true },
      blend: 'oklch' as const,
    };
    const submit = (output: string) =>
      run.submit(
        {
          kind: 'recolor',
          inputHash: hashBytes(bytes),
          jobs: [{ version: 1, engine: ENGINE, input: 'a.png', output, theme: 'default', recipe }],
        },
        output,
      );
    try {
      const worker = await startWorkerProcess([redis.url, '--queue-name', queueName, '--root', folder], folder);
      await submit('before.png');
      await redis.restart(1500);
      await submit('after.png');
      expect(await readFile(join(folder, 'after.png'))).toEqual(await readFile(join(folder, 'before.png')));
      await worker.until(({ event, message }) => event === 'notice' && message?.includes('is back') === true);
      const told = worker.lines.filter(({ event }) => event === 'notice').map(({ message }) => message);
      expect(told).toEqual([expect.stringContaining('is lost; trying again'), expect.stringContaining('is back')]);
      expect(notices).toEqual(told);
    } finally {
      await run.stop();
      await connection.close();
    }
  });

  it('gives up a connection on which nothing comes any more, and makes another', async () => {
    const proxy = await openSlowProxy(redis.url, () => 0);
    const notices: string[] = [];
    const onNotice = (text: string): void => void notices.push(text);
    const connection = await connectQueue(proxy.url, { onNotice, silenceMs: 200 });
    const copy = connection.redis.duplicate();
    try {
      expect(await Promise.all([connection.redis.ping(), copy.ping()])).toEqual(['PONG', 'PONG']);
      proxy.forget();
      expect(await Promise.all([connection.redis.ping(), copy.ping()])).toEqual(['PONG', 'PONG']);
      expect(notices).toEqual([expect.stringContaining('is lost'), expect.stringContaining('is back')]);
    } finally {
      await connection.close();
      await proxy.close();
    }
  });

  it('puts its jobs back in when the server has forgotten them', async () => {
    const folder = await makeTempFolder();
    const queueName = uniqueQueue();
    const bytes = await toSharp(gradient(80, 60)).png().toBuffer();
    await writeFile(join(folder, 'a.png'), bytes);
    const connection = await connectQueue(redis.url, { onNotice: () => undefined });
    const run = await startRun({ connection, queueName, attempts: 3, timeoutS: 60, onEvent: () => undefined });
    try {
      await mkdir(censusFolder(folder, run.id), { recursive: true });
      const done = run.submit({ kind: 'census', input: 'a.png', inputHash: hashBytes(bytes), target: 'c0' }, 'a.png');
      await expect.poll(() => connection.redis.keys(`*${queueName}*:wait`)).toHaveLength(1);
      await connection.redis.flushall();
      await connection.redis.client('KILL', 'TYPE', 'normal', 'SKIPME', 'no');
      await startWorkerProcess([redis.url, '--queue-name', queueName, '--root', folder], folder);
      expect(await done).toMatchObject({ colors: expect.any(Number) });
    } finally {
      await run.stop();
      await connection.close();
    }
  });

  it('speaks TLS, and only with a server that it can trust', async () => {
    const folder = await makeTempFolder();
    const { key, certificate } = makeSelfSigned();
    await writeFile(join(folder, 'key.pem'), key);
    await writeFile(join(folder, 'certificate.pem'), certificate);
    const secure = await startRedis({
      lines: [
        'port 0',
        'tls-port PORT',
        `tls-key-file ${join(folder, 'key.pem')}`,
        `tls-cert-file ${join(folder, 'certificate.pem')}`,
        'tls-auth-clients no',
      ],
    });
    try {
      expect(await refuse(secure.url, 1)).toContain('a certificate that is not trusted');
      process.env.NODE_EXTRA_CA_CERTS = join(folder, 'certificate.pem');
      const worker = await startWorkerProcess([secure.url, '--queue-name', uniqueQueue()], folder);
      worker.process.kill('SIGTERM');
      expect(await worker.ended).toBe(0);
    } finally {
      delete process.env.NODE_EXTRA_CA_CERTS;
      await secure.stop();
    }
  });
});
