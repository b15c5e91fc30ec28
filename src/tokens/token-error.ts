import { ColorshineError } from '../core/errors.js';
import { nearestWord } from '../core/options.js';
import { MAX_PATH_LENGTH } from './limits.js';

/** An error that names the file and the token. */
export function tokenError(
  file: string,
  path: string,
  message: string,
  code: 'INVALID_TOKENS' | 'UNKNOWN_TOKEN' = 'INVALID_TOKENS',
): ColorshineError {
  return new ColorshineError(code, path === '' ? `${file}: ${message}` : `${file}: ${path}: ${message}`);
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

/** `; did you mean X?`, or nothing when there is nothing to suggest. */
export function suggestion(path: string, known: Iterable<string>): string {
  const nearest = nearestPath(path.slice(0, MAX_PATH_LENGTH), known);
  return nearest === undefined ? '' : `; did you mean {${nearest}}?`;
}
