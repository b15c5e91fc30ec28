import { ColorshineError, quote } from '../core/errors.js';
import { nearestWord } from '../core/options.js';
import { withAlpha } from './color-value.js';
import { modifyColor } from './modify.js';
import { suggestion, tokenError } from './token-error.js';
import type { Dimension, RawToken, RawValue, TokenColors, TokenSet } from './types.js';

/** Longest chain of aliases that is followed; design systems use three or four. */
const MAX_CHAIN = 100;

/**
 * The colors of one theme, aliases followed. Tokens that cannot be read are not among them, but among their `problems`.
 *
 * @param theme a name of `tokens.themes` (letter case does not matter), or several joined by commas where the files have
 *   independent choices, such as `brand-b,dark`; what is not named stays at its default
 * @throws UNKNOWN_THEME
 */
export function colorsOf(tokens: Pick<TokenSet, 'dimensions' | 'layers' | 'themes'>, theme?: string): TokenColors {
  const merged = mergeLayers(tokens, chooseModes(tokens, theme));
  const colors = new Map<string, string>();
  const ends = new Map<string, End>();
  const problems = new Map<string, ColorshineError>();
  for (const token of merged.values()) {
    try {
      const css = resolveToken(token, merged, ends);
      if (css !== undefined) colors.set(token.path, css);
    } catch (error) {
      if (!(error instanceof ColorshineError)) throw error;
      problems.set(token.path, error);
    }
  }
  return Object.assign(colors, { problems });
}

/** The groups that hold colors: `color`, `color.brand`, ... in the order of the files. */
export function groupsOf(colors: TokenColors): string[] {
  const groups = new Set<string>();
  for (const path of colors.keys()) {
    for (let at = path.indexOf('.'); at > 0; at = path.indexOf('.', at + 1)) groups.add(path.slice(0, at));
  }
  return [...groups];
}

/**
 * The colors of one group and the groups in it, or the one token of that name.
 *
 * @throws UNKNOWN_TOKEN for a group without colors
 */
export function colorsInGroup(colors: TokenColors, group: string): TokenColors {
  const isIn = ([path]: [string, unknown]): boolean => path === group || path.startsWith(`${group}.`);
  const problems = new Map([...(colors.problems ?? [])].filter(isIn));
  const found = new Map([...colors].filter(isIn));
  if (found.size + problems.size > 0) return Object.assign(found, { problems });
  throw new ColorshineError(
    'UNKNOWN_TOKEN',
    `group ${quote(group)}: expected a group that holds colors, got none of that name${suggestion(group, groupsOf(colors)).replaceAll(/[{}]/g, '')}`,
  );
}

/**
 * One color by its path. A group's `$root` token may be named by the group.
 *
 * @throws UNKNOWN_TOKEN, naming the nearest path; what is wrong with a token that cannot be read, with its file
 */
export function colorAt(colors: TokenColors, path: string): string {
  const css = colors.get(path) ?? colors.get(`${path}.$root`);
  if (css !== undefined) return css;
  const problem = colors.problems?.get(path) ?? colors.problems?.get(`${path}.$root`);
  if (problem) throw problem;
  const hint = colors.size === 0 ? '; the token files hold no colors' : suggestion(path, colors.keys(), colors);
  throw new ColorshineError(
    'UNKNOWN_TOKEN',
    `token {${path}}: expected a color of the token files, got none of that name${hint}`,
  );
}

function chooseModes(
  { dimensions, themes }: Pick<TokenSet, 'dimensions' | 'themes'>,
  theme?: string,
): Map<string, string> {
  const chosen = new Map(dimensions.map(({ name, modes }) => [name, modes[0] as string]));
  if (theme === undefined) return chosen;
  const names = isTheme(dimensions, theme) ? [theme] : theme.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!isTheme(dimensions, name)) {
      const given = quote(name);
      throw new ColorshineError(
        'UNKNOWN_THEME',
        themes.length === 0
          ? `theme: expected none, since the token files have no themes or modes, got ${given}`
          : `theme: expected one of ${themes.join(', ')}, got ${given}; did you mean ${nearestWord(name, themes)}?`,
      );
    }
    for (const dimension of dimensions) {
      const mode = findMode(dimension, name);
      if (mode !== undefined) chosen.set(dimension.name, mode);
    }
  }
  return chosen;
}

function isTheme(dimensions: readonly Dimension[], name: string): boolean {
  return dimensions.some((dimension) => findMode(dimension, name) !== undefined);
}

function findMode({ modes }: Dimension, name: string): string | undefined {
  return modes.find((mode) => mode === name) ?? modes.find((mode) => mode.toLowerCase() === name.toLowerCase());
}

function mergeLayers({ layers }: Pick<TokenSet, 'layers'>, chosen: ReadonlyMap<string, string>): Map<string, RawToken> {
  const merged = new Map<string, RawToken>();
  for (const { tokens, activeIn } of layers) {
    if (activeIn && !activeIn.some(({ dimension, mode }) => chosen.get(dimension) === mode)) continue;
    for (const [path, token] of tokens) merged.set(path, token);
  }
  return merged;
}

/** Where a token's aliases lead, kept so that what many share is followed once. */
interface End {
  /** Undefined for a token of another type. */
  readonly css: string | undefined;
  readonly path: string;
  /** Aliases passed on the way. */
  readonly hops: number;
}

/** @returns undefined for a token of another type */
function resolveToken(token: RawToken, all: ReadonlyMap<string, RawToken>, ends: Map<string, End>): string | undefined {
  if (token.type === 'other' || token.value.kind === 'other') return undefined;
  const { css, path } = endOf(token, [], all, ends);
  if (css !== undefined || token.type === undefined) return css;
  const target = all.get(path);
  const type = target?.value.kind === 'other' ? target.value.type : 'value of another type';
  throw tokenError(token.file, token.path, `expected an alias of a color, got {${path}}, a ${type}`);
}

/** @param chain the tokens passed on the way to this one */
function endOf(
  token: RawToken,
  chain: readonly RawToken[],
  all: ReadonlyMap<string, RawToken>,
  ends: Map<string, End>,
): End {
  let end = ends.get(token.path);
  if (!end) ends.set(token.path, (end = follow(token.value, token, [...chain, token], all, ends)));
  if (chain.length + end.hops < MAX_CHAIN) return end;
  throw tooLong(chain[0] ?? token);
}

/** @param from the token that holds the value; @param chain the tokens passed, this one the last */
function follow(
  value: RawValue,
  from: RawToken,
  chain: readonly RawToken[],
  all: ReadonlyMap<string, RawToken>,
  ends: Map<string, End>,
): End {
  switch (value.kind) {
    case 'color':
      return { css: value.css, path: from.path, hops: 0 };
    case 'other':
      return { css: undefined, path: from.path, hops: 0 };
    case 'unreadable':
      throw value.error;
    case 'modified': {
      const end = follow(value.base, from, chain, all, ends);
      if (end.css === undefined) return end;
      const { color } = value.modifier;
      const mixed = color && follow(color, from, chain, all, ends).css;
      return { ...end, css: modifyColor(end.css, value.modifier, mixed) };
    }
    case 'faded': {
      const end = follow(value.base, from, chain, all, ends);
      return end.css === undefined ? end : { ...end, css: withAlpha(end.css, value.alpha) };
    }
    case 'alias': {
      const target = all.get(value.to) ?? all.get(`${value.to}.$root`);
      if (!target) {
        throw tokenError(
          from.file,
          from.path,
          `expected an alias of a known token, got {${value.to}}${suggestion(value.to, all.keys(), all)}`,
          'UNKNOWN_TOKEN',
        );
      }
      if (chain.includes(target)) {
        const paths = chain.map(({ path }) => path);
        throw tokenError(
          from.file,
          from.path,
          `expected aliases that end at a color, got a cycle: ${showCycle(paths, target.path)}`,
        );
      }
      if (chain.length >= MAX_CHAIN) throw tooLong(chain[0] as RawToken);
      const end = endOf(target, chain, all, ends);
      return { ...end, hops: end.hops + 1 };
    }
  }
}

function tooLong({ file, path }: RawToken): Error {
  return tokenError(file, path, `expected at most ${MAX_CHAIN} aliases in a row, got more`);
}

function showCycle(chain: readonly string[], end: string): string {
  const loop = [...chain.slice(chain.indexOf(end)), end];
  const shown = loop.length > 6 ? [...loop.slice(0, 4), '...', end] : loop;
  return shown.map((path) => (path === '...' ? path : `{${path}}`)).join(' -> ');
}
