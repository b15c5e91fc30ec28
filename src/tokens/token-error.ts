import { ColorshineError } from '../core/errors.js';
import { nearestWord } from '../core/options.js';
import { MAX_PATH_LENGTH } from './limits.js';
import type { RawValue } from './types.js';

/** An error that names the file and the token. */
export function tokenError(
  file: string,
  path: string,
  message: string,
  code: 'INVALID_TOKENS' | 'UNKNOWN_TOKEN' = 'INVALID_TOKENS',
): ColorshineError {
  return new ColorshineError(code, path === '' ? `${file}: ${message}` : `${file}: ${path}: ${message}`);
}

/** A file that is too large or too deep is refused as a whole, whichever token shows it. */
export class TokenLimit extends ColorshineError {
  /** @param expected `at most 64 levels` */
  constructor(file: string, path: string, expected: string) {
    super('INVALID_TOKENS', tokenError(file, path, `expected ${expected}, got more`).message);
  }
}

/** One value that cannot be read takes no other with it: its error waits until it is used. @throws TokenLimit */
export function orUnreadable(read: () => RawValue): RawValue {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ColorshineError) || error instanceof TokenLimit) throw error;
    return { kind: 'unreadable', error };
  }
}

/** The known path most like an unknown one: the same end first (`brand.primary` for `color.brand.primary`), then by letters. */
function nearestPath(path: string, known: Iterable<string>): string | undefined {
  const paths = [...known];
  const wanted = path.toLowerCase();
  const ending = paths.find((candidate) => candidate.toLowerCase().endsWith(`.${wanted}`));
  if (ending !== undefined) return ending;
  if (paths.length === 0) return undefined;
  // Comparing the part that differs keeps long common prefixes from filling nearestWord's window.
  const group = longestSharedGroup(path, paths);
  const inGroup = paths.filter((candidate) => candidate.startsWith(group));
  const tail = nearestWord(
    path.slice(group.length),
    inGroup.map((candidate) => candidate.slice(group.length)),
  );
  return group + tail;
}

function longestSharedGroup(path: string, paths: readonly string[]): string {
  for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
    const group = path.slice(0, end + 1);
    if (paths.some((candidate) => candidate.startsWith(group))) return group;
  }
  return '';
}

/** Looking for what is near takes long among many, and nobody reads the hundredth hint. */
const MAX_HINTS = 20;
const hints = new WeakMap<object, number>();

/**
 * `; did you mean X?`, or nothing when there is nothing to suggest.
 *
 * @param owner whose hints are counted: after the first ones there are no more
 */
export function suggestion(path: string, known: Iterable<string>, owner: object = known): string {
  const given = hints.get(owner) ?? 0;
  if (given >= MAX_HINTS) return '';
  hints.set(owner, given + 1);
  const nearest = nearestPath(path.slice(0, MAX_PATH_LENGTH), known);
  return nearest === undefined ? '' : `; did you mean {${nearest}}?`;
}
