import { ColorshineError } from '../../src/core/errors.js';
import { tokenPathOf } from '../../src/core/row/token-reference.js';
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

/** Paths of the variables that a recipe names. */
export function pathsIn({ rows }: Pick<Recipe, 'rows'>): ReadonlySet<string> {
  const texts = rows.flatMap(({ color, from = '' }) => [color, from]);
  return new Set(texts.filter(isReference).map((text) => tokenPathOf(text) as string));
}

/** True when some row names a variable. */
export function hasReferences(recipe: Pick<Recipe, 'rows'>): boolean {
  return pathsIn(recipe).size > 0;
}

/** What the variables that a recipe names stand for, by path; undefined where it names none. */
export function namedColors(recipe: Pick<Recipe, 'rows'>, tokens: TokenColors): Record<string, string> | undefined {
  const known = [...pathsIn(recipe)].flatMap((path) => {
    const color = tokens.get(path);
    return color === undefined ? [] : [[path, color] as const];
  });
  return known.length > 0 ? Object.fromEntries(known) : undefined;
}

/** The recipe as it was written, but with colors in place of variables that this file has not. @param colors what they stood for */
export function keepReferences(
  recipe: Recipe,
  tokens: TokenColors,
  colors: Readonly<Record<string, string>> = {},
): Recipe {
  const known = new Map(Object.entries(colors));
  const written = (text: string): string =>
    resolveColor(text, tokens) === undefined ? (resolveColor(text, known) ?? text) : text;
  const rows = recipe.rows.map((row) => ({
    ...row,
    color: written(row.color),
    ...(row.from !== undefined && { from: written(row.from) }),
  }));
  return { ...recipe, rows };
}

/** The CSS color that a row's text stands for; undefined for a variable that this file has not. */
export function resolveColor(color: string, tokens: TokenColors): string | undefined {
  return isReference(color) ? tokens.get(tokenPathOf(color) as string) : color;
}

/**
 * The recipe with colors in place of variables.
 *
 * @throws UNKNOWN_TOKEN, naming the row
 */
export function resolveReferences(recipe: Recipe, tokens: TokenColors): Recipe {
  if (!hasReferences(recipe)) return recipe;
  const resolve = (written: string, place: number): string => {
    const color = resolveColor(written, tokens);
    if (color !== undefined) return color;
    throw new ColorshineError('UNKNOWN_TOKEN', `row ${place}: expected a color variable of this file, got ${written}`);
  };
  const rows = recipe.rows.map((row, i) => ({
    ...row,
    color: resolve(row.color, i + 1),
    ...(row.from !== undefined && { from: resolve(row.from, i + 1) }),
  }));
  return { ...recipe, rows };
}
