import { realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { ColorshineError, type ErrorCode } from '../../core/index.js';

/** Two paths that some file system takes for one, by letter case or Unicode form, have the same key. */
export function pathKey(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** With forward slashes, as jobs and manifests hold paths. */
export function toPosix(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

/** True when a path is the folder or in it, by its letters. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === resolve(path);
}

/** As a person would type it: from the working folder when it lies there. */
export function named(path: string): string {
  const way = relative(process.cwd(), path);
  return way.startsWith(`..${sep}`) || way === '' ? path : way;
}

/**
 * Where a path from the root really leads.
 *
 * @param code of the error when a link or `..` leads out of the root
 * @returns the absolute path; a missing file's folders are followed as far as they exist
 */
export async function resolveInRoot(root: string, path: string, code: ErrorCode): Promise<string> {
  const absolute = resolve(root, path);
  const [realRoot, real] = await Promise.all([followLinks(resolve(root)), followLinks(absolute)]);
  if (isInside(resolve(root), absolute) && isInside(realRoot, real)) return absolute;
  throw new ColorshineError(
    code,
    `${path}: expected a path inside the build's root ${root}, got one that leads to ${real}`,
  );
}

async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await followLinks(parent), path.slice(parent.length));
  }
}
