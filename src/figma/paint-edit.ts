/** What is to change in one paint or effect: the hash of an image, or a color. */
import { isSameColor, readSlot, type SlotColor, writeSlot } from './color-slots.js';
import type { Holder, Item } from './holder.js';

interface EditBase {
  readonly holder: Holder;
  /** The holder's name, for the report: a removed one can no longer tell. */
  readonly name: string;
  readonly key: string;
  readonly index: number;
}

/** One image paint to be changed. */
export interface HashEdit extends EditBase {
  /** The hash it must still show, or it is left alone. */
  readonly from: string;
  readonly to: string;
  /** What Restore is to bring back. */
  readonly original: string;
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

/** Whether a paint or effect still shows what an edit expects (`before`), already what it wants, or something else. */
export function stateOf(item: Item | undefined, edit: PaintEdit): 'before' | 'after' | 'other' {
  if (isColorEdit(edit)) {
    const slot = readSlot(item, edit.stop);
    if (!slot) return 'other';
    if (isSameColor(slot, edit.wanted)) return 'after';
    return isSameColor(slot, edit.shown) ? 'before' : 'other';
  }
  if (item?.type !== 'IMAGE') return 'other';
  if (item.imageHash === edit.to) return 'after';
  return item.imageHash === edit.from ? 'before' : 'other';
}

/** A copy with the edit made and all else as it was: crop, filters, opacity, other stops. */
export function applyEdit(item: Item, edit: PaintEdit): Item {
  if (isColorEdit(edit)) {
    const { stop, wanted, variable } = edit;
    return writeSlot(item, { stop, color: wanted, variable });
  }
  return item.type === 'IMAGE' ? { ...item, imageHash: edit.to } : item;
}
