import { isAbsolute, resolve } from 'node:path';
import { ColorshineError, makeRecipe, quote, type Recipe, type RecipeInput } from '../../core/index.js';
import { checkInteger, checkObject } from '../../core/options.js';
import { formatFromName, OUTPUT_EXTENSIONS, type OutputFormat, QUALITY_RANGE } from '../image/format-names.js';
import { MAX_PIXELS_RANGE } from '../image/large-pixels.js';

/** What every bundler plugin takes. Paths start from the project's root. */
export interface ShineOptions {
  /** For imports that say `?shine` alone: a recipe file, a recipe, or rows such as `teal;40;60`. */
  readonly recipe?: string | RecipeInput | readonly string[];
  /** Design token files, for recipes that name `{color.brand.primary}`. Later files override earlier ones. */
  readonly tokens?: string | readonly string[];
  /** Theme or mode of the tokens for imports that name none. Default: the files' own default. */
  readonly theme?: string;
  /** Output format for imports that name none. Default: the image's own. */
  readonly format?: OutputFormat;
  /** 1 to 100 for lossy formats, for imports that name none. Default: the input JPEG's own. */
  readonly quality?: number;
  /** Refuses larger images, counted over all pages. Default 100 million. */
  readonly maxPixels?: number;
  /** Where finished images are kept between builds. Default `node_modules/.cache/colorshine/images`. */
  readonly cacheDir?: string;
  /** The project's root. Default: the bundler's. */
  readonly root?: string;
  /** Writes TypeScript declarations of the imports that were met: true for `colorshine.d.ts` in the root, or a path. Default false. */
  readonly dts?: boolean | string;
}

/** Checked options, with absolute paths. */
export interface ShineSettings {
  readonly root: string;
  readonly cacheDir: string;
  readonly recipe?: { readonly file: string } | { readonly recipe: Recipe };
  readonly tokens: readonly string[];
  readonly theme?: string;
  readonly format?: OutputFormat;
  readonly quality?: number;
  readonly maxPixels?: number;
  readonly dts?: string;
}

const KEYS = ['recipe', 'tokens', 'theme', 'format', 'quality', 'maxPixels', 'cacheDir', 'root', 'dts'] as const;
const DEFAULT_CACHE_DIR = 'node_modules/.cache/colorshine/images';
const DEFAULT_DTS = 'colorshine.d.ts';

/**
 * @param bundlerRoot the root that the bundler works in
 * @throws INVALID_OPTION naming the key, and what a bad recipe throws
 */
export function readOptions(options: ShineOptions, bundlerRoot: string): ShineSettings {
  checkObject(options, 'colorshine plugin', KEYS, 'INVALID_OPTION');
  const {
    recipe,
    tokens = [],
    theme,
    quality,
    maxPixels,
    cacheDir = DEFAULT_CACHE_DIR,
    root: ownRoot = '.',
    dts,
  } = options;
  for (const [key, value] of Object.entries({ theme, cacheDir, root: ownRoot })) checkText(value, key);
  const files = typeof tokens === 'string' ? [tokens] : tokens;
  if (!Array.isArray(files) || files.some((file) => typeof file !== 'string')) {
    throw badOption('tokens', 'a path or a list of paths', tokens);
  }
  if (quality !== undefined) checkInteger(quality, 'quality', QUALITY_RANGE);
  if (maxPixels !== undefined) checkInteger(maxPixels, 'maxPixels', MAX_PIXELS_RANGE);
  if (dts !== undefined && typeof dts !== 'boolean' && typeof dts !== 'string') {
    throw badOption('dts', 'true, false or a path', dts);
  }
  const root = resolve(bundlerRoot, ownRoot);
  const format = readFormat(options.format);
  return {
    root,
    cacheDir: resolve(root, cacheDir),
    ...(recipe !== undefined && { recipe: readRecipeOption(recipe, root) }),
    tokens: files.map((file) => resolve(root, file)),
    ...(theme !== undefined && { theme }),
    ...(format && { format }),
    ...(quality !== undefined && { quality }),
    ...(maxPixels !== undefined && { maxPixels }),
    ...(dts && { dts: resolve(root, dts === true ? DEFAULT_DTS : dts) }),
  };
}

function readRecipeOption(recipe: NonNullable<ShineOptions['recipe']>, root: string): ShineSettings['recipe'] {
  if (typeof recipe !== 'string') return { recipe: makeRecipe(recipe as RecipeInput) };
  if (recipe.includes(';')) return { recipe: makeRecipe(recipe.split('|')) };
  if (recipe === '') throw badOption('recipe', 'a recipe file, a recipe or rows', recipe);
  return { file: isAbsolute(recipe) ? recipe : resolve(root, recipe) };
}

function readFormat(given: unknown): OutputFormat | undefined {
  if (given === undefined) return undefined;
  const format = typeof given === 'string' ? formatFromName(given) : undefined;
  if (format) return format;
  throw badOption('format', `one of ${Object.keys(OUTPUT_EXTENSIONS).join(', ')}`, given);
}

/** @throws INVALID_OPTION for what is given and no text */
export function checkText(value: unknown, key: string): void {
  if (value !== undefined && (typeof value !== 'string' || value === '')) throw badOption(key, 'text', value);
}

export function badOption(key: string, expected: string, given: unknown): ColorshineError {
  return new ColorshineError('INVALID_OPTION', `colorshine plugin: ${key}: expected ${expected}, got ${quote(given)}`);
}
