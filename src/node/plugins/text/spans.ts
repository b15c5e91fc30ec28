import { isShineUrl } from '../query.js';

/** A URL in a text, or a part that holds URLs. Offsets count UTF-16 units. */
export interface UrlSpan {
  readonly start: number;
  readonly end: number;
  /** Without the language's own quotes and escapes. */
  readonly text: string;
  /** What finds the URLs within; where there is none, the whole text is one. */
  readonly find?: UrlFinder;
  /** As a new text is written in the place. */
  write(text: string): string;
}

export type UrlFinder = (text: string) => readonly UrlSpan[];

/** @param place gives the new URL of each that is ours; others are left alone @returns undefined when there was none */
export async function replaceUrls(
  text: string,
  find: UrlFinder,
  place: (url: string) => Promise<string>,
): Promise<string | undefined> {
  if (!text.includes('shine')) return undefined; // parsing costs more than looking
  const spans = find(text);
  const placed = await Promise.all(
    spans.map((span) => {
      if (span.find) return replaceUrls(span.text, span.find, place);
      return isShineUrl(span.text) ? place(span.text) : undefined;
    }),
  );
  if (placed.every((each) => each === undefined)) return undefined;
  let result = '';
  let end = 0;
  for (const [i, span] of spans.entries()) {
    const own = placed[i];
    result += text.slice(end, span.start) + (own === undefined ? text.slice(span.start, span.end) : span.write(own));
    end = span.end;
  }
  return result + text.slice(end);
}

/** The first URL that is ours, and where. */
export function findShineUrl(text: string, find: UrlFinder): { readonly url: string; readonly at: number } | undefined {
  if (!text.includes('shine')) return undefined;
  for (const { start, text: inner, find: findIn } of find(text)) {
    const found = findIn ? findShineUrl(inner, findIn) : isShineUrl(inner) && { url: inner };
    if (found) return { url: found.url, at: start };
  }
  return undefined;
}
