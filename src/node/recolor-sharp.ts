import type { Sharp } from 'sharp';
import { checkOptions } from '../core/check-options.js';
import { decodeBaked } from './image/baked.js';
import { openCarrier } from './image/carrier.js';
import type { DecodedImage } from './image/decode.js';
import { applyFormat } from './image/encode.js';
import type { OutputFormat } from './image/format-names.js';
import { recolorDecoded } from './pipeline/recolor-work.js';
import {
  engineFor,
  type NodeRecolorOptions,
  RECOLOR_CHECKS,
  type RecipeLike,
  readRecipeLike,
} from './recolor-options.js';

/**
 * Recolors inside a sharp pipeline: bakes the operations queued so far, recolors, and returns a new instance.
 *
 *     const image = await recolor(sharp('in.jpg').resize(800), ['teal;50;70']);
 *     await image.toFile('out.webp');
 *
 * The new instance writes the input's format unless told otherwise, and keeps frames, delay and loop. Like any opened
 * image it drops metadata and converts to sRGB on output unless `keepMetadata()` or `keepIccProfile()` is called on it.
 *
 * @param image left as it is; a stream-fed instance is read to its end
 * @param recipe rows, a recipe or a plan; of a file: `await loadRecipe('brand.json')`
 * @throws ColorshineError
 */
export async function recolor(image: Sharp, recipe: RecipeLike, options: NodeRecolorOptions = {}): Promise<Sharp> {
  const checked = readRecipeLike(recipe);
  checkOptions(options, RECOLOR_CHECKS);
  const engine = options.engine ?? engineFor(options);
  let baked: DecodedImage;
  try {
    const selecting = engine.select();
    baked = await decodeBaked(image);
    await recolorDecoded(baked, checked, engine, await selecting, options);
  } finally {
    if (!options.engine) engine.dispose();
  }
  const format: OutputFormat = options.format ?? (baked.format === 'heic' ? 'avif' : baked.format);
  const { quality } = options;
  const result = applyFormat(await openCarrier(baked), baked, { format, ...(quality && { quality }) });
  // An alpha channel that a queued operation made is there for `.png()`; a JPEG is laid over black, as everywhere in sharp.
  return options.format === undefined ? result.flatten(false) : result;
}
