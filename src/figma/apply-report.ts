import { MAX_DETAIL_LENGTH, MAX_SKIPPED, type SkipReason } from '../protocol/messages.js';
import type { ApplyReport, Skipped } from '../protocol/replies.js';
import { type Holder, isStyle } from './holder.js';
import { isColorEdit, type PaintEdit } from './paint-edit.js';

/** Why a holder was left as it was. @param error what Figma said */
export function describeSkip(
  { holder, name }: { readonly holder: Holder; readonly name: string },
  reason: SkipReason,
  error?: unknown,
): Skipped {
  const detail = error instanceof Error ? error.message : error === undefined ? undefined : String(error);
  return {
    ...{ layer: name, layerId: holder.id, reason },
    ...(detail !== undefined && { detail: detail.slice(0, MAX_DETAIL_LENGTH) }),
  };
}

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

/** A report with what was left out before. It must fit its message whatever happened: the document is written by now. */
export function addSkipped(before: readonly Skipped[], report: ApplyReport): ApplyReport {
  return { ...report, skipped: [...before, ...report.skipped].slice(0, MAX_SKIPPED) };
}
