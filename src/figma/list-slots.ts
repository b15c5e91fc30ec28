import { readSlots, type SlotColor, slotColorOf } from './color-slots.js';
import { addressOf } from './memory.js';
import type { Place } from './read-places.js';

/** Every color in some places, by its address. */
export function listSlots(places: readonly Pick<Place, 'key' | 'paints'>[]): ReadonlyMap<string, SlotColor> {
  const slots = new Map<string, SlotColor>();
  for (const { key, paints } of places) {
    for (const [index, item] of paints.entries()) {
      for (const slot of readSlots(item)) slots.set(addressOf(key, index, slot.stop), slotColorOf(slot));
    }
  }
  return slots;
}
