import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { cacheFolder } from '../cache-folder.js';
import { hashBytes } from './job.js';
import { toPosix } from './paths.js';

/**
 * Where a build's records lie: `node_modules/.cache/colorshine` of the project, as CI services keep it between runs; with
 * COLORSHINE_CACHE set, or without a node_modules folder, the cache folder of lookup tables.
 *
 * @param root absolute path of the build's root
 */
export function buildCacheFolder(root: string, env: NodeJS.ProcessEnv = process.env): string {
  const real = existsSync(root) ? realpathSync(root) : root;
  const project = env.COLORSHINE_CACHE ? undefined : findProject(real);
  const folder = project ? join(project, 'node_modules', '.cache', 'colorshine') : cacheFolder(env);
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
