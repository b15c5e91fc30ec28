import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RecolorJob } from '../../src/node/build/index.js';
import type { QueueConnection } from '../../src/node/queue/connect.js';
import type { QueueRun, RunEvent } from '../../src/node/queue/queue-run.js';
import { gradient, toSharp } from '../support/images.js';
import {
  connectQueue,
  ENGINE,
  hashBytes,
  killWorkers,
  poolPlans,
  queueKey,
  runJob,
  runKey,
  startRun,
  startWorkerProcess,
  uniqueQueue,
} from '../support/queue.js';
import { openRedis, type TestRedis, whyNoRedis } from '../support/redis.js';
import { leftovers, makeTempFolder } from '../support/temp-folder.js';

const RECIPE = {
  version: 2 as const,
  rows: [
    { color: 'teal', tolerance: 60, strength: 80 },
    { color: '#ff6b35', tolerance: 30, strength: 120 },
  ],
  channels: { luminance: true, saturation: true, hue: true },
  blend: 'oklch' as const,
};
const missing = whyNoRedis();

describe.skipIf(missing)('a queue on a real Redis', () => {
  let redis: TestRedis;
  let connection: QueueConnection;
  let queueName: string;
  let root: string;
  let runs: QueueRun[];
  let events: RunEvent[];

  beforeAll(async () => {
    redis = await openRedis();
    connection = await connectQueue(redis.url, { onNotice: () => undefined });
  });
  afterAll(async () => {
    await connection?.close();
    await redis?.stop();
  });
  beforeEach(async () => {
    queueName = uniqueQueue();
    root = await makeTempFolder();
    runs = [];
    events = [];
  });
  afterEach(async () => {
    await killWorkers();
    for (const run of runs) await run.stop();
    await new connection.bullmq.Queue(queueKey(queueName), {
      connection: connection.redis,
      prefix: 'colorshine',
    }).obliterate({ force: true });
  });

  async function begin(options: { attempts?: number; timeoutS?: number } = {}): Promise<QueueRun> {
    const run = await startRun({
      ...{ connection, queueName, attempts: 3, timeoutS: 120, onEvent: (event) => void events.push(event) },
      ...options,
    });
    runs.push(run);
    return run;
  }

  const startWorker = (...args: string[]) =>
    startWorkerProcess([redis.url, '--queue-name', queueName, '--root', root, ...args], root);

  async function addImage(name: string, size = 64, folder = root): Promise<string> {
    const bytes = await toSharp(gradient(size, size - (name.charCodeAt(0) % 7)))
      .png()
      .toBuffer();
    await writeFile(join(folder, name), bytes);
    return hashBytes(bytes);
  }

  function job(input: string, output: string, rest: Partial<RecolorJob> = {}): RecolorJob {
    return { version: 1, engine: ENGINE, input, output, theme: 'default', recipe: RECIPE, ...rest };
  }

  it('gives the bytes and reports of a local build', async () => {
    const inputHash = await addImage('a.png', 200);
    const jobs = [
      job('a.png', 'out/a.webp', { format: 'webp' }),
      job('a.png', 'out/a-small.jpg', { format: 'jpeg', size: { width: 90 } }),
    ];
    await startWorker();
    const outcomes = await (await begin()).submit({ kind: 'recolor', jobs, inputHash }, 'a.png');
    for (const one of jobs) {
      const local = await runJob(one, { root });
      expect(await readFile(join(root, one.output))).toEqual(local.bytes);
      const { report } = outcomes.find(({ output }) => output === one.output) ?? {};
      expect({ ...report, ms: 0 }).toEqual({ ...local.report, ms: 0 });
    }
    expect(await leftovers(join(root, 'out'))).toEqual([]);
  });

  it('loses nothing when a worker is killed in the middle of its jobs', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `${i}.png`);
    const hashes = await Promise.all(names.map((name) => addImage(name, 500)));
    const doomed = await startWorker('--takeover', '1');
    const run = await begin();
    const done = names.map((input, i) =>
      run.submit(
        {
          kind: 'recolor',
          jobs: [job(input, `out/${input}.webp`, { format: 'webp' })],
          inputHash: hashes[i] as string,
        },
        input,
      ),
    );
    await doomed.until(({ event }) => event === 'done');
    await doomed.until(
      ({ event, name }) =>
        event === 'started' && !doomed.lines.some((line) => line.event === 'done' && line.name === name),
    );
    doomed.process.kill('SIGKILL');
    await doomed.ended;
    const heir = await startWorker('--takeover', '1');
    const outcomes = (await Promise.all(done)).flat();
    expect(outcomes.map(({ output }) => output).sort()).toEqual(names.map((name) => `out/${name}.webp`).sort());
    expect(heir.lines.some(({ event }) => event === 'takeover')).toBe(true);
    for (const [i, input] of names.entries()) {
      const local = await runJob(job(input, `out/${input}.webp`, { format: 'webp' }), { root });
      expect(await readFile(join(root, 'out', `${input}.webp`)), `${i}`).toEqual(local.bytes);
    }
  });

  it('tries a job again that failed once', async () => {
    const far = await makeTempFolder(); // a shared folder that has not caught up
    const inputHash = await addImage('a.png');
    const worker = await startWorkerProcess([redis.url, '--queue-name', queueName, '--root', far], far);
    const done = (await begin()).submit(
      { kind: 'recolor', jobs: [job('a.png', 'a.webp', { format: 'webp' })], inputHash },
      'a.png',
    );
    const failure = await worker.until(({ event }) => event === 'failed');
    expect(failure).toMatchObject({ code: 'INPUT_NOT_FOUND', willRetry: true });
    await addImage('a.png', 64, far);
    expect(await done).toMatchObject([{ output: 'a.webp', report: { inputHash } }]);
    expect(events.filter(({ event }) => event === 'retry')).toHaveLength(1);
    expect(await readdir(far)).toEqual(expect.arrayContaining(['a.png', 'a.webp']));
  });

  it('does not try again what lies in the picture', async () => {
    await writeFile(join(root, 'a.png'), 'no picture');
    const worker = await startWorker();
    const done = (await begin()).submit(
      { kind: 'recolor', jobs: [job('a.png', 'a.webp', { format: 'webp' })], inputHash: hashBytes('no picture') },
      'a.png',
    );
    expect(await done).toMatchObject([{ output: 'a.webp', error: { code: 'INPUT_UNSUPPORTED' } }]);
    expect(worker.lines.filter(({ event }) => event === 'started')).toHaveLength(1);
  });

  it('stops an attempt that takes too long, and the worker goes on', async () => {
    const slow = await addImage('slow.png', 3000);
    const quick = await addImage('quick.png');
    const worker = await startWorker('--concurrency', '1');
    const run = await begin({ attempts: 2, timeoutS: 1 });
    const done = run.submit(
      { kind: 'recolor', jobs: [job('slow.png', 'slow.avif', { format: 'avif' })], inputHash: slow },
      'slow.png',
    );
    await expect(done).rejects.toMatchObject({ code: 'JOB_FAILED', message: expect.stringContaining('within 1 s') });
    expect(worker.lines.filter(({ event }) => event === 'failed').map(({ willRetry }) => willRetry)).toEqual([
      true,
      false,
    ]);
    expect(await readdir(root)).not.toContain('slow.avif');
    expect(await leftovers(root)).toEqual([]);
    const calm = await begin();
    await calm.submit(
      { kind: 'recolor', jobs: [job('quick.png', 'quick.png.webp', { format: 'webp' })], inputHash: quick },
      'quick.png',
    );
    expect(await readdir(root)).toContain('quick.png.webp');
  });

  it('measures one plan on many pictures, the same as in one process', async () => {
    const { createCensusPool } = await import('../../src/node/pooled-plan.js');
    const { openImage } = await import('../../src/node/image/open-image.js');
    const { createJsBackend } = await import('../../src/backends/js/index.js');
    const names = Array.from({ length: 35 }, (_, i) => `${String.fromCharCode(97 + (i % 26))}${i}.png`);
    const inputs = await Promise.all(names.map(async (path, i) => ({ path, hash: await addImage(path, 20 + i) })));
    const pool = createCensusPool();
    for (const name of names) {
      await pool.addImage(await openImage(join(root, name)), { backend: createJsBackend() });
    }
    const other = { ...RECIPE, rows: [{ color: 'navy', tolerance: 100, strength: 200 }] };
    await startWorker();
    await startWorker();
    const counted: string[] = [];
    const plans = await poolPlans(await begin(), { inputs, recipes: [RECIPE, other] }, root, (path) =>
      counted.push(path),
    );
    expect(plans).toEqual([pool.plan(RECIPE), pool.plan(other)]);
    expect(counted.sort()).toEqual([...names].sort());
    expect(await readdir(root)).not.toContain('.colorshine-queue');
  });

  it('makes no plan when one of the pictures cannot be read', async () => {
    await writeFile(join(root, 'broken.png'), 'no picture');
    const inputs = [
      { path: 'a.png', hash: await addImage('a.png') },
      { path: 'broken.png', hash: hashBytes('no picture') },
    ];
    await startWorker();
    const plans = poolPlans(await begin(), { inputs, recipes: [RECIPE] }, root);
    await expect(plans).rejects.toMatchObject({ code: 'INPUT_UNSUPPORTED' });
    expect(await readdir(root)).not.toContain('.colorshine-queue');
  });

  it('ends a worker after what it has in work', async () => {
    const inputHash = await addImage('a.png', 500);
    for (const [signal, code] of [
      ['SIGTERM', 0],
      ['SIGINT', 130],
    ] as const) {
      const worker = await startWorker('--concurrency', '1');
      const run = await begin();
      const output = `${signal}.avif`;
      const first = run.submit(
        { kind: 'recolor', jobs: [job('a.png', output, { format: 'avif' })], inputHash },
        'first',
      );
      const second = run.submit(
        { kind: 'recolor', jobs: [job('a.png', `2-${output}`, { format: 'avif' })], inputHash },
        'second',
      );
      second.catch(() => undefined);
      await worker.until(({ event }) => event === 'started');
      worker.process.kill(signal);
      expect(await worker.ended).toBe(code);
      expect(await first).toMatchObject([{ output, report: {} }]);
      expect(await readdir(root)).toContain(output);
      expect(await readdir(root)).not.toContain(`2-${output}`);
      await run.stop();
      await expect(second).rejects.toMatchObject({ code: 'CANCELED' });
      await rm(join(root, output));
    }
  });

  it('drops what a newer build makes, and what nobody waits for', async () => {
    const inputHash = await addImage('a.png');
    const older = await begin();
    const newer = await begin();
    const stale = older.submit({ kind: 'recolor', jobs: [job('a.png', 'out.png')], inputHash }, 'stale');
    const recipe = { ...RECIPE, rows: [{ color: 'navy', tolerance: 100, strength: 200 }] };
    const fresh = newer.submit({ kind: 'recolor', jobs: [job('a.png', 'out.png', { recipe })], inputHash }, 'fresh');
    stale.catch(() => undefined);
    await startWorker();
    await fresh;
    await expect(stale).rejects.toMatchObject({ code: 'JOB_SUPERSEDED' });
    expect(hashBytes(await readFile(join(root, 'out.png')))).toBe((await fresh)[0]?.report?.hash);
  });

  it('makes what a worker dropped while the build was cut off', async () => {
    const inputHash = await addImage('a.png');
    const run = await begin();
    const done = run.submit(
      { kind: 'recolor', jobs: [job('a.png', 'a.webp', { format: 'webp' })], inputHash },
      'a.png',
    );
    await connection.redis.del(runKey(queueKey(queueName), run.id)); // as when its sign of life has expired
    const worker = await startWorker();
    expect(await done).toMatchObject([{ output: 'a.webp', report: { inputHash } }]);
    expect(worker.lines.filter(({ event }) => event === 'failed')).toMatchObject([{ code: 'JOB_SUPERSEDED' }]);
  });

  it('leaves nothing in Redis but claims on outputs', async () => {
    const inputHash = await addImage('a.png');
    await startWorker();
    const run = await begin();
    await run.submit({ kind: 'recolor', jobs: [job('a.png', 'a.webp', { format: 'webp' })], inputHash }, 'a.png');
    await run.stop();
    const keys = await connection.redis.keys(`colorshine:${queueKey(queueName)}:*`);
    const kinds = keys.map((key) => key.split(':')[2]).sort();
    expect(kinds).toEqual(['events', 'id', 'meta', 'owner', 'stalled-check'].filter((kind) => kinds.includes(kind)));
    expect(await connection.redis.ttl(keys.find((key) => key.includes(':owner:')) as string)).toBeGreaterThan(0);
  });

  it('refuses jobs that lead out of the root, or to another file than the build read', async () => {
    const outside = await makeTempFolder();
    const inputHash = await addImage('a.png');
    await addImage('b.png', 65);
    await mkdir(join(root, 'sub'));
    const { symlink } = await import('node:fs/promises');
    await symlink(outside, join(root, 'link'));
    await startWorker();
    const run = await begin({ attempts: 1 });
    const submit = (...jobs: RecolorJob[]) => run.submit({ kind: 'recolor', jobs, inputHash }, 'x');
    await expect(submit(job('../a.png', 'x.png'))).rejects.toMatchObject({ code: 'INVALID_JOB' });
    await expect(submit(job('/etc/hostname', 'x.png'))).rejects.toMatchObject({ code: 'INVALID_JOB' });
    await expect(submit(job('a.png', '../x.png'))).rejects.toMatchObject({ code: 'INVALID_JOB' });
    expect(await submit(job('a.png', 'link/x.png'))).toMatchObject([{ error: { code: 'INVALID_JOB' } }]);
    expect(await submit(job('a.png', 'a.png'))).toMatchObject([{ error: { code: 'OUTPUT_IS_INPUT' } }]);
    await expect(submit(job('b.png', 'x.png'))).rejects.toMatchObject({ code: 'INPUT_CHANGED' });
    await expect(submit({ ...job('a.png', 'x.png'), format: 'exe' as never })).rejects.toMatchObject({
      code: 'INVALID_JOB',
    });
    expect(await readdir(outside)).toEqual([]);
    expect((await readdir(root)).sort()).toEqual(['a.png', 'b.png', 'link', 'sub']);
  });
});
