import { TokenType, tokenize } from '@csstools/css-tokenizer';
import type { UrlSpan } from './spans.js';

/** Whose strings are URLs. */
const URL_FUNCTIONS: readonly string[] = ['url', 'src', 'image-set', '-webkit-image-set'];

/**
 * The URLs of a style sheet, or of what Sass, Less or Stylus read: tokens are the same there, but for comments from // to the
 * line's end.
 */
export function findCssUrls(css: string): UrlSpan[] {
  const spans: UrlSpan[] = [];
  const functions: string[] = [];
  let lineEnd = 0;
  let slash = -1;
  for (const [type, raw, start, last, about] of tokenize({ css })) {
    if (start < lineEnd) continue;
    if (type === TokenType.Function) functions.push((about as { value: string }).value.toLowerCase());
    else if (type === TokenType.OpenParen) functions.push('');
    else if (type === TokenType.CloseParen) functions.pop();
    else if (type === TokenType.URL) {
      const { value } = about as { value: string };
      spans.push({ start, end: last + 1, text: value, write: (url) => `url(${quoteCss(url)})` });
    } else if (type === TokenType.String && URL_FUNCTIONS.includes(functions.at(-1) ?? '')) {
      spans.push({ start, end: last + 1, text: (about as { value: string }).value, write: quoteCss });
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
