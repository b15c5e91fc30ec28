import { ColorshineError, type Plan, type Recipe } from '../../core/index.js';
import { isPlan } from '../../core/plan-file.js';
import { resolveRecipe, type TokenSet } from '../../tokens/index.js';
import { loadTokens } from '../token-files.js';
import type { ParsedFlags } from './parse-flags.js';

/** The items of a flag that may be repeated or list several with commas. */
export function splitList(value: string | number | boolean | undefined): string[] {
  if (typeof value !== 'string') return [];
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `--tokens` and `--theme`. @throws INVALID_OPTION for a theme without tokens, and what bad files throw */
export async function readTokenOptions({ values }: ParsedFlags): Promise<{ tokens?: TokenSet; theme?: string }> {
  const files = splitList(values.get('tokens'));
  const theme = values.get('theme') as string | undefined;
  if (files.length === 0) {
    if (theme === undefined) return {};
    throw new ColorshineError('INVALID_OPTION', '--theme: expected token files beside it (--tokens FILE), got none');
  }
  return { tokens: await loadTokens(files), ...(theme !== undefined && { theme }) };
}

/** The recipe with its `{token.path}` colors looked up in `--tokens`. A plan has none. @throws UNKNOWN_TOKEN, UNKNOWN_THEME */
export async function resolveTokens(recipe: Recipe | Plan, flags: ParsedFlags): Promise<Recipe | Plan> {
  const { tokens, theme } = await readTokenOptions(flags);
  return isPlan(recipe) ? recipe : resolveRecipe(recipe, tokens, theme);
}
