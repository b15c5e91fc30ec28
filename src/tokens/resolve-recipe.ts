import { isPlan } from '../core/plan-file.js';
import { checkedAs } from '../core/row/checked-as.js';
import { tokenPathOf, unresolvedToken } from '../core/row/token-reference.js';
import type { Plan, Recipe } from '../core/types.js';
import { colorAt, colorsOf } from './resolve.js';
import type { TokenSet } from './types.js';

/** The colors of a row. */
const COLORS = ['color', 'from'] as const;

/** True when some row's color is a `{token.path}`. */
export function hasTokenReferences(recipe: Recipe): boolean {
  return recipe.rows.some((row) => COLORS.some((key) => tokenPathOf(row[key]) !== undefined));
}

/**
 * Puts CSS colors where a recipe names design tokens. A recipe without them comes back as it is, and so does a plan, which has
 * frozen colors.
 *
 * @param tokens undefined is an error only for a recipe that names tokens
 * @param theme as `colorsOf` takes it
 * @param advice what errors tell to do where there are no tokens; default: to call this with some
 * @throws UNKNOWN_TOKEN, naming the row and the nearest path; UNKNOWN_THEME
 */
export function resolveRecipe<T extends Recipe | Plan>(
  recipe: T,
  tokens: TokenSet | undefined,
  theme?: string,
  advice?: string,
): T {
  if (isPlan(recipe) || !hasTokenReferences(recipe)) return recipe;
  const colors = tokens && colorsOf(tokens, theme);
  const rows = recipe.rows.map((row, i) => {
    const resolved: { color?: string; from?: string } = {};
    for (const key of COLORS) {
      const path = tokenPathOf(row[key]);
      if (path === undefined) continue;
      resolved[key] = checkedAs(`row ${i + 1}${key === 'from' ? ': from' : ''}`, () => {
        if (colors) return colorAt(colors, path);
        throw unresolvedToken(path, '', advice);
      });
    }
    return { ...row, ...resolved };
  });
  return { ...recipe, rows };
}
