/** The design system's colors as the window lists them: sources, groups, search, and the paths that recipes name them by. */
import { tokenPathOf } from '../../src/core/row/token-reference.js';
import type { ColorCollection, ColorList } from '../../src/protocol/replies.js';
import type { TokenColors } from '../../src/tokens/index.js';
import { type Library, libraryId } from './libraries.js';

/** Mode id by collection id; the default mode where none is given. */
export type Modes = Readonly<Record<string, string>>;

/** A color to pick. */
export interface DesignColor {
  /** A variable's or style's id, or the color itself. */
  readonly id: string;
  /** Full name, groups separated by slashes. */
  readonly name: string;
  /** In the chosen mode; undefined for a variable that leads nowhere there. */
  readonly css: string | undefined;
  /** How a recipe names a variable: `{brand.primary}`. Undefined where only the color itself will do. */
  readonly reference?: string;
}

/** Colors whose names share all but the last part. */
export interface DesignGroup {
  /** Empty for names without a slash. */
  readonly path: string;
  readonly colors: readonly DesignColor[];
}

/** A collection, the styles, or the selection's own colors. */
export interface DesignSource {
  readonly id: string;
  readonly name: string;
  readonly modes: readonly { readonly id: string; readonly name: string }[];
  readonly groups: readonly DesignGroup[];
}

export const STYLES = 'styles';
const SELECTION = 'selection';

/** Everything there is to pick, sources without a color left out; libraries last. */
export function listSources(colors: ColorList, modes: Modes, libraries: readonly Library[] = []): DesignSource[] {
  const paths = pathsOf(colors);
  const collections = colors.collections.map(({ id, name, modes: own, variables, defaultModeId }): DesignSource => {
    const mode = modes[id] ?? defaultModeId;
    const listed = variables.map((variable): DesignColor => {
      const path = paths.get(variable.id);
      return {
        id: variable.id,
        name: variable.name,
        css: variable.values[mode] ?? undefined,
        ...(path !== undefined && { reference: `{${path}}` }),
      };
    });
    return { id, name, modes: own.length > 1 ? own : [], groups: groupByPath(listed) };
  });
  const styles = colors.styles.map(({ id, name, color }) => ({ id, name, css: color }));
  const selection = (colors.selection ?? []).map((css) => ({ id: css, name: css, css }));
  const known = new Map(
    collections.flatMap(({ groups }) => groups.flatMap((group) => group.colors.map((one) => [one.id, one] as const))),
  );
  const published = libraries.map(({ key, name, variables = [] }): DesignSource => {
    const listed = variables.map((one): DesignColor => {
      const own = one.id === undefined ? undefined : known.get(one.id);
      return own ?? { id: libraryId(one.key), name: one.name, css: undefined };
    });
    return { id: libraryId(key), name, modes: [], groups: groupByPath(listed) };
  });
  const own = [
    ...collections,
    { id: STYLES, name: 'Styles', modes: [], groups: groupByPath(styles) },
    {
      id: SELECTION,
      name: 'Selection colors',
      modes: [],
      groups: selection.length > 0 ? [{ path: '', colors: selection }] : [],
    },
  ].filter(({ groups }) => groups.length > 0);
  return [...own, ...published];
}

/** Colors whose name, or value, holds every word. */
export function filterGroups(groups: readonly DesignGroup[], query: string): DesignGroup[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const holds = ({ name, css = '' }: DesignColor): boolean => {
    const text = `${name} ${css}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups
    .map(({ path, colors }) => ({ path, colors: colors.filter(holds) }))
    .filter(({ colors }) => colors.length > 0);
}

/** The last part of a name. */
export function leafOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).trim();
}

type ColorVariable = ColorCollection['variables'][number];

const knownPaths = new WeakMap<ColorList, ReadonlyMap<string, string>>();

/** `referencePaths`, worked out once a list. */
function pathsOf(colors: ColorList): ReadonlyMap<string, string> {
  const paths = knownPaths.get(colors) ?? referencePaths(colors);
  knownPaths.set(colors, paths);
  return paths;
}

/** The collection, of those with several modes, whose modes change what some of these paths stand for. */
export function findThemed(colors: ColorList, used: ReadonlySet<string>): ColorCollection | undefined {
  if (used.size === 0) return undefined;
  const paths = pathsOf(colors);
  const differs = (variable: ColorVariable, modes: ColorCollection['modes']): boolean => {
    const { values } = variable;
    return new Set(modes.map(({ id }) => values[id] ?? null)).size > 1;
  };
  return colors.collections.find(({ modes, variables }) =>
    variables.some((variable) => used.has(paths.get(variable.id) ?? '') && differs(variable, modes)),
  );
}

/** What `{path}` stands for, under the chosen modes. */
export function tokenColors(colors: ColorList, modes: Modes): TokenColors {
  const paths = pathsOf(colors);
  const found = new Map<string, string>();
  for (const { id, variables, defaultModeId } of colors.collections) {
    const mode = modes[id] ?? defaultModeId;
    for (const variable of variables) {
      const path = paths.get(variable.id);
      const css = variable.values[mode];
      if (path !== undefined && css) found.set(path, css);
    }
  }
  return found;
}

/**
 * Variable id to token path, as the token files of this project name Figma's variables: `brand/primary` is
 * `brand.primary`; where two collections share a name, the later path starts with its collection's. Names that a reference
 * cannot spell have none.
 */
export function referencePaths({ collections }: ColorList): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  const taken = new Set<string>();
  for (const { name: collection, variables } of collections) {
    for (const { id, name } of variables) {
      const dotted = name
        .split('/')
        .map((part) => part.trim())
        .join('.');
      let path = taken.has(dotted) ? `${collection}.${dotted}` : dotted;
      for (let n = 2; taken.has(path); n++) path = `${collection}.${dotted}.${n}`;
      taken.add(path);
      if (isSpellable(path)) paths.set(id, path);
    }
  }
  return paths;
}

function isSpellable(path: string): boolean {
  try {
    return tokenPathOf(`{${path}}`) === path;
  } catch {
    return false;
  }
}

/** In the order in which groups first occur. */
function groupByPath(colors: readonly DesignColor[]): DesignGroup[] {
  const groups = new Map<string, DesignColor[]>();
  for (const color of colors) {
    const path = color.name.includes('/') ? color.name.slice(0, color.name.lastIndexOf('/')).trim() : '';
    const group = groups.get(path);
    if (group) group.push(color);
    else groups.set(path, [color]);
  }
  return [...groups].map(([path, members]) => ({ path, colors: members }));
}
