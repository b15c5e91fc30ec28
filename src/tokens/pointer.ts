import { quote } from '../core/errors.js';
import { tokenError } from './token-error.js';
import { isTree, MAX_DEPTH, own, type Tree } from './tree.js';

/**
 * The dotted path that a JSON pointer to a token or to its `$value` means, or undefined for a pointer to something else.
 * `#/color/brand/$value` and `#/color/brand` are `color.brand`.
 */
export function pathOfPointer(pointer: unknown, file: string, path: string): string {
  const segments = splitPointer(pointer, file, path);
  if (segments.at(-1) === '$value') segments.pop();
  return segments.join('.');
}

/**
 * Follows references inside a value, such as one component of a color: `{ "$ref": "#/base/$value/components/0" }`.
 *
 * @throws INVALID_TOKENS for a pointer to nothing, or that leads back to itself
 */
export function dereference(value: unknown, root: Tree, file: string, path: string, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw tokenError(file, path, 'expected references that end at a value, got a cycle');
  if (Array.isArray(value)) return value.map((item: unknown) => dereference(item, root, file, path, depth + 1));
  if (!isTree(value)) return value;
  const ref = own(value, '$ref');
  if (ref === undefined) {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, dereference(v, root, file, path, depth + 1)]));
  }
  let target: unknown = root;
  for (const segment of splitPointer(ref, file, path)) {
    const next = Array.isArray(target) ? target[Number(segment)] : isTree(target) ? own(target, segment) : undefined;
    if (next === undefined) {
      throw tokenError(
        file,
        path,
        `$ref: expected a pointer to a value of this file, got ${quote(ref)}`,
        'UNKNOWN_TOKEN',
      );
    }
    target = next;
  }
  return dereference(target, root, file, path, depth + 1);
}

/** RFC 6901 as a URI fragment: `#/a~1b/c` is `a/b`, `c`. */
function splitPointer(pointer: unknown, file: string, path: string): string[] {
  if (typeof pointer !== 'string' || !pointer.startsWith('#/')) {
    throw tokenError(
      file,
      path,
      `$ref: expected a pointer into this file such as #/color/brand, got ${quote(pointer)}`,
    );
  }
  try {
    return pointer
      .slice(2)
      .split('/')
      .map((segment) => decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~'));
  } catch {
    throw tokenError(file, path, `$ref: expected a pointer such as #/color/brand, got ${quote(pointer)}`);
  }
}
