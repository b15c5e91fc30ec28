import { quote } from '../core/errors.js';
import { MAX_DEPTH, MAX_PATH_LENGTH } from './limits.js';
import { tokenError } from './token-error.js';
import { checkCount, isTree, own, type Tree } from './tree.js';

/** Of one color, references followed; a color object has about ten. */
const MAX_PARTS = 256;

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
 * @param work counts the parts that were passed
 * @throws INVALID_TOKENS for a pointer to nothing, for references that lead back to themselves, or that multiply
 */
export function dereference(
  value: unknown,
  root: Tree,
  file: string,
  path: string,
  depth = 0,
  work = { parts: 0 },
): unknown {
  if (depth > MAX_DEPTH) throw tokenError(file, path, 'expected references that end at a value, got a cycle');
  checkCount(++work.parts, MAX_PARTS, 'parts of a color', file, path);
  const follow = (item: unknown): unknown => dereference(item, root, file, path, depth + 1, work);
  if (Array.isArray(value)) return value.map(follow);
  if (!isTree(value)) return value;
  const ref = own(value, '$ref');
  if (ref === undefined) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, follow(item)]));
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
  return follow(target);
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
  if (pointer.length > MAX_PATH_LENGTH) {
    throw tokenError(file, path, `$ref: expected at most ${MAX_PATH_LENGTH} characters, got ${pointer.length}`);
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
