import { type Pixels, takeCensus } from '../core/index.js';
import { makePaletteRecipe, type PaletteOptions, type PaletteRecipe, type TokenColors } from '../tokens/index.js';
import type { ImageLimits } from './image/large-pixels.js';
import { decodeImage } from './image/open-image.js';
import { lendBackend } from './lend-backend.js';

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
  options: PaletteOptions & ImageLimits & { readonly name?: string } = {},
): Promise<PaletteRecipe> {
  const { pixels } = await decodeImage(typeof input === 'string' ? input : Buffer.from(input), options);
  const census = await lendBackend(undefined, (backend) => takeCensus(toBytes(pixels), { backend }));
  return makePaletteRecipe(census, pixels.gamut ?? 'srgb', colors, options);
}

/** 16-bit pixels are counted by their high bytes: choosing colors needs no more. */
function toBytes(pixels: Pixels): Pixels {
  const { data } = pixels;
  return data instanceof Uint16Array ? { ...pixels, data: Uint8Array.from(data, (sample) => sample >>> 8) } : pixels;
}
