import { parse, type Token, tokTypes } from 'acorn';
import type { UrlSpan } from './spans.js';

const META_URL: readonly string[] = [',', 'import', '.', 'meta', '.', 'url'];

/** Every string of a script that might be a URL as a whole. What is imported is none: the bundler has seen it. */
export function findScriptStrings(code: string): UrlSpan[] {
  return listStrings(code).flatMap(({ before, span }) => (/^(?:from|import|import\()$/.test(before) ? [] : [span]));
}

/** The strings of `new URL("./a.png", import.meta.url)`. */
export function findNewUrls(code: string): UrlSpan[] {
  return listStrings(code).flatMap(({ isNewUrl, span }) => (isNewUrl ? [span] : []));
}

interface ScriptString {
  readonly span: UrlSpan;
  /** The token before it, an `import(` as one. */
  readonly before: string;
  readonly isNewUrl: boolean;
}

/** Strings, and templates that nothing is put into. What cannot be read as a script has none. */
function listStrings(code: string): ScriptString[] {
  const tokens: Token[] = [];
  try {
    parse(code, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      allowReturnOutsideFunction: true,
      allowHashBang: true,
      onToken: tokens,
    });
  } catch {
    return [];
  }
  const written = (i: number): string => (tokens[i] ? code.slice(tokens[i].start, tokens[i].end) : '');
  return tokens.flatMap((token, i) => {
    const { type, value } = token as Token & { value?: unknown }; // acorn's types lack it
    const isTemplate = type === tokTypes.template && written(i - 1) === '`' && written(i + 1) === '`';
    if (type !== tokTypes.string && !isTemplate) return [];
    const first = isTemplate ? i - 1 : i;
    const last = isTemplate ? i + 1 : i;
    const before = written(first - 1);
    const isNewUrl = `${written(first - 3)} ${written(first - 2)}${before}` === 'new URL(';
    const { start } = tokens[first] as Token;
    const { end } = tokens[last] as Token;
    return {
      span: { start, end, text: String(value), write: (text) => text },
      before: before === '(' ? `${written(first - 2)}(` : before,
      isNewUrl: isNewUrl && META_URL.every((part, k) => written(last + 1 + k) === part),
    };
  });
}
