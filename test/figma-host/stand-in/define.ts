/** What all parts of the stand-in share, and how members of a handle are made. */
import { idOf } from './handle-ids.js';
import type { Paint, PaintCheck } from './paints.js';
import { clonePlain, deepFreeze } from './plain-data.js';
import { assertOpen, assertWritable, getState, type NodeState, type World } from './world.js';

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
  readonly currentPage: { id: string };
  /** Tells the plugin of a new selection. */
  readonly onSelect: () => void;
  readonly onNode: (pageId: string, callback: (event: unknown) => void, isOn: boolean) => void;
  readonly handle: (id: string) => Handle;
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
      const state = getState(context.world, idOf(this), `get_${name}`);
      if ((state.props.unreadable as readonly string[] | undefined)?.includes(name))
        throw new Error(`in get_${name}: Unable to read this property`);
      return read(state);
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
