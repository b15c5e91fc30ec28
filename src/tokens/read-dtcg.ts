import { quote } from '../core/errors.js';
import { tokenPathOf } from '../core/row/token-reference.js';
import { cssOfColorObject, cssOfString } from './color-value.js';
import { expandGroups, isToken } from './expand-groups.js';
import { dereference, pathOfPointer } from './pointer.js';
import { tokenError } from './token-error.js';
import { checkDepth, expectTree, isTree, joinPath, MAX_TOKENS, own, type Tree } from './tree.js';
import type { Layer, RawToken, RawValue, TokenFile } from './types.js';

/** The one choice of a file whose tokens carry `$extensions.mode`. */
const MODE_DIMENSION = 'mode';

/**
 * The Design Tokens format 2025.10, and its older drafts where a color is a hex string.
 *
 * Modes are no part of the format; many tools put them into `$extensions.mode` as `{ "dark": value }`, which is read.
 *
 * @throws INVALID_TOKENS, UNKNOWN_TOKEN
 */
export function readDtcg(root: Tree, file: string): TokenFile {
  const base = new Map<string, RawToken>();
  const byMode = new Map<string, Map<string, RawToken>>();
  const expanded = expandGroups(root, file);

  const visit = (node: Tree, path: string, inherited: string | undefined, depth: number): void => {
    checkDepth(depth, file, path);
    const type = readType(node, file, path) ?? inherited;
    if (isToken(node)) {
      readToken(node, path, type);
      return;
    }
    for (const [name, child] of Object.entries(node)) {
      if (name.startsWith('$') && name !== '$root') continue;
      const childPath = joinPath(path, name);
      if (/[{}]/.test(name)) throw tokenError(file, childPath, 'expected a name without { and }');
      visit(expectTree(child, file, childPath), childPath, type, depth + 1);
    }
  };

  const readToken = (node: Tree, path: string, type: string | undefined): void => {
    if (base.size >= MAX_TOKENS) throw tokenError(file, path, `expected at most ${MAX_TOKENS} tokens, got more`);
    const read = (value: unknown): RawToken => {
      const raw = readValue(value, type, root, file, path);
      return { path, file, value: raw, type: typeOf(type, raw) };
    };
    const value = Object.hasOwn(node, '$value') ? own(node, '$value') : { $ref: own(node, '$ref') };
    const token = read(value);
    base.set(path, token);
    const extensions = own(node, '$extensions');
    const modes = isTree(extensions) ? own(extensions, 'mode') : undefined;
    if (!isTree(modes) || token.type === 'other') return;
    for (const [mode, modeValue] of Object.entries(modes)) {
      const tokens = byMode.get(mode) ?? new Map<string, RawToken>();
      byMode.set(mode, tokens.set(path, read(modeValue)));
    }
  };

  visit(expanded, '', undefined, 0);
  const layers: Layer[] = [{ tokens: base }];
  const modes = [...byMode.keys()];
  if (modes.length === 0) return { format: 'dtcg', dimensions: [], layers };
  for (const [mode, tokens] of byMode) layers.push({ tokens, activeIn: [{ dimension: MODE_DIMENSION, mode }] });
  return { format: 'dtcg', dimensions: [{ name: MODE_DIMENSION, modes }], layers };
}

function readType(node: Tree, file: string, path: string): string | undefined {
  const type = own(node, '$type');
  if (type === undefined || typeof type === 'string') return type;
  throw tokenError(file, path, `$type: expected a type such as color, got ${quote(type)}`);
}

function readValue(value: unknown, type: string | undefined, root: Tree, file: string, path: string): RawValue {
  const alias = tokenPathOf(value);
  if (alias !== undefined) return { kind: 'alias', to: alias };
  if (isTree(value) && Object.hasOwn(value, '$ref') && pointsAtToken(own(value, '$ref'))) {
    return { kind: 'alias', to: pathOfPointer(own(value, '$ref'), file, path) };
  }
  if (type !== undefined && type !== 'color') return { kind: 'other', type };
  if (isTree(value) && (type === 'color' || Object.hasOwn(value, 'colorSpace'))) {
    return { kind: 'color', css: cssOfColorObject(dereference(value, root, file, path) as Tree, file, path) };
  }
  // Without a type only a hex color is surely a color: `red` may be a font's name.
  if (typeof value === 'string' && (type === 'color' || /^#[\da-f]{3,8}$/i.test(value))) {
    return { kind: 'color', css: cssOfString(value, file, path) };
  }
  if (type === undefined) return { kind: 'other', type: 'value without a type' };
  throw tokenError(file, path, `expected a color object, a hex color or an alias, got ${quote(value)}`);
}

/** A pointer to a token or its whole value is an alias; one that goes deeper is a part of a value. */
function pointsAtToken(pointer: unknown): boolean {
  return typeof pointer === 'string' && !/\/\$value\/./.test(pointer);
}

function typeOf(type: string | undefined, value: RawValue): RawToken['type'] {
  if (type === undefined) return value.kind === 'alias' ? undefined : value.kind === 'color' ? 'color' : 'other';
  return type === 'color' ? 'color' : 'other';
}
