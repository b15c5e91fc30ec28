import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ColorshineError, quote } from '../../core/index.js';
import { nearestWord } from '../../core/options.js';

/**
 * The file that an import's query names. `./a.json` and `../a.json` start from the importing file, `/a.json` from the root;
 * a bare `a.json` is looked for beside the importing file, then in the root.
 *
 * @param what how the error calls it, such as `recipe`
 * @returns an absolute path to something that exists
 * @throws INPUT_NOT_FOUND, naming the places and the nearest file there
 */
export async function findFile(name: string, importerDir: string, root: string, what: string): Promise<string> {
  const places = listPlaces(name, importerDir, root);
  for (const place of places) if (await exists(place)) return place;
  const nearest = await nearestFile(places);
  const shown = places.map((place) => showPath(place, root)).join(' or ');
  const hint = nearest === undefined ? '' : `; did you mean ${quote(nearest)}?`;
  throw new ColorshineError(
    'INPUT_NOT_FOUND',
    `${what} ${quote(name)}: expected a file at ${shown}, found nothing${hint}`,
  );
}

/**
 * The image that a page or a style sheet names by a URL: percent-encoded, from one of `roots` with a slash before it.
 *
 * @param folder of the naming file
 * @returns an absolute path, or undefined when there is no such file
 * @throws INPUT_NOT_FOUND for a path that cannot be decoded
 */
export async function findImage(path: string, folder: string, roots: readonly string[]): Promise<string | undefined> {
  const decoded = decodePath(path);
  const places = decoded.startsWith('/') ? roots.map((root) => join(root, decoded)) : [resolve(folder, decoded)];
  for (const place of places) if (await exists(place)) return place;
  return undefined;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new ColorshineError('INPUT_NOT_FOUND', `expected a percent-encoded path, with %25 for %, got ${quote(path)}`);
  }
}

/** A relative URL of a file, for any attribute, `url()` or `image-set()`. @param from the naming file */
export function relativeUrl(from: string, to: string): string {
  const way = relative(dirname(from), to).replaceAll(sep, '/');
  return encodeUrl(way.startsWith('.') ? way : `./${way}`);
}

/** A path as a URL: also what ends a path in a URL, and what ends a URL in CSS. */
export function encodeUrl(path: string): string {
  return encodeURI(path).replaceAll(/[#?()']/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A path as people of the project know it: from the root with a slash before it, or whole when it lies elsewhere. */
export function toRootPath(path: string, root: string): string {
  const way = relative(root, path);
  const posix = (text: string): string => (sep === '/' ? text : text.replaceAll(sep, '/'));
  return way.startsWith('..') || isAbsolute(way) ? posix(path) : `/${posix(way)}`;
}

/** From the root without the slash, for messages. */
export function showPath(path: string, root: string): string {
  return toRootPath(path, root).replace(/^\/(?=.)/, (slash) => (path.startsWith(root) ? '' : slash));
}

function listPlaces(name: string, importerDir: string, root: string): string[] {
  if (/^\.\.?[/\\]/.test(name)) return [resolve(importerDir, name)];
  if (isAbsolute(name)) return [...new Set([join(root, name), name])];
  return [...new Set([resolve(importerDir, name), resolve(root, name)])];
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function nearestFile(places: readonly string[]): Promise<string | undefined> {
  for (const place of places) {
    const names = (await readdir(dirname(place)).catch(() => [])).filter((name) => name.endsWith('.json'));
    if (names.length > 0) return nearestWord(basename(place), names);
  }
  return undefined;
}
