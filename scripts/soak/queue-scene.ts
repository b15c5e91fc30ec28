/** A project, a Redis and workers for lines about queues. */
import type { ChildProcess } from 'node:child_process';
import { cp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startRedis, type TestRedis } from '../../test/support/redis.js';
import { startProgram } from '../../test/support/run-cli.js';
import { contents, endOf, environmentIn, start } from './command.js';
import { makeImages } from './pictures.js';

export const QUEUE_IMAGES = 24;
const CONFIG = {
  inputs: 'in/*',
  themes: [
    { name: 'light', recipe: ['teal;60;80', 'orange;30;120'] },
    { name: 'dark', recipe: ['navy;100;90'] },
  ],
  formats: ['webp', 'png'],
  out: 'out/{name}.{theme}.{ext}',
  pooled: true,
};

export interface Worker {
  readonly process: ChildProcess;
  /** Resolves with the exit code, null after a kill. */
  readonly ended: Promise<number | null>;
  /** Resolves when it is at work, or has ended. */
  readonly ready: Promise<void>;
  /** Events that it has told, by name. */
  readonly events: readonly string[];
  /** What it says when it should be silent, such as a crash. */
  readonly stderr: () => string;
}

export interface QueueScene {
  readonly root: string;
  /** The folder with cache and temporary files. */
  readonly folder: string;
  readonly redis: TestRedis;
  /** What an undisturbed local build writes. */
  readonly wanted: ReadonlyMap<string, string>;
  build(url: string, ...args: string[]): ChildProcess;
  /** Without the queue. */
  buildHere(): ChildProcess;
  /** @param program where its built files lie */
  startWorker(url: string, program?: string): Worker;
}

/** @throws Error when not even an undisturbed local build ends well */
export async function openQueueScene(folder: string, random: () => number): Promise<QueueScene> {
  const root = join(folder, 'site');
  await makeImages(join(root, 'in'), QUEUE_IMAGES, random);
  await writeFile(join(root, 'colorshine.config.json'), JSON.stringify(CONFIG));
  const { code, stderr } = await endOf(start(['build', '--quiet'], root, folder));
  if (code !== 0) throw new Error(`an undisturbed build: exit ${code}: ${stderr}`);
  return {
    ...{ root, folder, wanted: await contents(join(root, 'out')), redis: await startRedis() },
    buildHere: () => start(['build', '--quiet'], root, folder),
    build: (url, ...args) => start(['build', '--queue', url, '--quiet', ...args], root, folder),
    startWorker(url, program = 'dist') {
      const args = ['worker', url, '--json', '--takeover', '1', '--root', root];
      const child = startProgram(join(program, 'cli.cjs'), args, folder, environmentIn(folder));
      const events: string[] = [];
      const ended = endOf(child);
      const ready = new Promise<void>((done) => {
        child.stdout?.on('data', (chunk: Buffer) => {
          events.push(...[...String(chunk).matchAll(/"event":"([\w-]+)"/g)].map(([, name]) => name as string));
          if (events.includes('ready')) done();
        });
        ended.then(() => done());
      });
      let text = '';
      child.stderr?.on('data', (chunk: Buffer) => {
        text += chunk;
      });
      return { process: child, ended: ended.then(({ code }) => code), ready, events, stderr: () => text };
    },
  };
}

/** The built program as though it were of another version. @returns its folder */
export async function makeOtherVersion(folder: string): Promise<string> {
  const place = join(folder, 'other');
  await cp('dist', join(place, 'dist'), { recursive: true });
  await symlink(resolve('node_modules'), join(place, 'node_modules'), 'junction');
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  for (const name of await readdir(join(place, 'dist'))) {
    if (!/\.c?js$/.test(name)) continue;
    const path = join(place, 'dist', name);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replaceAll(version, '99.9.9'));
  }
  await cp('package.json', join(place, 'package.json'));
  return join(place, 'dist');
}
