import { alive } from './alive.js';
import { isRemembering, type Memory, readMemory } from './memory.js';

/** Components nest in components; deeper than this nobody looks. */
const MOST_STEPS = 10;

/**
 * What layers remember. A layer of an instance that remembers nothing shows what its component's layer shows, so that
 * one's memory counts.
 */
export async function findMemories(nodes: readonly SceneNode[]): Promise<ReadonlyMap<string, Memory>> {
  const known = new Map<string, Promise<Memory>>();
  const find = (node: SceneNode, steps: number): Promise<Memory> => {
    const found = known.get(node.id) ?? findOnce(node, steps);
    known.set(node.id, found);
    return found;
  };
  const findOnce = async (node: SceneNode, steps: number): Promise<Memory> => {
    const own = readMemory(node);
    if (isRemembering(own) || steps === 0) return own;
    const source = await findSource(node).catch(() => null);
    return source && !source.removed ? find(source, steps - 1) : own;
  };
  return new Map(await Promise.all(nodes.map(async (node) => [node.id, await find(node, MOST_STEPS)] as const)));
}

/** The layer that an instance, or a layer inside one, follows; null for any other and for what lives in a library. */
async function findSource(node: SceneNode): Promise<SceneNode | null> {
  // Inside an instance an id names the instance, then the layer that is followed: I3:4;5:6, I3:4;5:6;7:8.
  const followed = /^I[^;]+;(.+)$/.exec(node.id)?.[1];
  if (followed !== undefined) {
    const id = followed.includes(';') ? `I${followed}` : followed;
    return (await alive(figma.getNodeByIdAsync(id))) as SceneNode | null;
  }
  return node.type === 'INSTANCE' ? alive(node.getMainComponentAsync()) : null;
}
