import { quote } from '../core/errors.js';
import { cssOfFigmaColor } from './color-value.js';
import { MAX_MODES, MAX_RESOLVED, MAX_TOKENS } from './limits.js';
import { orUnreadable, tokenError } from './token-error.js';
import { checkCount, checkPlace, expectTree, isTree, own, type Tree } from './tree.js';
import type { Dimension, Layer, RawToken, RawValue, TokenFile } from './types.js';

interface Collection {
  readonly id: string;
  readonly name: string;
  /** The default mode first. */
  readonly modes: readonly { readonly id: string; readonly name: string }[];
}

interface Variable {
  readonly id: string;
  readonly name: string;
  readonly collection: Collection;
  readonly type: string;
  readonly values: Tree;
}

/**
 * Figma's variables as its REST API gives them (with or without the `meta` around), or as plugins export them, with lists
 * instead of maps. A variable `brand/primary` is the token `brand.primary`; where two collections share a name the later
 * one's path starts with its collection. Each collection with several modes is a choice of its own.
 *
 * @throws INVALID_TOKENS, UNKNOWN_TOKEN for an alias of a variable that the file leaves out
 */
export function readFigmaVariables(root: Tree, file: string): TokenFile {
  const meta = own(root, 'meta');
  const body = isTree(meta) ? meta : root;
  const collections = readCollections(own(body, 'variableCollections') ?? own(body, 'collections'), file);
  const variables = readVariables(own(body, 'variables'), collections, file);
  const paths = choosePaths(variables, file);
  const byId = new Map(variables.map((variable) => [variable.id, variable]));

  const membersOf = new Map<Collection, Variable[]>();
  for (const variable of variables) {
    const members = membersOf.get(variable.collection);
    if (members) members.push(variable);
    else membersOf.set(variable.collection, [variable]);
  }
  const dimensions: Dimension[] = [];
  const layers: Layer[] = [];
  let values = 0;
  for (const collection of collections.values()) {
    const members = membersOf.get(collection) ?? [];
    checkCount(collection.modes.length, MAX_MODES, 'modes', file, collection.name);
    values += collection.modes.length * members.length;
    checkCount(values, MAX_RESOLVED, 'values', file, collection.name);
    const hasColors = members.some(({ type }) => type === 'COLOR');
    const hasChoice = hasColors && collection.modes.length > 1;
    if (hasChoice) dimensions.push({ name: collection.id, modes: collection.modes.map(({ name }) => name) });
    for (const mode of hasChoice ? collection.modes : collection.modes.slice(0, 1)) {
      const tokens = new Map<string, RawToken>();
      for (const variable of members) {
        const path = paths.get(variable.id) as string;
        // A mode that an extended or remote collection leaves out has the default mode's value.
        const value = own(variable.values, mode.id) ?? own(variable.values, collection.modes[0]?.id ?? '');
        const read =
          variable.type === 'COLOR'
            ? orUnreadable(() => readValue(value, { file, path: `${path} (${mode.name})`, paths, byId }))
            : ({ kind: 'other', type: `${variable.type.toLowerCase()} variable` } as const);
        tokens.set(path, { path, file, value: read, type: variable.type === 'COLOR' ? 'color' : 'other' });
      }
      layers.push({ tokens, ...(hasChoice && { activeIn: [{ dimension: collection.id, mode: mode.name }] }) });
    }
  }
  return { format: 'figma-variables', dimensions, layers };
}

interface Place {
  readonly file: string;
  readonly path: string;
  readonly paths: ReadonlyMap<string, string>;
  readonly byId: ReadonlyMap<string, Variable>;
}

function readValue(value: unknown, place: Place): RawValue {
  const { file, path } = place;
  if (isTree(value) && own(value, 'type') === 'VARIABLE_ALIAS') {
    const id = own(value, 'id');
    const to = typeof id === 'string' ? place.paths.get(id) : undefined;
    if (to !== undefined) return { kind: 'alias', to };
    throw tokenError(
      file,
      path,
      `expected an alias of a variable of this file, got ${quote(id)}; is it in a library that was not exported?`,
      'UNKNOWN_TOKEN',
    );
  }
  if (isTree(value) && Object.hasOwn(value, 'color')) {
    const base = readValue(own(value, 'color'), place);
    return { kind: 'faded', base, alpha: readOpacity(own(value, 'opacity'), place) };
  }
  return { kind: 'color', css: cssOfFigmaColor(value, file, path) };
}

/** A composed color's opacity: percent, or an alias of a number variable in its default mode. */
function readOpacity(opacity: unknown, { file, path, byId }: Place): number {
  let percent = opacity;
  for (let hops = 0; isTree(percent) && own(percent, 'type') === 'VARIABLE_ALIAS'; hops++) {
    const target = byId.get(String(own(percent, 'id')));
    if (!target || hops > 16) {
      throw tokenError(
        file,
        path,
        `opacity: expected an alias of a number variable of this file, got ${quote(opacity)}`,
      );
    }
    percent = own(target.values, target.collection.modes[0]?.id ?? '');
  }
  if (typeof percent === 'number' && percent >= 0 && percent <= 100) return percent / 100;
  throw tokenError(file, path, `opacity: expected a percentage from 0 to 100, got ${quote(percent)}`);
}

function readCollections(value: unknown, file: string): Map<string, Collection> {
  const collections = new Map<string, Collection>();
  for (const [key, item] of listItems(value, file, 'variableCollections')) {
    const path = `variableCollections.${key}`;
    const tree = expectTree(item, file, path);
    const id = text(own(tree, 'id') ?? key, file, `${path}.id`);
    const modes = own(tree, 'modes');
    if (!Array.isArray(modes) || modes.length === 0) {
      throw tokenError(file, `${path}.modes`, `expected a list of modes, got ${quote(modes)}`);
    }
    const defaultId = own(tree, 'defaultModeId');
    const read = modes.map((mode: unknown, i) => {
      const entry = expectTree(mode, file, `${path}.modes[${i}]`);
      const name = text(own(entry, 'name'), file, `${path}.modes[${i}].name`);
      return { id: text(own(entry, 'modeId'), file, `${path}.modes[${i}].modeId`), name };
    });
    read.sort((p, q) => Number(q.id === defaultId) - Number(p.id === defaultId));
    collections.set(id, { id, name: text(own(tree, 'name'), file, `${path}.name`), modes: read });
  }
  return collections;
}

function readVariables(value: unknown, collections: ReadonlyMap<string, Collection>, file: string): Variable[] {
  const items = listItems(value, file, 'variables');
  checkCount(items.length, MAX_TOKENS, 'variables', file, 'variables');
  return items.map(([key, item]) => {
    const path = `variables.${key}`;
    const tree = expectTree(item, file, path);
    const id = text(own(tree, 'id') ?? key, file, `${path}.id`);
    const name = text(own(tree, 'name'), file, `${path}.name`);
    const collectionId = text(own(tree, 'variableCollectionId'), file, `${path}.variableCollectionId`);
    const collection = collections.get(collectionId);
    if (!collection) {
      throw tokenError(
        file,
        path,
        `variableCollectionId: expected a collection of this file, got ${quote(collectionId)}`,
      );
    }
    const type = text(own(tree, 'resolvedType') ?? own(tree, 'type'), file, `${path}.resolvedType`);
    return { id, name, collection, type, values: expectTree(own(tree, 'valuesByMode'), file, `${path}.valuesByMode`) };
  });
}

/** Variable id to token path. */
function choosePaths(variables: readonly Variable[], file: string): Map<string, string> {
  const paths = new Map<string, string>();
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  for (const { id, name, collection } of variables) {
    const dotted = name
      .split('/')
      .map((part) => part.trim())
      .join('.');
    const longer = `${collection.name}.${dotted}`;
    let path = taken.has(dotted) ? longer : dotted;
    while (taken.has(path)) {
      const n = (counts.get(longer) ?? 1) + 1;
      counts.set(longer, n);
      path = `${longer}.${n}`;
    }
    checkPlace(0, file, path);
    taken.add(path);
    paths.set(id, path);
  }
  return paths;
}

/** A map by id, as REST has it, or a list, as plugins write it. */
function listItems(value: unknown, file: string, path: string): [string, unknown][] {
  if (Array.isArray(value)) return value.map((item: unknown, i) => [String(i), item]);
  return Object.entries(expectTree(value, file, path));
}

function text(value: unknown, file: string, path: string): string {
  if (typeof value === 'string') return value;
  throw tokenError(file, path, `expected text, got ${quote(value)}`);
}
