import { tokenPathOf } from '../../src/core/row/token-reference.js';
import { ColorshineError } from '../../src/core/errors.js';
import type { Recipe } from '../../src/core/types.js';
import type { TokenColors } from '../../src/tokens/index.js';

/** True for `{brand.primary}`. */
export function isReference(color: string): boolean {
  try {
    return tokenPathOf(color) !== undefined;
  } catch {
    return false;
  }
}

/** True when some attractor names a variable. */
export function hasReferences({ rows: attractors }: Pick<Recipe, 'attractors'>): boolean {
  return attractors.some(({ color }) => isReference(color));
}

/** The CSS color that an attractor's text stands for; undefined for a variable that this file has not. */
export function resolveColor(color: string, tokens: TokenColors): string | undefined {
  return isReference(color) ? tokens.get(tokenPathOf(color) as string) : color;
}

/**
 * The recipe with colors in place of variables.
 *
 * @throws UNKNOWN_TOKEN, naming the attractor
 */
export function resolveReferences(recipe: Recipe, tokens: TokenColors): Recipe {
  if (!hasReferences(recipe)) return recipe;
  const attractors = recipe.rows.map((attractor, i) => {
    const color = resolveColor(attractor.color, tokens);
    if (color !== undefined) return { ...attractor, color };
    throw new ColorshineError(
      'UNKNOWN_TOKEN',
      `attractor ${i + 1}: expected a color variable of this file, got ${attractor.color}`,
    );
  });
  return { ...recipe, rows: attractors };
}
