/** Few open files, little memory, a reader that goes away: words and the right exit code, and never half a file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { contents, endInTime, environmentIn, leftovers, start } from './command.js';
import { below, type Line, pick } from './line.js';
import { makeImages } from './pictures.js';

const IMAGES = 8;
const ROWS = ['teal;40;90', 'navy -> #8c2f4f;auto;100'];
const CONFIG = { inputs: 'in/*', recipe: ROWS, formats: ['png', 'webp'], out: 'out/{name}.{ext}' };
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  shine: ['shine', 'in/*', ...ROWS, '--out-dir', 'out', '--json', '--verbose'],
  build: ['build', '--json'],
};

interface Limit {
  /** Of a shell, before the command. */
  readonly shell?: (random: () => number) => string;
  /** To the running command. */
  readonly act?: (child: ChildProcess, random: () => number) => void;
  /** How Node itself may end, where the limit leaves it no room: what it then says is not ours. */
  readonly mayKillNode: boolean;
}

const LIMITS: Readonly<Record<string, Limit>> = {
  'few open files': { shell: (random) => `ulimit -n ${18 + below(random, 40)}`, mayKillNode: true },
  'few addresses': { shell: (random) => `ulimit -v ${1_000_000 + below(random, 40_000_000)}`, mayKillNode: true },
  'little memory': {
    shell: (random) => `export NODE_OPTIONS=--max-old-space-size=${8 + below(random, 40)}`,
    mayKillNode: true,
  },
  'readers gone': {
    act(child, random) {
      let left = below(random, 1500);
      child.stdout?.on('data', (chunk: Buffer) => {
        left -= chunk.length;
        if (left < 0) child.stdout?.destroy();
      });
    },
    mayKillNode: false,
  },
};

export const LIMITS_LINE: Line = {
  name: 'limits',
  share: 2,
  whyNot: () => (process.platform === 'linux' ? undefined : 'the limits are those of Linux'),
  async run({ random, folder, goesOn }) {
    await makeImages(join(folder, 'in'), IMAGES, random);
    await writeFile(join(folder, 'colorshine.config.json'), JSON.stringify(CONFIG));
    const out = join(folder, 'out');
    const wanted = new Map<string, Map<string, string>>();
    for (const [name, args] of Object.entries(COMMANDS)) {
      await rm(out, { recursive: true, force: true });
      const { code, stderr } = await endInTime(start(args, folder));
      if (code !== 0) return { tried: 'nothing', faults: [`undisturbed: ${name}: exit ${code}: ${stderr.trim()}`] };
      wanted.set(name, await contents(out));
    }
    const faults: string[] = [];
    const counts = new Map<string, number>();
    let others = 0;
    do {
      const [name, args] = pick(random, Object.entries(COMMANDS));
      const [kind, limit] = pick(random, Object.entries(LIMITS));
      const shell = limit.shell?.(random) ?? ':';
      const say = (what: string): string => `${name}, ${kind} (${shell}): ${what}`;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      await rm(out, { recursive: true, force: true });
      const child = startLimited(shell, args, folder);
      limit.act?.(child, random);
      const ended = await endInTime(child);
      const { code, stderr } = ended;
      const right = wanted.get(name) as Map<string, string>;
      const found = await contents(out);
      const isNodeDead = limit.mayKillNode && isNodes(ended);
      if (code === 0) {
        if (found.size < right.size) faults.push(say(`exit 0, but ${found.size} files of ${right.size}`));
      } else if (!isNodeDead && (code !== 1 || !isOurs(stderr))) faults.push(say(`exit ${code}: ${stderr.trim()}`));
      for (const [file, bytes] of found) {
        if (isNodeDead && file.includes('.cs-')) continue;
        if (right.get(file) === bytes) continue;
        others++;
        if (!(await isWhole(file, bytes))) faults.push(say(`${file} is half or left over`));
      }
      if (isNodeDead) await endInTime(start(args, folder));
      faults.push(...(await leftovers(folder)).map((file) => say(`${file} was left over`)));
    } while (goesOn() && faults.length === 0);
    const tried = [...counts].map(([kind, count]) => `${count} x ${kind}`).join(', ');
    return { tried: `${IMAGES} images, ${tried}; ${others} files whole, but with other bytes`, faults };
  },
};

function startLimited(shell: string, args: readonly string[], cwd: string): ChildProcess {
  const command = [process.execPath, resolve('dist/cli.cjs'), ...args];
  return spawn('bash', ['-c', `${shell}; exec "$@"`, '-', ...command], { cwd, env: environmentIn(cwd), stdio: 'pipe' });
}

/** Node, V8 or the shell ended it, in their own words. */
function isNodes({ code, stderr }: { readonly code: unknown; readonly stderr: string }): boolean {
  const isAborted = code === null || code === 127 || code === 133 || code === 134;
  return (
    isAborted ||
    /^node:|Error: EMFILE|ERR_WORKER_OUT_OF_MEMORY|out of memory|shared object file|Cannot find (?:package|module)/m.test(
      stderr,
    )
  );
}

/** One line for each picture, or one for all. */
function isOurs(stderr: string): boolean {
  const lines = stderr.trim().split('\n');
  return lines.every((line) => /^(?:colorshine|WARNING|INFO): /.test(line) && !line.includes('unexpected error'));
}

/** Without memory for the kernels another backend or encoder may have made it: the bytes, and the manifest's hashes, are then others. */
async function isWhole(file: string, bytes: string): Promise<boolean> {
  if (file.endsWith('manifest.json')) return bytes.endsWith('}\n');
  if (!/\.(?:png|webp)$/.test(file)) return false;
  return sharp(Buffer.from(bytes, 'latin1'), { failOn: 'warning' })
    .raw()
    .toBuffer()
    .then(() => true)
    .catch(() => false);
}
