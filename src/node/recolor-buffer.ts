import { type Checks, checkOptions } from '../core/check-options.js';
import { ColorshineError, quote } from '../core/index.js';
import { BUFFER_TARGET } from './image/encode-target.js';
import { openImage } from './image/open-image.js';
import { recolorImage } from './pipeline/recolor-image.js';
import { type NodeRecolorOptions, RECOLOR_CHECKS, type RecipeLike, readRecipeLike } from './recolor-options.js';
import type { Report } from './report.js';
import { SPOOL_CHECKS, type SpoolOptions } from './spool/options.js';

/** How an image is called that has no name. */
const BUFFER = '(buffer)';

export interface RecolorBufferOptions extends NodeRecolorOptions, SpoolOptions {}

export const BUFFER_CHECKS: Checks<RecolorBufferOptions> = { ...RECOLOR_CHECKS, ...SPOOL_CHECKS };

/**
 * Recolors an encoded image, bytes to bytes.
 *
 * @returns the new file's bytes in the input's format unless asked otherwise, and what was done
 * @throws ColorshineError: a code of the recipe, the input or the options; CANCELED
 */
export async function recolorBuffer(
  input: Uint8Array,
  recipe: RecipeLike,
  options: RecolorBufferOptions = {},
): Promise<{ data: Buffer; report: Report }> {
  if (!(input instanceof Uint8Array)) {
    throw new ColorshineError('INVALID_OPTION', `input: expected the bytes of an image, got ${quote(input)}`);
  }
  const checked = readRecipeLike(recipe);
  checkOptions(options, BUFFER_CHECKS);
  const { name = BUFFER } = options;
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const image = await openImage(bytes, { ...options, name });
  const { result, report } = await recolorImage(image, name, checked, options, BUFFER_TARGET);
  return { data: result, report: { ...report, output: BUFFER } };
}
