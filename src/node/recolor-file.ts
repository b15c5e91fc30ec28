import { type Checks, checkOptions, flag } from '../core/check-options.js';
import { ColorshineError, type Plan, quote, type Recipe } from '../core/index.js';
import { isSameFile, refuseInput, writeWhole } from './files/output.js';
import type { CoarsePass } from './hierarchical/coarse-pass.js';
import { HIERARCHICAL_CHECKS, type HierarchicalOptions } from './hierarchical/options.js';
import { fileTarget } from './image/encode-target.js';
import { formatForOutput } from './image/format-names.js';
import { type OpenImage, openImage } from './image/open-image.js';
import { recolorImage } from './pipeline/recolor-image.js';
import { type NodeRecolorOptions, RECOLOR_CHECKS, type RecipeLike, readRecipeLike } from './recolor-options.js';
import type { Report } from './report.js';
import { SPOOL_CHECKS, type SpoolOptions } from './spool/options.js';

export interface RecolorFileOptions extends NodeRecolorOptions, SpoolOptions, HierarchicalOptions {
  /** Allows the output to replace the input. Default false. */
  readonly force?: boolean;
}

const CHECKS: Checks<RecolorFileOptions> = { ...RECOLOR_CHECKS, ...SPOOL_CHECKS, ...HIERARCHICAL_CHECKS, force: flag };

/**
 * Recolors a file into a file. Metadata, ICC profile and orientation are kept; the output is whole or absent, and an
 * existing one is replaced only by a whole one.
 *
 * @param input path of an image of any format that is read
 * @param recipe rows, a recipe or a plan; of a file: `await loadRecipe('brand.json')`
 * @param output its extension decides the format unless `options.format` does; none keeps the input's
 * @throws ColorshineError; OUTPUT_IS_INPUT when both are one file, also through links, without `force`
 */
export async function recolorFile(
  input: string,
  output: string,
  recipe: RecipeLike,
  options: RecolorFileOptions = {},
): Promise<Report> {
  const checked = readRecipeLike(recipe);
  checkPath(input, 'input');
  checkPath(output, 'output');
  checkOptions(options, CHECKS);
  const format = options.format ?? formatForOutput(output, input);
  const settled = { ...options, ...(format && { format }) };
  const image = await openImage(input, options);
  try {
    if (!options.force) await refuseInput(output, input);
    const coarse = isCoarse(options) ? await openCoarsePass(image, checked, options) : undefined;
    let report: Report | undefined;
    await writeWhole(output, async (temp) => {
      ({ report } = await recolorImage(image, output, checked, settled, fileTarget(temp), coarse));
    });
    return report as Report;
  } finally {
    await image.close();
  }
}

function checkPath(path: unknown, name: string): void {
  if (typeof path === 'string') return;
  throw new ColorshineError('INVALID_OPTION', `${name}: expected a path, got ${quote(path)}`);
}

function isCoarse({ hierarchical, preview }: HierarchicalOptions): boolean {
  return hierarchical === true || preview !== undefined;
}

/** @throws OUTPUT_IS_INPUT for the preview; what decoding the copy throws */
async function openCoarsePass(
  file: OpenImage,
  recipe: Recipe | Plan,
  options: RecolorFileOptions,
): Promise<CoarsePass | undefined> {
  const { preview } = options;
  if (preview !== undefined && (await isSameFile(file.name, preview))) {
    throw new ColorshineError(
      'OUTPUT_IS_INPUT',
      `${preview}: expected a preview other than the input, got the same file`,
    );
  }
  const { startCoarsePass } = await import('./hierarchical/coarse-pass.js');
  return startCoarsePass(file, recipe, options);
}
