import { ColorshineError, quote } from '../core/errors.js';
import { tokenPathOf } from '../core/row/token-reference.js';
import { cssOfColorObject, cssOfString } from './color-value.js';
import { expandGroups, isToken } from './expand-groups.js';
import { MAX_MODES, MAX_NODES, MAX_TOKENS } from './limits.js';
import { dereference, pathOfPointer } from './pointer.js';
import { colorAt } from './resolve.js';
import { orUnreadable, tokenError } from './token-error.js';
import { checkCount, checkPlace, isTree, joinPath, own, type Tree } from './tree.js';
import type { Layer, OtherFiles, RawToken, RawValue, TokenFile } from './types.js';

/** The one choice of a file whose tokens carry `$extensions.mode`. */
const MODE_DIMENSION = 'mode';

/**
 * The Design Tokens format 2025.10, and its older drafts where a color is a hex string.
 *
 * Modes are no part of the format; many tools put them into `$extensions.mode` as `{ "dark": value }`, which is read.
 *
 * @param others files that `$ref` may lead into
 * @throws INVALID_TOKENS, UNKNOWN_TOKEN
 */
export function readDtcg(root: Tree, file: string, others: OtherFiles = new Map()): TokenFile {
  const base = new Map<string, RawToken>();
  const byMode = new Map<string, Map<string, RawToken>>();
  const expanded = expandGroups(root, file);
  let nodes = 0;

  const visit = (node: Tree, path: string, inherited: unknown, depth: number): void => {
    checkPlace(depth, file, path);
    checkCount(++nodes, MAX_NODES, 'groups and tokens', file, path);
    const type = own(node, '$type') ?? inherited;
    if (isToken(node)) {
      readToken(node, path, type);
      return;
    }
    for (const [name, child] of Object.entries(node)) {
      if (name.startsWith('$') && name !== '$root') continue;
      const childPath = joinPath(path, name);
      if (isTree(child) && !/[{}]/.test(name)) {
        visit(child, childPath, type, depth + 1);
        continue;
      }
      const message = isTree(child) ? 'expected a name without { and }' : `expected an object, got ${quote(child)}`;
      const value: RawValue = { kind: 'unreadable', error: tokenError(file, childPath, message) };
      base.set(childPath, { path: childPath, file, value, type: 'color' });
    }
  };

  const readToken = (node: Tree, path: string, type: unknown): void => {
    checkCount(base.size + 1, MAX_TOKENS, 'tokens', file, path);
    const read = (value: unknown): RawToken => {
      const raw = orUnreadable(() => readOther(value, others, file, path) ?? readValue(value, type, root, file, path));
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
      checkCount(byMode.size, MAX_MODES, 'modes', file, path);
    }
  };

  visit(expanded, '', undefined, 0);
  const layers: Layer[] = [{ tokens: base }];
  const modes = [...byMode.keys()];
  if (modes.length === 0) return { format: 'dtcg', dimensions: [], layers };
  for (const [mode, tokens] of byMode) layers.push({ tokens, activeIn: [{ dimension: MODE_DIMENSION, mode }] });
  return { format: 'dtcg', dimensions: [{ name: MODE_DIMENSION, modes }], layers };
}

/** A token of another file. @returns undefined for what is none */
function readOther(value: unknown, others: OtherFiles, file: string, path: string): RawValue | undefined {
  const ref = isTree(value) ? own(value, '$ref') : undefined;
  const [, name, pointer] = (typeof ref === 'string' && /^([^#]+)(#\/.*)$/s.exec(ref)) || [];
  if (name === undefined) return undefined;
  const colors = others.get(name);
  if (!colors) {
    const expected = 'a pointer into this file such as #/color/brand, or into a file inside of the project';
    throw tokenError(file, path, `$ref: expected ${expected}, got ${quote(ref)}`);
  }
  if (colors instanceof ColorshineError) throw tokenError(file, path, `$ref: ${colors.message}`);
  return { kind: 'color', css: colorAt(colors, pathOfPointer(pointer, file, path)) };
}

function readValue(value: unknown, type: unknown, root: Tree, file: string, path: string): RawValue {
  if (type !== undefined && typeof type !== 'string') {
    throw tokenError(file, path, `$type: expected a type such as color, got ${quote(type)}`);
  }
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

function typeOf(type: unknown, { kind }: RawValue): RawToken['type'] {
  if (typeof type === 'string') return type === 'color' ? 'color' : 'other';
  return kind === 'alias' ? undefined : kind === 'other' ? 'other' : 'color';
}
