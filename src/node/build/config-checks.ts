/** Small checks of the configuration's values; each names the place and quotes what was given. */
import { ColorshineError, quote } from '../../core/index.js';
import { checkInteger } from '../../core/options.js';
import { findSyntaxError } from './json-position.js';

/** A word that is safe as a part of a file name anywhere. */
export const FILE_WORD = /^[A-Za-z0-9_@+~\u00A0-\uFFFF-][A-Za-z0-9_@+~\u00A0-\uFFFF. -]{0,63}$/;

/** @throws INVALID_CONFIG for two of one name, whatever the letter case */
export function checkNames(items: readonly { readonly name: string }[], place: string): void {
  const names = new Set<string>();
  for (const { name } of items) {
    const key = name.normalize('NFC').toLowerCase();
    if (names.has(key)) throw invalid(place, `expected a different name for each, got ${quote(name)} twice`);
    names.add(key);
  }
}

/** @throws INVALID_CONFIG for what is not safe as a part of a file name */
export function fileWord(value: unknown, place: string): string {
  const word = text(value, place);
  if (FILE_WORD.test(word)) return word;
  throw invalid(place, `expected up to 64 letters, digits and -_.@+~ to stand in file names, got ${quote(word)}`);
}

/** A file word made of any text; `''` when nothing is left. */
export function toFileWord(word: string): string {
  return word
    .trim()
    .replaceAll(/[^\p{L}\p{N}_@+~.-]+/gu, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 64);
}

/** Text with something in it. @throws INVALID_CONFIG */
export function text(value: unknown, place: string): string {
  if (typeof value === 'string' && value.trim() !== '' && !value.includes('\0')) return value;
  throw invalid(place, `expected text, got ${quote(value)}`);
}

/** One text or a list of at least one. @throws INVALID_CONFIG */
export function texts(value: unknown, place: string, expected: string): string[] {
  const items = typeof value === 'string' ? [value] : list(value, place, expected);
  return items.map((item, i) => text(item, items.length > 1 ? `${place}[${i}]` : place));
}

/** A list of at least one. @throws INVALID_CONFIG */
export function list(value: unknown, place: string, expected: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw invalid(place, `expected ${expected}, got ${value === undefined ? 'none' : quote(value)}`);
}

/** A whole number in a closed range. @throws INVALID_CONFIG */
export function integer(value: unknown, place: string, range: { readonly min: number; readonly max: number }): number {
  return prefixed('', () => checkInteger(value, place, range));
}

/** Runs a check; its errors become the configuration's, with the place in front. */
export function prefixed<T>(place: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ColorshineError)) throw error;
    const message = place === '' ? error.message : `${place}: ${error.message}`;
    throw new ColorshineError(error.code === 'INVALID_OPTION' ? 'INVALID_CONFIG' : error.code, message, {
      cause: error,
    });
  }
}

/** Where JSON stops being JSON, as line and column. */
export function describeSyntax(json: string): string {
  if (json.trim() === '') return 'an empty file';
  const before = json.slice(0, findSyntaxError(json)).split('\n');
  return `a syntax error at line ${before.length}, column ${(before.at(-1) as string).length + 1}`;
}

/** The error of a bad configuration. */
export function invalid(place: string, problem: string, cause?: unknown): ColorshineError {
  return new ColorshineError('INVALID_CONFIG', `${place}: ${problem}`, cause === undefined ? undefined : { cause });
}
