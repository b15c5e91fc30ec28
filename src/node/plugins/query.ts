/**
 * The query of an image import: `./hero.jpg?shine=brand.json&theme=dark&width=800`.
 *
 * `shine` is a recipe file, rows such as `teal;40;60` or `blue to teal;40;100` joined by `|`, or empty for the plugin's own recipe.
 * The text is read as forms write it: `%20` or `+` is a space, `%23` a #, `%25` a %.
 */
import { ColorshineError, quote } from '../../core/index.js';
import { checkInteger, nearestWord, parseDecimal } from '../../core/options.js';
import { SIZE_RANGE } from '../build/job.js';
import { type OutputFormat, QUALITY_RANGE } from '../image/format-names.js';
import { readFormat } from './options.js';

/** Finds imports that are ours by their text; bundlers take it as a filter. */
export const SHINE_FILTER = /[?&]shine(?:[=&#]|$)/;
/** With a scheme or a host: no file of the project. One letter and a colon are a drive. */
const FOREIGN = /^(?:[a-z][a-z\d+.-]+:|\/\/)/i;
const IMAGE = /\.(?:jpe?g|jfif|png|webp|gif|tiff?|avif|hei[cf])$/i;
/** Of code or text that holds a URL. */
const NO_URL = /["<\n]/;
/** A fragment after a query: not the # of a color that nobody escaped, as in `shine=#ff6b35;30;80` or `#ff6b35 -> teal;auto;100`. */
const FRAGMENT = /#(?![\da-f]{3,8}(?:;|%3b|(?:\s|\+|%20)*-(?:>|%3e)))/i;

const KEYS = ['shine', 'theme', 'tokens', 'width', 'height', 'format', 'quality'] as const;
/** Vite's own words about an asset; they are handed on to it. */
const BUNDLER_WORDS: readonly string[] = ['url', 'inline', 'no-inline'];
/** What Vite's dev server adds to a request. */
const BUNDLER_NOISE: readonly string[] = ['import', 't', 'v'];

/** What an import asks for; undefined leaves it to the plugin's options. */
export interface ShineQuery {
  /** A recipe file as it was written. */
  readonly recipeFile?: string;
  readonly rows: readonly string[];
  readonly theme?: string;
  /** Token files as they were written. */
  readonly tokens?: readonly string[];
  readonly width?: number;
  readonly height?: number;
  readonly format?: OutputFormat;
  readonly quality?: number;
  /** `url`, `inline` or `no-inline`. */
  readonly words: readonly string[];
  /** What follows the query, with its #; the finished image's URL ends in it. */
  readonly fragment?: string;
}

/** True for a module import that is ours, whatever it names. */
export function isShineImport(specifier: string): boolean {
  return SHINE_FILTER.test(specifier) && !FOREIGN.test(specifier);
}

/**
 * True for a URL in a page, style sheet or script that is ours: an image of the project, not another site's, and not
 * an address of its own such as `/products?shine=matte`.
 */
export function isShineUrl(url: string): boolean {
  return isShineImport(url) && IMAGE.test(splitSpecifier(url).path) && !NO_URL.test(url);
}

/** An import's path and the query after it, without the question mark. */
export function splitSpecifier(specifier: string): { path: string; query: string } {
  const at = specifier.indexOf('?');
  return at < 0 ? { path: specifier, query: '' } : { path: specifier.slice(0, at), query: specifier.slice(at + 1) };
}

/** @throws INVALID_OPTION for an unknown or repeated key and a value out of range, INVALID_ROW never: recipes are checked later */
export function parseQuery(query: string): ShineQuery {
  const values = new Map<string, string>();
  const words: string[] = [];
  const end = query.search(FRAGMENT);
  let fragment = end < 0 ? '' : query.slice(end);
  for (const [key, value] of new URLSearchParams(end < 0 ? query : query.slice(0, end))) {
    if (BUNDLER_NOISE.includes(key)) continue;
    if (key.startsWith('#')) fragment = key;
    else if (BUNDLER_WORDS.includes(key) && value === '') words.push(key);
    else if (!(KEYS as readonly string[]).includes(key)) throw unknownKey(key);
    else if (key === 'shine' && value === '' && values.has(key)) {
      // `&shine` at the end is for TypeScript: client.d.ts knows that ending.
    } else if (values.has(key)) {
      throw new ColorshineError('INVALID_OPTION', `${key}: expected it once, got it twice; join rows by |`);
    } else values.set(key, value);
  }
  const shine = values.get('shine') ?? '';
  const isRecipe = !shine.includes(';');
  const tokens = readText(values, 'tokens')?.split(',');
  const format = readText(values, 'format');
  return {
    recipeFile: isRecipe && shine !== '' ? shine : undefined,
    rows: isRecipe ? [] : shine.split('|').map((text) => text.trim()),
    theme: readText(values, 'theme'),
    tokens: tokens?.map((file) => file.trim()),
    width: readInteger(values, 'width', SIZE_RANGE),
    height: readInteger(values, 'height', SIZE_RANGE),
    format: format === undefined ? undefined : readFormat(format),
    quality: readInteger(values, 'quality', QUALITY_RANGE),
    words,
    fragment: fragment === '' ? undefined : fragment,
  };
}

/** The same with its files named otherwise. */
export function renameFiles(query: ShineQuery, rename: (file: string) => string): ShineQuery {
  const { recipeFile, tokens } = query;
  return { ...query, recipeFile: recipeFile && rename(recipeFile), tokens: tokens?.map(rename) };
}

/**
 * The query that stands for one import in a bundler's module ids: files named from the root, so that every importer of the
 * same thing shares one module.
 */
export function formatQuery(query: ShineQuery): string {
  const shine = query.recipeFile ?? query.rows.join('|');
  const parts = [shine === '' ? 'shine' : `shine=${escapeValue(shine)}`];
  for (const key of ['theme', 'width', 'height', 'format', 'quality'] as const) {
    if (query[key] !== undefined) parts.push(`${key}=${escapeValue(String(query[key]))}`);
  }
  if (query.tokens) parts.push(`tokens=${query.tokens.map(escapeValue).join(',')}`);
  parts.push(...query.words);
  // Escaped, since browsers drop a fragment when they ask for a module.
  if (query.fragment !== undefined) parts.push(escapeValue(query.fragment));
  // Other plugins go by an id's end, and would take one that ends in .json for JSON.
  return [...parts, 'shine'].join('&');
}

/** Keeps what people wrote readable in a dev server's URLs; everything else is escaped. */
function escapeValue(value: string): string {
  return encodeURIComponent(value).replaceAll('%2F', '/').replaceAll('%3B', ';').replaceAll('%2C', ',');
}

function readText(values: ReadonlyMap<string, string>, key: string): string | undefined {
  const value = values.get(key)?.trim();
  if (value === '') throw new ColorshineError('INVALID_OPTION', `${key}: expected a value after ${key}=, got none`);
  return value;
}

function readInteger(
  values: ReadonlyMap<string, string>,
  key: string,
  range: { readonly min: number; readonly max: number },
): number | undefined {
  const text = readText(values, key);
  if (text === undefined) return undefined;
  const value = parseDecimal(text);
  // A word is quoted as it was typed, not as NaN.
  return checkInteger(Number.isNaN(value) ? text : value, key, range);
}

function unknownKey(key: string): ColorshineError {
  return new ColorshineError(
    'INVALID_OPTION',
    `query: unknown key ${quote(key)}; did you mean ${quote(nearestWord(key, KEYS))}? Known: ${KEYS.join(', ')}`,
  );
}
