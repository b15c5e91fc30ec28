/**
 * colorshine.config.json: what a build reads, how it recolors, what it writes. Checked by config.ts, and described by
 * schema/config-1.schema.json, which is made from the same lists.
 */
import type { Recipe } from '../../core/index.js';
import type { OutputFormat } from '../image/format-names.js';
import { READING_KEYS, type Reading } from '../image/reading-options.js';
import type { JobSize } from './job.js';

export const CONFIG_VERSION = 1;
export const CONFIG_FILE = 'colorshine.config.json';
/** Keys of one build; at the top level they hold for every build that has none of its own. */
export const BUILD_KEYS = [
  ...['inputs', 'recipe', 'tokens', 'themes', 'formats', 'sizes', 'quality', 'out', 'pooled'],
  ...READING_KEYS,
] as const;
export const CONFIG_KEYS = ['$schema', 'version', 'root', 'manifest', 'snippets', 'builds', ...BUILD_KEYS] as const;
export const NAMED_BUILD_KEYS = ['name', ...BUILD_KEYS] as const;
export const THEME_KEYS = ['name', 'theme', 'recipe'] as const;
export const SIZE_KEYS = ['name', 'width', 'height'] as const;
export const SNIPPET_KEYS = ['picture', 'css', 'light', 'dark', 'base', 'alt', 'sizes'] as const;
/** What may stand in `out`. */
export const PLACEHOLDERS = ['dir', 'name', 'theme', 'size', 'format', 'ext', 'build'] as const;
/** In place of a format or a size: the input's own. */
export const SAME_FORMAT = 'same';
export const FULL_SIZE = 'full';
/** The theme where a build names none. */
export const DEFAULT_THEME = 'default';
export const DEFAULT_BUILD = 'main';

/** A recipe as written: a file, or checked and inline. Its colors may still be tokens. */
export type RecipeSource = { readonly file: string } | { readonly inline: Recipe };

export interface ThemeEntry {
  /** As it stands in file names and the manifest. */
  readonly name: string;
  /** As `colorsOf` takes it: a theme or mode of the tokens, or several joined by commas. */
  readonly theme?: string;
  /** In place of the build's. */
  readonly recipe?: RecipeSource;
}

export interface SizeEntry extends JobSize {
  /** As it stands in file names. */
  readonly name: string;
}

export interface BuildEntry {
  readonly name: string;
  /** Paths and globs from the config's folder; `!` leaves out. */
  readonly inputs: readonly string[];
  readonly recipe?: RecipeSource;
  readonly tokens: readonly string[];
  /** At least one; the only one is `default` where none is written. */
  readonly themes: readonly ThemeEntry[];
  /** At least one; undefined: the input's. */
  readonly formats: readonly (OutputFormat | undefined)[];
  /** At least one. */
  readonly sizes: readonly SizeEntry[];
  readonly quality: Readonly<Partial<Record<OutputFormat, number>>>;
  /** Path from the config's folder, with placeholders. */
  readonly out: string;
  readonly pooled: boolean;
  readonly reading: Reading;
}

/** Files with snippets to paste or include, made from the outputs. */
export interface SnippetOptions {
  /** Path of an HTML file with a `<picture>` for each source. */
  readonly picture?: string;
  /** Path of a CSS file with a custom property for each source. */
  readonly css?: string;
  /** Themes for prefers-color-scheme. Default: those named `light` and `dark`, else the first and the second. */
  readonly light?: string;
  readonly dark?: string;
  /** Put before every URL. Default: paths relative to the snippet's file. */
  readonly base?: string;
  /** `alt` text by source path; an image without one gets `alt=""`. */
  readonly alt: Readonly<Record<string, string>>;
  /** The `sizes` attribute. Default `100vw`. */
  readonly sizes?: string;
}

export interface BuildConfig {
  /** How errors call the file. */
  readonly file: string;
  /** Folder from the config's folder that holds all inputs and outputs. */
  readonly root: string;
  /** Path of the manifest from the config's folder. */
  readonly manifest: string;
  /** HTML and CSS to write. Default: none. */
  readonly snippets?: SnippetOptions;
  /** One or more; keys that stand beside the list are in each. */
  readonly builds: readonly BuildEntry[];
}
