/** What Tokens Studio writes into a folder: a file for each set, and `$themes.json` and `$metadata.json` beside them. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ColorshineError, quote } from '../core/index.js';
import { parseJsonWithComments } from '../tokens/json-with-comments.js';
import { readTokensStudio } from '../tokens/read-tokens-studio.js';
import { tokenError } from '../tokens/token-error.js';
import { checkNesting, isTree, own, type Tree } from '../tokens/tree.js';
import type { ReadTokenSource } from '../tokens/types.js';
import { isInside } from './build/paths.js';

const THEMES = '$themes.json';
const METADATA = '$metadata.json';

/** The folder that a path means as such an export: itself, or that of the file with the themes. Undefined for other paths. */
export function studioFolder(path: string): string | undefined {
  if (basename(path) === THEMES || basename(path) === METADATA) return dirname(path);
  if (!existsSync(path) || !statSync(path).isDirectory()) return undefined;
  return [THEMES, METADATA].some((name) => existsSync(join(path, name))) ? path : undefined;
}

/**
 * Reads the sets that some theme counts, or all in their order where there are no themes.
 *
 * @param shown the path as it was given
 * @returns one source for `readTokens`, and the files that were read
 * @throws INVALID_TOKENS, also for a set that would lie outside of the folder; what `readText` throws
 */
export async function readStudioFolder(
  folder: string,
  shown: string,
  readText: (path: string) => Promise<string>,
): Promise<{ source: ReadTokenSource; files: string[] }> {
  const files: string[] = [];
  const read = async (path: string): Promise<unknown> => {
    files.push(path);
    return parse(await readText(path), path);
  };
  const readIfThere = async (name: string): Promise<unknown> =>
    existsSync(join(folder, name)) ? read(join(folder, name)) : undefined;
  const $themes = (await readIfThere(THEMES)) ?? [];
  const $metadata = await readIfThere(METADATA);
  const order = isTree($metadata) ? own($metadata, 'tokenSetOrder') : undefined;
  const fileOf = (set: string): string => join(folder, `${set}.json`);
  const sets: [string, unknown][] = [];
  for (const set of new Set([...countedSets($themes), ...(isEmpty($themes) ? names(order) : [])])) {
    const path = fileOf(set);
    if (!isInside(folder, path)) {
      throw tokenError(shown, '', `expected sets inside of the folder, got ${quote(set)}`);
    }
    sets.push([set, await read(path)]);
  }
  const root: Tree = { ...Object.fromEntries(sets), $themes, ...(isTree($metadata) && { $metadata }) };
  return { source: { file: shown, ...readTokensStudio(root, shown, fileOf) }, files };
}

function parse(text: string, file: string): unknown {
  try {
    const value = parseJsonWithComments(text);
    checkNesting(value, file);
    return value;
  } catch (cause) {
    if (cause instanceof ColorshineError) throw cause;
    const given = quote(text.trim().slice(0, 40));
    throw new ColorshineError('INVALID_TOKENS', `${file}: expected design tokens as JSON, got ${given}`, { cause });
  }
}

function isEmpty(themes: unknown): boolean {
  return Array.isArray(themes) && themes.length === 0;
}

/** What is no list of themes is for the reader of themes to refuse. */
function countedSets(themes: unknown): string[] {
  if (!Array.isArray(themes)) return [];
  return themes.flatMap((theme: unknown) => {
    const selected = isTree(theme) ? own(theme, 'selectedTokenSets') : undefined;
    return isTree(selected) ? Object.keys(selected).filter((set) => selected[set] !== 'disabled') : [];
  });
}

function names(order: unknown): string[] {
  return Array.isArray(order) ? order.filter((name) => typeof name === 'string') : [];
}
