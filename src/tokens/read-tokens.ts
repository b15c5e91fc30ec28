import { ColorshineError, quote } from '../core/errors.js';
import { isToken } from './expand-groups.js';
import { parseJsonWithComments } from './json-with-comments.js';
import { MAX_DEPTH, MAX_MODES, MAX_RESOLVED, MAX_TEXT_LENGTH } from './limits.js';
import { readDtcg } from './read-dtcg.js';
import { readFigmaVariables } from './read-figma-variables.js';
import { readTokensStudio } from './read-tokens-studio.js';
import { tokenError } from './token-error.js';
import { checkCount, checkNesting, isTree, own, type Tree } from './tree.js';
import type { Dimension, ReadTokenSource, TokenFile, TokenFormat, TokenSet, TokenSource } from './types.js';
import { readValueTree } from './value-tree.js';

/**
 * Reads token files, each in whichever format it is: Design Tokens 2025.10 and its drafts, Tokens Studio, Style Dictionary's
 * output, Figma's variables. Later files override earlier ones, and aliases may lead from one to another. A mode
 * that two files share is one choice.
 *
 * A token that cannot be read refuses no file: `colorsOf` has its error, and whoever uses it hears of it.
 *
 * @throws INVALID_TOKENS for what is no token file, is too large, or has groups or themes that cannot be told: one line with the file
 */
export function readTokens(sources: readonly (TokenSource | ReadTokenSource)[]): TokenSet {
  if (sources.length === 0) throw new ColorshineError('INVALID_TOKENS', 'tokens: expected at least one file, got 0');
  const read = sources.map((source) => ('text' in source ? { file: source.file, ...readTokenFile(source) } : source));
  const tokens = joinFiles(read);
  checkWork(tokens, sources[0]?.file as string);
  return tokens;
}

/** Every theme asks every layer whether it counts in it, and takes its tokens. @param file the first one, for the error */
function checkWork({ themes, layers }: TokenSet, file: string): void {
  checkCount(themes.length, MAX_MODES, 'themes', file, '');
  const once = layers.reduce((sum, { tokens, activeIn }) => sum + tokens.size + (activeIn?.length ?? 0), 0);
  checkCount(once * (themes.length + 1), MAX_RESOLVED, 'tokens in all themes together', file, '');
}

/** One file, its aliases not yet followed. @throws INVALID_TOKENS, UNKNOWN_TOKEN */
function readTokenFile({ file, text, others }: TokenSource): TokenFile {
  if (text.length > MAX_TEXT_LENGTH) {
    throw tokenError(file, '', `expected at most ${MAX_TEXT_LENGTH} characters, got ${text.length}`);
  }
  const root = parseTree(text, file);
  const format = detectFormat(root);
  switch (format) {
    case 'dtcg':
      return readDtcg(root, file, others);
    case 'tokens-studio':
      return readTokensStudio(root, file);
    case 'figma-variables':
      return readFigmaVariables(root, file);
    case 'style-dictionary':
      return { format, dimensions: [], layers: [{ tokens: readValueTree(root, file) }] };
    case 'resolver':
      throw tokenError(
        file,
        '',
        'expected tokens, got a resolver document, which only Node can follow; give its files one after the other instead',
      );
  }
}

function parseTree(text: string, file: string): Tree {
  let value: unknown;
  try {
    value = parseJsonWithComments(text);
  } catch (cause) {
    const given = text.trim() === '' ? 'an empty file' : quote(text.trim().slice(0, 40));
    throw new ColorshineError('INVALID_TOKENS', `${file}: expected design tokens as JSON, got ${given}`, { cause });
  }
  checkNesting(value, file);
  if (isTree(value)) return value;
  throw tokenError(file, '', `expected an object of design tokens, got ${quote(value)}`);
}

function detectFormat(root: Tree): TokenFormat {
  const meta = own(root, 'meta');
  const figma = isTree(meta) ? meta : root;
  if (own(figma, 'variables') !== undefined && (own(figma, 'variableCollections') ?? own(figma, 'collections'))) {
    return 'figma-variables';
  }
  if (Array.isArray(own(root, 'resolutionOrder'))) {
    return 'resolver';
  }
  if (Array.isArray(own(root, '$themes')) || isTree(own(root, '$metadata'))) return 'tokens-studio';
  const { design, legacy } = findTokenKeys(root);
  return design && !legacy ? 'dtcg' : 'style-dictionary';
}

/** Which keys the tokens of a tree have. A file with both is read by the reader that knows both. */
function findTokenKeys(tree: Tree, depth = 0): { design: boolean; legacy: boolean } {
  if (isToken(tree)) return { design: true, legacy: false };
  if (typeof own(tree, 'value') === 'string') return { design: false, legacy: true };
  const found = { design: Object.hasOwn(tree, '$extends'), legacy: false };
  if (depth > MAX_DEPTH) return found;
  for (const child of Object.values(tree)) {
    if (!isTree(child)) continue;
    const { design, legacy } = findTokenKeys(child, depth + 1);
    found.design ||= design;
    found.legacy ||= legacy;
    if (found.design && found.legacy) break;
  }
  return found;
}

function joinFiles(files: readonly (TokenFile & { file: string })[]): TokenSet {
  const dimensions = new Map<string, Dimension>();
  for (const { dimensions: ofFile } of files) {
    for (const { name, modes } of ofFile) {
      const known = dimensions.get(name)?.modes ?? [];
      dimensions.set(name, { name, modes: [...new Set([...known, ...modes])] });
    }
  }
  const all = [...dimensions.values()];
  return {
    files: files.map(({ file, format }) => ({ file, format })),
    themes: [...new Set(all.flatMap(({ modes }) => modes))],
    dimensions: all,
    layers: files.flatMap(({ layers }) => layers),
  };
}
