/** Image imports in text that no bundler resolves as modules: style sheets and pages. */
import { SHINE_FILTER } from './query.js';

/** `url("...")`, `url('...')`, or bare, where parentheses and white space end it. */
const CSS_URL = /url\(\s*(?:"([^"]*)"|'([^']*)'|([^\s"'()]+))\s*\)/g;
const HTML_ATTRIBUTE = /(?<=[\s"'])(src|srcset|href|poster)(\s*=\s*)(?:"([^"]*)"|'([^']*)')/gi;

/** @param place gives the new URL of each import that is ours; others are left alone @returns undefined when there was none */
export async function replaceCssUrls(
  css: string,
  place: (url: string) => Promise<string>,
): Promise<string | undefined> {
  return replaceMatches(css, CSS_URL, async ([, double, single, bare]) => {
    const url = double ?? single ?? bare ?? '';
    return SHINE_FILTER.test(url) ? `url(${JSON.stringify(await place(url))})` : undefined;
  });
}

/** Likewise for `src`, `srcset`, `href` and `poster` of a page. */
export async function replaceHtmlUrls(
  html: string,
  place: (url: string) => Promise<string>,
): Promise<string | undefined> {
  return replaceMatches(html, HTML_ATTRIBUTE, async ([, name = '', equals = '', double, single]) => {
    const value = (double ?? single ?? '').replaceAll('&amp;', '&');
    if (!SHINE_FILTER.test(value)) return undefined;
    const placed = name.toLowerCase() === 'srcset' ? await replaceSrcset(value, place) : await place(value);
    return `${name}${equals}"${placed.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
  });
}

/** Each candidate of a `srcset` is a URL and, after white space, how wide it is. */
export async function replaceSrcset(srcset: string, place: (url: string) => Promise<string>): Promise<string> {
  const candidates = srcset.split(/,\s+/).map(async (candidate) => {
    const [, url = '', descriptor = ''] = /^(.*?)(\s+[\d.]+[wx])?$/s.exec(candidate.trim()) ?? [];
    return SHINE_FILTER.test(url) ? `${await place(url)}${descriptor}` : candidate.trim();
  });
  return (await Promise.all(candidates)).join(', ');
}

async function replaceMatches(
  text: string,
  pattern: RegExp,
  replace: (match: RegExpMatchArray) => Promise<string | undefined>,
): Promise<string | undefined> {
  const matches = [...text.matchAll(pattern)];
  const replaced = await Promise.all(matches.map(replace));
  if (replaced.every((each) => each === undefined)) return undefined;
  let result = '';
  let end = 0;
  for (const [i, match] of matches.entries()) {
    result += text.slice(end, match.index) + (replaced[i] ?? match[0]);
    end = (match.index ?? 0) + match[0].length;
  }
  return result + text.slice(end);
}
