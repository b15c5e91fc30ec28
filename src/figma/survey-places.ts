import { findMemories } from './find-memories.js';
import { type FoundStyle, findStyles } from './find-style.js';
import type { Item } from './holder.js';
import { type Memory, readMemory } from './memory.js';
import { nameOf } from './name-of.js';
import { type Place, readPlaces } from './read-places.js';
import { walkSelection } from './walk-selection.js';

/** A list of paints or effects below a selection. */
export interface FoundPlace {
  readonly node: SceneNode;
  readonly name: string;
  readonly place: Place;
  /** What the layer, or the style, remembers. */
  readonly memory: Memory;
  /** Set when the place shows a style. */
  readonly style?: FoundStyle;
}

/**
 * Finds the places below a selection that hold something, in document order; asks Figma for their styles and for the
 * components that instances follow. Writes nothing.
 */
export async function surveyPlaces(
  selection: readonly SceneNode[],
  isWanted: (item: Item) => boolean,
): Promise<readonly FoundPlace[]> {
  const candidates = walkSelection(selection).flatMap((node) =>
    readPlaces(node)
      .filter(({ paints }) => paints.some(isWanted))
      .map((place) => ({ node, name: nameOf(node), place })),
  );
  const nodes = [...new Map(candidates.map(({ node }) => [node.id, node])).values()];
  const [styles, memories] = await Promise.all([
    findStyles(candidates.map(({ place }) => place.styleId)),
    findMemories(nodes),
  ]);
  return candidates.map((found): FoundPlace => {
    const style = styles.get(found.place.styleId);
    const memory = style?.style ? readMemory(style.style) : (memories.get(found.node.id) as Memory);
    return { ...found, memory, ...(style && { style }) };
  });
}

/** A style knows its own list as `paints` or `effects`, wherever a layer uses it. */
export function keyIn(style: FoundStyle | undefined, key: string): string {
  return style && key !== 'effects' ? 'paints' : key;
}
