import { isSameColor } from './color-slots.js';
import { rememberOriginal } from './document-memory.js';
import type { Holder } from './holder.js';
import { listSlots } from './list-slots.js';
import {
  addressOf,
  type Coloring,
  type Doing,
  doingOf,
  findOriginals,
  isRemembering,
  type Memory,
  originalOf,
  writeMemory,
} from './memory.js';
import { isColorEdit, type PaintEdit } from './paint-edit.js';
import type { Place } from './read-places.js';
import { setRelaunch } from './relaunch.js';

/** A holder that was written. */
interface Written {
  readonly holder: Holder;
  /** What it remembered before. */
  readonly before: Memory;
  /** As it is now. */
  readonly places: readonly Pick<Place, 'key' | 'paints'>[];
  /** Those that came true. */
  readonly done: readonly PaintEdit[];
}

/**
 * Notes the originals of what a holder shows now; older entries go.
 *
 * @param doing undefined where originals were restored: the former one stays as long as there is something to restore
 * @throws what Figma throws where it stores nothing
 */
export function remember({ holder, before, places, done }: Written, doing: Doing | undefined): void {
  const known: Record<string, string> = { ...before.originals };
  for (const edit of done) {
    if (isColorEdit(edit)) continue;
    known[edit.to] = edit.original;
    rememberOriginal(edit.to, edit.original);
  }
  const originals: Record<string, string> = {};
  for (const { paints } of places) {
    for (const paint of paints) {
      if (paint.type !== 'IMAGE' || paint.imageHash === null) continue;
      const original = originalOf({ originals: known }, paint.imageHash);
      if (original !== paint.imageHash) originals[paint.imageHash] = original;
    }
  }
  const colors = rememberColors(places, before, done);
  const memory = { originals, ...(colors.length > 0 && { colors }), ...doingOf(doing ?? before) };
  writeMemory(holder, memory);
  setRelaunch(holder, isRemembering(memory));
}

/** What is shown and what it was, for each color that this plugin wrote, now or before. */
function rememberColors(places: Written['places'], before: Memory, done: readonly PaintEdit[]): Coloring[] {
  const known: Coloring[] = [...(before.colors ?? [])];
  for (const edit of done) {
    if (!isColorEdit(edit)) continue;
    known.unshift({ at: addressOf(edit.key, edit.index, edit.stop), shown: edit.wanted, original: edit.first });
  }
  const slots = listSlots(places);
  return [...findOriginals(known, slots)].flatMap(([at, original]): Coloring[] => {
    const shown = slots.get(at);
    return shown && !isSameColor(original, shown) ? [{ at, shown, original }] : [];
  });
}
