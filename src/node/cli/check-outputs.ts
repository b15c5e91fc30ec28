import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ColorshineError } from '../../core/index.js';
import { pathKey } from '../build/paths.js';
import { fileKey, refusal } from '../files/output.js';
import { FORCE_HINT, STDIO } from './batch.js';
import type { ShineValues } from './flags.js';
import { splitList } from './token-options.js';

/**
 * Makes sure that each file a command writes is one of its own, and that none replaces what the command was given: its images,
 * the recipe, the reference, the tokens.
 *
 * @param outputs and `inputs`: undefined and `-` are skipped
 * @param hint how an input may be replaced after all; `''` where it may not
 * @throws OUTPUT_COLLISION; OUTPUT_IS_INPUT, also through links, unless `--force` is there
 */
export async function checkOutputs(
  outputs: readonly (string | undefined)[],
  inputs: readonly (string | undefined)[],
  { force, recipe, reference, tokens }: Pick<ShineValues, 'force' | 'recipe' | 'reference' | 'tokens'>,
  hint = FORCE_HINT,
): Promise<void> {
  const written = outputs.filter(isPath);
  const seen = new Set<string>();
  for (const output of written) {
    const key = await placeOf(output);
    if (seen.has(key)) {
      const message = `${output}: expected a file of its own for each output, got it twice`;
      throw new ColorshineError('OUTPUT_COLLISION', message);
    }
    seen.add(key);
  }
  if (force) return;
  const named = [recipe, reference, ...splitList(tokens)];
  const given = new Set(await Promise.all([...inputs, ...named].filter(isPath).map(fileKey)));
  given.delete(undefined);
  for (const output of written) {
    if (given.has(await fileKey(output))) throw refusal(output, hint);
  }
}

/** The same for two names of one file, or of one that is to come, also through links. */
async function placeOf(path: string): Promise<string> {
  const folder = await realpath(dirname(resolve(path))).catch(() => dirname(resolve(path)));
  return (await fileKey(path)) ?? pathKey(join(folder, basename(path)));
}

function isPath(path: unknown): path is string {
  return typeof path === 'string' && path !== STDIO;
}
