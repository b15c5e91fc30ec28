import { quote } from '../core/errors.js';
import { TokenLimit, tokenError } from './token-error.js';

/** A JSON object from outside: read its keys with Object.entries and Object.hasOwn only, `__proto__` may be one. */
export type Tree = Readonly<Record<string, unknown>>;

/** Deeper nesting than any design system has; a walk must not exhaust the stack. */
export const MAX_DEPTH = 64;
/** Tokens of one file. */
export const MAX_TOKENS = 50_000;
/** Characters of one file. */
export const MAX_TEXT_LENGTH = 32 * 1024 * 1024;

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

/** @throws INVALID_TOKENS when a tree is nested deeper than MAX_DEPTH */
export function checkDepth(depth: number, file: string, path: string): void {
  if (depth <= MAX_DEPTH) return;
  throw new TokenLimit(file, `${path.slice(0, 60)}...`, `at most ${MAX_DEPTH} levels of groups`);
}

/** @throws INVALID_TOKENS */
export function expectTree(value: unknown, file: string, path: string): Tree {
  if (isTree(value)) return value;
  throw tokenError(file, path, `expected an object, got ${quote(value)}`);
}
