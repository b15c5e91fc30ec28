/** Runs action.yml as a runner would: its shell steps in bash, the cache of GitHub by a folder. */
import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly shell?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export async function readAction(): Promise<Action> {
  return parse(await readFile('action.yml', 'utf8')) as Action;
}

export interface ActionRun {
  readonly code: number;
  readonly log: string;
  /** What was put into the job's summary. */
  readonly summary: string;
  readonly cacheHit: string | undefined;
}

export interface Runner {
  /** The checkout. */
  readonly workspace: string;
  /** What outlives a job: a folder for each key. */
  readonly cache: string;
  /** Emptied before each job. */
  readonly temp: string;
}

type Outputs = Record<string, Record<string, string>>;

/** One job with the action as its only step. @throws Error for an expression or an action that is not known here */
export async function runAction(runner: Runner, given: Readonly<Record<string, string>> = {}): Promise<ActionRun> {
  const { inputs, runs } = await readAction();
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, { default: text }]) => [name, given[name] ?? text]),
  );
  await rm(runner.temp, { recursive: true, force: true });
  await mkdir(runner.temp, { recursive: true });
  const outputs: Outputs = {};
  const look = (path: string): string => {
    const [room = '', name = '', , output = ''] = path.split('.');
    if (room === 'inputs' && name in values) return values[name] as string;
    if (room === 'runner') return { os: 'Linux', arch: 'X64', temp: runner.temp }[name] ?? fail(path);
    if (room === 'steps' && runs.steps.some(({ id }) => id === name)) return outputs[name]?.[output] ?? '';
    return fail(path);
  };
  const fill = (text: string): string => text.replace(/\$\{\{ ([\w.-]+) \}\}/g, (_, path: string) => look(path));
  const holds = (condition: string): boolean =>
    condition.split(' && ').every((part) => {
      const [, path, sign, text] = /^([\w.-]+) (==|!=) '(\w+)'$/.exec(part) ?? fail(part);
      return (look(path as string) === text) === (sign === '==');
    });

  let log = '';
  for (const step of runs.steps) {
    if (step.if && !holds(step.if)) continue;
    const found: Record<string, string> = {};
    if (step.id) outputs[step.id] = found;
    if (step.uses) {
      const settings = Object.fromEntries(Object.entries(step.with ?? {}).map(([name, text]) => [name, fill(text)]));
      await useCache(runner, step.uses, settings, found);
      continue;
    }
    const ran = await runShell(runner, step, fill);
    log += ran.log;
    Object.assign(found, ran.outputs);
    if (ran.code !== 0) return { code: ran.code, log, ...(await told(runner, outputs)) };
  }
  return { code: 0, log, ...(await told(runner, outputs)) };
}

async function told({ temp }: Runner, outputs: Outputs): Promise<Pick<ActionRun, 'summary' | 'cacheHit'>> {
  const summary = await readFile(join(temp, 'summary.md'), 'utf8').catch(() => '');
  return { summary, cacheHit: outputs.cache?.['cache-hit'] };
}

async function runShell(
  { workspace, temp }: Runner,
  { run = '', shell, env = {}, ...step }: Step,
  fill: (text: string) => string,
): Promise<{ code: number; log: string; outputs: Record<string, string> }> {
  if (shell !== 'bash') fail(`shell: ${shell}`);
  const [script, output] = [join(temp, 'step.sh'), join(temp, 'output')];
  await writeFile(script, fill(run));
  await writeFile(output, '');
  // As GitHub calls it.
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
    cwd: resolve(workspace, fill(step['working-directory'] ?? '.')),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...Object.fromEntries(Object.entries(env).map(([name, text]) => [name, fill(text)])),
      GITHUB_ACTION_PATH: resolve('.'),
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: join(temp, 'summary.md'),
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: temp,
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log += chunk;
    });
  }
  const code = await new Promise<number>((done) => child.on('close', (status) => done(status ?? -1)));
  const lines = (await readFile(output, 'utf8')).split('\n').filter(Boolean);
  return { code, log, outputs: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s, 2) as [string, string])) };
}

/** actions/cache: what it finds by a key or the newest of a prefix it puts back where it was. */
async function useCache(
  { workspace, cache }: Runner,
  uses: string,
  { path = '', key = '', 'restore-keys': prefix }: Readonly<Record<string, string>>,
  outputs: Record<string, string>,
): Promise<void> {
  const paths = path.split('\n').filter(Boolean);
  const kept = async (): Promise<string[]> => (await readdir(cache).catch(() => [])).sort();
  const copy = async (from: (i: number) => string, to: (i: number) => string): Promise<void> => {
    for (const i of paths.keys()) await cp(from(i), to(i), { recursive: true }).catch(() => undefined);
  };
  const place = (i: number): string => resolve(workspace, paths[i] as string);
  if (uses === 'actions/cache/restore@v4') {
    // Names begin with a number, so that the newest is the last.
    const names = await kept();
    const exact = names.find((name) => name.slice(4) === key);
    const found = exact ?? names.filter((name) => prefix && name.slice(4).startsWith(prefix)).at(-1);
    if (found) await copy((i) => join(cache, found, String(i)), place);
    Object.assign(outputs, { 'cache-primary-key': key, 'cache-hit': found ? String(Boolean(exact)) : '' });
    return;
  }
  if (uses !== 'actions/cache/save@v4') fail(uses);
  const number = String((await kept()).length).padStart(3, '0');
  await copy(place, (i) => join(cache, `${number}.${key}`, String(i)));
}

function fail(what: string): never {
  throw new Error(`expected something that this runner knows, got ${what}`);
}
