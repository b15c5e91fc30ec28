/** The command line under test, and what it leaves behind. */
import type { ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startCli } from '../../test/support/run-cli.js';

export { endOf, statusOf } from '../../test/support/run-cli.js';

/** With a cache of its own. */
export function start(args: readonly string[], cwd: string): ChildProcess {
  return startCli(args, cwd, { ...process.env, COLORSHINE_CACHE: join(cwd, 'cache') });
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
