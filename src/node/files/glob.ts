/** Which files a pattern means, on the command line and in builds alike. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** What makes a pattern of a path. Parentheses alone do not: folders are called `Holiday (2024)`. */
const PATTERN_SIGNS = /[*?[\]{}]|[!+@]\(|\([^()]*\|/;
/** Everything that a pattern reads as more than itself. */
const SPECIAL = /[*?[\]{}()!+@|\\]/g;

export interface GlobOptions {
  /** Where relative patterns start. Default: the working folder. */
  readonly cwd?: string;
  /** Patterns of what is left out. */
  readonly ignore?: readonly string[];
  /** Absolute paths instead of such as the pattern has. Default false. */
  readonly absolute?: boolean;
}

/** False for what exists: a file of just that name is meant, whatever its name looks like. */
export function isPattern(text: string, cwd = ''): boolean {
  return PATTERN_SIGNS.test(text) && !existsSync(resolve(cwd, text));
}

/** The files of a pattern, or the one file of that name, sorted. Hidden files only where the pattern names the dot. */
export async function findFiles(pattern: string, { cwd = '', ignore = [], absolute = false }: GlobOptions = {}) {
  const { glob } = await import('tinyglobby'); // on demand: most command lines have no pattern
  const found = await glob([toGlob(pattern, cwd)], {
    cwd: resolve(cwd),
    ignore: ignore.map((each) => toGlob(each, cwd)),
    expandDirectories: false,
    dot: false,
    absolute,
  });
  return found.sort();
}

/** The folders before the first part of a pattern that is more than a name, with a slash at the end; `''` for none. */
export function fixedPart(pattern: string, cwd = ''): string {
  const parts = pattern.split('/');
  let count = 0;
  while (count < parts.length - 1 && isName(parts.slice(0, count + 1).join('/'), cwd)) count++;
  return parts
    .slice(0, count)
    .map((part) => `${part}/`)
    .join('');
}

function isName(path: string, cwd: string): boolean {
  return !PATTERN_SIGNS.test(path) || existsSync(resolve(cwd, path));
}

/** The pattern as the matcher wants it: what exists stands for itself, and so do parentheses that are no choice. */
function toGlob(pattern: string, cwd: string): string {
  if (!isPattern(pattern, cwd)) return pattern.replaceAll(SPECIAL, '\\$&');
  const fixed = fixedPart(pattern, cwd);
  return fixed.replaceAll(SPECIAL, '\\$&') + escapeParentheses(pattern.slice(fixed.length));
}

/**
 * The matcher reads `(1)` as a group and `*(1)` as any number of ones, which nobody means; `(a|b)` and `!(a)`, `@(a)`, `+(a)`,
 * `?(a)` stay choices.
 */
function escapeParentheses(pattern: string): string {
  const open: { readonly at: number; readonly isChoice: boolean; hasBar: boolean }[] = [];
  const literal = new Set<number>();
  for (let i = 0; i < pattern.length; i++) {
    const sign = pattern[i] as string;
    if (sign === '\\') i++;
    else if (sign === '(') open.push({ at: i, isChoice: /[!@+?]/.test(pattern[i - 1] ?? ''), hasBar: false });
    else if (sign === '|') for (const group of open) group.hasBar = true;
    else if (sign === ')') {
      const group = open.pop();
      if (!group) literal.add(i);
      else if (!group.isChoice && !group.hasBar) literal.add(group.at).add(i);
    }
  }
  for (const { at } of open) literal.add(at);
  return [...pattern].map((sign, i) => (literal.has(i) ? `\\${sign}` : sign)).join('');
}
