/** The document behind the stand-in: immutable states by id, an undo journal, tasks that run later, and the rules. */

export interface NodeState {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | null;
  readonly children: readonly string[];
  readonly refuses: readonly string[];
  readonly pluginData: Readonly<Record<string, string>>;
  readonly relaunchData: Readonly<Record<string, string>>;
  /** fills, strokes, fillStyleId, segments, paints, ...: frozen plain data. */
  readonly props: Readonly<Record<string, unknown>>;
}

type States = ReadonlyMap<string, NodeState>;

/** By node; a page is told of what is on it. `page` is `styles` for a style. */
export type Changes = Map<string, { readonly page: string | undefined; readonly properties: Set<string> }>;

export interface World {
  states: Map<string, NodeState>;
  /** True in Dev Mode: every write throws. */
  isDev: boolean;
  /** True while quick-action parameters are asked for: no writes, no UI. */
  isQuery: boolean;
  isClosed: boolean;
  writes: number;
  readonly violations: string[];
  readonly tasks: (() => void)[];
  readonly undoStack: States[];
  /** State before the first write since the last commit. */
  pendingBase: States | null;
  changed: Changes;
  onChanged: (changes: Changes) => void;
}

export function createWorld(): World {
  return {
    states: new Map(),
    isDev: false,
    isQuery: false,
    isClosed: false,
    writes: 0,
    violations: [],
    tasks: [],
    undoStack: [],
    pendingBase: null,
    changed: new Map(),
    onChanged: () => undefined,
  };
}

/** Called at the door of every API function. */
export function assertOpen(world: World, api: string): void {
  if (!world.isClosed) return;
  world.violations.push(`${api} after closePlugin`);
  throw new Error(`in ${api}: the plugin has been closed`);
}

/** A promise that settles in a later task, as everything does that leaves Figma's sandbox. */
export function later<T>(world: World, work: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    world.tasks.push(() => {
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
    });
  });
}

export function getState(world: World, id: string, api: string): NodeState {
  const state = world.states.get(id);
  if (!state) throw new Error(`in ${api}: The node with id "${id}" does not exist`);
  return state;
}

/** @throws where Figma would refuse a plugin's write */
export function assertWritable(world: World, id: string, api: string): NodeState {
  assertOpen(world, api);
  if (world.isQuery) {
    world.violations.push(`${api} in query mode`);
    throw new Error(`in ${api}: Cannot write while parameters are being entered`);
  }
  if (world.isDev) throw new Error(`in ${api}: Cannot write to the document in Dev Mode`);
  return getState(world, id, api);
}

/** Changes a node; journal and change events follow. */
export function patch(world: World, id: string, change: Partial<NodeState>, properties: readonly string[]): void {
  const state = getState(world, id, 'patch');
  world.pendingBase ??= new Map(world.states);
  world.states.set(id, { ...state, ...change });
  world.writes++;
  noteChange(world, id, properties);
}

export function patchProps(world: World, id: string, props: Readonly<Record<string, unknown>>): void {
  const state = getState(world, id, 'patch');
  patch(world, id, { props: { ...state.props, ...props } }, Object.keys(props));
}

function noteChange(world: World, id: string, properties: readonly string[], states: States = world.states): void {
  if (world.changed.size === 0) {
    world.tasks.push(() => {
      const changes = world.changed;
      world.changed = new Map();
      world.onChanged(changes);
    });
  }
  const change = world.changed.get(id) ?? { page: pageOf(states, id), properties: new Set() };
  for (const property of properties) change.properties.add(property);
  world.changed.set(id, change);
}

function pageOf(states: States, id: string): string | undefined {
  let page: string | undefined;
  for (let state = states.get(id); state; state = states.get(state.parent ?? '')) {
    if (state.type === 'PAGE') page = state.id;
    if (state.type === 'PAINT' || state.type === 'EFFECT') page = 'styles';
  }
  return page;
}

/** Ends an undo step, if anything was written. */
export function commit(world: World): void {
  if (!world.pendingBase) return;
  world.undoStack.push(world.pendingBase);
  world.pendingBase = null;
}

/** Cmd/Ctrl+Z. @returns false when there is nothing to undo */
export function undo(world: World): boolean {
  commit(world);
  const before = world.undoStack.pop();
  if (!before) return false;
  const { states: after } = world;
  world.states = new Map(before);
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(id) === after.get(id)) continue;
    noteChange(world, id, ['fills', 'strokes', 'pluginData'], before.has(id) ? before : after);
  }
  return true;
}

/** What a person (or somebody else) does meanwhile: an undo step of its own, allowed in every mode. */
export function act(world: World, action: () => void): void {
  commit(world);
  action();
  commit(world);
}
