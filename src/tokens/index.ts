/** Design tokens in, CSS colors out. Pure: knows the core and nothing else. */
export { hexOfColor, hexOfPacked, rgbOfColor } from './hex.js';
export {
  makePaletteRecipe,
  type PaletteOptions,
  type PaletteRecipe,
  type PaletteRow,
} from './palette/palette-recipe.js';
export { readTokens } from './read-tokens.js';
export { colorAt, colorsInGroup, colorsOf, groupsOf } from './resolve.js';
export { hasTokenReferences, resolveRecipe } from './resolve-recipe.js';
export type { TokenColors, TokenFormat, TokenSet, TokenSource } from './types.js';
