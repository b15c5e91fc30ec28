/** What a layer or style remembers about its recoloring, in plugin data: it travels with copies and with undo. */
import type { Recipe } from '../core/types.js';
import { recipe as checkRecipe } from '../protocol/messages.js';
import { type Infer, integer, object, optional, record, text } from '../protocol/schema.js';
import type { Holder } from './read-places.js';

const KEY = 'recolor';
/** Figma refuses entries above 100 kB, key included. */
const MAX_ENTRY_BYTES = 100_000;

const entry = object({
  version: integer(1, 1),
  /** Hash shown -> hash of its original. */
  originals: record(text(200)),
  recipe: optional(checkRecipe),
});
type Entry = Infer<typeof entry>;

export interface Memory {
  readonly originals: Readonly<Record<string, string>>;
  readonly recipe?: Recipe;
}

const NOTHING: Memory = { originals: {} };

/** What was remembered; nothing where the entry is absent or not ours to understand. */
export function readMemory(holder: Holder): Memory {
  const data = holder.getPluginData(KEY);
  if (data === '') return NOTHING;
  try {
    return entry(JSON.parse(data), KEY);
  } catch {
    return NOTHING;
  }
}

/** The original of a hash that a holder shows; the hash itself when it is none of ours. */
export function originalOf(memory: Memory, hash: string): string {
  // A plain look-up would find `constructor` too; Object.hasOwn is newer than the sandbox promises.
  const isKnown = Object.keys(memory.originals).includes(hash);
  return isKnown ? (memory.originals[hash] as string) : hash;
}

/** Nothing to remember clears the entry. The recipe is dropped before the originals when the entry would be too large. */
export function writeMemory(holder: Holder, memory: Memory): void {
  if (Object.keys(memory.originals).length === 0) {
    holder.setPluginData(KEY, '');
    return;
  }
  const whole: Entry = { version: 1, ...memory };
  const data = JSON.stringify(whole);
  // Recipes may hold names in any script: three bytes a character at most.
  const fits = data.length * 3 + KEY.length <= MAX_ENTRY_BYTES;
  holder.setPluginData(KEY, fits ? data : JSON.stringify({ version: 1, originals: memory.originals }));
}
