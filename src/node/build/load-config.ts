import { dirname, relative, resolve } from 'node:path';
import { ColorshineError, type Plan, quote, type Recipe } from '../../core/index.js';
import { findFiles, fixedPart, isPattern } from '../files/glob.js';
import { statInput } from '../files/input.js';
import { readText } from '../files/text.js';
import { loadRecipe } from '../recipe-file.js';
import { loadTokensAndFiles } from '../token-files.js';
import { parseConfig } from './config.js';
import { type BuildConfig, type BuildEntry, CONFIG_FILE, type RecipeSource } from './config-shape.js';
import type { BuildSources, InputFile } from './expand-config.js';
import { isInside, named, toPosix } from './paths.js';

/** A configuration with all that it names, read: what `expandConfig` takes. */
export interface LoadedConfig {
  /** The configuration, checked. */
  readonly config: BuildConfig;
  /** Absolute path of the configuration's file. */
  readonly path: string;
  /** Absolute path of that file's folder. */
  readonly folder: string;
  /** Absolute path of the folder that holds all inputs and outputs. */
  readonly root: string;
  /** `folder` from `root`, with forward slashes. */
  readonly base: string;
  /** Beside `config.builds`. */
  readonly sources: readonly BuildSources[];
  /** Absolute paths of the recipes and token files, for watching. */
  readonly references: readonly string[];
}

/**
 * Reads a build's configuration, recipes and tokens, and lists its inputs. Images are not opened.
 *
 * @param path of the configuration. Default: colorshine.config.json in the working folder
 * @throws ColorshineError: INVALID_CONFIG, the codes of recipes and tokens, INPUT_NOT_FOUND for a pattern without a match
 */
export async function loadConfig(path = CONFIG_FILE): Promise<LoadedConfig> {
  const absolute = resolve(path);
  const config = parseConfig(await readConfigText(path), path);
  const folder = dirname(absolute);
  const root = resolve(folder, config.root);
  if (!isInside(root, folder)) {
    throw new ColorshineError(
      'INVALID_CONFIG',
      `${path}: root: expected a folder that holds ${path}, got ${quote(config.root)}`,
    );
  }
  const place = { path, folder, root };
  const references = new Set<string>();
  const sources: BuildSources[] = [];
  for (const build of config.builds) sources.push(await readSources(build, place, references));
  const base = toPosix(relative(root, folder));
  return { config, path: absolute, folder, root, base, sources, references: [...references] };
}

interface Place {
  readonly path: string;
  readonly folder: string;
  readonly root: string;
}

async function readConfigText(path: string): Promise<string> {
  try {
    return await readText(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const given = code === 'ENOENT' || code === 'ENOTDIR' ? 'nothing there' : code === 'EISDIR' ? 'a folder' : code;
    throw new ColorshineError('INVALID_CONFIG', `${path}: expected a build configuration, got ${given}`, {
      cause: error,
    });
  }
}

async function readSources(build: BuildEntry, place: Place, references: Set<string>): Promise<BuildSources> {
  const tokenFiles = build.tokens.map((file) => named(resolve(place.folder, file)));
  // Before they are read: a file that is missing may come.
  for (const file of tokenFiles) references.add(resolve(file));
  const loaded = tokenFiles.length > 0 ? await loadTokensAndFiles(tokenFiles) : undefined;
  for (const file of loaded?.files ?? []) references.add(resolve(file));
  const tokens = loaded?.tokens;
  const recipes: (Recipe | Plan)[] = [];
  for (const theme of build.themes) {
    recipes.push(await readRecipe((theme.recipe ?? build.recipe) as RecipeSource, place.folder, references));
  }
  return { files: await listInputs(build, place), recipes, ...(tokens && { tokens }) };
}

async function readRecipe(source: RecipeSource, folder: string, references: Set<string>): Promise<Recipe | Plan> {
  if ('inline' in source) return source.inline;
  const path = resolve(folder, source.file);
  references.add(path);
  return loadRecipe(path, named(path));
}

async function listInputs(build: BuildEntry, { path, folder, root }: Place): Promise<InputFile[]> {
  const patterns = build.inputs.filter((pattern) => !pattern.startsWith('!'));
  const ignore = build.inputs.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  const found = new Map<string, InputFile>();
  if (patterns.length === 0) {
    throw new ColorshineError('INVALID_CONFIG', `${path}: inputs: expected a pattern besides those with "!", got none`);
  }
  for (const pattern of patterns) {
    const isGlob = isPattern(pattern, folder);
    // Nobody means the pictures of dependencies, unless a pattern says so.
    const skipped = pattern.includes('node_modules') ? ignore : [...ignore, '**/node_modules/**'];
    const files = await findFiles(pattern, { cwd: folder, ignore: skipped, absolute: true });
    if (files.length === 0) {
      // A file named outright may be missing, a folder, or left out by "!": say which.
      if (!isGlob && ignore.length === 0) await statInput(named(resolve(folder, pattern)));
      throw new ColorshineError('INPUT_NOT_FOUND', `${path}: inputs: expected files for ${quote(pattern)}, found none`);
    }
    const fixed = isGlob ? resolve(folder, fixedPart(pattern, folder)) : dirname(resolve(folder, pattern));
    for (const file of files) {
      const absolute = resolve(file);
      if (!isInside(root, absolute)) {
        const hint = 'set "root" to a folder that holds both';
        throw new ColorshineError(
          'INVALID_CONFIG',
          `${path}: inputs: expected files inside ${root}, got ${absolute}; ${hint}`,
        );
      }
      const inRoot = toPosix(relative(root, absolute));
      if (!found.has(inRoot)) found.set(inRoot, { path: inRoot, dir: toPosix(relative(fixed, dirname(absolute))) });
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
