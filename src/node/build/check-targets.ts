import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ColorshineError } from '../../core/index.js';
import type { RecolorJob } from './job.js';
import { resolveInRoot } from './paths.js';

/**
 * What letters cannot tell about a plan: where links lead. Inputs and outputs must stay in the root, and no output may be
 * an input through a link.
 *
 * @param files further paths from the root that will be written: manifest, snippets
 * @throws INVALID_CONFIG, OUTPUT_IS_INPUT, OUTPUT_UNWRITABLE for a folder in the way
 */
export async function checkTargets(root: string, jobs: readonly RecolorJob[], files: readonly string[]): Promise<void> {
  const identities = new Map<string, string>();
  for (const input of new Set(jobs.map((job) => job.input))) {
    const info = await stat(await resolveInRoot(root, input, 'INVALID_CONFIG'), { bigint: true }).catch(
      () => undefined,
    );
    if (info) identities.set(`${info.dev}:${info.ino}`, input);
  }
  const folders = new Set<string>();
  for (const target of [...jobs.map(({ output }) => output), ...files]) {
    const path = resolve(root, target);
    const info = await stat(path, { bigint: true }).catch(() => undefined);
    const folder = resolve(path, '..');
    if (info || !folders.has(folder)) {
      await resolveInRoot(root, target, 'INVALID_CONFIG');
      folders.add(folder);
    }
    if (!info) continue;
    const input = identities.get(`${info.dev}:${info.ino}`);
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
  }
}
