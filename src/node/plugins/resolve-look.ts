import { relative, resolve } from 'node:path';
import { ColorshineError, makeRecipe, type Plan, type Recipe } from '../../core/index.js';
import { isPlan, recipeOf } from '../../core/plan-file.js';
import { resolveRecipe } from '../../tokens/index.js';
import { loadRecipe } from '../recipe-file.js';
import { loadTokensAndFiles } from '../token-files.js';
import { findFile, showPath } from './find-file.js';
import type { ShineSettings } from './options.js';
import type { ShineQuery } from './query.js';

/** What an image is to become, with every file read. */
export interface Look {
  /** Its colors are CSS colors: tokens are resolved. */
  readonly recipe: Recipe;
  /** Frozen radii, where the recipe file is a plan. */
  readonly plan?: Plan;
  readonly theme?: string;
  /** Files that it was read from: when one changes, the look may. */
  readonly files: readonly string[];
}

/** A query whose files are absolute paths, and the same as a bundler's module id holds it. */
export async function locateFiles(
  query: ShineQuery,
  importerDir: string,
  { root }: ShineSettings,
): Promise<ShineQuery> {
  const { recipeFile, tokens } = query;
  return {
    ...query,
    recipeFile: recipeFile && (await findFile(recipeFile, importerDir, root, 'recipe')),
    tokens: tokens && (await Promise.all(tokens.map((file) => findFile(file, importerDir, root, 'tokens')))),
  };
}

/**
 * Reads recipe and tokens.
 *
 * @param query from `locateFiles`
 * @throws INVALID_RECIPE, INVALID_PLAN, NO_ROWS, INVALID_TOKENS, UNKNOWN_TOKEN, UNKNOWN_THEME and the codes of bad parts
 */
export async function resolveLook(query: ShineQuery, settings: ShineSettings): Promise<Look> {
  const tokenFiles = query.tokens ?? settings.tokens;
  const theme = query.theme ?? settings.theme;
  const { written, file } = await readWritten(query, settings);
  const files = [...(file === undefined ? [] : [file]), ...tokenFiles];
  if (isPlan(written)) return { recipe: recipeOf(written), plan: written, theme, files };
  if (theme !== undefined && tokenFiles.length === 0) {
    throw new ColorshineError('INVALID_OPTION', `theme: expected token files for it, got none; ${TOKENS_ADVICE}`);
  }
  const loaded = tokenFiles.length === 0 ? undefined : await loadTokensAndFiles(tokenFiles.map(named));
  const recipe = resolveRecipe(written, loaded?.tokens, theme, TOKENS_ADVICE);
  // A resolver document names further files.
  const all = [...files, ...(loaded?.files ?? []).map((each) => resolve(each))];
  return { recipe, theme, files: [...new Set(all)] };
}

const TOKENS_ADVICE = 'add tokens=FILE to the query, or tokens to the plugin’s options';

async function readWritten(
  { recipeFile, rows }: ShineQuery,
  { recipe, root }: ShineSettings,
): Promise<{ written: Recipe | Plan; file?: string }> {
  if (rows.length > 0) return { written: makeRecipe(rows) };
  const file = recipeFile ?? (recipe && 'file' in recipe ? recipe.file : undefined);
  if (file !== undefined) return { written: await loadRecipe(file, showPath(file, root)), file };
  if (recipe && 'recipe' in recipe) return { written: recipe.recipe };
  throw new ColorshineError(
    'NO_ROWS',
    'shine: expected a recipe such as shine=brand.json or rows such as shine=teal;40;60, got none; or give the plugin a recipe',
  );
}

/** As errors shall call a file: from the working folder where it lies inside. */
function named(path: string): string {
  const way = relative('', path);
  return way.startsWith('..') ? path : way;
}
