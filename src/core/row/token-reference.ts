import { ColorshineError, quote } from '../errors.js';
import { MAX_TOKEN_REFERENCE_LENGTH } from '../options.js';

const REFERENCE = /^\{([^{};]+)\}$/;

/**
 * The path of a design token that stands where a color would: `color.brand.primary` of `{color.brand.primary}`.
 *
 * @returns undefined for anything else, CSS colors included
 * @throws INVALID_COLOR when it is too long
 */
export function tokenPathOf(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return undefined;
  if (trimmed.length > MAX_TOKEN_REFERENCE_LENGTH) {
    throw new ColorshineError(
      'INVALID_COLOR',
      `color: expected a token reference of at most ${MAX_TOKEN_REFERENCE_LENGTH} characters, got ${trimmed.length}: ${quote(trimmed)}`,
    );
  }
  return REFERENCE.exec(trimmed)?.[1]?.trim() || undefined;
}

/**
 * For a token that nobody resolved.
 *
 * @param place what the error begins with, such as `color: `
 * @param advice what to do, in the words of who reads token files; default: those of the library
 */
export function unresolvedToken(
  path: string,
  place = '',
  advice = 'resolve the recipe first: resolveRecipe(recipe, tokens)',
): ColorshineError {
  const expected = `${place}expected design tokens to look {${path}} up in, got none`;
  return new ColorshineError('UNKNOWN_TOKEN', `${expected}; ${advice}`);
}
