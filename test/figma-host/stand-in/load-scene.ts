import type { JsonObject, NodeSpec, Scene } from '../scene.js';
import { checkEffects } from './effects.js';
import { checkPaints, type Paint, type PaintCheck } from './paints.js';
import { deepFreeze } from './plain-data.js';
import type { NodeState, World } from './world.js';

/** Fills a world with a scene's document. @param hashOf turns `@name` into a hash */
export function loadScene(
  world: World,
  scene: Scene,
  hashOf: (reference: string) => string,
  { variables }: PaintCheck,
): void {
  const check = { knowsImage: () => true, variables };
  const paints = (list: readonly JsonObject[] = []): readonly Paint[] => {
    const resolved = list.map((paint) =>
      typeof paint.imageHash === 'string' ? { ...paint, imageHash: hashOf(paint.imageHash) } : paint,
    );
    return checkPaints(resolved, 'scene', check, true);
  };
  const put = (state: Partial<NodeState> & Pick<NodeState, 'id' | 'type'>): void => {
    const defaults = {
      name: state.id,
      parent: null,
      children: [],
      refuses: [],
      pluginData: {},
      relaunchData: {},
      props: {},
    };
    world.states.set(state.id, deepFreeze({ ...defaults, ...state }));
  };
  const addNode = (spec: NodeSpec, parent: string): void => {
    const { id, type, name = id, children = [], refuses = [], pluginData = {} } = spec;
    put({
      id,
      type,
      name,
      parent,
      children: children.map((child) => child.id),
      refuses,
      pluginData,
      props: propsOf(spec),
    });
    for (const child of children) addNode(child, id);
  };
  const propsOf = (spec: NodeSpec): Record<string, unknown> => {
    const { fills, strokes, fillStyleId = '', strokeStyleId = '', locked = false, visible = true } = spec;
    const { characters, segments, vectorNetwork, effectStyleId = '' } = spec;
    const { width, height, opacity, strokeWeight, variableModes, unreadable } = spec;
    const effects = checkEffects(spec.effects ?? [], 'scene', variables);
    const base = { follows: spec.follows, width, height, opacity, strokeWeight, variableModes, effects, effectStyleId };
    const props = { ...base, unreadable, strokes: paints(strokes), strokeStyleId, locked, visible };
    if (characters !== undefined) {
      const whole = {
        start: 0,
        end: characters.length,
        fills: fills ?? [],
        fillStyleId,
        fontName: { family: 'Inter', style: 'Regular' },
      };
      const own = (segments ?? [whole]).map((segment) => ({ ...segment, fills: paints(segment.fills) }));
      return { ...props, characters, segments: own };
    }
    const network = vectorNetwork as { regions?: { fills?: JsonObject[] }[] } | undefined;
    const regions = network?.regions?.map((region) =>
      region.fills ? { ...region, fills: paints(region.fills) } : region,
    );
    return {
      ...props,
      fills: paints(fills),
      fillStyleId,
      ...(spec.type === 'VECTOR' && {
        vectorNetwork: { vertices: [], segments: [], ...network, regions: regions ?? [] },
      }),
    };
  };

  const pageIds = scene.pages.map(({ id }) => id);
  put({ id: '0:0', type: 'DOCUMENT', name: 'Document', children: pageIds });
  for (const { id, name = id, children, backgrounds, failsToLoad } of scene.pages) {
    const white = [{ type: 'SOLID', color: { r: 1, g: 1, b: 1 } }];
    const props = { backgrounds: paints(backgrounds ?? white), failsToLoad };
    put({ id, type: 'PAGE', name, parent: '0:0', children: children.map((child) => child.id), props });
    for (const child of children) addNode(child, id);
  }
  for (const { id, name, paints: list, effects, remote = false } of scene.styles ?? []) {
    if (effects)
      put({ id, type: 'EFFECT', name, props: { effects: checkEffects(effects, 'scene', variables), remote } });
    else put({ id, type: 'PAINT', name, props: { paints: paints(list), remote } });
  }
}
