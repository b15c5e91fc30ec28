/**
 * What a page of the package says where the repository's would lead outside of it: a link to what is not packed becomes its text, a
 * picture its caption. With `repository` in package.json they become links to there, so that the registry's page has its pictures.
 */
import { posix } from 'node:path';
import { lexer, type Tokens, walkTokens } from 'marked';

export interface PackedPlace {
  /** Path of the page in the package, which is its path in the repository. */
  readonly page: string;
  /** Whether a path is in the package. */
  readonly isPacked: (path: string) => boolean;
  /** `https://...`, where files of the repository can be seen; undefined while none is known. */
  readonly repository?: string;
}

/** The page's text for the package. What stands in code is left alone. */
export function packPage(text: string, { page, isPacked, repository }: PackedPlace): string {
  const changes = new Map<string, string>();
  walkTokens(lexer(text), (token) => {
    if (token.type !== 'link' && token.type !== 'image') return;
    const { href, raw, text: words } = token as Tokens.Link | Tokens.Image;
    if (/^[a-z]+:|^#/.test(href)) return;
    const [path = '', anchor] = href.split('#');
    const target = posix.join(posix.dirname(page), path);
    if (isPacked(target)) return;
    const plain = token.type === 'image' ? `_Picture: ${words}_` : words;
    changes.set(raw, repository ? raw.replace(href, addressOf(repository, target, anchor)) : plain);
  });
  // Longest first: a link around a picture contains it.
  return [...changes]
    .sort(([a], [b]) => b.length - a.length)
    .reduce((all, [from, to]) => all.replaceAll(from, to), text);
}

const addressOf = (repository: string, path: string, anchor: string | undefined): string =>
  `${repository.replace(/^git\+|\.git$/g, '')}/raw/HEAD/${path}${anchor ? `#${anchor}` : ''}`;
