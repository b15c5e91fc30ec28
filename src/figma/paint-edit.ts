/** What is to change in one paint or effect: the hash of an image, or a color. */
import { isSameColor, readSlot, type SlotColor, writeSlot } from './color-slots.js';
import type { Holder, Item } from './holder.js';

interface EditBase {
  readonly holder: Holder;
  /** The holder's name, for the report: a removed one can no longer tell. */
  readonly name: string;
  readonly key: string;
  readonly index: number;
  /** Of text a font of which is not at hand. */
  readonly isFontless?: boolean;
}

/** One image paint to be changed. */
export interface HashEdit extends EditBase {
  /** The hash it must still show, or it is left alone. */
  readonly from: string;
  readonly to: string;
  /** What Restore is to bring back. */
  readonly original: string;
  /** `open` leaves the original hidden below, `close` takes it away from there. */
  readonly pair?: 'open' | 'close' | undefined;
}

/** One color to be changed. */
export interface ColorEdit extends EditBase {
  readonly stop?: number | undefined;
  /** The color it must still show, or it is left alone. */
  readonly shown: SlotColor;
  readonly wanted: SlotColor;
  /** That of `wanted`, as Figma wants it. */
  readonly variable?: Variable | undefined;
  /** What Restore is to bring back. */
  readonly first: SlotColor;
}

export type PaintEdit = HashEdit | ColorEdit;

export function isColorEdit(edit: PaintEdit): edit is ColorEdit {
  return 'wanted' in edit;
}

type State = 'before' | 'after' | 'other';

/** An edit at the place where it belongs now. */
export interface Located {
  readonly edit: PaintEdit;
  readonly index: number;
  readonly state: State;
}

/** Where the edits of a list stand: a component that was written first has made the lists of its instances longer or shorter. */
export function locateEdits(items: readonly Item[], edits: readonly PaintEdit[]): Located[] {
  let shift = 0;
  return [...edits]
    .sort((p, q) => p.index - q.index)
    .map((edit): Located => {
      const index = edit.index + shift;
      const state = stateOf(items, index, edit);
      if (state === 'after') shift += growthOf(edit);
      return { edit, index, state };
    });
}

/** A list with the edits made, and the edits with the places where they ended up. */
export function editItems(items: readonly Item[], located: readonly Located[]): { items: Item[]; edits: PaintEdit[] } {
  const made: Item[] = [];
  const edits: PaintEdit[] = [];
  for (const [index, item] of items.entries()) {
    const mine = located.filter((one) => one.index === index && one.state === 'before').map(({ edit }) => edit);
    for (const edit of mine) {
      if (isColorEdit(edit) || item.type !== 'IMAGE') continue;
      if (edit.pair === 'open') made.push({ ...item, imageHash: edit.original, visible: false });
      if (edit.pair === 'close') made.pop();
    }
    edits.push(...mine.map((edit) => ({ ...edit, index: made.length })));
    made.push(mine.reduce(applyEdit, item));
  }
  return { items: made, edits };
}

/** By how many an edit makes its list longer. */
function growthOf(edit: PaintEdit): number {
  if (isColorEdit(edit) || !edit.pair) return 0;
  return edit.pair === 'open' ? 1 : -1;
}

/** Whether a paint or effect still shows what an edit expects (`before`), already what it wants, or something else. */
function stateOf(items: readonly Item[], index: number, edit: PaintEdit): State {
  const item = items[index];
  if (isColorEdit(edit)) {
    const slot = readSlot(item, edit.stop);
    if (!slot) return 'other';
    if (isSameColor(slot, edit.wanted)) return 'after';
    return isSameColor(slot, edit.shown) ? 'before' : 'other';
  }
  const shown = hashAt(items, index);
  const isAfter = hashAt(items, index + growthOf(edit)) === edit.to;
  if (isAfter && !edit.pair) return 'after';
  if (isAfter && edit.pair === 'open' && shown === edit.original && item?.visible === false) return 'after';
  if (isAfter && edit.pair === 'close' && shown !== edit.from) return 'after';
  return shown === edit.from ? 'before' : 'other';
}

function hashAt(items: readonly Item[], index: number): string | null | undefined {
  const item = items[index];
  return item?.type === 'IMAGE' ? item.imageHash : undefined;
}

/** A copy with the edit made and all else as it was: crop, filters, opacity, other stops. */
function applyEdit(item: Item, edit: PaintEdit): Item {
  if (isColorEdit(edit)) {
    const { stop, wanted, variable } = edit;
    return writeSlot(item, { stop, color: wanted, variable });
  }
  return item.type === 'IMAGE' ? { ...item, imageHash: edit.to } : item;
}
