import { type ChildProcess, spawn } from 'node:child_process';

export interface Run {
  readonly code: number | null;
  /** Standard output and error together. */
  readonly text: string;
}

/** Runs a program to its end. */
export function runIn(folder: string, program: string, args: readonly string[]): Promise<Run> {
  return startIn(folder, program, args).ended;
}

/** Starts one that is told to end later. */
export function startIn(
  folder: string,
  program: string,
  args: readonly string[],
): { readonly ended: Promise<Run>; stop(): void } {
  // Without what npm hands on, such as that it shall be silent.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
  const env = { ...Object.fromEntries(inherited), NODE_ENV: 'production', NO_COLOR: '1', FORCE_COLOR: '0' };
  const child: ChildProcess = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk;
    });
  }
  const ended = new Promise<Run>((done) => {
    child.on('error', ({ message }) => done({ code: -1, text: message }));
    child.on('close', (code, signal) => done({ code, text: signal ? `${text}\n${program} ended by ${signal}` : text }));
  });
  return { ended, stop: () => child.kill('SIGTERM') };
}
