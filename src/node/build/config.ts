/** Reads colorshine.config.json, and says in one line what is wrong with it. */
import { makeRecipe, quote, type RecipeInput } from '../../core/index.js';
import { checkObject, nearestWord } from '../../core/options.js';
import {
  FORMAT_WORDS,
  formatFromName,
  OUTPUT_EXTENSIONS,
  type OutputFormat,
  QUALITY_RANGE,
} from '../image/format-names.js';
import { readingOf } from '../image/reading-options.js';
import {
  checkNames,
  describeSyntax,
  fileWord,
  integer,
  invalid,
  list,
  prefixed,
  text,
  texts,
  toFileWord,
} from './config-checks.js';
import {
  BUILD_KEYS,
  type BuildConfig,
  type BuildEntry,
  CONFIG_KEYS,
  CONFIG_VERSION,
  DEFAULT_BUILD,
  DEFAULT_THEME,
  FULL_SIZE,
  NAMED_BUILD_KEYS,
  PLACEHOLDERS,
  type RecipeSource,
  SAME_FORMAT,
  SIZE_KEYS,
  type SizeEntry,
  SNIPPET_KEYS,
  type SnippetOptions,
  THEME_KEYS,
  type ThemeEntry,
} from './config-shape.js';
import { type JobSize, SIZE_RANGE } from './job.js';

/**
 * Reads a configuration from its JSON text.
 *
 * @param file how errors call it
 * @throws INVALID_CONFIG, and what a bad inline recipe throws: one line with the file and the key
 */
export function parseConfig(json: string, file: string): BuildConfig {
  let value: unknown;
  try {
    value = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw invalid(file, `expected JSON, got ${describeSyntax(json)}`, cause);
  }
  const config = checkObject(value, file, CONFIG_KEYS, 'INVALID_CONFIG');
  if (config.version !== undefined && config.version !== CONFIG_VERSION) {
    throw invalid(`${file}: version`, `expected ${CONFIG_VERSION}, got ${quote(config.version)}`);
  }
  const shared = Object.fromEntries(
    BUILD_KEYS.filter((key) => config[key] !== undefined).map((key) => [key, config[key]]),
  );
  const builds = readBuilds(config.builds, shared, file);
  return {
    file,
    root: config.root === undefined ? '.' : text(config.root, `${file}: root`),
    manifest: config.manifest === undefined ? defaultManifest(builds) : text(config.manifest, `${file}: manifest`),
    ...(config.snippets !== undefined && { snippets: readSnippets(config.snippets, `${file}: snippets`) }),
    builds,
  };
}

function readBuilds(value: unknown, shared: Readonly<Record<string, unknown>>, file: string): BuildEntry[] {
  if (value === undefined) return [readBuild({ name: DEFAULT_BUILD, ...shared }, file)];
  const builds = list(value, `${file}: builds`, 'a list of at least one build').map((item, i) => {
    const place = `${file}: builds[${i}]`;
    const own = checkObject(item, place, NAMED_BUILD_KEYS, 'INVALID_CONFIG');
    return readBuild({ name: `build-${i + 1}`, ...shared, ...own }, place);
  });
  const names = new Set<string>();
  for (const { name } of builds) {
    if (names.has(name))
      throw invalid(`${file}: builds`, `expected a different name for each, got ${quote(name)} twice`);
    names.add(name);
  }
  return builds;
}

function readBuild(build: Readonly<Record<string, unknown>>, place: string): BuildEntry {
  const { pooled = false } = build;
  if (typeof pooled !== 'boolean') throw invalid(`${place}: pooled`, `expected true or false, got ${quote(pooled)}`);
  const themes = readThemes(build.themes, place);
  const recipe = build.recipe === undefined ? undefined : readRecipeSource(build.recipe, `${place}: recipe`);
  if (!recipe && !themes.every((theme) => theme.recipe)) {
    throw invalid(`${place}: recipe`, 'expected a recipe file, a recipe or a list of rows, got none');
  }
  return {
    name: fileWord(build.name, `${place}: name`),
    inputs: texts(build.inputs, `${place}: inputs`, 'a path or glob such as "images/**/*.jpg", or a list of them'),
    ...(recipe && { recipe }),
    tokens: build.tokens === undefined ? [] : texts(build.tokens, `${place}: tokens`, 'a token file or a list of them'),
    themes,
    formats: readFormats(build.formats, `${place}: formats`),
    sizes: readSizes(build.sizes, `${place}: sizes`),
    quality: readQuality(build.quality, `${place}: quality`),
    out: readOut(build.out, `${place}: out`),
    pooled,
    reading: prefixed(place, () => readingOf(build)),
  };
}

function readRecipeSource(value: unknown, place: string): RecipeSource {
  if (typeof value === 'string') return { file: text(value, place) };
  return prefixed(place, () => ({ inline: makeRecipe(value as RecipeInput) }));
}

function readThemes(value: unknown, place: string): ThemeEntry[] {
  if (value === undefined) return [{ name: DEFAULT_THEME }];
  const themes = list(value, `${place}: themes`, 'a list of at least one theme').map((item, i): ThemeEntry => {
    const at = `${place}: themes[${i}]`;
    if (typeof item === 'string') return { name: toFileWord(text(item, at)) || DEFAULT_THEME, theme: item };
    const { name, theme, recipe } = checkObject(item, at, THEME_KEYS, 'INVALID_CONFIG');
    return {
      name: fileWord(name, `${at}: name`),
      ...(theme !== undefined && { theme: text(theme, `${at}: theme`) }),
      ...(recipe !== undefined && { recipe: readRecipeSource(recipe, `${at}: recipe`) }),
    };
  });
  checkNames(themes, `${place}: themes`);
  return themes;
}

function readFormats(value: unknown, place: string): (OutputFormat | undefined)[] {
  if (value === undefined) return [undefined];
  const known = [...Object.keys(OUTPUT_EXTENSIONS), SAME_FORMAT];
  const items = typeof value === 'string' ? [value] : list(value, place, 'a list of at least one format');
  const formats = items.map((item) => {
    if (item === SAME_FORMAT) return undefined;
    const format = FORMAT_WORDS.includes(item as string) ? formatFromName(item as string) : undefined;
    if (format) return format;
    throw invalid(place, `expected ${known.join(', ')}, got ${quote(item)}`);
  });
  if (new Set(formats).size < formats.length) throw invalid(place, `expected each format once, got ${quote(value)}`);
  return formats;
}

function readSizes(value: unknown, place: string): SizeEntry[] {
  if (value === undefined) return [{ name: FULL_SIZE }];
  const sizes = list(value, place, 'a list of at least one size').map((item, i): SizeEntry => {
    const at = `${place}[${i}]`;
    if (item === FULL_SIZE) return { name: FULL_SIZE };
    if (typeof item === 'number') return { name: String(item), width: integer(item, at, SIZE_RANGE) };
    if (typeof item !== 'object') {
      throw invalid(
        at,
        `expected a width in pixels, "${FULL_SIZE}" or an object with width or height, got ${quote(item)}`,
      );
    }
    const { name, width, height } = checkObject(item, at, SIZE_KEYS, 'INVALID_CONFIG');
    if (width === undefined && height === undefined) {
      throw invalid(at, `expected a width, a height or both, got ${quote(item)}`);
    }
    const box = {
      ...(width !== undefined && { width: integer(width, `${at}: width`, SIZE_RANGE) }),
      ...(height !== undefined && { height: integer(height, `${at}: height`, SIZE_RANGE) }),
    };
    return { name: name === undefined ? sizeName(box) : fileWord(name, `${at}: name`), ...box };
  });
  checkNames(sizes, place);
  return sizes;
}

/** `640`, `640x480`, `x480`. */
function sizeName({ width, height }: JobSize): string {
  return `${width ?? ''}${height === undefined ? '' : `x${height}`}`;
}

function readQuality(value: unknown, place: string): Partial<Record<OutputFormat, number>> {
  if (value === undefined) return {};
  const formats = Object.keys(OUTPUT_EXTENSIONS) as OutputFormat[];
  if (typeof value === 'number') {
    const quality = integer(value, place, QUALITY_RANGE);
    return Object.fromEntries(formats.map((format) => [format, quality]));
  }
  const given = checkObject(value, place, formats, 'INVALID_CONFIG');
  return Object.fromEntries(
    Object.entries(given).map(([key, item]) => [key, integer(item, `${place}: ${key}`, QUALITY_RANGE)]),
  );
}

function readOut(value: unknown, place: string): string {
  if (value === undefined) {
    throw invalid(place, 'expected where outputs go, such as "dist/{dir}/{name}.{theme}.{ext}", got none');
  }
  const out = text(value, place);
  for (const [whole, name = ''] of out.matchAll(/\{([^{}]*)\}/g)) {
    if ((PLACEHOLDERS as readonly string[]).includes(name)) continue;
    throw invalid(
      place,
      `unknown placeholder ${whole}; did you mean {${nearestWord(name, PLACEHOLDERS)}}? Known: ${PLACEHOLDERS.map((known) => `{${known}}`).join(', ')}`,
    );
  }
  if (/[{}]/.test(out.replaceAll(/\{[^{}]*\}/g, '')))
    throw invalid(place, `expected pairs of braces, got ${quote(out)}`);
  if (/[\\/]$/.test(out))
    throw invalid(place, `expected a file's path such as ${quote(`${out}{name}.{ext}`)}, got a folder's`);
  return out;
}

function readSnippets(value: unknown, place: string): SnippetOptions {
  const given = checkObject(value, place, SNIPPET_KEYS, 'INVALID_CONFIG');
  if (given.picture === undefined && given.css === undefined) {
    throw invalid(place, 'expected "picture" or "css", the path of a file to write, got neither');
  }
  const words = Object.fromEntries(
    (['picture', 'css', 'light', 'dark', 'sizes'] as const).flatMap((key) =>
      given[key] === undefined ? [] : [[key, text(given[key], `${place}: ${key}`)]],
    ),
  );
  if (given.base !== undefined && typeof given.base !== 'string') {
    throw invalid(`${place}: base`, `expected text, got ${quote(given.base)}`);
  }
  const alt = given.alt === undefined ? {} : given.alt;
  if (
    typeof alt !== 'object' ||
    alt === null ||
    Array.isArray(alt) ||
    !Object.values(alt).every((v) => typeof v === 'string')
  ) {
    throw invalid(`${place}: alt`, `expected an object of source paths and texts, got ${quote(alt)}`);
  }
  return {
    ...words,
    ...(typeof given.base === 'string' && { base: given.base }),
    alt: Object.assign(Object.create(null), alt) as Record<string, string>,
  };
}

/** Beside the outputs: in the part of the first build's `out` that has no placeholder. */
function defaultManifest(builds: readonly BuildEntry[]): string {
  const [head = ''] = (builds[0] as BuildEntry).out.split('{');
  return `${head.slice(0, head.lastIndexOf('/') + 1)}colorshine-manifest.json`;
}
