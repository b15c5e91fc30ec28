/** The project's pages: their links, headings and blocks of code, as a reader's Markdown program sees them. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { lexer, type Token, type Tokens, walkTokens } from 'marked';
import { globSync } from 'tinyglobby';

export const PAGES = ['*.md', 'docs/**/*.md', 'examples/**/README.md'];

/** Paths of all pages below `root`, without what is installed there. */
export const findPages = (root = '.'): string[] =>
  globSync(PAGES, { cwd: root, ignore: ['**/node_modules/**'] }).sort();

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  walkTokens(lexer(text), (token) => void tokens.push(token));
  return tokens;
}

/** Where links and pictures of a page lead, as written. */
export const linksOf = (text: string): string[] =>
  tokensOf(text).flatMap((token) => (token.type === 'link' || token.type === 'image' ? [token.href as string] : []));

/** What `#...` can lead to: a heading's words in lower case, spaces as dashes, a number where they come again; and marks of HTML. */
export function anchorsOf(text: string): Set<string> {
  const seen = new Map<string, number>();
  const anchors = tokensOf(text).flatMap((token) => {
    if (token.type !== 'heading') return [];
    const words = (token as Tokens.Heading).tokens.map((part) => ('text' in part ? part.text : part.raw)).join('');
    const plain = words
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(plain) ?? 0;
    seen.set(plain, times + 1);
    return [times ? `${plain}-${times}` : plain];
  });
  const marks = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id as string);
  return new Set([...anchors, ...marks]);
}

/** Links of the pages below `root` that lead to no file, or to no heading of their page: `page -> link`. Addresses of the web are not asked. */
export function findDeadLinks(root = '.'): string[] {
  const pages = findPages(root);
  const read = (path: string): string => readFileSync(posix.join(root, path), 'utf8');
  const anchors = new Map<string, Set<string>>();
  const anchorsIn = (path: string): Set<string> => {
    const known = anchors.get(path) ?? anchorsOf(read(path));
    anchors.set(path, known);
    return known;
  };
  return pages.flatMap((page) =>
    linksOf(read(page))
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path, anchor] = decodeURI(link).split('#') as [string, string?];
        const target = path ? posix.join(posix.dirname(page), path) : page;
        const file = posix.join(root, target);
        if (target.startsWith('..') || !existsSync(file)) return true;
        return anchor !== undefined && !(statSync(file).isFile() && anchorsIn(target).has(anchor));
      })
      .map((link) => `${page} -> ${link}`),
  );
}

export interface Block {
  /** `sh`, `js`, `json` and so on. */
  readonly language: string;
  /** Of a file that the reader shall save: the word after the language. */
  readonly file: string | undefined;
  readonly text: string;
}

/** A page's fenced blocks of code, in order, those of lists too. */
export const blocksOf = (text: string): Block[] =>
  tokensOf(text).flatMap((token) => {
    if (token.type !== 'code') return [];
    const { lang, text: body, codeBlockStyle } = token as Tokens.Code;
    const [language = '', file] = (lang ?? '').split(' ');
    return [{ language: codeBlockStyle === 'indented' ? 'indented' : language, file, text: body }];
  });
