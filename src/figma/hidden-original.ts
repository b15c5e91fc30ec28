import type { Item } from './holder.js';
import { type Memory, originalOf } from './memory.js';

/**
 * Whether a paint is the original that lies hidden below a recolored one, as an Apply with "New fill above" leaves it. Told by
 * what is there, so that it holds for instances and copies, too, and no longer once somebody has shown it again.
 */
export function isHiddenOriginal(items: readonly Item[], index: number, memory: Memory): boolean {
  const below = items[index];
  const above = items[index + 1];
  if (below?.type !== 'IMAGE' || below.visible !== false || above?.type !== 'IMAGE') return false;
  const { imageHash } = above;
  return imageHash !== null && imageHash !== below.imageHash && originalOf(memory, imageHash) === below.imageHash;
}
