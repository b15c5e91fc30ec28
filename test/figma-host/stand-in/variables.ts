/** Variables and collections: reading only, asynchronous only. */
import type { CollectionSpec, Scene, VariableSpec } from '../scene.js';
import { clonePlain, deepFreeze } from './plain-data.js';
import { assertOpen, later, type World } from './world.js';

export function createVariables(world: World, scene: Scene): object {
  const variables = new Map((scene.variables ?? []).map((spec) => [spec.id, spec]));
  const collections = new Map((scene.collections ?? []).map((spec) => [spec.id, spec]));
  const variable = (spec: VariableSpec): object =>
    Object.freeze({
      id: spec.id,
      name: spec.name,
      remote: spec.remote === true,
      resolvedType: spec.resolvedType ?? 'COLOR',
      variableCollectionId: spec.collection,
      get valuesByMode() {
        assertOpen(world, 'valuesByMode');
        return deepFreeze(clonePlain(spec.valuesByMode, 'valuesByMode'));
      },
    });
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
  return Object.freeze({
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
    getVariableById: dynamic('getVariableById'),
    getVariableCollectionById: dynamic('getVariableCollectionById'),
    getLocalVariables: dynamic('getLocalVariables'),
    getLocalVariableCollections: dynamic('getLocalVariableCollections'),
  });
}
