/** A recipe as the fragment of a link, which a browser sends to nobody: `#recipe=` and its JSON in base64url. */
import { ColorshineError } from '../../src/core/errors.js';
import type { Recipe } from '../../src/core/types.js';
import { jsonFromRecipe, recipeFromFile } from './recipe-text.js';

const PREFIX = '#recipe=';

/** @param page address of the playground, with any fragment @param recipe without names of variables, which only their file knows */
export function linkTo(page: string, recipe: Recipe): string {
  const bytes = new TextEncoder().encode(JSON.stringify(JSON.parse(jsonFromRecipe(recipe))));
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const [base] = page.split('#');
  return `${base}${PREFIX}${base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}

/**
 * @param fragment of the page's address, with its `#`
 * @returns undefined where it holds no recipe
 * @throws INVALID_RECIPE and others of a recipe file: anybody may write a link
 */
export function recipeFromLink(fragment: string): Recipe | undefined {
  if (!fragment.startsWith(PREFIX)) return undefined;
  return recipeFromFile(decode(fragment.slice(PREFIX.length)));
}

function decode(base64url: string): string {
  try {
    const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
  } catch (cause) {
    throw new ColorshineError('INVALID_RECIPE', 'link: expected a recipe after #recipe=, got a part of one perhaps', {
      cause,
    });
  }
}
