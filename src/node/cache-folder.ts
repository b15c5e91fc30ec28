import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * Where caches lie: COLORSHINE_CACHE, else `colorshine` in XDG_CACHE_HOME (ignored when relative, as its specification
 * says), else `~/.cache/colorshine`.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { COLORSHINE_CACHE: own, XDG_CACHE_HOME: xdg } = env;
  if (own) return resolve(own);
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'colorshine');
}

/** The folder of lookup tables in it. */
export function lutFolder(env?: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), 'luts');
}
