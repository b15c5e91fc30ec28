/** `build --watch` over days of work in fast motion: once a folder is at rest, its outputs are those of a fresh build. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import sharp from 'sharp';
import { contents, endOf, environmentIn, start } from './command.js';
import { judgeGrowth, STEADY_V8 } from './growth.js';
import { below, type Line, pick } from './line.js';

const SIDE = 24;
const PICTURES = 6;
/** Changes without a rest. */
const BURST = 100;
/** A build that is not there after so long never comes; a busy machine takes its time. */
const PATIENCE_MS = 120_000;
const LOOK_MS = 100;
const SAMPLES = 20;
const MAX_GROWTH = 1.1;
const COLORS = ['teal', 'navy', 'crimson', 'gold', 'white'];
const CONFIG = {
  inputs: 'in/**/*.png',
  recipe: ['{brand};60;90', '{accent};~0.2;80'],
  tokens: 'tokens.json',
  out: 'out/{dir}/{name}.{ext}',
};

export const WATCH_LINE: Line = {
  name: 'build --watch',
  share: 3,
  async run({ random, folder, goesOn }) {
    const pictures = await makePictures();
    const project = join(folder, 'project');
    await write(join(project, 'colorshine.config.json'), JSON.stringify(CONFIG));
    await write(
      join(project, 'tokens.json'),
      JSON.stringify({ brand: color('teal'), accent: { $ref: 'more/base.json#/accent' } }),
    );
    await write(join(project, 'more/base.json'), JSON.stringify({ accent: color('red') }));
    await write(join(project, 'in/always.png'), pictures[0] as Buffer);
    await mkdir(join(project, 'node_modules'));
    const faults: string[] = [];
    const found: { rss: number; handles: number }[] = [];
    const command = [...STEADY_V8, resolve('dist/cli.cjs'), 'build', '--watch', '--prune', '--quiet'];
    const child = spawn(process.execPath, command, { cwd: project, env: environmentIn(project), stdio: 'pipe' });
    const ended = endOf(child);
    let changes = 0;
    let bursts = 0;
    try {
      do {
        for (let i = 0; i < BURST; i++, changes++) await pick(random, CHANGES)(project, pictures, random);
        bursts++;
        const fault = await waitForRest(project, join(folder, 'fresh'), child);
        if (fault) faults.push(`after ${changes} changes: ${fault}`);
        found.push(await look(child));
      } while (goesOn() && faults.length === 0);
    } finally {
      child.kill('SIGINT');
    }
    const { code, stderr } = await ended;
    if (code !== 130) faults.push(`exit ${code}: ${stderr.trim().split('\n').at(-1)}`);
    const judge = (what: string, samples: readonly number[]) => judgeGrowth(what, samples, SAMPLES, MAX_GROWTH);
    const memory = judge(
      'memory',
      found.map(({ rss }) => rss),
    );
    const files = judge(
      'open files',
      found.map(({ handles }) => handles),
    );
    faults.push(...memory.faults, ...files.faults);
    return { tried: `${bursts} times ${BURST} changes${memory.words}${files.words}`, faults };
  },
};

type Change = (project: string, pictures: readonly Buffer[], random: () => number) => Promise<unknown>;

const nameOf = (random: () => number): string =>
  join('in', pick(random, ['.', 'a', 'b', 'a/deep']), `${below(random, 8)}.png`);

/** What people, editors and tools do to a folder. Each leaves whole files; on the way they may be half. */
const CHANGES: readonly Change[] = [
  (project, pictures, random) => write(join(project, nameOf(random)), pick(random, pictures)),
  async function writeInSteps(project, pictures, random) {
    const [path, bytes] = [join(project, nameOf(random)), pick(random, pictures)];
    await write(path, bytes.subarray(0, below(random, bytes.length)));
    if (random() < 0.2) await setTimeout(below(random, 120));
    await write(path, bytes);
  },
  async function replace(project, pictures, random) {
    const path = join(project, nameOf(random));
    await write(`${path}.part`, pick(random, pictures));
    await rename(`${path}.part`, path);
  },
  (project, _, random) => rm(join(project, nameOf(random)), { force: true }),
  async function move(project, _, random) {
    const [from, to] = [join(project, nameOf(random)), join(project, nameOf(random))];
    await mkdir(dirname(to), { recursive: true });
    await rename(from, to).catch(() => undefined); // it may not be there
  },
  async function replaceFolder(project, pictures, random) {
    const path = join(project, 'in', pick(random, ['a', 'b']));
    await rm(path, { recursive: true, force: true });
    if (random() < 0.7) await write(join(path, '0.png'), pick(random, pictures));
  },
  async function moveFolder(project, _, random) {
    const [from, to] = random() < 0.5 ? ['a', 'b'] : ['b', 'a'];
    await rm(join(project, 'in', to), { recursive: true, force: true });
    await rename(join(project, 'in', from), join(project, 'in', to)).catch(() => undefined);
  },
  async function changeTokens(project, _, random) {
    const path = join(project, 'more/base.json');
    if (random() < 0.3) await write(path, '{ half');
    await write(path, JSON.stringify({ accent: color(pick(random, COLORS)) }));
  },
];

const color = (value: string): object => ({ $type: 'color', $value: value });

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** @returns what is other than in a fresh build when patience ends */
async function waitForRest(project: string, fresh: string, child: ChildProcess): Promise<string | undefined> {
  await rm(fresh, { recursive: true, force: true });
  await mkdir(join(fresh, 'node_modules'), { recursive: true });
  for (const name of ['in', 'more', 'tokens.json', 'colorshine.config.json'])
    await cp(join(project, name), join(fresh, name), { recursive: true });
  const { code, stderr } = await endOf(start(['build', '--quiet'], fresh));
  if (code !== 0) return `a fresh build: exit ${code}: ${stderr.trim()}`;
  const wanted = await contents(join(fresh, 'out'));
  for (const until = performance.now() + PATIENCE_MS; ; await setTimeout(LOOK_MS)) {
    const there = await contents(join(project, 'out'));
    const other = [...new Set([...wanted.keys(), ...there.keys()])].filter(
      (name) => wanted.get(name) !== there.get(name),
    );
    if (other.length === 0) return undefined;
    if (child.exitCode !== null) return `it ended with exit code ${child.exitCode}`;
    if (performance.now() > until)
      return `${other.slice(0, 3).join(', ')} are other than in a fresh build, or left over`;
  }
}

/** What the process has in memory, kB, and how many files are open; 0 where the system does not say. */
async function look({ pid }: ChildProcess): Promise<{ rss: number; handles: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  return { rss: Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? 0), handles: files.length };
}

function makePictures(): Promise<Buffer[]> {
  return Promise.all(
    Array.from({ length: PICTURES }, (_, n) => {
      const data = Buffer.from(Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i * (n + 3)) ^ (i >> 4)));
      return sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } })
        .png()
        .toBuffer();
    }),
  );
}
