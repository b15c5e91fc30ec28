import { quote } from '../../../core/index.js';
import { plainError } from '../plain-error.js';
import { findCssUrls } from './css.js';
import { findAllHtmlUrls } from './html.js';
import { findScriptStrings } from './script.js';
import { findShineUrl, type UrlFinder } from './spans.js';

/** Written files that are looked through. */
export const WRITTEN_TEXT = /\.(?:html?|css|[cm]?js)$/i;

/**
 * Looks through a written file for an import that nobody recolored: it would show the original, or nothing.
 *
 * @param name of the file, as the error calls it
 * @param find its language; by default the name tells, and other files are left alone
 * @throws IMPORT_LEFT_OVER naming file, line and column
 */
export function checkWritten(name: string, text: string | Uint8Array, find = finderOf(name)): void {
  if (!find) return;
  const code = typeof text === 'string' ? text : Buffer.from(text).toString();
  const found = findShineUrl(code, find);
  if (!found) return;
  const before = code.slice(0, found.at).split('\n');
  const place = `${name}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  throw plainError(
    'IMPORT_LEFT_OVER',
    `${place}: expected no image import that is left over, got ${quote(found.url)}; name it where the bundler looks for images`,
  );
}

function finderOf(name: string): UrlFinder | undefined {
  if (!WRITTEN_TEXT.test(name)) return undefined;
  if (/\.css$/i.test(name)) return findCssUrls;
  return /\.html?$/i.test(name) ? findAllHtmlUrls : findScriptStrings;
}
