import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { cacheFolder } from '../cache-folder.js';
import { hashBytes } from './job.js';
import { toPosix } from './paths.js';

/**
 * `node_modules/.cache/colorshine` of a project, as CI services keep it between runs; where that cannot be written, as in a container,
 * the cache folder of lookup tables.
 */
export function projectCache(project: string, env: NodeJS.ProcessEnv = process.env): string {
  const folder = join(project, 'node_modules', '.cache', 'colorshine');
  let at = folder;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  try {
    accessSync(at, constants.W_OK);
    return statSync(at).isDirectory() ? folder : cacheFolder(env);
  } catch {
    return cacheFolder(env);
  }
}

/**
 * Where a build's records lie: in its project's cache; with COLORSHINE_CACHE set, or without a node_modules folder, in the cache folder
 * of lookup tables.
 *
 * @param root absolute path of the build's root
 */
export function buildCacheFolder(root: string, env: NodeJS.ProcessEnv = process.env): string {
  const real = existsSync(root) ? realpathSync(root) : root;
  const project = env.COLORSHINE_CACHE ? undefined : findProject(real);
  const folder = project ? projectCache(project, env) : cacheFolder(env);
  // In a project the way from it, so that a checkout elsewhere finds its records again.
  const id = hashBytes(project ? toPosix(relative(project, real)) : real).slice(0, 16);
  return join(folder, 'builds', id);
}

/** The nearest folder upward that has dependencies installed. */
function findProject(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'node_modules'))) return at;
    if (dirname(at) === at) return undefined;
  }
}
