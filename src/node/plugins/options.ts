import { isAbsolute, join, resolve } from 'node:path';
import { anything, type Checks, checkOptions, expecting, text, whole } from '../../core/check-options.js';
import { ColorshineError, makeRecipe, quote, type Recipe, type RecipeInput } from '../../core/index.js';
import { checkObject } from '../../core/options.js';
import { projectCache } from '../build/cache-place.js';
import { formatFromName, OUTPUT_EXTENSIONS, type OutputFormat, QUALITY_RANGE } from '../image/format-names.js';
import { READING_CHECKS, type Reading, readingOf } from '../image/reading-options.js';

/** What every bundler plugin takes. Paths start from the project's root. */
export interface ShineOptions extends Reading {
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
  /** Where finished images are kept between builds. Default `node_modules/.cache/colorshine/images`, or, where that
   * cannot be written, `images` in the cache folder of lookup tables. */
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
  readonly reading: Reading;
  readonly dts?: string;
}

const isText = (value: unknown): boolean => typeof value === 'string';
const CHECKS: Checks<ShineOptions> = {
  recipe: anything,
  tokens: expecting('a path or a list of paths', (value) => [value].flat().every(isText)),
  theme: text,
  format: readFormat,
  quality: whole(QUALITY_RANGE),
  ...READING_CHECKS,
  cacheDir: text,
  root: text,
  dts: expecting('true, false or a path', (value) => typeof value === 'boolean' || isText(value)),
};
const DEFAULT_DTS = 'colorshine.d.ts';

/**
 * @param bundlerRoot the root that the bundler works in
 * @throws INVALID_OPTION naming the key, and what a bad recipe throws
 */
export function readOptions(options: ShineOptions, bundlerRoot: string): ShineSettings {
  checkObject(options, 'colorshine plugin', Object.keys(CHECKS), 'INVALID_OPTION');
  checkOptions(options, CHECKS);
  const { recipe, tokens = [], theme, format, quality, cacheDir, dts } = options;
  const root = resolve(bundlerRoot, options.root ?? '.');
  return {
    root,
    cacheDir: cacheDir === undefined ? join(projectCache(root), 'images') : resolve(root, cacheDir),
    recipe: recipe === undefined ? undefined : readRecipeOption(recipe, root),
    tokens: [tokens].flat().map((file) => resolve(root, file)),
    theme,
    format: format && readFormat(format),
    quality,
    reading: readingOf(options),
    dts: dts ? resolve(root, dts === true ? DEFAULT_DTS : dts) : undefined,
  };
}

function readRecipeOption(recipe: NonNullable<ShineOptions['recipe']>, root: string): ShineSettings['recipe'] {
  if (typeof recipe !== 'string') return { recipe: makeRecipe(recipe as RecipeInput) };
  if (recipe.includes(';')) return { recipe: makeRecipe(recipe.split('|')) };
  text(recipe, 'recipe');
  return { file: isAbsolute(recipe) ? recipe : resolve(root, recipe) };
}

/** A format as people name it, `jpg` too. @throws INVALID_OPTION */
export function readFormat(given: unknown, name = 'format'): OutputFormat {
  const format = typeof given === 'string' ? formatFromName(given) : undefined;
  if (format) return format;
  const known = Object.keys(OUTPUT_EXTENSIONS).join(', ');
  throw new ColorshineError('INVALID_OPTION', `${name}: expected one of ${known}, got ${quote(given)}`);
}
