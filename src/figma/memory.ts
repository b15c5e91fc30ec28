/** What a layer or style remembers about its recoloring, in plugin data: it travels with copies and with undo. */
import { recipe as checkRecipe, tokens as checkTokens } from '../protocol/messages.js';
import { type Infer, integer, list, number, object, optional, record, text } from '../protocol/schema.js';
import { isSameColor, type SlotColor } from './color-slots.js';
import { documentOriginalOf } from './document-memory.js';
import type { Holder } from './holder.js';
import { sourceColor } from './source-color.js';

const KEY = 'recolor';
/** Figma refuses entries above 100 kB, key included. */
const MAX_ENTRY_BYTES = 100_000;

const rgb = object({ r: number(0, 1), g: number(0, 1), b: number(0, 1) });
const slotColor = object({ rgb, variable: optional(text(500)), source: sourceColor });
const coloring = object({
  /** Place, index and gradient stop, as `addressOf` writes them. */
  at: text(100),
  shown: slotColor,
  original: slotColor,
});
/** A color that this plugin wrote. */
export type Coloring = Infer<typeof coloring>;

const entry = object({
  version: integer(1, 1),
  /** Hash shown -> hash of its original. */
  originals: record(text(200)),
  colors: optional(list(coloring)),
  recipe: optional(checkRecipe),
  tokens: optional(checkTokens),
});

export type Memory = Omit<Infer<typeof entry>, 'version'>;
/** What something was recolored with. */
export type Doing = Pick<Memory, 'recipe' | 'tokens'>;

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
  return isKnown ? (memory.originals[hash] as string) : (documentOriginalOf(hash) ?? hash);
}

/** Names a color's place on its holder. */
export function addressOf(key: string, index: number, stop: number | undefined): string {
  return stop === undefined ? `${key}/${index}` : `${key}/${index}/${stop}`;
}

/**
 * The originals of those of a holder's colors that this plugin wrote, by address. Paints may have been reordered and text
 * edited since: a color of ours that is no longer at its place counts for another of its list that looks the same, but
 * for one only.
 */
export function findOriginals(
  colors: readonly Coloring[] = [],
  slots: ReadonlyMap<string, SlotColor>,
): ReadonlyMap<string, SlotColor> {
  const originals = new Map<string, SlotColor>();
  const shows = (at: string, { shown }: Coloring): boolean => {
    const slot = slots.get(at);
    return slot !== undefined && !originals.has(at) && isSameColor(slot, shown);
  };
  const strays = colors.filter((coloring) => {
    const isThere = shows(coloring.at, coloring);
    if (isThere) originals.set(coloring.at, coloring.original);
    return !isThere;
  });
  const taken = new Set(originals.keys());
  for (const coloring of strays) {
    // What this plugin wrote there later counts.
    if (taken.has(coloring.at)) continue;
    for (const at of slots.keys()) {
      if (listOf(at) !== listOf(coloring.at) || !shows(at, coloring)) continue;
      originals.set(at, coloring.original);
      break;
    }
  }
  return originals;
}

/** Colors move within their list only: fills, strokes, effects, a text's ranges, a vector's regions. */
function listOf(at: string): string {
  return at.split(/[/:]/)[0] as string;
}

/** Keys of the places whose colors this plugin has changed. */
export function rememberedPlaces(holder: Holder): string[] {
  return (readMemory(holder).colors ?? []).map(({ at }) => at.split('/')[0] as string);
}

/** Whether there is anything that Restore could bring back. */
export function isRemembering({ originals, colors = [] }: Memory): boolean {
  return Object.keys(originals).length > 0 || colors.length > 0;
}

/** The recipe on which all agree that remember one; nothing where they differ, or none does. */
export function commonRecipe(memories: readonly Memory[]): Doing {
  const [first, ...others] = memories.filter(({ recipe }) => recipe);
  const text = JSON.stringify(first?.recipe);
  return first && others.every(({ recipe }) => JSON.stringify(recipe) === text) ? doingOf(first) : {};
}

/** What is said of it, without the rest. */
export function doingOf({ recipe, tokens }: Doing): Doing {
  return { ...(recipe && { recipe }), ...(tokens && { tokens }) };
}

/** Nothing to remember clears the entry. The recipe is dropped before the originals when the entry would be too large. */
export function writeMemory(holder: Holder, memory: Memory): void {
  if (!isRemembering(memory)) {
    holder.setPluginData(KEY, '');
    return;
  }
  const whole = { version: 1, ...memory };
  const data = JSON.stringify(whole);
  // Recipes may hold names in any script: three bytes a character at most.
  const fits = data.length * 3 + KEY.length <= MAX_ENTRY_BYTES;
  const { recipe: _recipe, tokens: _tokens, ...rest } = whole;
  holder.setPluginData(KEY, fits ? data : JSON.stringify(rest));
}
