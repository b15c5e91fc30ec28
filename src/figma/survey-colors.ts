import { readSlots, type Slot, type SlotColor } from './color-slots.js';
import { type FoundStyle, findStyles } from './find-style.js';
import { listSlots } from './list-slots.js';
import { measureArea } from './measure-area.js';
import { addressOf, findOriginals, type Memory, readMemory } from './memory.js';
import { nameOf } from './name-of.js';
import { type Place, readPlaces } from './read-places.js';
import { type LayerNode, walkSelection } from './walk-selection.js';

/** One color below the selection: of a solid paint, a gradient stop or a shadow. */
export interface FoundColor {
  readonly node: LayerNode;
  readonly name: string;
  readonly key: string;
  /** Index in the place's list. */
  readonly index: number;
  readonly slot: Slot;
  /** As it was before this plugin changed it. */
  readonly original: SlotColor;
  /** True when this plugin wrote what is shown. */
  readonly isOurs: boolean;
  /** px² times opacity; 0 when hidden. */
  readonly area: number;
  /** What the layer, or the style, remembers. */
  readonly memory: Memory;
  /** Set when the color comes from a style. */
  readonly style?: FoundStyle;
}

interface Candidate {
  readonly node: LayerNode;
  readonly name: string;
  readonly place: Place;
}

/**
 * Finds every color below a selection, in document order. Writes nothing. With nothing selected there is none: the page's
 * background alone is no design.
 */
export async function surveyColors(selection: readonly SceneNode[]): Promise<FoundColor[]> {
  if (selection.length === 0) return [];
  const candidates: Candidate[] = [];
  for (const node of walkSelection(selection)) {
    const name = nameOf(node);
    for (const place of readPlaces(node)) {
      if (place.paints.some((item) => readSlots(item).length > 0)) candidates.push({ node, name, place });
    }
  }
  const nodeMemories = new Map(candidates.map(({ node }) => [node.id, readMemory(node)]));
  const styles = await findStyles(candidates.map(({ place }) => place.styleId));
  const holders = groupByHolder(candidates, styles, nodeMemories);

  return candidates.flatMap(({ node, name, place }) => {
    const style = styles.get(place.styleId);
    const { memory, originals } = holders.get(style?.style ? style.id : node.id) as HolderColors;
    const layerArea = node.removed ? 0 : measureArea(node, place);
    const key = keyIn(style, place);
    return place.paints.flatMap((item, index) =>
      readSlots(item).map((slot): FoundColor => {
        const own = originals.get(addressOf(key, index, slot.stop));
        const { rgb, variable } = slot;
        const original = own ?? { rgb, ...(variable !== undefined && { variable }) };
        const found = { node, name, key, index, slot, original, isOurs: own !== undefined, memory };
        return { ...found, area: layerArea * slot.share, ...(style && { style }) };
      }),
    );
  });
}

/** What a layer or style remembers, and the originals of its colors. */
interface HolderColors {
  readonly memory: Memory;
  readonly originals: ReadonlyMap<string, SlotColor>;
}

function groupByHolder(
  candidates: readonly Candidate[],
  styles: ReadonlyMap<string, FoundStyle>,
  nodeMemories: ReadonlyMap<string, Memory>,
): ReadonlyMap<string, HolderColors> {
  const places = new Map<string, Pick<Place, 'key' | 'paints'>[]>();
  const memories = new Map<string, Memory>();
  for (const { node, place } of candidates) {
    const found = styles.get(place.styleId);
    const id = found?.style ? found.id : node.id;
    if (!memories.has(id)) memories.set(id, found?.style ? readMemory(found.style) : (nodeMemories.get(id) as Memory));
    places.set(id, [...(places.get(id) ?? []), { key: keyIn(found, place), paints: place.paints }]);
  }
  return new Map(
    [...memories].map(([id, memory]) => {
      const slots = listSlots(places.get(id) ?? []);
      return [id, { memory, originals: findOriginals(memory.colors, slots) }];
    }),
  );
}

/** A style knows its own list as `paints` or `effects`, wherever a layer uses it. */
function keyIn(style: FoundStyle | undefined, { key }: Place): string {
  return style && key !== 'effects' ? 'paints' : key;
}
