import type { BigIntStats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { posix, resolve } from 'node:path';
import { ColorshineError } from '../../core/index.js';
import type { RecolorJob } from './job.js';
import { mapLimited } from './map-limited.js';
import { resolveInRoot } from './paths.js';

/**
 * What letters cannot tell about a plan: where links lead. Inputs and outputs must stay in the root, and no output may be
 * an input through a link.
 *
 * @param files further paths from the root that will be written: manifest, snippets
 * @throws INVALID_CONFIG, OUTPUT_IS_INPUT, OUTPUT_UNWRITABLE for a folder in the way
 */
export async function checkTargets(root: string, jobs: readonly RecolorJob[], files: readonly string[]): Promise<void> {
  const look = createLook(root);
  const identities = new Map<string, string>();
  await mapLimited([...new Set(jobs.map((job) => job.input))], async (input) => {
    const info = await look(input);
    if (info) identities.set(identityOf(info), input);
  });
  await mapLimited([...jobs.map(({ output }) => output), ...files], async (target) => {
    const info = await look(target);
    if (!info) return;
    const input = identities.get(identityOf(info));
    if (input !== undefined) {
      throw new ColorshineError(
        'OUTPUT_IS_INPUT',
        `${target}: expected an output other than the inputs, got a link to ${input}`,
      );
    }
    if (info.isDirectory()) {
      throw new ColorshineError(
        'OUTPUT_UNWRITABLE',
        `${target}: expected a place to write to, got a folder of that name`,
      );
    }
  });
}

/** What lies at a path, links followed; undefined for nothing. Folders are followed once, not for each file in them. */
function createLook(root: string): (path: string) => Promise<BigIntStats | undefined> {
  const folders = new Map<string, Promise<string>>();
  return async (path) => {
    const folder = posix.dirname(path);
    let checked = folders.get(folder);
    if (!checked) folders.set(folder, (checked = resolveInRoot(root, folder, 'INVALID_CONFIG')));
    await checked;
    const absolute = resolve(root, path);
    const info = await lstat(absolute, { bigint: true }).catch(() => undefined);
    if (!info?.isSymbolicLink()) return info;
    await resolveInRoot(root, path, 'INVALID_CONFIG');
    return stat(absolute, { bigint: true }).catch(() => undefined);
  };
}

function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}
