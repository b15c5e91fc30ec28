import { quote } from '../core/errors.js';
import { MAX_DEPTH, MAX_EXPANDED, MAX_PATH_LENGTH } from './limits.js';
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
  return follow(targetOf(ref, root, file, path));
}

/**
 * Makes sure that a file may be given to a reader that puts in the place of every reference what it leads to: references that
 * multiply would make it work without end.
 *
 * @param hasFiles whether references may lead into other files; those count as one part
 * @throws INVALID_TOKENS; pointers to nothing are for the reader to tell
 */
export function checkReferences(root: Tree, file: string, hasFiles: boolean): void {
  const sizes = new Map<object, number>();
  const sizeOf = (value: unknown, hops: number): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    if (hops > MAX_DEPTH) throw tokenError(file, '', '$ref: expected references that end at a value, got a cycle');
    const ref = isTree(value) ? own(value, '$ref') : undefined;
    const isElsewhere = hasFiles && typeof ref === 'string' && !ref.startsWith('#');
    const parts = ref === undefined || isElsewhere ? Object.values(value) : [find(root, splitPointer(ref, file, ''))];
    const hopsBelow = ref === undefined ? hops : hops + 1;
    const size = parts.reduce<number>((sum, part) => sum + sizeOf(part, hopsBelow), 1);
    checkCount(size, MAX_EXPANDED, 'parts with all references followed', file, '');
    sizes.set(value, size);
    return size;
  };
  sizeOf(root, 0);
}

/** @throws UNKNOWN_TOKEN for a pointer to nothing */
function targetOf(ref: unknown, root: Tree, file: string, path: string): unknown {
  const target = find(root, splitPointer(ref, file, path));
  if (target !== undefined) return target;
  throw tokenError(file, path, `$ref: expected a pointer to a value of this file, got ${quote(ref)}`, 'UNKNOWN_TOKEN');
}

function find(root: Tree, segments: readonly string[]): unknown {
  let target: unknown = root;
  for (const segment of segments) {
    target = Array.isArray(target) ? target[Number(segment)] : isTree(target) ? own(target, segment) : undefined;
  }
  return target;
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
