import { realpath, stat } from 'node:fs/promises';
import { ColorshineError } from '../core/index.js';
import { colorsOf, readTokens, type TokenSet, type TokenSource } from '../tokens/index.js';
import type { ReadTokenSource } from '../tokens/types.js';
import { readText } from './files/text.js';
import { type FoundFiles, readReferences } from './token-references.js';
import { isResolver, readResolver } from './token-resolver.js';
import { readStudioFolder, studioFolder } from './token-studio-folder.js';

/** Bytes; a design system's tokens take a few hundred kilobytes. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/**
 * Reads design tokens from files. Later files override earlier ones, and aliases may lead from one to another.
 *
 * A resolver document stands for the files that it names, when @terrazzo/parser is installed; a folder with `$themes.json` or
 * `$metadata.json`, or one of these, for the sets that Tokens Studio wrote there.
 *
 * @throws INPUT_NOT_FOUND, INPUT_NOT_A_FILE, INPUT_UNREADABLE, INPUT_TOO_LARGE, INVALID_TOKENS, UNKNOWN_TOKEN
 */
export async function loadTokens(paths: readonly string[]): Promise<TokenSet> {
  return (await loadTokensAndFiles(paths)).tokens;
}

/** Likewise. @returns also every file that was read, for watching */
export async function loadTokensAndFiles(paths: readonly string[]): Promise<{ tokens: TokenSet; files: string[] }> {
  const files: string[] = [...paths];
  const sources = await Promise.all(
    paths.map(async (file) => {
      const real = await realpath(file).catch(() => file); // what is not there is said when it is read
      return readSource(file, files, { open: new Set([real]), done: new Map() });
    }),
  );
  return { tokens: readTokens(sources), files };
}

/** @param files receives what is read besides the file itself */
async function readSource(file: string, files: string[], found: FoundFiles): Promise<TokenSource | ReadTokenSource> {
  const folder = studioFolder(file);
  if (folder !== undefined) {
    const { source, files: named } = await readStudioFolder(folder, file, readTokenText);
    files.push(...named);
    return source;
  }
  const text = await readTokenText(file);
  if (isResolver(text)) {
    const { source, files: named } = await readResolver(file, text, readTokenText);
    files.push(...named);
    return source;
  }
  const others = await readReferences(file, text, found, async (path) => {
    files.push(path);
    return colorsOf(readTokens([await readSource(path, files, found)]));
  });
  return { file, text, others };
}

async function readTokenText(path: string): Promise<string> {
  try {
    const info = await stat(path); // opening a FIFO would hang
    if (!info.isFile()) {
      const given = info.isDirectory() ? 'a folder' : 'something else';
      throw new ColorshineError('INPUT_NOT_A_FILE', `${path}: expected a token file, got ${given}`);
    }
    if (info.size > MAX_FILE_BYTES) {
      const limit = `${MAX_FILE_BYTES / 1024 / 1024} MiB`;
      throw new ColorshineError(
        'INPUT_TOO_LARGE',
        `${path}: expected at most ${limit} of tokens, got ${info.size} bytes`,
      );
    }
    return await readText(path);
  } catch (error) {
    if (error instanceof ColorshineError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ColorshineError('INPUT_NOT_FOUND', `${path}: expected a token file, found nothing there`);
    }
    throw new ColorshineError('INPUT_UNREADABLE', `${path}: expected a readable token file, got ${code}`, {
      cause: error,
    });
  }
}
