import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gradient, toSharp } from '../support/images.js';
import { leaveOrphan } from '../support/leave-orphan.js';
import { connectQueue, killWorkers, queueKey, startWorkerProcess, uniqueQueue } from '../support/queue.js';
import { findFreePort, startRedis, type TestRedis, whyNoRedis } from '../support/redis.js';
import { runCli, startCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';

const CONFIG = {
  inputs: 'images/**/*.png',
  themes: [
    { name: 'light', recipe: ['teal;60;80', 'orange;30;120'] },
    { name: 'dark', recipe: ['navy;100;90'] },
  ],
  formats: ['webp', 'jpeg'],
  out: 'dist/{name}.{theme}.{ext}',
  pooled: true,
  // What says how pictures are read goes with every task: to the counting as to the recoloring.
  profile: 'p3',
  strip: true,
};
const IMAGES = 20; // more than one merge of censuses

/** Every file of a folder, by path. */
async function readTree(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(files.sort().map((file) => readFile(file, 'base64')));
  return new Map(files.map((file, i) => [file.slice(folder.length + 1), contents[i] as string]));
}

describe('colorshine build --queue without a server', () => {
  it('fails in one line and writes nothing', async () => {
    const root = await makeTempFolder();
    await mkdir(join(root, 'images'));
    await writeFile(join(root, 'images/a.png'), await toSharp(gradient(20, 20)).png().toBuffer());
    await writeFile(join(root, 'colorshine.config.json'), JSON.stringify(CONFIG));
    const port = await findFreePort();
    const down = await runCli(['build', '--queue', `redis://:s3cret@127.0.0.1:${port}`], root);
    expect(down.code).toBe(1);
    expect(down.stderr).toBe(
      `colorshine: redis://127.0.0.1:${port}: expected a Redis server, got a refused connection; is the server running on that port?\n`,
    );
    const bad = await runCli(['build', '--queue', 'http://me:s3cret@host'], root);
    expect(bad.code).toBe(2);
    expect(bad.stderr).not.toContain('s3cret');
    for (const args of [
      ['--retries', '3'],
      ['--queue-name', 'x'],
      ['--queue', 'redis://h', '--job-timeout', '0'],
    ]) {
      const wrong = await runCli(['build', ...args], root);
      expect(wrong.code).toBe(2);
      expect(wrong.stderr.trim().split('\n')).toHaveLength(1);
    }
    expect((await readdir(root)).sort()).toEqual(['colorshine.config.json', 'images']);
  });
});

describe.skipIf(whyNoRedis())('colorshine build --queue', () => {
  let redis: TestRedis;
  let source: string;
  let local: Map<string, string>;
  let root: string;
  let queueName: string;

  beforeAll(async () => {
    redis = await startRedis();
    source = await mkdtemp(join(tmpdir(), 'colorshine-source-'));
    await mkdir(join(source, 'images'), { recursive: true });
    for (let i = 0; i < IMAGES; i++) {
      const image = toSharp(gradient(200 + i * 3, 150, i % 5 === 0 ? 4 : 3)).modulate({ hue: i * 17 });
      await writeFile(join(source, `images/${i}.png`), await image.png().toBuffer());
    }
    await writeFile(join(source, 'colorshine.config.json'), JSON.stringify(CONFIG));
    root = await makeTempFolder();
    await cp(source, root, { recursive: true });
    const result = await runCli(['build'], root);
    expect(result.stderr).toContain(`${IMAGES * 4} outputs made`);
    local = await readTree(root);
  });
  afterAll(async () => {
    await redis?.stop();
    if (source) await rm(source, { recursive: true, force: true });
  });
  beforeEach(async () => {
    queueName = uniqueQueue();
    root = await makeTempFolder();
    await cp(source, root, { recursive: true });
  });
  afterEach(killWorkers);

  const build = (...args: string[]) => ['build', '--queue', redis.url, '--queue-name', queueName, ...args];
  const startWorker = (...args: string[]) =>
    startWorkerProcess([redis.url, '--queue-name', queueName, '--root', root, ...args], root);

  it('gives the files and the manifest of a local build, byte for byte, and then has nothing to do', async () => {
    const workers = [await startWorker('--concurrency', '1'), await startWorker('--concurrency', '1')];
    const first = await runCli(build(), root);
    expect(first.stderr).toContain(`${IMAGES * 4} outputs made`);
    expect(first.code).toBe(0);
    expect(await readTree(root)).toEqual(local);
    for (const { lines } of workers) expect(lines.some(({ event }) => event === 'done')).toBe(true);
    const said = workers.map(({ lines }) => lines.length);
    const second = await runCli(build(), root);
    expect(second.code).toBe(0);
    expect(workers.map(({ lines }) => lines.length)).toEqual(said);
    expect(first.stderr + second.stderr + workers.map((worker) => worker.output()).join('')).not.toContain(
      new URL(redis.url).password,
    );
  });

  it('loses nothing when workers are killed again and again', async () => {
    const running = runCli(build('--retries', '9'), root);
    for (let kills = 0; kills < 3; kills++) {
      const worker = await startWorker('--takeover', '1');
      await worker.until(({ event }) => event === 'done');
      await worker.until(
        (line) =>
          line.event === 'started' && !worker.lines.some(({ event, name }) => event === 'done' && name === line.name),
      );
      worker.process.kill('SIGKILL');
      await worker.ended;
      await leaveOrphan(join(root, 'dist')); // its processes may die with it, long after the build has begun
    }
    await startWorker('--takeover', '1');
    const result = await running;
    expect(result.code).toBe(0);
    expect(await readTree(root)).toEqual(local);
  });

  it('tells one broken image from the others, and makes no manifest', async () => {
    await writeFile(join(root, 'colorshine.config.json'), JSON.stringify({ ...CONFIG, pooled: false }));
    await writeFile(join(root, 'images/7.png'), 'no picture');
    await startWorker();
    const result = await runCli(build('--json'), root);
    expect(result.code).toBe(1);
    expect(result.stdout.toString()).toContain('INPUT_UNSUPPORTED');
    const made = (await readdir(join(root, 'dist'))).sort();
    expect(made).toHaveLength((IMAGES - 1) * 4);
    expect(made).not.toContain('7.light.webp');
  });

  it('takes back its jobs when it is interrupted', async () => {
    const child = startCli(build(), root);
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk));
    const ended = new Promise((done) => child.once('close', done));
    const connection = await connectQueue(redis.url, { onNotice: () => undefined });
    const queue = new connection.bullmq.Queue(queueKey(queueName), {
      connection: connection.redis,
      prefix: 'colorshine',
    });
    try {
      while ((await queue.getWaitingCount()) < IMAGES) await new Promise((wake) => setTimeout(wake, 50));
      child.kill('SIGINT');
      expect(await ended).toBe(130);
      expect(await queue.getWaitingCount()).toBe(0);
    } finally {
      await connection.close();
    }
    expect(stderr).not.toContain('unexpected');
    expect((await readdir(root)).sort()).toEqual(['colorshine.config.json', 'images']);
  });

  it('says that it waits when there is no worker, and goes on when one comes', async () => {
    await rm(join(root, 'images'), { recursive: true });
    await mkdir(join(root, 'images'));
    await cp(join(source, 'images/0.png'), join(root, 'images/0.png'));
    const child = startCli(build(), root);
    let stderr = '';
    const waiting = new Promise<void>((done) => {
      child.stderr?.on('data', (chunk: Buffer) => {
        stderr += chunk;
        if (stderr.includes('no worker of this version')) done();
      });
    });
    const ended = new Promise((done) => child.once('close', done));
    await waiting;
    await startWorker();
    expect(await ended).toBe(0);
    expect(await readdir(join(root, 'dist'))).toHaveLength(5);
  });
});
