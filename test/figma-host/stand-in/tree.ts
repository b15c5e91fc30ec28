/** Moving about in the tree: duplicates, children put elsewhere, removal. As in Figma a duplicate lands on the current page. */
import { type Context, defineMethod, defineProperty } from './define.js';
import { idOf } from './handle-ids.js';
import { assertWritable, getState, type NodeState, patch, patchProps, type World } from './world.js';

let lastClone = 0;

/** What layers can do. */
export function addTree(context: Context, prototype: object): void {
  const { world } = context;
  for (const name of ['x', 'y'] as const) {
    defineProperty(
      context,
      prototype,
      name,
      ({ props }) => props[name] ?? 0,
      ({ id }, value) => {
        if (typeof value !== 'number' || !Number.isFinite(value))
          throw new TypeError(`in set_${name}: expected a number`);
        patchProps(world, id, { [name]: value });
      },
    );
  }
  defineProperty(context, prototype, 'absoluteTransform', ({ id }) => {
    const sum = { x: 0, y: 0 };
    for (let state = world.states.get(id); state; state = world.states.get(state.parent ?? '')) {
      sum.x += Number(state.props.x ?? 0);
      sum.y += Number(state.props.y ?? 0);
    }
    return Object.freeze([Object.freeze([1, 0, sum.x]), Object.freeze([0, 1, sum.y])]);
  });
  defineMethod(context, prototype, 'clone', ({ id }) => {
    assertWritable(world, id, 'clone');
    const copy = copyTree(world, id, context.currentPage.id, true);
    adopt(world, context.currentPage.id, copy, Number.POSITIVE_INFINITY);
    return context.handle(copy);
  });
  defineMethod(context, prototype, 'remove', ({ id }) => {
    assertWritable(world, id, 'remove');
    release(world, id);
    forget(world, id);
  });
}

/** What pages and frames can do with their children. */
export function addParenting(context: Context, prototype: object): void {
  defineMethod(context, prototype, 'insertChild', ({ id }, [index, child]) => {
    const { refuses } = assertWritable(context.world, id, 'insertChild');
    if (isInInstance(context.world, id)) {
      throw new Error('in insertChild: Cannot move node. New parent is an instance or is inside of an instance');
    }
    if (refuses.includes('children'))
      throw new Error('in insertChild: Cannot move node. New parent takes no such child');
    if (!Number.isInteger(index) || (index as number) < 0) throw new TypeError('in insertChild: expected an index');
    const moved = idOf(child as object);
    release(context.world, moved);
    adopt(context.world, id, moved, index as number);
  });
}

function isInInstance(world: World, id: string): boolean {
  for (let state = world.states.get(id); state; state = world.states.get(state.parent ?? ''))
    if (state.type === 'INSTANCE') return true;
  return false;
}

/** Components within become instances of themselves. */
function copyTree(world: World, id: string, parent: string, isTop: boolean): string {
  const state = getState(world, id, 'clone');
  const copyId = `9:${++lastClone}`;
  const children = state.children.map((child) => copyTree(world, child, copyId, false));
  const isNested = !isTop && state.type === 'COMPONENT';
  const copy: NodeState = {
    ...state,
    id: copyId,
    parent,
    children,
    ...(isNested && { type: 'INSTANCE', props: { ...state.props, follows: id } }),
  };
  world.pendingBase ??= new Map(world.states);
  world.states.set(copyId, Object.freeze(copy));
  return copyId;
}

function release(world: World, id: string): void {
  const { parent } = getState(world, id, 'parent');
  const former = world.states.get(parent ?? '');
  if (former) patch(world, former.id, { children: former.children.filter((one) => one !== id) }, ['parent']);
}

function adopt(world: World, parent: string, id: string, index: number): void {
  const { children } = getState(world, parent, 'insertChild');
  patch(world, parent, { children: [...children.slice(0, index), id, ...children.slice(index)] }, ['parent']);
  patch(world, id, { parent }, ['parent']);
}

function forget(world: World, id: string): void {
  for (const child of getState(world, id, 'remove').children) forget(world, child);
  world.pendingBase ??= new Map(world.states);
  world.states.delete(id);
}
