/** Variables and collections: read, resolved for a layer and bound; asynchronous look-ups only. */
import type { CollectionSpec, Scene, VariableSpec } from '../scene.js';
import type { Rgba, VariableCheck } from './colors.js';
import { idOf } from './handle-ids.js';
import { clonePlain, deepFreeze } from './plain-data.js';
import { assertOpen, getState, later, type World } from './world.js';

export interface Variables {
  /** `figma.variables`. */
  readonly api: object;
  readonly check: VariableCheck;
  /** Mode of each collection that counts on a node and that a paint or effect of its own is bound to. */
  modesOf(nodeId: string): Record<string, string>;
}

export function createVariables(world: World, scene: Scene): Variables {
  const variables = new Map((scene.variables ?? []).map((spec) => [spec.id, spec]));
  const collections = new Map((scene.collections ?? []).map((spec) => [spec.id, spec]));
  const handles = new WeakMap<object, VariableSpec>();

  function modesOf(nodeId: string): Record<string, string> {
    const modes: Record<string, string> = {};
    for (let state = world.states.get(nodeId); state; state = world.states.get(state.parent ?? '')) {
      for (const [id, mode] of Object.entries((state.props.variableModes ?? {}) as Record<string, string>)) {
        modes[id] ??= mode;
      }
    }
    for (const { id, modes: own } of collections.values()) modes[id] ??= own[0]?.modeId ?? '';
    return modes;
  }

  function usedModesOf(nodeId: string): Record<string, string> {
    const {
      fills = [],
      strokes = [],
      effects = [],
      segments = [],
    } = (world.states.get(nodeId)?.props ?? {}) as Record<string, readonly object[]>;
    const bound = JSON.stringify([fills, strokes, effects, segments]);
    const used = [...variables.values()].filter(({ id }) => bound.includes(`"id":${JSON.stringify(id)}`));
    const all = modesOf(nodeId);
    return Object.fromEntries(used.map(({ collection: id }) => [id, all[id] ?? '']));
  }

  function resolve(id: string, modes: Readonly<Record<string, string>>, path: readonly string[] = []): unknown {
    const spec = variables.get(id);
    if (!spec || path.includes(id)) return undefined;
    const fallback = collections.get(spec.collection)?.modes[0]?.modeId ?? '';
    const value = spec.valuesByMode[modes[spec.collection] ?? fallback] ?? spec.valuesByMode[fallback];
    return follow(value, modes, [...path, id]);
  }

  function follow(value: unknown, modes: Readonly<Record<string, string>>, path: readonly string[]): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const { type, id, color } = value as { type?: string; id?: string; color?: unknown };
    if (type === 'VARIABLE_ALIAS') return resolve(id ?? '', modes, path);
    return color === undefined ? value : follow(color, modes, path);
  }

  const variable = (spec: VariableSpec): object => {
    const handle = Object.freeze({
      id: spec.id,
      name: spec.name,
      remote: spec.remote === true,
      resolvedType: spec.resolvedType ?? 'COLOR',
      scopes: [...(spec.scopes ?? ['ALL_SCOPES'])],
      variableCollectionId: spec.collection,
      get valuesByMode() {
        assertOpen(world, 'valuesByMode');
        return deepFreeze(clonePlain(spec.valuesByMode, 'valuesByMode'));
      },
      resolveForConsumer(consumer: object) {
        assertOpen(world, 'resolveForConsumer');
        const { id } = getState(world, idOf(consumer), 'resolveForConsumer');
        const value = resolve(spec.id, modesOf(id));
        if (value === undefined) throw new Error('in resolveForConsumer: the variable cannot be resolved');
        return deepFreeze({ value: clonePlain(value, 'value'), resolvedType: spec.resolvedType ?? 'COLOR' });
      },
    });
    handles.set(handle, spec);
    return handle;
  };
  const collection = (spec: CollectionSpec): object =>
    Object.freeze({
      id: spec.id,
      name: spec.name,
      remote: spec.remote === true,
      isExtension: false,
      modes: spec.modes.map((mode) => ({ ...mode })),
      defaultModeId: spec.modes[0]?.modeId,
      variableIds: [...variables.values()].filter((one) => one.collection === spec.id).map(({ id }) => id),
    });
  const dynamic = (name: string) => () => {
    throw new Error(`in ${name}: Cannot call with documentAccess: dynamic-page. Use ${name}Async instead`);
  };

  /** A frozen copy of a paint or effect with one field bound, or unbound by null. */
  function bind(api: string, item: unknown, field: unknown, given: unknown, types: readonly string[]): object {
    assertOpen(world, api);
    const copy = clonePlain(item as Record<string, unknown>, `in ${api}`);
    if (!types.includes(String(copy?.type))) throw new TypeError(`in ${api}: cannot bind ${String(copy?.type)}`);
    if (field !== 'color') throw new TypeError(`in ${api}: unknown field ${String(field)}`);
    const { color: _bound, ...others } = (copy.boundVariables ?? {}) as Record<string, unknown>;
    if (given === null) return deepFreeze({ ...copy, boundVariables: others });
    const spec = handles.get(given as object);
    if (!spec) throw new TypeError(`in ${api}: Expected a Variable, got ${typeof given}`);
    if ((spec.resolvedType ?? 'COLOR') !== 'COLOR') throw new TypeError(`in ${api}: ${spec.name} is no color`);
    const color = { type: 'VARIABLE_ALIAS', id: spec.id };
    // A bound copy of a paint is fully opaque again, by some accounts.
    const opacity = copy.type === 'SOLID' ? { opacity: 1 } : {};
    return deepFreeze({ ...copy, ...opacity, boundVariables: { ...others, color } });
  }

  const api = Object.freeze({
    getVariableByIdAsync: (id: string) =>
      later(world, () => {
        const spec = variables.get(id);
        return spec ? variable(spec) : null;
      }),
    getVariableCollectionByIdAsync: (id: string) =>
      later(world, () => {
        const spec = collections.get(id);
        return spec ? collection(spec) : null;
      }),
    getLocalVariablesAsync: (type?: string) =>
      later(world, () =>
        [...variables.values()]
          .filter((spec) => !spec.remote && (!type || (spec.resolvedType ?? 'COLOR') === type))
          .map(variable),
      ),
    getLocalVariableCollectionsAsync: () =>
      later(world, () => [...collections.values()].filter((spec) => !spec.remote).map(collection)),
    importVariableByKeyAsync: (key: string) =>
      later(world, () => {
        const published = (scene.libraries ?? []).flatMap((library) => library.variables);
        const spec = variables.get(published.find((one) => one.key === key)?.id ?? '');
        if (!spec) throw new Error(`in importVariableByKeyAsync: no published variable with key "${key}"`);
        return variable(spec);
      }),
    setBoundVariableForPaint: (paint: unknown, field: unknown, given: unknown) =>
      bind('setBoundVariableForPaint', paint, field, given, ['SOLID']),
    setBoundVariableForEffect: (effect: unknown, field: unknown, given: unknown) =>
      bind('setBoundVariableForEffect', effect, field, given, ['DROP_SHADOW', 'INNER_SHADOW']),
    getVariableById: dynamic('getVariableById'),
    getVariableCollectionById: dynamic('getVariableCollectionById'),
    getLocalVariables: dynamic('getLocalVariables'),
    getLocalVariableCollections: dynamic('getLocalVariableCollections'),
  });
  return {
    api,
    modesOf: usedModesOf,
    check: {
      knows: (id) => (variables.get(id)?.resolvedType ?? (variables.has(id) ? 'COLOR' : '')) === 'COLOR',
      resolve: (id, nodeId) => resolve(id, nodeId === undefined ? {} : modesOf(nodeId)) as Rgba | undefined,
    },
  };
}
