/** A machine with moods: a folder that turns read-only under a run, and a clock that jumps. */
import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startCli } from '../../test/support/run-cli.js';
import { compareContents, contents, endOf, environmentIn } from './command.js';
import { below, type Context, type Line, type Outcome, pick } from './line.js';
import { makeImages, makePicture } from './pictures.js';

const IMAGES = 24;
const NOBODY = 65_534;
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
const CONFIG = { inputs: 'in/*', recipe: ['teal;40;90'], formats: ['png', 'webp'], out: 'out/{name}.{ext}' };
const COMMANDS: readonly (readonly string[])[] = [
  ['shine', 'in/*', 'teal;40;90', '--out-dir', 'out', '--quiet'],
  ['shine', 'in/*', 'teal;40;90', '--strategy', 'lut', '--out-dir', 'out', '--quiet'],
  ['build', '--quiet'],
];

export const MOOD_LINES: readonly Line[] = [
  {
    name: 'read-only folder',
    share: 1,
    whyNot() {
      if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'becoming another user takes root on Linux';
      const canRead = spawnSync(process.execPath, ['-e', '0'], { uid: NOBODY, gid: NOBODY }).status === 0;
      return canRead ? undefined : 'another user may not start Node here';
    },
    run: lockFolders,
  },
  { name: 'clock that jumps', share: 1, run: jumpThroughTime },
];

async function lockFolders({ random, folder, goesOn }: Context): Promise<Outcome> {
  await makeProject(folder, random);
  environmentIn(folder);
  for (const name of ['.', 'node_modules', 'tmp']) await chown(join(folder, name), NOBODY, NOBODY);
  await chmod(folder, 0o755);
  const run = (args: readonly string[]) =>
    endOf(startCli(args, folder, { ...environmentIn(folder), HOME: folder }, NOBODY));
  const faults: string[] = [];
  let runs = 0;
  let stopped = 0;
  do {
    const args = pick(random, COMMANDS);
    await rm(join(folder, 'out'), { recursive: true, force: true });
    const began = performance.now();
    const first = await run(args);
    if (first.code !== 0)
      return { tried: `${runs} runs`, faults: [`undisturbed: exit ${first.code}: ${first.stderr}`] };
    const whole = performance.now() - began;
    const wanted = await contents(join(folder, 'out'));
    const gone = [...wanted.keys()].filter(() => random() < 0.5);
    for (const name of gone) await rm(join(folder, 'out', name));
    const locked = pick(random, ['out', 'out', 'cache', 'node_modules/.cache']);
    const ended = run(random() < 0.5 ? args : [...args, '--force']);
    await setTimeout(random() * whole);
    await chmod(join(folder, locked), 0o555).catch(() => undefined); // there may be none yet
    const { code, stderr } = await ended;
    runs++;
    const lines = stderr.trim().split('\n').filter(Boolean);
    const place = `${args[0]}, ${locked}, exit ${code}`;
    if (code !== 0) {
      stopped++;
      if (code !== 1 || locked !== 'out') faults.push(`${place}: ${stderr.trim()}`);
      // One for each picture, and one that counts them.
      if (lines.length === 0 || lines.length > 2 * IMAGES + 1 || lines.some((line) => /^\s+at /.test(line)))
        faults.push(`${place}: not a line each: ${stderr.trim()}`);
    }
    for (const [name, bytes] of await contents(join(folder, 'out')))
      if (wanted.has(name) && wanted.get(name) !== bytes) faults.push(`${place}: ${name} is half`);
    await chmod(join(folder, locked), 0o755).catch(() => undefined);
    const last = await run(args);
    if (last.code !== 0) faults.push(`${place}: afterwards exit ${last.code}: ${last.stderr.trim()}`);
    faults.push(...compareContents(await contents(join(folder, 'out')), wanted, `${place}: afterwards`));
  } while (goesOn() && faults.length === 0);
  return { tried: `${runs} runs over ${IMAGES} images, ${stopped} stopped by it`, faults };
}

/** Each run has another time, which jumps while it runs: what is fresh, stale or left over is known without a clock. */
async function jumpThroughTime({ random, folder, goesOn }: Context): Promise<Outcome> {
  await makeProject(folder, random);
  const faults: string[] = [];
  let runs = 0;
  do {
    const args = pick(random, COMMANDS);
    const clock = join(folder, 'clock.mjs');
    const jumps = [0, 1].map(() => (random() - 0.5) * 20 * YEAR_MS);
    await writeFile(clock, clockOf(jumps, below(random, 500)));
    await makePicture(random, below(random, 100))
      .png()
      .toFile(join(folder, 'in', `${below(random, IMAGES)}.png`));
    if (random() < 0.3) await rm(join(folder, 'out'), { recursive: true, force: true });
    const env = environmentIn(folder);
    const moved = { ...env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${clock}` };
    if (random() < 0.5) {
      const child = startCli(args, folder, moved);
      const ended = endOf(child);
      await Promise.race([ended, setTimeout(below(random, 1500))]);
      child.kill('SIGKILL');
      await ended;
    }
    const { code, stderr } = await endOf(startCli(args, folder, moved));
    runs++;
    const place = `${args[0]} ${jumps.map((ms) => `${(ms / YEAR_MS).toFixed(1)} years off`).join(', then ')}`;
    if (code !== 0) faults.push(`${place}: exit ${code}: ${stderr.trim()}`);
    const found = await contents(join(folder, 'out'));
    await rm(join(folder, 'out'), { recursive: true });
    const fresh = await endOf(startCli([...args, '--force'], folder, env));
    if (fresh.code !== 0) faults.push(`${place}: without a jump exit ${fresh.code}: ${fresh.stderr.trim()}`);
    const wanted = await contents(join(folder, 'out'));
    // The two others write to one folder: each leaves alone what it does not make.
    const own = args[0] === 'build' ? found : [...found].filter(([name]) => wanted.has(name) || name.includes('.cs-'));
    faults.push(...compareContents(new Map(own), wanted, place));
  } while (goesOn() && faults.length === 0);
  return { tried: `${runs} runs over ${IMAGES} images`, faults };
}

/** A module that moves the time by the first jump, and after a while by the second. */
function clockOf([first = 0, second = 0]: readonly number[], afterMs: number): string {
  return `const now = Date.now;
const began = performance.now();
const jump = () => (performance.now() - began < ${afterMs} ? ${first} : ${second});
globalThis.Date = class extends Date {
  constructor(...given) { given.length === 0 ? super(now() + jump()) : super(...given); }
  static now() { return Math.round(now() + jump()); }
};
`;
}

async function makeProject(folder: string, random: () => number): Promise<void> {
  await makeImages(join(folder, 'in'), IMAGES, random);
  await mkdir(join(folder, 'node_modules'));
  await writeFile(join(folder, 'colorshine.config.json'), JSON.stringify(CONFIG));
}
