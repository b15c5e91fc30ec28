import type { Skipped } from '../protocol/replies.js';
import { skipLayer } from './describe-skip.js';
import { findMemories } from './find-memories.js';
import { type FoundStyle, findStyles } from './find-style.js';
import type { Item } from './holder.js';
import { type Memory, readMemory } from './memory.js';
import { type Place, readPlaces } from './read-places.js';
import { walkSelection } from './walk-selection.js';

/** A list of paints or effects below a selection. */
export interface FoundPlace {
  readonly node: SceneNode;
  readonly place: Place;
  /** What the layer, or the style, remembers. */
  readonly memory: Memory;
  /** Set when the place shows a style. */
  readonly style?: FoundStyle;
}

/** Something at a place. */
export interface FoundItem extends Omit<FoundPlace, 'place'> {
  /** Of the place on its layer. */
  readonly key: string;
  /** Index in the place's list. */
  readonly index: number;
  /** px² times opacity; 0 when hidden. */
  readonly area: number;
}

/**
 * Finds the places below a selection that hold something, in document order; asks Figma for their styles and for the
 * components that instances follow. Writes nothing.
 *
 * @returns also the layers that Figma could not read: one such layer must not hide the others
 */
export async function surveyPlaces(
  selection: readonly SceneNode[],
  isWanted: (item: Item) => boolean,
): Promise<{ places: readonly FoundPlace[]; unread: readonly Skipped[] }> {
  const candidates: { node: SceneNode; place: Place }[] = [];
  const unread: Skipped[] = [];
  for (const node of walkSelection(selection)) {
    try {
      for (const place of readPlaces(node)) if (place.paints.some(isWanted)) candidates.push({ node, place });
    } catch (error) {
      unread.push(skipLayer(node, 'layer-unreadable', error));
    }
  }
  const nodes = [...new Map(candidates.map(({ node }) => [node.id, node])).values()];
  const [styles, memories] = await Promise.all([
    findStyles(candidates.map(({ place }) => place.styleId)),
    findMemories(nodes),
  ]);
  const places = candidates.map((found): FoundPlace => {
    const style = styles.get(found.place.styleId);
    const memory = style?.style ? readMemory(style.style) : (memories.get(found.node.id) as Memory);
    return { ...found, memory, ...(style && { style }) };
  });
  return { places, unread };
}

/** A style knows its own list as `paints` or `effects`, wherever a layer uses it. */
export function keyIn(style: FoundStyle | undefined, key: string): string {
  return style && key !== 'effects' ? 'paints' : key;
}
