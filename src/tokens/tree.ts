import { quote } from '../core/errors.js';
import { MAX_DEPTH, MAX_PATH_LENGTH } from './limits.js';
import { TokenLimit, tokenError } from './token-error.js';

/** A JSON object from outside: read its keys with Object.entries and Object.hasOwn only, `__proto__` may be one. */
export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property, never an inherited one. */
export function own(tree: Tree, key: string): unknown {
  return Object.hasOwn(tree, key) ? tree[key] : undefined;
}

export function joinPath(group: string, name: string): string {
  return group === '' ? name : `${group}.${name}`;
}

/** @throws INVALID_TOKENS for more than there may be. @param what in the plural */
export function checkCount(count: number, max: number, what: string, file: string, path: string): void {
  if (count <= max) return;
  const place = path.length > 60 ? `${path.slice(0, 60)}...` : path;
  throw new TokenLimit(file, place, `at most ${max} ${what}`);
}

/** @throws INVALID_TOKENS for a place that is nested too deep, as groups that extend each other can be, or too long a path */
export function checkPlace(depth: number, file: string, path: string): void {
  checkCount(depth, MAX_DEPTH, 'levels', file, path);
  checkCount(path.length, MAX_PATH_LENGTH, 'characters of a path', file, path);
}

/**
 * Every reader goes down by recursion, and so does whoever prints a value: what is nested too deep is refused before, without
 * recursion.
 *
 * @throws INVALID_TOKENS
 */
export function checkNesting(root: unknown, file: string): void {
  let level: { readonly value: object; readonly path: string }[] = isObject(root) ? [{ value: root, path: '' }] : [];
  for (let depth = 0; level.length > 0; depth++) {
    checkCount(depth, MAX_DEPTH, 'levels', file, level[0]?.path ?? '');
    const next: typeof level = [];
    for (const { value, path } of level) {
      // A path says where a mistake is: its beginning is enough.
      const isLong = path.length > 60;
      for (const [key, child] of Object.entries(value)) {
        if (isObject(child)) next.push({ value: child, path: isLong ? path : joinPath(path, key) });
      }
    }
    level = next;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** @throws INVALID_TOKENS */
export function expectTree(value: unknown, file: string, path: string): Tree {
  if (isTree(value)) return value;
  throw tokenError(file, path, `expected an object, got ${quote(value)}`);
}
