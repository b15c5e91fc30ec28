import type { ApplyReport, Skipped } from '../protocol/replies.js';
import { isStyle } from './holder.js';
import { isColorEdit, type PaintEdit } from './paint-edit.js';

export function summarize(done: readonly PaintEdit[], skipped: readonly Skipped[]): ApplyReport {
  // Figma hands out a new object each time: the id tells.
  const holders = [...new Map(done.map(({ holder }) => [holder.id, holder])).values()];
  const styles = holders.filter(isStyle).length;
  const images = new Set(done.flatMap((edit) => (isColorEdit(edit) ? [] : [edit.to]))).size;
  const colors = done.filter(isColorEdit);
  const bound = colors.filter(({ variable }) => variable !== undefined).length;
  const counts = { ...(colors.length > 0 && { colors: colors.length }), ...(bound > 0 && { bound }) };
  return { layers: holders.length - styles, styles, images, ...counts, skipped };
}
