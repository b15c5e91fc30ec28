import { quote } from '../core/errors.js';
import { nearestWord } from '../core/options.js';
import { MAX_MODES } from './limits.js';
import { tokenError } from './token-error.js';
import { checkCount, isTree, own, type Tree } from './tree.js';
import type { Dimension, Layer, TokenFile } from './types.js';
import { readValueTree } from './value-tree.js';

/** Theme groups without a name share this choice. */
const THEME_DIMENSION = 'theme';

/**
 * A Tokens Studio file: token sets, their order in `$metadata`, themes in `$themes`. A set counts in the themes that
 * enable it or use it as a source; without themes all sets count. Paths leave the set's name out, as references do.
 *
 * @param fileOf the file of a set, where each has its own
 * @throws INVALID_TOKENS
 */
export function readTokensStudio(root: Tree, file: string, fileOf: (set: string) => string = () => file): TokenFile {
  const sets = Object.entries(root).filter(([name]) => !name.startsWith('$'));
  const order = readOrder(root, file);
  const places = new Map(order.map((name, i) => [name, i]));
  const rank = (name: string): number => places.get(name) ?? order.length;
  const ordered = sets.map(([name, tree]) => ({ name, tree })).sort((p, q) => rank(p.name) - rank(q.name));
  const names = ordered.map(({ name }) => name);
  const themes = readThemes(root, names, file);
  const dimensions: Dimension[] = [...new Set(themes.map(({ group }) => group))].map((name) => ({
    name,
    modes: themes.filter(({ group }) => group === name).map((theme) => theme.name),
  }));
  const layers = ordered.flatMap(({ name, tree }): Layer[] => {
    if (!isTree(tree)) throw tokenError(fileOf(name), name, `expected a token set, got ${quote(tree)}`);
    const tokens = readValueTree(tree, fileOf(name), { hasStudioSyntax: true });
    if (themes.length === 0) return [{ tokens }];
    const activeIn = themes
      .filter(({ sets: enabled }) => enabled.has(name))
      .map(({ group, name: mode }) => ({ dimension: group, mode }));
    return [{ tokens, activeIn }];
  });
  return { format: 'tokens-studio', dimensions, layers };
}

interface Theme {
  readonly name: string;
  readonly group: string;
  readonly sets: ReadonlySet<string>;
}

function readOrder(root: Tree, file: string): readonly string[] {
  const metadata = own(root, '$metadata');
  const order = isTree(metadata) ? own(metadata, 'tokenSetOrder') : undefined;
  if (order === undefined) return [];
  if (Array.isArray(order) && order.every((name) => typeof name === 'string')) return order as string[];
  throw tokenError(file, '$metadata.tokenSetOrder', `expected a list of set names, got ${quote(order)}`);
}

function readThemes(root: Tree, sets: readonly string[], file: string): Theme[] {
  const themes = own(root, '$themes') ?? [];
  if (!Array.isArray(themes)) throw tokenError(file, '$themes', `expected a list of themes, got ${quote(themes)}`);
  checkCount(themes.length, MAX_MODES, 'themes', file, '$themes');
  const known = new Set(sets);
  return themes.map((theme: unknown, i): Theme => {
    const path = `$themes[${i}]`;
    const name = isTree(theme) ? own(theme, 'name') : undefined;
    if (!isTree(theme) || typeof name !== 'string') {
      throw tokenError(file, path, `expected a theme with a name, got ${quote(theme)}`);
    }
    const group = own(theme, 'group');
    const selected = own(theme, 'selectedTokenSets') ?? {};
    if (!isTree(selected)) {
      throw tokenError(file, `${path}.selectedTokenSets`, `expected sets and their states, got ${quote(selected)}`);
    }
    const enabled = new Set<string>();
    for (const [set, state] of Object.entries(selected)) {
      if (state !== 'enabled' && state !== 'source') continue;
      if (!known.has(set)) {
        const hint = sets.length > 0 ? `; did you mean ${quote(nearestWord(set, sets))}?` : '';
        throw tokenError(file, `${path}.selectedTokenSets`, `expected a set of this file, got ${quote(set)}${hint}`);
      }
      enabled.add(set);
    }
    return { name, group: typeof group === 'string' && group !== '' ? group : THEME_DIMENSION, sets: enabled };
  });
}
