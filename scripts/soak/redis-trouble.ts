/** A Redis that restarts, forgets, is slow or silent, under two builds at once and workers of two versions: the same bytes, or words. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { whyNoRedis } from '../../test/support/redis.js';
import { compareContents, contents, endInTime, leftovers } from './command.js';
import { type Line, pick } from './line.js';
import { makeOtherVersion, openQueueScene, QUEUE_IMAGES, type QueueScene } from './queue-scene.js';
import { openSlowProxy, type SlowProxy } from './slow-proxy.js';

const WORKERS = { ours: 2, others: 2 };

type Trouble = (scene: QueueScene, proxy: SlowProxy, random: () => number) => Promise<void>;

const TROUBLES: Readonly<Record<string, Trouble>> = {
  restarted: ({ redis }, _, random) => redis.restart(random() * 3000),
  async emptied({ redis }) {
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
  },
  async slow(_, proxy, random) {
    proxy.delay(300);
    await setTimeout(random() * 4000);
    proxy.delay(0);
  },
  async torn(_, proxy) {
    proxy.tear();
  },
  async silent(_, proxy) {
    proxy.forget();
  },
};

export const REDIS_LINE: Line = {
  name: 'Redis in trouble',
  share: 4,
  whyNot: () => (process.env.COLORSHINE_TEST_REDIS_URL ? 'the server is not ours to restart' : whyNoRedis()),
  async run({ random, folder, goesOn }) {
    const scene = await openQueueScene(folder, random);
    const { root, redis, wanted } = scene;
    const proxy = await openSlowProxy(redis.url, random);
    const others = await makeOtherVersion(folder);
    const workers = [
      ...Array.from({ length: WORKERS.ours }, () => scene.startWorker(proxy.url)),
      ...Array.from({ length: WORKERS.others }, () => scene.startWorker(proxy.url, others)),
    ];
    const faults: string[] = [];
    const counts = new Map<string, number>();
    let builds = 0;
    try {
      await Promise.all(workers.map(({ ready }) => ready));
      do {
        await rm(join(root, 'out'), { recursive: true, force: true });
        if (random() < 0.5) await rm(join(folder, 'cache'), { recursive: true, force: true });
        const running = Array.from({ length: random() < 0.5 ? 1 : 2 }, () => scene.build(proxy.url, '--retries', '9'));
        const ended = Promise.all(running.map(endInTime));
        const names: string[] = [];
        for (let n = 1 + Math.floor(random() * 3); n > 0; n--) {
          await setTimeout(random() * 3000);
          const name = pick(random, Object.keys(TROUBLES));
          names.push(name);
          counts.set(name, (counts.get(name) ?? 0) + 1);
          await TROUBLES[name]?.(scene, proxy, random);
        }
        builds += running.length;
        const say = (what: string): string => `build ${builds} (${names.join(', ')}): ${what}`;
        for (const { code, stderr } of await ended) {
          if (code === 'hangs') faults.push(say('it does not end'));
          else if (code !== 0 && !isClear(code, stderr)) faults.push(say(`exit ${code}: ${stderr.trim()}`));
        }
        const after = await endInTime(scene.build(proxy.url, '--retries', '9'));
        if (after.code !== 0) faults.push(say(`the next one: exit ${after.code}: ${after.stderr.trim()}`));
        faults.push(...compareContents(await contents(join(root, 'out')), wanted, say('the next one')));
        faults.push(...(await leftovers(root)).map((name) => say(`${name} was left over`)));
        for (const [i, { process, stderr }] of workers.entries()) {
          if (process.exitCode !== null) faults.push(say(`worker ${i} ended with ${process.exitCode}: ${stderr()}`));
        }
      } while (goesOn() && faults.length === 0);
      const strangers = workers.slice(WORKERS.ours);
      if (strangers.some(({ events }) => events.includes('started'))) faults.push('another version took a job');
    } finally {
      for (const { process } of workers) process.kill('SIGKILL');
      await Promise.all(workers.map(({ ended }) => ended));
      await proxy.close();
      await redis.stop();
    }
    const troubles = [...counts].map(([name, count]) => `${count} x ${name}`).join(', ');
    return { tried: `${builds} builds of ${QUEUE_IMAGES} images, workers of two versions, Redis ${troubles}`, faults };
  },
};

/** Of two builds of one folder the later one wins; a server that is away as a run begins is said in one line. */
function isClear(code: number | null, stderr: string): boolean {
  const lines = stderr
    .trim()
    .split('\n')
    .filter((line) => !/the connection to .* is (?:lost|back)/.test(line));
  return code === 1 && lines.every((line) => /a newer one makes|expected a Redis server, got/.test(line));
}
