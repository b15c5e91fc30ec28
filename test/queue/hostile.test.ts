import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Job, Worker } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RecolorJob } from '../../src/node/build/index.js';
import type { QueueConnection } from '../../src/node/queue/connect.js';
import type { RecolorTask } from '../../src/node/queue/task.js';
import { gradient, toSharp } from '../support/images.js';
import {
  connectQueue,
  ENGINE,
  hashBytes,
  killWorkers,
  queueKey,
  runJob,
  startRun,
  startWorkerProcess,
  uniqueQueue,
} from '../support/queue.js';
import { openRedis, type TestRedis, whyNoRedis } from '../support/redis.js';
import { runCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';

const ESCAPE = '\u001b';
const CONFIG = {
  inputs: 'images/*.png',
  recipe: ['teal;60;80'],
  formats: ['webp'],
  out: 'dist/{name}.{ext}',
  snippets: { picture: 'dist/p.html', css: 'dist/p.css' },
};
const RECIPE = {
  version: 2 as const,
  rows: [{ color: 'teal', tolerance: 60, strength: 80 }],
  channels: { luminance: true, saturation: true, hue: true },
  blend: 'oklch' as const,
};

/** A report as a worker would give it, of a file that has these bytes. */
const REPORT = {
  hash: hashBytes('x'),
  byteLength: 1,
  format: 'webp',
  width: 64,
  height: 64,
  pages: 1,
  notices: [],
  ms: 1,
  plan: {
    ...RECIPE,
    gamut: 'srgb',
    rows: [{ ...RECIPE.rows[0], oklab: [0.5, -0.1, 0], powerlessHue: false, radius: 0.2, share: 0.6 }],
    pixels: 4096,
  },
};

describe.skipIf(whyNoRedis())('a hostile member of the queue', () => {
  let redis: TestRedis;
  let connection: QueueConnection;
  let queueName: string;
  let root: string;
  let member: Worker | undefined;

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
    await mkdir(join(root, 'images'));
    await writeFile(join(root, 'images/a.png'), await toSharp(gradient(64, 64)).png().toBuffer());
    await writeFile(join(root, 'colorshine.config.json'), JSON.stringify(CONFIG));
  });
  afterEach(async () => {
    await member?.close(true);
    member = undefined;
    await killWorkers();
  });

  /** Someone with access to Redis who answers every task. */
  function answer(reply: (task: RecolorTask) => unknown): void {
    const { bullmq, redis: client } = connection;
    member = new bullmq.Worker(queueKey(queueName), async (job: Job) => reply(job.data as RecolorTask), {
      connection: client,
      prefix: 'colorshine',
    });
    member.on('error', () => undefined);
  }

  const build = () => runCli(['build', '--queue', redis.url, '--queue-name', queueName, '--retries', '0'], root);

  /** A build of as many images as there are replies, `0.png` and on. */
  async function buildAgainst(replies: readonly ((task: RecolorTask) => unknown)[]) {
    const image = await readFile(join(root, 'images/a.png'));
    await rm(join(root, 'images/a.png'));
    for (const i of replies.keys()) await writeFile(join(root, `images/${i}.png`), image);
    answer((task) => replies[Number.parseInt(basename(task.jobs[0]?.input as string), 10)]?.(task));
    const { code, stdout, stderr } = await build();
    expect(code).toBe(1);
    expect(stdout.toString() + stderr).not.toMatch(new RegExp(`[${ESCAPE}\u0007\u009b]`));
    for (const name of ['colorshine-manifest.json', 'dist/p.html', 'dist/p.css']) {
      expect(existsSync(join(root, name)), name).toBe(false);
    }
    return stderr;
  }

  const reportOf = (task: RecolorTask, parts: object): unknown => [
    { output: task.jobs[0]?.output, report: { ...REPORT, inputHash: task.inputHash, ...parts } },
  ];

  it('is not believed, part by part', async () => {
    const parts: object[] = [
      { width: '64" onerror="alert(1)' },
      { format: 'webp" onerror="alert(1)' },
      { format: 'png' }, // another one than asked for
      { inputHash: hashBytes('other') },
      { height: -1 },
      { hash: `${ESCAPE}[2J` },
      { plan: { ...REPORT.plan, channels: { ...RECIPE.channels, hue: false } } }, // of another recipe
      { plan: undefined },
      { notices: Array.from({ length: 1000 }, () => 'x') },
      { script: '<script>' },
    ];
    const results: unknown[] = [
      null,
      `${ESCAPE}[31m`,
      [],
      [{ output: '../../etc/passwd', report: REPORT }],
      [JSON.parse('{"__proto__": {"report": 1}}')],
    ];
    const replies = [
      ...parts.map((part) => (task: RecolorTask) => reportOf(task, part)),
      ...results.map((result) => () => result),
    ];
    const stderr = await buildAgainst(replies);
    for (const i of replies.keys()) {
      expect(stderr).toContain(`images/${i}.png: a member of the queue gave a false result: `);
    }
    expect(stderr).toContain(`${replies.length} failed`);
  });

  it('that fails with words of its own neither ends the build as done nor reaches the terminal', async () => {
    const stderr = await buildAgainst([
      () => {
        throw new connection.bullmq.UnrecoverableError(`CANCELED: ${ESCAPE}]0;owned\u0007\u009b2J`);
      },
    ]);
    expect(stderr).toContain('\\u001b]0;owned\\u0007\\u009b2J');
    expect(stderr).toContain('1 failed');
  });

  it('that has written nothing, or another file, is found out by the hash', async () => {
    await mkdir(join(root, 'dist'));
    await writeFile(join(root, 'dist/1.webp'), 'y'); // as large as the report says
    const lie = (task: RecolorTask): unknown => reportOf(task, {});
    const stderr = await buildAgainst([lie, lie]);
    expect(stderr).toContain('dist/0.webp: a worker says that it has written it, but it is not in ');
    expect(stderr).toContain('dist/1.webp: a worker says that it has written it, but another file is in ');
    expect(await readFile(join(root, 'dist/1.webp'), 'latin1')).toBe('y');
  });

  describe('that puts tasks in', () => {
    let inputHash: string;
    beforeEach(async () => {
      inputHash = hashBytes(await readFile(join(root, 'images/a.png')));
    });

    const job = (rest: Partial<RecolorJob>): RecolorJob => ({
      ...{ version: 1, engine: ENGINE, input: 'images/a.png', output: 'dist/a.png', theme: 'default', recipe: RECIPE },
      ...rest,
    });
    async function submit(rest: Partial<RecolorJob>, ...args: string[]) {
      await startWorkerProcess([redis.url, '--queue-name', queueName, '--root', root, ...args], root);
      const run = await startRun({ connection, queueName, attempts: 1, timeoutS: 60, onEvent: () => undefined });
      try {
        return await run.submit({ kind: 'recolor', jobs: [job(rest)], inputHash }, 'a.png');
      } finally {
        await run.stop();
      }
    }

    it.each([
      ['../a.png', /inside the build's root/],
      ['/tmp/a.png', /inside the build's root/],
      ['dist/../../a.png', /inside the build's root/],
      ['link/a.png', /inside the build's root/],
      ['dist/a.html', /outputs that end in \.jpg/],
      ['dist/a', /outputs that end in \.jpg/],
      ['package.json', /outputs that end in \.jpg/],
    ])('writes nothing to %s', async (output, message) => {
      const outside = await makeTempFolder();
      await symlink(outside, join(root, 'link'));
      await writeFile(join(root, 'package.json'), '{}');
      const outcome = await submit({ output }).then(
        ([one]) => one?.error,
        (error: { code: string; message: string }) => error,
      );
      expect(outcome).toMatchObject({ code: 'INVALID_JOB', message: expect.stringMatching(message) });
      expect(existsSync(join(root, output)) && output !== 'package.json').toBe(false);
      expect(await readFile(join(root, 'package.json'), 'utf8')).toBe('{}');
    });

    it('gets no more pixels than the worker allows, whatever it asks for', async () => {
      const [refused] = await submit({ maxPixels: Number.MAX_SAFE_INTEGER }, '--max-pixels', '4000');
      expect(refused?.error).toMatchObject({ code: 'INPUT_TOO_LARGE' });
      await killWorkers();
      const [allowed] = await submit({ maxPixels: Number.MAX_SAFE_INTEGER }, '--max-pixels', '4096');
      expect(allowed?.report?.hash).toBe((await runJob(job({}), { root })).report.hash);
    });
  });
});
