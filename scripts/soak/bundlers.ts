/** Vite, webpack and esbuild at once on one cache of images, killed, and the cache damaged: the next build is right, and the cache clean. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startProgram } from '../../test/support/run-cli.js';
import { contents, endInTime, environmentIn, leftovers } from './command.js';
import { below, type Line, pick } from './line.js';
import { mutate } from './mutate.js';
import { makeImages } from './pictures.js';

const BUNDLERS = ['vite', 'webpack', 'esbuild'] as const;
const IMAGES = 8;
const QUERIES = ['shine', 'shine=teal;40;90', 'shine=teal;40;90&format=webp', 'shine&width=40'];
const PICTURE = /\.(?:png|webp)$/;

export const BUNDLERS_LINE: Line = {
  name: 'kill -9, three bundlers',
  share: 4,
  async run({ random, folder, goesOn }) {
    const cache = join(folder, 'images-cache');
    await makeProject(folder, random);
    const imports = Array.from({ length: IMAGES }, (_, i) => QUERIES.map((query) => `./${i}.png?${query}`)).flat();
    const writeEntry = (chosen: readonly string[]): Promise<void> => {
      const lines = chosen.map((path, i) => `import a${i} from '${path}';`);
      const code = `${lines.join('\n')}\nconsole.log(${chosen.map((_, i) => `a${i}`).join(', ')});\n`;
      return writeFile(join(folder, 'src', 'main.js'), code);
    };
    const start = (name: string) => startProgram('scripts/soak/bundle.mjs', [name], folder, environmentIn(folder));
    const pictures = async (name: string): Promise<Map<string, string>> =>
      new Map([...(await contents(join(folder, `out-${name}`)))].filter(([path]) => PICTURE.test(path)));
    const faults: string[] = [];
    const wanted = new Map<string, Map<string, string>>();
    let whole = 0;
    await writeEntry(imports);
    for (const name of BUNDLERS) {
      await rm(cache, { recursive: true, force: true });
      const began = Date.now();
      const { code, stderr } = await endInTime(start(name));
      whole = Math.max(whole, Date.now() - began);
      if (code !== 0) return { tried: 'nothing', faults: [`undisturbed: ${name}: exit ${code}: ${stderr.trim()}`] };
      wanted.set(name, await pictures(name));
      if (wanted.get(name)?.size !== imports.length) {
        return { tried: 'nothing', faults: [`undisturbed: ${name}: ${wanted.get(name)?.size} pictures`] };
      }
    }
    let kills = 0;
    let damages = 0;
    do {
      const say = (what: string): string => `after ${kills} kills, ${damages} damages: ${what}`;
      if (random() < 0.5) await rm(cache, { recursive: true, force: true });
      await writeEntry(imports.filter(() => random() < 0.7));
      await Promise.all(
        BUNDLERS.map(async (name) => {
          const child = start(name);
          const ended = endInTime(child);
          await Promise.race([ended, setTimeout(random() * whole)]);
          kills += Number(child.kill('SIGKILL'));
          await ended;
        }),
      );
      for (let n = below(random, 4); n > 0; n--) damages += Number(await damage(cache, random));
      const chosen = imports.filter(() => random() < 0.7);
      await writeEntry(chosen);
      for (const name of BUNDLERS) await rm(join(folder, `out-${name}`), { recursive: true, force: true });
      await Promise.all(
        BUNDLERS.map(async (name) => {
          const { code, stderr } = await endInTime(start(name));
          if (code !== 0) return faults.push(say(`${name}: exit ${code}: ${stderr.trim()}`));
          const found = await pictures(name);
          const wrong = [...found].filter(([path, bytes]) => wanted.get(name)?.get(path) !== bytes);
          faults.push(...wrong.map(([path]) => say(`${name}: ${path} is not what an undisturbed build writes`)));
          if (found.size !== chosen.length) faults.push(say(`${name}: ${found.size} pictures of ${chosen.length}`));
        }),
      );
      faults.push(...(await leftovers(folder)).map((name) => say(`${name} was left over`)));
    } while (goesOn() && faults.length === 0);
    return {
      tried: `${imports.length} imports, ${kills} bundlers killed, ${damages} files of the cache damaged`,
      faults,
    };
  },
};

async function makeProject(folder: string, random: () => number): Promise<void> {
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(
    join(folder, 'brand.json'),
    JSON.stringify({ version: 2, rows: [{ color: 'red', tolerance: 30, strength: 90 }] }),
  );
  await makeImages(join(folder, 'src'), IMAGES, random);
}

/** @returns false when there is nothing to damage */
async function damage(cache: string, random: () => number): Promise<boolean> {
  const entries = await readdir(cache, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.cs-'));
  if (files.length === 0) return false;
  const { parentPath, name } = pick(random, files);
  const path = join(parentPath, name);
  if (random() < 0.3) await rm(path);
  else await writeFile(path, mutate(await readFile(path), random));
  return true;
}
