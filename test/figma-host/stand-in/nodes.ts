/** Node handles: frozen, a new one each time, only the properties of their type, dead once the node is removed. */
import { type Context, defineMethod, defineProperty, freshPaints, type Handle } from './define.js';
import { checkEffects } from './effects.js';
import { idOf, nameHandle } from './handle-ids.js';
import { addEffects, addFills, addStrokes } from './node-paints.js';
import { checkPaints } from './paints.js';
import { clonePlain, deepFreeze } from './plain-data.js';
import { addTextMembers } from './text.js';
import { addParenting, addTree } from './tree.js';
import { assertOpen, assertWritable, getState, later, type NodeState, patch, patchProps } from './world.js';

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

function makePrototype(context: Context, type: string): object {
  const prototype: object = {};
  addBase(context, prototype, type);
  if (CONTAINERS.includes(type) || type === 'PAGE') {
    addChildren(context, prototype);
    addParenting(context, prototype);
  }
  if (type === 'PAGE') addPage(context, prototype);
  if (type === 'INSTANCE') addInstance(context, prototype);
  if (STYLES.includes(type)) addStyle(context, prototype, type);
  if (!STYLES.includes(type) && type !== 'PAGE' && type !== 'DOCUMENT') {
    addGeometry(context, prototype);
    addTree(context, prototype);
  }
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
  defineProperty(
    context,
    prototype,
    'selection',
    () => Object.freeze(context.selection.ids.filter((id) => context.world.states.has(id)).map(context.handle)),
    ({ id }, nodes) => {
      const ids = (nodes as Handle[]).map((node) => getState(context.world, idOf(node), 'set_selection').id);
      if (id !== context.currentPage.id) throw new Error('in set_selection: The page is not the current one');
      context.selection.ids = ids;
      context.onSelect();
    },
  );
  defineMethod(context, prototype, 'loadAsync', ({ id, props }) =>
    later(context.world, () => {
      if (props.failsToLoad) throw new Error('in loadAsync: a network error');
      context.loadedPages.add(id);
    }),
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

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
