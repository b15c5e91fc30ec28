import { refuseInput } from '../files/output.js';
import type { ParsedFlags } from './parse-flags.js';
import { splitList } from './token-options.js';

/**
 * Makes sure that nothing a command writes replaces a file that it was given beside its images: the reference, or tokens.
 *
 * @param outputs undefined ones are skipped
 * @throws OUTPUT_IS_INPUT, unless `--force` is there
 */
export async function refuseGivenFiles(outputs: readonly unknown[], { values }: ParsedFlags): Promise<void> {
  if (values.get('force') === true) return;
  const given = [values.get('reference'), ...splitList(values.get('tokens'))];
  for (const path of given) {
    for (const output of outputs) {
      if (typeof path === 'string' && typeof output === 'string') await refuseInput(output, path);
    }
  }
}
