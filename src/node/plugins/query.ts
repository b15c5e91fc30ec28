/**
 * The query of an image import: `./hero.jpg?shine=brand.json&theme=dark&width=800`.
 *
 * `shine` is a recipe file, rows such as `teal;40;60` or `blue to teal;40;100` joined by `|`, or empty for the plugin's own recipe.
 * The text is read as forms write it: `%20` or `+` is a space, `%23` a #, `%25` a %.
 */
import { ColorshineError, quote } from '../../core/index.js';
import { checkInteger, nearestWord, parseDecimal } from '../../core/options.js';
import { SIZE_RANGE } from '../build/job.js';
import { formatFromName, OUTPUT_EXTENSIONS, type OutputFormat, QUALITY_RANGE } from '../image/format-names.js';

/** Finds imports that are ours by their text; bundlers take it as a filter. */
export const SHINE_FILTER = /[?&]shine(?:[=&]|$)/;

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
  for (const [key, value] of new URLSearchParams(query)) {
    if (BUNDLER_NOISE.includes(key)) continue;
    if (BUNDLER_WORDS.includes(key) && value === '') words.push(key);
    else if (!(KEYS as readonly string[]).includes(key)) throw unknownKey(key);
    else if (key === 'shine' && value === '' && values.has(key)) {
      // `&shine` at the end is for TypeScript: client.d.ts knows that ending.
    } else if (values.has(key)) {
      throw new ColorshineError('INVALID_OPTION', `${key}: expected it once, got it twice; join rows by |`);
    } else values.set(key, value);
  }
  const shine = values.get('shine') ?? '';
  const isRecipe = !shine.includes(';');
  const theme = readText(values, 'theme');
  const tokens = readText(values, 'tokens')
    ?.split(',')
    .map((file) => file.trim());
  const format = readFormat(readText(values, 'format'));
  const width = readInteger(values, 'width', SIZE_RANGE);
  const height = readInteger(values, 'height', SIZE_RANGE);
  const quality = readInteger(values, 'quality', QUALITY_RANGE);
  return {
    ...(isRecipe && shine !== '' && { recipeFile: shine }),
    rows: isRecipe ? [] : shine.split('|').map((text) => text.trim()),
    ...(theme !== undefined && { theme }),
    ...(tokens && { tokens }),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(format && { format }),
    ...(quality !== undefined && { quality }),
    words,
  };
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

function readFormat(name: string | undefined): OutputFormat | undefined {
  if (name === undefined) return undefined;
  const format = formatFromName(name);
  if (format) return format;
  const known = Object.keys(OUTPUT_EXTENSIONS);
  throw new ColorshineError('INVALID_OPTION', `format: expected one of ${known.join(', ')}, got ${quote(name)}`);
}

function unknownKey(key: string): ColorshineError {
  return new ColorshineError(
    'INVALID_OPTION',
    `query: unknown key ${quote(key)}; did you mean ${quote(nearestWord(key, KEYS))}? Known: ${KEYS.join(', ')}`,
  );
}
