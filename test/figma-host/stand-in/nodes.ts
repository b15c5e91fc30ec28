/** Node handles: frozen, a new one each time, only the properties of their type, dead once the node is removed. */
import { checkEffects } from './effects.js';
import { idOf, nameHandle } from './handle-ids.js';
import { checkPaints, type Paint, type PaintCheck } from './paints.js';
import { clonePlain, deepFreeze } from './plain-data.js';
import { addTextMembers } from './text.js';
import { assertOpen, assertWritable, getState, later, type NodeState, patch, patchProps, type World } from './world.js';

export type Handle = { readonly id: string };

/** What all parts of the stand-in share. */
export interface Context {
  readonly world: World;
  readonly mixed: symbol;
  readonly check: PaintCheck;
  /** Mode of each collection that a node uses: its own, its parents', the default. */
  readonly modesOf: (id: string) => Readonly<Record<string, string>>;
  readonly relaunchCommands: readonly string[];
  readonly loadedFonts: Set<string>;
  readonly loadedPages: Set<string>;
  readonly selection: { ids: readonly string[] };
  readonly onNode: (pageId: string, callback: (event: unknown) => void, isOn: boolean) => void;
  readonly handle: (id: string) => Handle;
}

const CONTAINERS = ['FRAME', 'GROUP', 'SECTION', 'COMPONENT', 'COMPONENT_SET', 'INSTANCE', 'BOOLEAN_OPERATION', 'SLOT'];
const WITHOUT_PAINTS = ['GROUP', 'SLICE', 'PAGE', 'DOCUMENT', 'PAINT', 'EFFECT'];
const STYLES = ['PAINT', 'EFFECT'];
/** Layers that have effects though no paints. */
const WITHOUT_EFFECTS = ['SLICE', 'PAGE', 'DOCUMENT', 'PAINT', 'EFFECT', 'SECTION'];
/** Plugin data: key and value together, as bytes of UTF-8. */
const MAX_PLUGIN_DATA_BYTES = 100_000;
const MAX_RELAUNCH_CHARACTERS = 1000;

/** Makes handles; prototypes are built once a type. */
export function createHandles(context: Context): (id: string) => Handle {
  const prototypes = new Map<string, object>();
  return (id) => {
    const { type } = getState(context.world, id, 'handle');
    const prototype = prototypes.get(type) ?? makePrototype(context, type);
    prototypes.set(type, prototype);
    const handle = Object.create(prototype) as Handle;
    nameHandle(handle, id);
    return Object.freeze(handle);
  };
}

/** Defines a readable, perhaps writable property; both ends check that the plugin is open and the node exists. */
export function defineProperty(
  context: Context,
  prototype: object,
  name: string,
  read: (state: NodeState) => unknown,
  write?: (state: NodeState, value: unknown) => void,
): void {
  Object.defineProperty(prototype, name, {
    enumerable: true,
    get(this: object) {
      assertOpen(context.world, `get_${name}`);
      return read(getState(context.world, idOf(this), `get_${name}`));
    },
    set: write
      ? function (this: object, value: unknown) {
          const state = assertWritable(context.world, idOf(this), `set_${name}`);
          refuseOverride(state, name);
          write(state, value);
        }
      : function (this: object) {
          throw new TypeError(`in set_${name}: no setter for property`);
        },
  });
}

export function defineMethod(
  context: Context,
  prototype: object,
  name: string,
  call: (state: NodeState, args: unknown[]) => unknown,
): void {
  Object.defineProperty(prototype, name, {
    value(this: object, ...args: unknown[]) {
      assertOpen(context.world, name);
      return call(getState(context.world, idOf(this), name), args);
    },
  });
}

export function refuseOverride({ refuses, type }: NodeState, name: string): void {
  if (refuses.includes(name))
    throw new Error(`in set_${name}: This property cannot be overridden in an instance (${type})`);
}

/** Paints as Figma hands them out: fresh and frozen. */
export function freshPaints(paints: unknown): readonly Paint[] {
  return deepFreeze(clonePlain(paints as Paint[], 'paints'));
}

function makePrototype(context: Context, type: string): object {
  const prototype: object = {};
  addBase(context, prototype, type);
  if (CONTAINERS.includes(type) || type === 'PAGE') addChildren(context, prototype);
  if (type === 'PAGE') addPage(context, prototype);
  if (type === 'INSTANCE') addInstance(context, prototype);
  if (STYLES.includes(type)) addStyle(context, prototype, type);
  if (!STYLES.includes(type) && type !== 'PAGE' && type !== 'DOCUMENT') addGeometry(context, prototype);
  if (!WITHOUT_EFFECTS.includes(type)) addEffects(context, prototype);
  if (!WITHOUT_PAINTS.includes(type)) {
    addStrokes(context, prototype);
    if (type === 'TEXT' || type === 'TEXT_PATH') addTextMembers(context, prototype);
    else addFills(context, prototype, type);
    defineProperty(context, prototype, 'locked', ({ props }) => props.locked ?? false);
    defineProperty(context, prototype, 'visible', ({ props }) => props.visible ?? true);
  }
  return Object.freeze(prototype);
}

function addBase(context: Context, prototype: object, type: string): void {
  const { world } = context;
  const plain = (name: string, read: (id: string) => unknown): void => {
    Object.defineProperty(prototype, name, {
      enumerable: true,
      get(this: object) {
        assertOpen(world, `get_${name}`);
        return read(idOf(this));
      },
    });
  };
  plain('id', (id) => id);
  if (!STYLES.includes(type)) plain('removed', (id) => !world.states.has(id));
  defineProperty(context, prototype, 'type', ({ type }) => type);
  defineProperty(context, prototype, 'name', ({ name }) => name);
  defineProperty(context, prototype, 'parent', ({ parent }) => (parent === null ? null : context.handle(parent)));
  defineMethod(context, prototype, 'getPluginData', ({ pluginData }, [key]) => pluginData[String(key)] ?? '');
  defineMethod(context, prototype, 'getPluginDataKeys', ({ pluginData }) => Object.keys(pluginData));
  defineMethod(context, prototype, 'setPluginData', ({ id }, [key, value]) => {
    const { pluginData, refuses } = assertWritable(world, id, 'setPluginData');
    if (refuses.includes('pluginData')) throw new Error('in setPluginData: Cannot store data on this node');
    if (typeof key !== 'string' || typeof value !== 'string') throw new TypeError('in setPluginData: expected strings');
    if (utf8Length(key) + utf8Length(value) > MAX_PLUGIN_DATA_BYTES) {
      throw new Error('in setPluginData: The entry exceeds the limit of 100 kB');
    }
    const rest = Object.fromEntries(Object.entries(pluginData).filter(([name]) => name !== key));
    patch(world, id, { pluginData: value === '' ? rest : { ...rest, [key]: value } }, ['pluginData']);
  });
  defineMethod(context, prototype, 'setRelaunchData', ({ id }, [data]) => {
    assertWritable(world, id, 'setRelaunchData');
    const relaunchData = clonePlain(data as Record<string, string>, 'in setRelaunchData');
    for (const [command, description] of Object.entries(relaunchData)) {
      if (!context.relaunchCommands.includes(command))
        throw new Error(`in setRelaunchData: unknown command ${command}`);
      if (typeof description !== 'string' || description.length > MAX_RELAUNCH_CHARACTERS) {
        throw new Error('in setRelaunchData: description must be text of at most 1000 characters');
      }
    }
    patch(world, id, { relaunchData }, ['pluginData']);
  });
  defineMethod(context, prototype, 'getRelaunchData', ({ relaunchData }) => ({ ...relaunchData }));
}

function addChildren(context: Context, prototype: object): void {
  defineProperty(context, prototype, 'children', ({ id, type, children }) => {
    if (type === 'PAGE' && !context.loadedPages.has(id)) {
      throw new Error(`in get_children: The page "${id}" has not been loaded. Call page.loadAsync() first`);
    }
    return Object.freeze(children.map(context.handle));
  });
}

function addInstance(context: Context, prototype: object): void {
  defineMethod(context, prototype, 'getMainComponentAsync', ({ props }) =>
    later(context.world, () =>
      context.world.states.has(String(props.follows)) ? context.handle(String(props.follows)) : null,
    ),
  );
}

function addModes(context: Context, prototype: object): void {
  defineProperty(context, prototype, 'explicitVariableModes', ({ props }) =>
    deepFreeze({ ...(props.variableModes as Record<string, string> | undefined) }),
  );
}

function addPage(context: Context, prototype: object): void {
  addModes(context, prototype);
  defineProperty(
    context,
    prototype,
    'backgrounds',
    ({ props }) => freshPaints(props.backgrounds),
    ({ id }, value) => {
      const backgrounds = checkPaints(value, 'set_backgrounds', context.check, false);
      if (backgrounds.length !== 1 || backgrounds[0]?.type !== 'SOLID') {
        throw new Error('in set_backgrounds: A page has exactly one SOLID background');
      }
      patchProps(context.world, id, { backgrounds });
    },
  );
  defineProperty(context, prototype, 'selection', () => {
    return Object.freeze(context.selection.ids.filter((id) => context.world.states.has(id)).map(context.handle));
  });
  defineMethod(context, prototype, 'loadAsync', ({ id }) =>
    later(context.world, () => void context.loadedPages.add(id)),
  );
  for (const [name, isOn] of [
    ['on', true],
    ['off', false],
  ] as const) {
    defineMethod(context, prototype, name, ({ id }, [type, callback]) => {
      if (type !== 'nodechange' || typeof callback !== 'function') throw new TypeError(`in ${name}: unknown event`);
      context.onNode(id, callback as (event: unknown) => void, isOn);
    });
  }
}

function addGeometry(context: Context, prototype: object): void {
  addModes(context, prototype);
  for (const [name, fallback] of [
    ['width', 100],
    ['height', 100],
    ['opacity', 1],
  ] as const) {
    defineProperty(context, prototype, name, ({ props }) => props[name] ?? fallback);
  }
  defineProperty(context, prototype, 'resolvedVariableModes', ({ id }) => deepFreeze({ ...context.modesOf(id) }));
}

function addEffects(context: Context, prototype: object): void {
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

function addStyle(context: Context, prototype: object, type: string): void {
  defineProperty(context, prototype, 'remote', ({ props }) => props.remote === true);
  const refuseRemote = (props: NodeState['props'], api: string): void => {
    if (props.remote === true) throw new Error(`in ${api}: Cannot write to a style of a library`);
  };
  if (type === 'EFFECT') {
    defineProperty(
      context,
      prototype,
      'effects',
      ({ props }) => freshPaints(props.effects),
      ({ id, props }, value) => {
        refuseRemote(props, 'set_effects');
        patchProps(context.world, id, { effects: checkEffects(value, 'set_effects', context.check.variables) });
      },
    );
    return;
  }
  defineProperty(
    context,
    prototype,
    'paints',
    ({ props }) => freshPaints(props.paints),
    ({ id, props }, value) => {
      refuseRemote(props, 'set_paints');
      patchProps(context.world, id, { paints: checkPaints(value, 'set_paints', context.check, true) });
    },
  );
}

function stylePaints(context: Context, styleId: unknown): unknown {
  return context.world.states.get(String(styleId))?.props.paints;
}

function addStrokes(context: Context, prototype: object): void {
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

function addFills(context: Context, prototype: object, type: string): void {
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

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
