import { type DefaultTreeAdapterMap, parse } from 'parse5';
import { findCssUrls } from './css.js';
import type { UrlFinder, UrlSpan } from './spans.js';

/** Attributes that hold a URL of an image, by element: those that Vite takes for assets. */
const URL_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  audio: ['src'],
  embed: ['src'],
  image: ['href', 'xlink:href'],
  img: ['src'],
  input: ['src'],
  link: ['href'],
  meta: ['content'],
  object: ['data'],
  source: ['src'],
  track: ['src'],
  use: ['href', 'xlink:href'],
  video: ['src', 'poster'],
};
const SRCSETS: readonly string[] = ['srcset', 'imagesrcset'];
/** The `<meta>` whose content is an image. */
const IMAGE_META =
  /^(?:og:(?:image|audio|video)(?::(?:secure_)?url)?|twitter:image|msapplication-(?:tileimage|(?:square|wide)\d+x\d+logo))$/i;
/** Attributes for people to read, and links: whatever they say, no picture is loaded. */
const NO_SOURCE = /^(?:alt|title|value|placeholder|label|cite|action|formaction|download|aria-.*)$/;
const LINKS: readonly string[] = ['a', 'area', 'base', 'iframe', 'form'];

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

/** The URLs of a page that load an image: of attributes, `srcset` and styles. Comments, scripts, text and links have none. */
export const findHtmlUrls: UrlFinder = (html) => findIn(html, isSource);

/** The same, and every other attribute that might load one by a script: `data-src`. */
export const findAllHtmlUrls: UrlFinder = (html) =>
  findIn(html, (element, name) => !NO_SOURCE.test(name) && !(LINKS.includes(element.tagName) && name === 'href'));

function isSource({ tagName, attrs }: Element, name: string): boolean {
  if (name === 'style' || SRCSETS.includes(name)) return true;
  if (!Object.hasOwn(URL_ATTRIBUTES, tagName) || !URL_ATTRIBUTES[tagName]?.includes(name)) return false;
  const kind = (key: string): string => attrs.find((attribute) => attribute.name === key)?.value.trim() ?? '';
  return tagName !== 'meta' || IMAGE_META.test(kind('name')) || IMAGE_META.test(kind('property'));
}

function findIn(html: string, isWanted: (element: Element, name: string) => boolean): UrlSpan[] {
  const spans: UrlSpan[] = [];
  const visit = (node: Node): void => {
    if ('attrs' in node) {
      for (const { prefix, name: local, value } of node.attrs) {
        const name = prefix ? `${prefix}:${local}` : local;
        const place = node.sourceCodeLocation?.attrs?.[name];
        if (!place || !isWanted(node, name)) continue;
        const find = name === 'style' ? findCssUrls : SRCSETS.includes(name) ? findSrcsetUrls : undefined;
        spans.push({
          start: place.startOffset,
          end: place.endOffset,
          text: value,
          ...(find && { find }),
          write: (text) => `${name}="${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`,
        });
      }
      const [text] = node.tagName === 'style' ? node.childNodes : [];
      const place = text?.sourceCodeLocation;
      if (text && 'value' in text && place) {
        const { startOffset: start, endOffset: end } = place;
        spans.push({ start, end, text: html.slice(start, end), find: findCssUrls, write: (css) => css });
      }
    }
    if ('content' in node) visit(node.content);
    if ('childNodes' in node) for (const child of node.childNodes) visit(child);
  };
  // Without scripts, what is in <noscript> is markup, as it is for Vite.
  visit(parse(html, { sourceCodeLocationInfo: true, scriptingEnabled: false }));
  return spans.sort((a, b) => a.start - b.start);
}

/**
 * A candidate of a `srcset` is a URL up to white space or a comma at its end, and descriptors up to a comma. In parentheses white
 * space belongs to the URL, which the standard does not allow: `shine=rgb(200 90 40);60;80`.
 */
export function findSrcsetUrls(srcset: string): UrlSpan[] {
  const candidate = /[\s,]*((?:[^\s(,]|,(?!\s|$)|\([^()]*\)|\()+)(?:\s(?:[^,(]|\([^)]*\))*)?/g;
  return [...srcset.matchAll(candidate)].map(({ 0: whole, 1: given = '', index }) => {
    const url = given.replace(/,+$/, '');
    const start = index + whole.indexOf(given);
    return { start, end: start + url.length, text: url, write: (text) => text };
  });
}
