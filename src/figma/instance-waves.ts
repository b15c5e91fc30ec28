import { groupBy } from './group-by.js';
import { type Holder, isStyle } from './holder.js';

/**
 * Parts holders by how many instances they lie in: what a component shows arrives in its instances, so components are
 * written before instances are read. Within a wave all is read, then all is written, since Figma is slow, minutes in large
 * files, where the two alternate.
 */
export function partIntoWaves<T extends { readonly holder: Holder }>(groups: readonly T[]): T[][] {
  const waves = groupBy(groups, ({ holder }) => countInstances(holder));
  return [...waves].sort(([p], [q]) => p - q).map(([, wave]) => wave);
}

function countInstances(holder: Holder): number {
  if (isStyle(holder) || holder.removed) return 0;
  let count = 0;
  for (let node: BaseNode | null = holder; node; node = node.parent) if (node.type === 'INSTANCE') count++;
  return count;
}
