/**
 * The Dockerfile of workers, read: what it copies and calls is there. To build it takes Docker, which tests have not. And what a
 * container is to the command line: the first process, which hears no signal of its own.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { glob } from 'tinyglobby';
import { describe, expect, it } from 'vitest';
import { parseFlags } from '../../src/node/cli/parse-flags.js';
import { WORKER_FLAGS } from '../../src/node/cli/project-flags.js';
import { readRedisUrl } from '../../src/node/queue/redis-url.js';
import { CONFIG, makeProject } from '../support/build-project.js';

interface Instruction {
  readonly name: string;
  readonly text: string;
}

interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly version: string;
  readonly packages: Readonly<Record<string, { readonly version: string }>>;
}

const readJson = (path: string): Manifest => JSON.parse(readFileSync(path, 'utf8')) as Manifest;

function readStages(): [Stage, Stage] {
  const lines = readFileSync('Dockerfile', 'utf8')
    .replace(/\\\n\s*/g, '')
    .split('\n');
  const instructions = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', text = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
      expect(name, line).not.toBe('');
      return { name, text };
    });
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') {
      const [image = '', , name] = instruction.text.split(' ');
      stages.push({ image, name, instructions: [] });
    } else stages.at(-1)?.instructions.push(instruction);
  }
  expect(stages).toHaveLength(2);
  return stages as unknown as [Stage, Stage];
}

const [made, shipped] = readStages();
const of = ({ instructions }: Stage, name: string): string[] =>
  instructions.filter((one) => one.name === name).map(({ text }) => text);

/** Reads the arguments of `colorshine worker` as it does. @throws ColorshineError */
function readWorkerArgs(args: readonly string[]): void {
  const { positionals } = parseFlags(args, WORKER_FLAGS);
  expect(positionals).toHaveLength(1);
  readRedisUrl(positionals[0] as string);
}

describe('the Dockerfile', () => {
  it('copies files that are there, all that the build reads, and ships none but the installed package', async () => {
    const sources = of(made, 'COPY').flatMap((text) => text.split(' ').slice(0, -1));
    for (const source of sources) {
      const found = source.includes('*') ? await glob(source) : existsSync(source);
      expect(found, source).not.toEqual([]);
      expect(found, source).not.toBe(false);
    }
    // What `npm run build` has read, by its own account, lies in what is copied.
    const { inputs } = JSON.parse(readFileSync('dist/meta.json', 'utf8')) as { inputs: Record<string, unknown> };
    const paths = Object.keys(inputs).map((path) => path.replace(`kernel-source:${process.cwd()}/`, ''));
    const own = paths.filter((path) => !path.startsWith('node_modules/'));
    expect(own.length).toBeGreaterThan(100);
    expect(own.filter((path) => !sources.some((source) => path === source || path.startsWith(`${source}/`)))).toEqual(
      [],
    );
    expect(of(shipped, 'COPY')).toEqual([`--from=${made.name} /app /app`]);
    expect(of(shipped, 'RUN')).toEqual([]);
  });

  it('installs sharp, bullmq and ioredis as the lock file has them', () => {
    const install = of(made, 'RUN').find((text) => text.startsWith('npm install')) as string;
    expect(install).toMatch(/^npm install --omit=dev --ignore-scripts \/tmp\/colorshine-\*\.tgz /);
    const [, command = ''] = /\$\((node -p ".+")\)$/.exec(install) ?? [];
    const said = execFileSync('sh', ['-c', command.replaceAll('/src/', `${process.cwd()}/`)]).toString();
    const { packages } = readJson('package-lock.json');
    const versions = ['sharp', 'bullmq', 'ioredis'].map(
      (name) => `${name}@${packages[`node_modules/${name}`]?.version}`,
    );
    expect(said.trim()).toBe(versions.join(' '));
  });

  it('runs the worker with options that it has, as nobody in particular, and keeps no secret', () => {
    const [program, file = '', command, ...more] = JSON.parse(of(shipped, 'ENTRYPOINT')[0] as string) as string[];
    const [args] = of(shipped, 'CMD').map((text) => JSON.parse(text) as string[]);
    const { bin } = readJson('package.json');
    expect([program, file.replace('/app/node_modules/colorshine/', ''), command]).toEqual([
      'node',
      bin.colorshine,
      'worker',
    ]);
    readWorkerArgs([...more, ...(args as string[])]);
    expect(Number(/^(\d+):\d+$/.exec(of(shipped, 'USER')[0] as string)?.[1])).toBeGreaterThan(0);
    expect(of(shipped, 'ENV')).toEqual(['NODE_ENV=production']);
    expect([...of(made, 'ARG'), ...of(made, 'ENV'), ...of(shipped, 'ARG'), ...of(shipped, 'ADD')]).toEqual([]);
  });

  it('is one Node that the package works on', () => {
    expect(made.image).toBe(shipped.image);
    expect(Number(/^node:(\d+)-/.exec(made.image)?.[1])).toBeGreaterThanOrEqual(22);
  });

  it('is run by the docs with options that the worker has', () => {
    const text = ['docs/queue.md', 'Dockerfile'].map((path) => readFileSync(path, 'utf8')).join('\n');
    const runs = [...text.replace(/\\\n\s*/g, '').matchAll(/docker run .*? colorshine-worker (.+)/g)];
    expect(runs.length).toBeGreaterThanOrEqual(2);
    for (const [line, args = ''] of runs) {
      expect(line).toContain(' --read-only --tmpfs /tmp ');
      readWorkerArgs(args.split(' '));
    }
  });
});

const NAMESPACE = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'];
const canBeFirst = spawnSync('unshare', [...NAMESPACE, 'true']).status === 0;

it.skipIf(!canBeFirst)('SIGTERM ends a build that is the first process of a container', async () => {
  const project = await makeProject();
  await project.addImages(1);
  await project.write(CONFIG, { inputs: 'images/*.png', recipe: ['teal;60;90'], out: 'dist/{name}.{ext}' });
  const args = [...NAMESPACE, process.execPath, `${process.cwd()}/dist/cli.cjs`, 'build', '--watch', '--json'];
  const child = spawn('unshare', args, { cwd: project.folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((done) => child.on('close', done));
  try {
    let said = '';
    const hasBuilt = new Promise((done) =>
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk;
        if (said.includes('"summary"')) done('built');
      }),
    );
    expect(await Promise.race([hasBuilt, ended])).toBe('built');
    // Its number outside; in there it is 1.
    const first = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
    process.kill(Number(first), 'SIGTERM');
    expect(await ended).toBe(143);
  } finally {
    child.kill('SIGKILL');
  }
});
