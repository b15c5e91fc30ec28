import { ColorshineError, type Plan, type Recipe } from '../../core/index.js';
import { resolveRecipe, type TokenSet } from '../../tokens/index.js';
import { loadTokens } from '../token-files.js';
import type { RecipeValues } from './flags.js';

/** The items of a flag that may be repeated or list several with commas. */
export function splitList(value = ''): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `--tokens` and `--theme`. @throws INVALID_OPTION for a theme without tokens, and what bad files throw */
export async function readTokenOptions({
  tokens,
  theme,
}: Pick<RecipeValues, 'tokens' | 'theme'>): Promise<{ tokens?: TokenSet; theme?: string }> {
  const files = splitList(tokens);
  if (files.length === 0) {
    if (theme === undefined) return {};
    throw new ColorshineError('INVALID_OPTION', '--theme: expected token files beside it (--tokens FILE), got none');
  }
  return { tokens: await loadTokens(files), theme };
}

/** The recipe with its `{token.path}` colors looked up in `--tokens`. A plan has none. @throws UNKNOWN_TOKEN, UNKNOWN_THEME */
export async function resolveTokens(recipe: Recipe | Plan, values: RecipeValues): Promise<Recipe | Plan> {
  const { tokens, theme } = await readTokenOptions(values);
  return resolveRecipe(recipe, tokens, theme, 'give token files with --tokens FILE');
}
