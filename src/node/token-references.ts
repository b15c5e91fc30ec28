/** `$ref` into other files: `base.json#/color/brand`. */
import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ColorshineError } from '../core/index.js';
import { decodeEscapes } from '../core/plain-text.js';
import type { OtherFiles } from '../tokens/types.js';
import { isInside } from './build/paths.js';

type Colors = OtherFiles extends ReadonlyMap<string, infer C> ? C : never;

const REFERENCE = /"\$ref"\s*:\s*"([^"#\\]+)#\//g;

/** What one load has found: files that are open now, and those that are done, by their real paths. */
export interface FoundFiles {
  readonly open: Set<string>;
  readonly done: Map<string, Colors>;
}

/**
 * Reads the files that a token file leads into; one that cannot be had costs only the tokens that need it.
 *
 * @param read gives a file's colors; it may come back here
 */
export async function readReferences(
  file: string,
  text: string,
  found: FoundFiles,
  read: (path: string) => Promise<Colors>,
): Promise<OtherFiles> {
  const others = new Map<string, Colors>();
  // One after the other: two files that lead into each other would wait for ever.
  for (const [, name = ''] of text.matchAll(REFERENCE)) {
    if (others.has(name)) continue;
    others.set(name, await readOnce(name, file, found, read).catch(toError));
  }
  return others;
}

async function readOnce(
  name: string,
  file: string,
  { open, done }: FoundFiles,
  read: (path: string) => Promise<Colors>,
): Promise<Colors> {
  const path = await findInside(name, file);
  const known = done.get(path);
  if (known) return known;
  if (open.has(path)) throw refused(name, 'files that do not lead back to this one, got a cycle');
  open.add(path);
  const colors = await read(path).catch(toError);
  open.delete(path);
  done.set(path, colors);
  return colors;
}

/** Inside of the working folder, or of the token file's own, also through links. */
async function findInside(name: string, file: string): Promise<string> {
  if (/^[a-z][a-z+.-]+:/i.test(name)) throw refused(name, 'a file of the project; download it first');
  const path = await realpath(resolve(dirname(file), decodeEscapes(name))).catch(() => undefined);
  if (path === undefined) throw refused(name, 'a file beside it, found nothing there');
  for (const folder of ['.', dirname(file)]) if (isInside(await realpath(folder), path)) return path;
  throw refused(name, 'a file inside of the project');
}

function refused(name: string, expected: string): ColorshineError {
  return new ColorshineError('INVALID_TOKENS', `${name}: expected ${expected}`);
}

function toError(error: unknown): ColorshineError {
  if (error instanceof ColorshineError) return error;
  throw error;
}
