import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';

const CLI = resolve('dist/cli.cjs');

export interface CliResult {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Starts the built command line, as a user would. `npm run build` comes first. @param uid another user; takes root */
export function startCli(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
  uid?: number,
): ChildProcess {
  return startProgram(CLI, args, cwd, env, uid);
}

/** Starts a script of this project. @param uid as for `startCli` */
export function startProgram(
  script: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
  uid?: number,
): ChildProcess {
  const path = resolve(script);
  if (!existsSync(path)) throw new Error(`${script} is missing: npm run build`);
  return spawn(process.execPath, [path, ...args], {
    cwd,
    env,
    stdio: 'pipe',
    ...(uid !== undefined && { uid, gid: uid }),
  });
}

/** Runs it to its end. @param input bytes for standard input; default: closed at once */
export async function runCli(args: readonly string[], cwd: string, input?: Uint8Array): Promise<CliResult> {
  return endOf(startCli(args, cwd), input);
}

/** Waits for the end of what was started. @param input see `runCli` */
export async function endOf(
  child: ChildProcess,
  input?: Uint8Array,
): Promise<CliResult & { signal: NodeJS.Signals | null }> {
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  child.stdin?.on('error', () => undefined); // a command that fails early does not read its input
  child.stdin?.end(input);
  return new Promise((done) =>
    child.on('close', (code, signal) => done({ code, signal, stdout: Buffer.concat(stdout), stderr })),
  );
}

/** What a shell would report, also for an end by signal. */
export function statusOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}
