import { readSlots, type Slot, type SlotColor, slotColorOf } from './color-slots.js';
import type { Item } from './holder.js';
import { listSlots } from './list-slots.js';
import { measureArea } from './measure-area.js';
import { addressOf, findOriginals, type Memory } from './memory.js';
import type { Place } from './read-places.js';
import { type FoundItem, type FoundPlace, keyIn } from './survey-places.js';

/** One color below a selection: of a solid paint, a gradient stop or a shadow. */
export interface FoundColor extends FoundItem {
  readonly slot: Slot;
  /** As it was before this plugin changed it. */
  readonly original: SlotColor;
  /** True when this plugin wrote what is shown. */
  readonly isOurs: boolean;
}

export function holdsColors(item: Item): boolean {
  return readSlots(item).length > 0;
}

/** Every color in some places. */
export function colorsIn(places: readonly FoundPlace[]): FoundColor[] {
  const originals = findOriginalsOf(places);
  return places.flatMap((found) => {
    const { node, place, memory, style } = found;
    const layerArea = measureArea(node, place);
    const key = keyIn(style, place.key);
    return place.paints.flatMap((item, index) =>
      readSlots(item).map((slot): FoundColor => {
        const own = originals.get(holderIdOf(found))?.get(addressOf(key, index, slot.stop));
        const original = own ?? slotColorOf(slot);
        const color = { node, key, index, slot, original, isOurs: own !== undefined, memory };
        return { ...color, area: layerArea * slot.share, ...(style && { style }) };
      }),
    );
  });
}

/** The originals of each holder's colors, by its id. */
function findOriginalsOf(places: readonly FoundPlace[]): ReadonlyMap<string, ReadonlyMap<string, SlotColor>> {
  const holders = new Map<string, { memory: Memory; places: Pick<Place, 'key' | 'paints'>[] }>();
  for (const found of places) {
    const id = holderIdOf(found);
    const holder = holders.get(id) ?? { memory: found.memory, places: [] };
    holder.places.push({ key: keyIn(found.style, found.place.key), paints: found.place.paints });
    holders.set(id, holder);
  }
  return new Map(
    [...holders].map(([id, holder]) => [id, findOriginals(holder.memory.colors, listSlots(holder.places))]),
  );
}

function holderIdOf({ node, style }: FoundPlace): string {
  return style?.style ? style.id : node.id;
}
