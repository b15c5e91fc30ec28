import { TokenType, tokenize } from '@csstools/css-tokenizer';
import type { UrlSpan } from './spans.js';

const URL_FUNCTIONS: readonly string[] = ['url', 'src'];
const IMAGE_SETS: readonly string[] = ['image-set', '-webkit-image-set'];

/**
 * The URLs of a style sheet, or of what Sass, Less or Stylus read: tokens are the same there, but for comments from // to the
 * line's end. They are written in the ways that every bundler knows: `url("…")` in small letters, a string in an `image-set()`.
 */
export function findCssUrls(css: string): UrlSpan[] {
  const spans: UrlSpan[] = [];
  /** Those that are open, and where each starts. */
  const functions: { name: string; at: number }[] = [];
  let lineEnd = 0;
  let slash = -1;
  for (const [type, raw, start, last, about] of tokenize({ css })) {
    if (start < lineEnd) continue;
    const value = about !== undefined && 'value' in about ? String(about.value) : '';
    if (type === TokenType.Function) functions.push({ name: value.toLowerCase(), at: start });
    else if (type === TokenType.OpenParen) functions.push({ name: '', at: start });
    else if (type === TokenType.CloseParen) functions.pop();
    else if (type === TokenType.URL) {
      spans.push({ start, end: last + 1, text: value, write: (url) => `url(${quoteCss(url)})` });
    } else if (type === TokenType.String) {
      const { name = '', at = start } = functions.at(-1) ?? {};
      const end = last + 1;
      const isSmall = css.startsWith(name, at);
      const write = (url: string): string => (isSmall ? quoteCss(url) : `url(${quoteCss(url)})`);
      if (IMAGE_SETS.includes(name)) spans.push({ start, end, text: value, write });
      if (URL_FUNCTIONS.includes(name))
        spans.push({ start: at, end, text: value, write: (url) => `url(${quoteCss(url)}` });
    } else if (type === TokenType.Delim && raw === '/') {
      if (slash === start - 1) lineEnd = endOfLine(css, start);
      slash = start;
    }
  }
  return spans;
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}

function quoteCss(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\a ')}"`;
}
