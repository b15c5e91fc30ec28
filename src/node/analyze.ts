import type { Sharp } from 'sharp';
import { makeRecipe, type Plan, planFor, type RecipeInput } from '../core/index.js';
import { readInput } from './files/input.js';
import { decodeBaked } from './image/baked.js';
import { decodeImage } from './image/decode.js';

/**
 * Measures an image: a recipe's radii, frozen and serialisable, to recolor other images alike or to inspect.
 *
 * @param input a path, an encoded image, or a sharp instance with its queued operations
 * @throws ColorshineError
 */
export async function analyze(
  input: string | Uint8Array | Sharp,
  recipe: RecipeInput | RecipeInput['attractors'],
  options: { readonly maxPixels?: number } = {},
): Promise<Plan> {
  const checked = makeRecipe(recipe as RecipeInput);
  if (typeof input !== 'string' && !(input instanceof Uint8Array))
    return planFor((await decodeBaked(input)).pixels, checked);
  const bytes = typeof input === 'string' ? await readInput(input) : Buffer.from(input);
  const name = typeof input === 'string' ? input : '(buffer)';
  return planFor((await decodeImage(bytes, { name, ...options })).pixels, checked);
}
