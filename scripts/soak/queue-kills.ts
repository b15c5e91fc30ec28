/** `kill -9` of builds, workers and their processes on one queue: the next build has everything, and nothing is left over. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { whyNoRedis } from '../../test/support/redis.js';
import { compareContents, contents, endInTime, leftovers } from './command.js';
import { type Line, pick } from './line.js';
import { openQueueScene, QUEUE_IMAGES, type Worker } from './queue-scene.js';

const WORKERS = 2;
const GONE_MS = 30_000;

export const QUEUE_KILLS_LINE: Line = {
  name: 'kill -9, build --queue',
  share: 4,
  whyNot: whyNoRedis,
  async run({ random, folder, goesOn }) {
    const scene = await openQueueScene(folder, random);
    const { root, redis, wanted } = scene;
    const faults: string[] = [];
    const kills = { build: 0, worker: 0, process: 0 };
    const seen = new Set<number>();
    let workers: Worker[] = [];
    const say = (what: string): string => `after ${kills.build + kills.worker + kills.process} kills: ${what}`;
    const fill = async (): Promise<void> => {
      while (workers.length < WORKERS) workers.push(scene.startWorker(redis.url));
      await Promise.all(workers.map(({ ready }) => ready));
    };
    const disturb = async (build: ReturnType<typeof scene.build>, pause: number): Promise<void> => {
      await setTimeout(random() * pause);
      const worker = pick(random, workers);
      const processes = await childrenOf(worker.process.pid);
      for (const pid of processes) seen.add(pid);
      const victim = pick(random, ['build', 'worker', 'process', 'both'] as const);
      if (victim === 'build') kills.build += Number(build.kill('SIGKILL'));
      if (victim === 'process' || victim === 'both') {
        for (const pid of processes) kills.process += Number(killProcess(pid));
      }
      if (victim === 'worker' || victim === 'both') {
        kills.worker += Number(worker.process.kill('SIGKILL'));
        await worker.ended;
        workers = workers.filter((other) => other !== worker);
        await fill();
      }
    };
    try {
      let whole = 3000;
      do {
        await fill();
        if (random() < 0.6) await rm(join(root, 'out'), { recursive: true, force: true });
        if (random() < 0.6) await rm(join(folder, 'cache'), { recursive: true, force: true });
        const began = Date.now();
        const build = scene.build(redis.url, '--retries', '9');
        const ended = endInTime(build);
        for (let n = 1 + Math.floor(random() * 3); n > 0; n--) await disturb(build, whole);
        const { code, stderr } = await ended;
        const isKilled = code === null;
        if (!isKilled) whole = Date.now() - began;
        if (code === 'hangs') faults.push(say('the build does not end'));
        else if (code !== 0 && !isKilled && !isSaid(stderr)) faults.push(say(`exit ${code}: ${stderr.trim()}`));
        // Also a build without the queue takes away what one with it has left.
        const last = random() < 0.2 ? scene.buildHere() : scene.build(redis.url, '--retries', '9');
        const after = await endInTime(last);
        if (after.code !== 0) faults.push(say(`the next build: exit ${after.code}: ${after.stderr.trim()}`));
        faults.push(...compareContents(await contents(join(root, 'out')), wanted, say('the next build')));
        faults.push(...(await leftovers(root)).map((name) => say(`${name} was left over`)));
        for (const { process } of workers) for (const pid of await childrenOf(process.pid)) seen.add(pid);
        for (const { process } of workers) process.kill('SIGTERM');
        for (const { ended, stderr } of workers) {
          if ((await ended) !== 0) faults.push(say(`a worker ends with ${await ended}: ${stderr().trim()}`));
        }
        workers = [];
        for (const until = Date.now() + GONE_MS; [...seen].some(isAlive) && Date.now() < until; ) await setTimeout(100);
        if ([...seen].some(isAlive)) faults.push(say('a process outlives its worker'));
        seen.clear();
        faults.push(...(await leftovers(join(folder, 'tmp'))).map((name) => say(`${name} was left over in TMPDIR`)));
        faults.push(
          ...(await leftovers(join(folder, 'cache'))).map((name) => say(`${name} was left over in the cache`)),
        );
      } while (goesOn() && faults.length === 0);
    } finally {
      for (const { process } of workers) process.kill('SIGKILL');
      await redis.stop();
    }
    return {
      tried: `${QUEUE_IMAGES} images, ${kills.build} builds, ${kills.worker} workers and ${kills.process} processes killed`,
      faults,
    };
  },
};

/** A job that lost its worker too often is given up, in words. */
function isSaid(stderr: string): boolean {
  return /every worker that began it vanished|the process at work/.test(stderr);
}

/** Linux alone says it; elsewhere only workers and builds are killed. */
async function childrenOf(pid: number | undefined): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'latin1').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

function killProcess(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
