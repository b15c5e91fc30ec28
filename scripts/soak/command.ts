/** The command line under test, and what it leaves behind. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CliResult, endOf, startCli } from '../../test/support/run-cli.js';

export { endOf, statusOf } from '../../test/support/run-cli.js';

/** Whoever needs longer hangs, also on a machine that others use. */
const PATIENCE_MS = 240_000;

/** What a command under test sees: a cache and a folder for temporary files of its own, in `place`. */
export function environmentIn(place: string): NodeJS.ProcessEnv {
  mkdirSync(join(place, 'tmp'), { recursive: true });
  return { ...process.env, COLORSHINE_CACHE: join(place, 'cache'), TMPDIR: join(place, 'tmp') };
}

/** @param place where its cache and its temporary files lie; by default `cwd` */
export function start(args: readonly string[], cwd: string, place = cwd): ChildProcess {
  return startCli(args, cwd, environmentIn(place));
}

/** Waits for the end, and kills what does not come to one. @returns the code 'hangs' then */
export async function endInTime(
  child: ChildProcess,
): Promise<Omit<CliResult, 'code'> & { code: number | null | 'hangs' }> {
  let hangs = false;
  const timer = setTimeout(() => {
    hangs = true;
    child.kill('SIGKILL');
  }, PATIENCE_MS);
  const ended = await endOf(child);
  clearTimeout(timer);
  return hangs ? { ...ended, code: 'hangs' } : ended;
}

/** Every file below a folder: path to its bytes, as text. */
export async function contents(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    const path = join(entry.parentPath, entry.name);
    // What a run takes away while another looks is gone.
    if (entry.isFile()) found.set(path.slice(folder.length + 1), await readFile(path, 'latin1').catch(() => ''));
  }
  return found;
}

/** Sentences about what differs from what should be there; none when all is as it should be. */
export function compareContents(
  found: ReadonlyMap<string, string>,
  wanted: ReadonlyMap<string, string>,
  when: string,
): string[] {
  const lost = [...wanted].filter(([name]) => !found.has(name)).map(([name]) => `${when}: ${name} is lost`);
  const wrong = [...found].flatMap(([name, bytes]) => {
    const right = wanted.get(name);
    if (right === undefined) return [`${when}: ${name} was left behind`];
    return right === bytes ? [] : [`${when}: ${name} is not what an undisturbed run writes`];
  });
  return [...lost, ...wrong];
}

/** Files that only a run at work may have: temporary ones, and the folder in which a queue's builds count. */
export async function leftovers(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => /(?:^|[/\\])\.(?:cs-|colorshine-queue)/.test(name));
}
