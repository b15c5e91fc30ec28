import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fixedPart } from '../files/glob.js';
import { readText } from '../files/text.js';
import { parseConfig } from './config.js';
import { type BuildConfig, CONFIG_FILE, type RecipeSource } from './config-shape.js';
import { isInside } from './paths.js';
import type { BuildPlan } from './plan-build.js';
import type { WatchList } from './watch-files.js';

/**
 * What a build depends on: its configuration, the recipes and tokens it names, and the folders where its inputs may lie. A
 * configuration that cannot be read leaves itself to be watched.
 *
 * @param plan of the last build: what it wrote does not count
 */
export async function watchTargets(path = CONFIG_FILE, plan?: BuildPlan): Promise<WatchList> {
  const configPath = resolve(path);
  const folder = dirname(configPath);
  const config = await readConfig(configPath);
  const named = config ? namedFiles(config).map((file) => resolve(folder, file)) : [];
  // Also those that token files lead to: they are known when they have been read.
  const files = new Set([configPath, ...named, ...(plan?.loaded.references ?? [])]);
  const bases = config ? inputFolders(config, folder).map(nearestFolder) : [];
  const own = new Set(plan ? ownFiles(plan) : []);
  const folders = new Set([...files].map((file) => nearestFolder(dirname(file))));
  for (const base of bases)
    for (const found of [...foldersAbove(base, folder), ...(await listFolders(base))]) folders.add(found);
  return {
    folders: [...folders],
    isRelevant(changed) {
      if (files.has(changed) || folders.has(changed)) return true;
      const name = basename(changed);
      if (name.startsWith('.') || name === 'node_modules' || own.has(changed)) return false;
      return bases.some((base) => isInside(base, changed));
    },
  };
}

async function readConfig(path: string): Promise<BuildConfig | undefined> {
  try {
    return parseConfig(await readText(path), path);
  } catch {
    return undefined;
  }
}

function namedFiles({ builds }: BuildConfig): string[] {
  const fileOf = (source: RecipeSource | undefined): string[] => (source && 'file' in source ? [source.file] : []);
  return builds.flatMap(({ recipe, themes, tokens }) => [
    ...tokens,
    ...fileOf(recipe),
    ...themes.flatMap((theme) => fileOf(theme.recipe)),
  ]);
}

function inputFolders({ builds }: BuildConfig, folder: string): string[] {
  const patterns = builds.flatMap(({ inputs }) => inputs.filter((pattern) => !pattern.startsWith('!')));
  return patterns.map((pattern) => resolve(folder, fixedPart(pattern, folder)));
}

function ownFiles({ loaded, steps, manifestPath, snippetPaths, leftOut }: BuildPlan): string[] {
  const paths = [...steps.map(({ job }) => job.output), ...leftOut, manifestPath, ...Object.values(snippetPaths)];
  return paths.map((path) => resolve(loaded.root, path));
}

/** The folder itself, or the lowest one above it that exists. */
function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

/** Those between a folder and one far above it: who moves one of them moves all that is in it. */
function foldersAbove(folder: string, top: string): string[] {
  const above = dirname(folder);
  return isInside(top, above) ? [above, ...foldersAbove(above, top)] : [];
}

/** A folder and those below, without hidden ones and node_modules. */
async function listFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const below = entries.filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules',
  );
  const lists = await Promise.all(below.map(({ name }) => listFolders(join(folder, name))));
  return [folder, ...lists.flat()];
}
