import { ColorshineError } from '../core/index.js';
import { readInput } from './files/input.js';
import { isSameFile, writeWhole } from './files/output.js';
import { fileTarget } from './image/encode-target.js';
import { formatFromPath } from './image/format-names.js';
import { type NodeRecolorOptions, type RecipeLike, runRecolor } from './recolor-buffer.js';
import type { Report } from './report.js';

export interface RecolorFileOptions extends NodeRecolorOptions {
  /** Allows the output to replace the input. Default false. */
  readonly force?: boolean;
}

/**
 * Recolors a file into a file. Metadata, ICC profile and orientation are kept; the output is whole or absent, and an
 * existing one is replaced only by a whole one.
 *
 * @param output its extension decides the format unless `options.format` does; none keeps the input's
 * @throws ColorshineError; OUTPUT_IS_INPUT when both are one file, also through links, without `force`
 */
export async function recolorFile(
  input: string,
  output: string,
  recipe: RecipeLike,
  options: RecolorFileOptions = {},
): Promise<Report> {
  const bytes = await readInput(input);
  if (!options.force && (await isSameFile(input, output))) {
    throw new ColorshineError(
      'OUTPUT_IS_INPUT',
      `${output}: expected an output other than the input, got the same file; use --force to replace it`,
    );
  }
  const format = options.format ?? formatFromPath(output);
  let report: Report | undefined;
  await writeWhole(output, async (temp) => {
    const job = { input: bytes, name: input, output };
    const run = await runRecolor(job, recipe, { ...options, ...(format && { format }) }, fileTarget(temp));
    report = run.report;
  });
  return report as Report;
}
