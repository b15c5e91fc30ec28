import { type Census, countColors, createColorTable, type Pixels } from '../core/index.js';
import { makePaletteRecipe, type PaletteOptions, type PaletteRecipe, type TokenColors } from '../tokens/index.js';
import { readInput } from './files/input.js';
import { decodeImage } from './image/decode.js';

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
  options: PaletteOptions & { readonly name?: string; readonly maxPixels?: number } = {},
): Promise<PaletteRecipe> {
  const bytes = typeof input === 'string' ? await readInput(input) : Buffer.from(input);
  const name = options.name ?? (typeof input === 'string' ? input : '(buffer)');
  const { pixels } = await decodeImage(bytes, { name, ...(options.maxPixels && { maxPixels: options.maxPixels }) });
  return makePaletteRecipe(censusOf(pixels), pixels.gamut ?? 'srgb', colors, options);
}

/** 16-bit pixels are counted by their high bytes: choosing colors needs no more. */
function censusOf({ data, channels }: Pixels): Census {
  const bytes = data instanceof Uint16Array ? Uint8Array.from(data, (sample) => sample >>> 8) : data;
  return countColors(bytes, channels, createColorTable());
}
