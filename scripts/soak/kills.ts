/** `kill -9` at any moment: what is there afterwards is whole, and after one more run everything is, with nothing left over. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { compareContents, contents, endOf, start } from './command.js';
import type { Context, Line, Outcome } from './line.js';
import { makeImages } from './pictures.js';

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
  await makeImages(join(folder, 'in'), IMAGES, random, FORMATS);
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
    if (random() < 0.3) await rm(join(folder, 'cache'), { recursive: true, force: true });
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
    faults.push(...compareContents(await contents(join(folder, 'out')), wanted, `after kill ${kills}`));
  } while (goesOn() && faults.length === 0);
  return { tried: `${IMAGES} images of ${FORMATS.length} formats, ${kills} kills`, faults };
}
