/** What a layer is painted with: fills, strokes, effects, the regions of a vector; its own, a style's, or its component's. */
import { type Context, defineMethod, defineProperty, freshPaints, refuseOverride } from './define.js';
import { checkEffects } from './effects.js';
import { checkPaints, type Paint } from './paints.js';
import { clonePlain, deepFreeze } from './plain-data.js';
import { assertWritable, getState, later, type NodeState, patchProps } from './world.js';

export function addEffects(context: Context, prototype: object): void {
  const styled = (id: unknown): unknown => context.world.states.get(String(id))?.props.effects;
  defineProperty(
    context,
    prototype,
    'effects',
    (state) => {
      const { props } = follow(context, state, 'effects');
      return freshPaints(styled(props.effectStyleId) ?? props.effects ?? []);
    },
    ({ id, props }, value) => {
      const effects = checkEffects(value, 'set_effects', context.check.variables, id);
      patchProps(context.world, id, { effects, effectStyleId: '', ...overriding(props, 'effects') });
    },
  );
  defineProperty(
    context,
    prototype,
    'effectStyleId',
    ({ props }) => props.effectStyleId ?? '',
    () => {
      throw new Error(
        'in set_effectStyleId: Cannot call with documentAccess: dynamic-page. Use setEffectStyleIdAsync instead',
      );
    },
  );
}

function stylePaints(context: Context, styleId: unknown): unknown {
  return context.world.states.get(String(styleId))?.props.paints;
}

export function addStrokes(context: Context, prototype: object): void {
  const set = (id: string, value: unknown, api: string, allowPattern: boolean): void => {
    const strokes = checkPaints(value, api, context.check, allowPattern, id);
    const { props } = getState(context.world, id, api);
    patchProps(context.world, id, { strokes, strokeStyleId: '', ...overriding(props, 'strokes') });
  };
  defineProperty(
    context,
    prototype,
    'strokes',
    (state) => {
      const { props } = follow(context, state, 'strokes');
      return freshPaints(stylePaints(context, props.strokeStyleId) ?? props.strokes);
    },
    ({ id }, value) => set(id, value, 'set_strokes', false),
  );
  defineProperty(context, prototype, 'strokeStyleId', ({ props }) => props.strokeStyleId ?? '');
  defineProperty(context, prototype, 'strokeWeight', ({ props }) =>
    props.strokeWeight === 'mixed' ? context.mixed : (props.strokeWeight ?? 1),
  );
  defineMethod(context, prototype, 'setStrokesAsync', ({ id }, [value]) =>
    later(context.world, () => set(checkWrite(context, id, 'strokes'), value, 'setStrokesAsync', true)),
  );
}

export function addFills(context: Context, prototype: object, type: string): void {
  const { world } = context;
  const set = (state: NodeState, value: unknown, api: string, allowPattern: boolean): void => {
    const fills = checkPaints(value, api, context.check, allowPattern, state.id);
    const network = state.props.vectorNetwork as { regions?: Record<string, unknown>[] } | undefined;
    // Fills of the whole vector replace those of its regions.
    const vectorNetwork = network && { ...network, regions: (network.regions ?? []).map(withoutFills) };
    patchProps(world, state.id, {
      fills,
      ...overriding(state.props, 'fills'),
      fillStyleId: '',
      ...(vectorNetwork && { vectorNetwork }),
    });
  };
  defineProperty(
    context,
    prototype,
    'fills',
    (state) => (hasRegionFills(state) ? context.mixed : readFills(context, state)),
    (state, value) => set(state, value, 'set_fills', false),
  );
  defineProperty(
    context,
    prototype,
    'fillStyleId',
    (state) => (hasRegionFills(state) ? context.mixed : (state.props.fillStyleId ?? '')),
    () => {
      throw new Error(
        'in set_fillStyleId: Cannot call with documentAccess: dynamic-page. Use setFillStyleIdAsync instead',
      );
    },
  );
  defineMethod(context, prototype, 'setFillsAsync', ({ id }, [value]) =>
    later(world, () => {
      checkWrite(context, id, 'fills');
      set(getState(world, id, 'setFillsAsync'), value, 'setFillsAsync', true);
    }),
  );
  if (type !== 'VECTOR') return;
  defineProperty(
    context,
    prototype,
    'vectorNetwork',
    ({ props }) => deepFreeze(clonePlain(props.vectorNetwork, 'vectorNetwork')),
    () => {
      throw new Error(
        'in set_vectorNetwork: Cannot call with documentAccess: dynamic-page. Use setVectorNetworkAsync instead',
      );
    },
  );
  defineMethod(context, prototype, 'setVectorNetworkAsync', ({ id }, [value]) =>
    later(world, () => {
      checkWrite(context, id, 'vectorNetwork');
      patchProps(world, id, { vectorNetwork: checkNetwork(context, value, id) });
    }),
  );
}

/** Asynchronous setters check when they write, not when they are called. */
function checkWrite(context: Context, id: string, name: string): string {
  refuseOverride(assertWritable(context.world, id, `set_${name}`), name);
  return id;
}

/** The layer whose paints or effects are shown: further down in the component, until they are overridden here. */
function follow(context: Context, state: NodeState, property: string): NodeState {
  const source = context.world.states.get(String(state.props.follows));
  const isOwn = (state.props.overridden as readonly string[] | undefined)?.includes(property);
  return source && !isOwn ? follow(context, source, property) : state;
}

function overriding({ follows, overridden = [] }: NodeState['props'], property: string): object {
  return follows === undefined ? {} : { overridden: [...(overridden as string[]), property] };
}

function readFills(context: Context, state: NodeState): readonly Paint[] {
  const { props } = follow(context, state, 'fills');
  return freshPaints(stylePaints(context, props.fillStyleId) ?? props.fills);
}

type Region = Readonly<Record<string, unknown>>;

function hasRegionFills({ props }: NodeState): boolean {
  const network = props.vectorNetwork as { regions?: Region[] } | undefined;
  return (network?.regions ?? []).some(({ fills }) => fills !== undefined);
}

function withoutFills({ fills: _fills, fillStyleId: _style, ...rest }: Region): Region {
  return rest;
}

/** @throws for a network whose indices lead nowhere, as Figma does */
function checkNetwork(context: Context, value: unknown, id: string): unknown {
  const api = 'setVectorNetworkAsync';
  const network = clonePlain(value, `in ${api}`) as { vertices: unknown[]; segments: Region[]; regions?: Region[] };
  const { vertices, segments, regions = [] } = network;
  for (const { start, end } of segments) {
    if (!((start as number) < vertices.length && (end as number) < vertices.length))
      throw new Error(`in ${api}: vertex`);
  }
  const checked = regions.map((region) => {
    for (const index of (region.loops as number[][]).flat()) {
      if (!(index < segments.length)) throw new Error(`in ${api}: segment ${index} does not exist`);
    }
    if (region.fills === undefined) return region;
    return { ...region, fills: checkPaints(region.fills, api, context.check, true, id) };
  });
  return deepFreeze({ ...network, regions: checked });
}
