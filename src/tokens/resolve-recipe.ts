import { tokenPathOf } from '../core/row/token-reference.js';
import { ColorshineError } from '../core/errors.js';
import type { Recipe } from '../core/types.js';
import { colorAt, colorsOf } from './resolve.js';
import type { TokenSet } from './types.js';

/** True when some attractor's color is a `{token.path}`. */
export function hasTokenReferences(recipe: Recipe): boolean {
  return recipe.rows.some(({ color }) => tokenPathOf(color) !== undefined);
}

/**
 * Puts CSS colors where a recipe names design tokens. A recipe without them comes back as it is.
 *
 * @param tokens undefined is an error only for a recipe that names tokens
 * @param theme as `colorsOf` takes it
 * @throws UNKNOWN_TOKEN, naming the attractor and the nearest path; UNKNOWN_THEME
 */
export function resolveRecipe(recipe: Recipe, tokens: TokenSet | undefined, theme?: string): Recipe {
  if (!hasTokenReferences(recipe)) return recipe;
  const colors = tokens && colorsOf(tokens, theme);
  const attractors = recipe.rows.map((attractor, i) => {
    const path = tokenPathOf(attractor.color);
    if (path === undefined) return attractor;
    if (!colors) {
      throw new ColorshineError(
        'UNKNOWN_TOKEN',
        `attractor ${i + 1}: expected design tokens to look {${path}} up in, got none; give token files with --tokens FILE`,
      );
    }
    try {
      return { ...attractor, color: colorAt(colors, path) };
    } catch (error) {
      if (!(error instanceof ColorshineError)) throw error;
      throw new ColorshineError(error.code, `attractor ${i + 1}: ${error.message}`, { cause: error });
    }
  });
  return { ...recipe, rows: attractors };
}
