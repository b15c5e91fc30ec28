import { type Checks, checkOptions, text } from '../core/check-options.js';
import { type Pixels, takeCensus } from '../core/index.js';
import { makePaletteRecipe, type PaletteOptions, type PaletteRecipe, type TokenColors } from '../tokens/index.js';
import { PALETTE_CHECKS } from '../tokens/palette/palette-recipe.js';
import { decodeImage } from './image/open-image.js';
import { READING_OPTION_CHECKS, type ReadingOptions } from './image/reading-options.js';
import { lendBackend } from './lend-backend.js';

export interface SuggestPaletteOptions extends PaletteOptions, ReadingOptions {
  /** How errors call the image. Default: its path, or `(buffer)`. */
  readonly name?: string;
}

const CHECKS: Checks<SuggestPaletteOptions> = { ...PALETTE_CHECKS, ...READING_OPTION_CHECKS, name: text };

/**
 * A recipe that brings an image onto a design system's colors; see `makePaletteRecipe`.
 *
 * @param input a path or an encoded image
 * @param colors `colorsOf(tokens, theme)`, or a group of it
 * @throws ColorshineError: the codes of reading an image, and INVALID_TOKENS without colors
 */
export async function suggestPalette(
  input: string | Uint8Array,
  colors: TokenColors,
  options: SuggestPaletteOptions = {},
): Promise<PaletteRecipe> {
  checkOptions(options, CHECKS);
  const { howFar, keepReferences, ...opening } = options;
  const { pixels } = await decodeImage(typeof input === 'string' ? input : Buffer.from(input), opening);
  const census = await lendBackend(undefined, (backend) => takeCensus(toBytes(pixels), { backend }));
  return makePaletteRecipe(census, pixels.gamut ?? 'srgb', colors, {
    ...(howFar !== undefined && { howFar }),
    ...(keepReferences !== undefined && { keepReferences }),
  });
}

/** 16-bit pixels are counted by their high bytes: choosing colors needs no more. */
function toBytes(pixels: Pixels): Pixels {
  const { data } = pixels;
  return data instanceof Uint16Array ? { ...pixels, data: Uint8Array.from(data, (sample) => sample >>> 8) } : pixels;
}
