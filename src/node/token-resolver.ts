/**
 * Resolver documents of the Design Tokens format: they name token files and say in which order they count, under which choices.
 * @terrazzo/parser checks them and fetches the files, where it is installed; tokens are read by our own reader, which
 * keeps every choice open instead of settling one.
 */

import { relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { messageOf } from '../core/errors.js';
import { ColorshineError, quote } from '../core/index.js';
import { parseJsonWithComments } from '../tokens/json-with-comments.js';
import { checkReferences } from '../tokens/pointer.js';
import { readDtcg } from '../tokens/read-dtcg.js';
import { tokenError } from '../tokens/token-error.js';
import { checkNesting, isTree, type Tree } from '../tokens/tree.js';
import type { Dimension, Layer, ReadTokenSource } from '../tokens/types.js';

const PACKAGE = '@terrazzo/parser';

/** What is used of the parser's result, after its checks. */
interface ResolverDocument {
  readonly resolutionOrder: readonly (
    | { readonly type: 'set'; readonly name: string; readonly sources: readonly Tree[] }
    | {
        readonly type: 'modifier';
        readonly name: string;
        readonly contexts: Readonly<Record<string, readonly Tree[]>>;
        readonly default?: string;
      }
  )[];
}

/** True for a resolver document. Cheap for everything else. */
export function isResolver(text: string): boolean {
  if (!/"resolutionOrder"\s*:/.test(text)) return false;
  try {
    const root: unknown = JSON.parse(text);
    return isTree(root) && Array.isArray(root.resolutionOrder);
  } catch {
    return false; // what reads it as tokens says what is wrong
  }
}

/**
 * Reads a resolver document and the files it names. Its modifiers are choices such as themes, each context a mode.
 *
 * @param file as errors call it
 * @param readText reads a file that the document names
 * @returns one source for `readTokens`, and the files that were read besides
 * @throws INVALID_TOKENS, also when the parser is not installed; UNKNOWN_TOKEN; what `readText` throws
 */
export async function readResolver(
  file: string,
  text: string,
  readText: (path: string) => Promise<string>,
): Promise<{ source: ReadTokenSource; files: string[] }> {
  checkBounds(text, file, true);
  const files: string[] = [];
  let failed: unknown;
  const { order, error } = await parseResolver(file, text, async (url) => {
    if (url.protocol !== 'file:') {
      failed = tokenError(file, '', `$ref: expected files beside it, got ${quote(url.href)}; download it first`);
      throw failed;
    }
    const way = relative('', fileURLToPath(url));
    const path = way.startsWith('..') ? fileURLToPath(url) : way;
    files.push(path);
    try {
      const named = await readText(path);
      checkBounds(named, path, false);
      return named;
    } catch (reason) {
      failed = reason;
      throw reason;
    }
  });
  // The parser's own words for a file that cannot be read are longer and say less.
  if (failed !== undefined) throw failed;
  if (!order) throw tokenError(file, '', `expected a resolver document, got one with a mistake: ${error}`);
  return { source: { file, format: 'resolver', ...readOrder(order, file) }, files };
}

/**
 * The parser follows references without counting.
 *
 * @param hasFiles of the document, which names files; the files name none
 */
function checkBounds(text: string, file: string, hasFiles: boolean): void {
  let root: unknown;
  try {
    root = parseJsonWithComments(text);
  } catch {
    return; // the parser says what is wrong
  }
  checkNesting(root, file);
  if (isTree(root)) checkReferences(root, file, hasFiles);
}

function readOrder(order: ResolverDocument['resolutionOrder'], file: string) {
  checkNesting(order, file);
  const dimensions = new Map<string, Dimension>();
  const layers: Layer[] = [];
  for (const entry of order) {
    if (entry.type === 'set') {
      for (const tree of entry.sources) {
        const set = readDtcg(tree, `${file}: set ${entry.name}`);
        for (const dimension of set.dimensions) dimensions.set(dimension.name, dimension);
        layers.push(...set.layers);
      }
      continue;
    }
    const { name, contexts, default: first } = entry;
    const modes = Object.keys(contexts).sort((a, b) => Number(b === first) - Number(a === first));
    if (modes.length > 1) dimensions.set(name, { name, modes });
    for (const [mode, sources] of Object.entries(contexts)) {
      for (const tree of sources) {
        const [base] = readDtcg(tree, `${file}: ${name} ${mode}`).layers;
        if (base)
          layers.push({ tokens: base.tokens, ...(modes.length > 1 && { activeIn: [{ dimension: name, mode }] }) });
      }
    }
  }
  return { dimensions: [...dimensions.values()], layers };
}

async function parseResolver(
  file: string,
  text: string,
  req: (url: URL) => Promise<string>,
): Promise<{ order?: ResolverDocument['resolutionOrder']; error?: string }> {
  const { Logger, defineConfig, loadResolver } = await loadParser(file);
  const filename = pathToFileURL(resolve(file));
  const logger = new Logger({ level: 'silent' });
  const config = defineConfig({ lint: { rules: {} } }, { cwd: new URL('.', filename), logger });
  try {
    const { resolver } = await loadResolver([{ filename, src: text }], { config, logger, req });
    return resolver
      ? { order: (resolver.source as unknown as ResolverDocument).resolutionOrder }
      : { error: 'no resolver' };
  } catch (error) {
    return { error: firstLine(error) };
  }
}

async function loadParser(file: string): Promise<typeof import('@terrazzo/parser')> {
  try {
    return await import('@terrazzo/parser');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new ColorshineError(
      'INVALID_TOKENS',
      `${file}: expected ${PACKAGE} to read a resolver document with, found it not installed; npm install ${PACKAGE}, or give the document's token files one after the other`,
      { cause },
    );
  }
}

/** Without the code frame that the parser draws below, and the names it puts before. */
function firstLine(error: unknown): string {
  const lines = messageOf(error)
    .split('\n')
    .map((line) => line.trim());
  const [line = ''] = lines.filter((each) => each !== '');
  return line.replace(/^(\[?[\w:@/ -]+\]?:\s*)?(?=[A-Z“"'])/, '').replace(/\.$/, '');
}
