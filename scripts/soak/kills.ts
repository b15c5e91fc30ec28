/** `kill -9` at any moment: what is there afterwards is whole, and after one more run everything is, with nothing left over. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { contents, endOf, start } from './command.js';
import type { Context, Line, Outcome } from './line.js';
import { makePicture } from './pictures.js';

const IMAGES = 60;
const FORMATS = ['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const;
const ROWS = ['teal;40;90', 'navy -> #8c2f4f;auto;100'];
const CONFIG = {
  inputs: 'in/*',
  recipe: ROWS,
  formats: ['png', 'webp'],
  sizes: [64, 200],
  out: 'out/{name}.{size}.{ext}',
};

/** Commands that write many files, and may be run again. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  shine: ['shine', 'in/*', ...ROWS, '--out-dir', 'out', '--quiet'],
  build: ['build', '--quiet'],
  lut: ['shine', 'in/*', ...ROWS, '--strategy', 'lut', '--out-dir', 'out', '--quiet'],
};

export const KILL_LINES: readonly Line[] = Object.entries(COMMANDS).map(([name, args]) => ({
  name: `kill -9, ${name}`,
  share: 3,
  run: (context) => killAgainAndAgain(context, args),
}));

async function killAgainAndAgain({ random, folder, goesOn }: Context, args: readonly string[]): Promise<Outcome> {
  await makeImages(join(folder, 'in'), random);
  await mkdir(join(folder, 'node_modules'));
  await writeFile(join(folder, 'colorshine.config.json'), JSON.stringify(CONFIG));
  const faults: string[] = [];
  const began = Date.now();
  const first = await endOf(start(args, folder));
  const whole = Date.now() - began;
  if (first.code !== 0)
    return { tried: 'nothing', faults: [`undisturbed: exit ${first.code}: ${first.stderr.trim()}`] };
  const wanted = await contents(join(folder, 'out'));
  let kills = 0;
  do {
    if (random() < 0.6) await rm(join(folder, 'out'), { recursive: true, force: true });
    if (random() < 0.3) await rm(join(folder, 'node_modules', '.cache'), { recursive: true, force: true });
    for (let n = 1 + Math.floor(random() * 3); n > 0; n--) {
      const child = start(args, folder);
      const ended = endOf(child);
      await Promise.race([ended, setTimeout(random() * whole)]);
      child.kill('SIGKILL');
      await ended;
      kills++;
      for (const [name, bytes] of await contents(join(folder, 'out'))) {
        if (name.includes('.cs-') || wanted.get(name) === bytes) continue;
        if (wanted.has(name)) faults.push(`kill ${kills}: ${name} is not what an undisturbed run writes`);
      }
    }
    const last = await endOf(start(args, folder));
    if (last.code !== 0) faults.push(`after kill ${kills}: exit ${last.code}: ${last.stderr.trim()}`);
    const found = await contents(join(folder, 'out'));
    for (const [name, bytes] of wanted)
      if (found.get(name) !== bytes) faults.push(`after kill ${kills}: ${name} is lost or other`);
    for (const name of found.keys()) if (!wanted.has(name)) faults.push(`after kill ${kills}: ${name} was left behind`);
  } while (goesOn() && faults.length === 0);
  return { tried: `${IMAGES} images of ${FORMATS.length} formats, ${kills} kills`, faults };
}

async function makeImages(folder: string, random: () => number): Promise<void> {
  await mkdir(folder);
  for (let i = 0; i < IMAGES; i++) {
    const format = FORMATS[i % FORMATS.length] as (typeof FORMATS)[number];
    const image = makePicture(random, i).toFormat(format);
    await image.toFile(join(folder, `${String(i).padStart(3, '0')}-${format}.${format}`));
  }
}
