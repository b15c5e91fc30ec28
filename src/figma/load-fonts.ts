import { alive } from './alive.js';
import { isStyle, isText } from './holder.js';
import type { PaintEdit } from './paint-edit.js';
import { rangeOf } from './text-range.js';

/**
 * Loads the fonts of text that is to be written. Figma's typings demand it for ranges; it may let fills change whose font
 * is missing, as it does for text of one fill, so a failure is only a reason to try first.
 *
 * @returns the edits, those marked whose text lacks a font
 */
export async function loadFonts(edits: readonly PaintEdit[]): Promise<readonly PaintEdit[]> {
  return Promise.all(
    edits.map(async (edit) => {
      try {
        await Promise.all(listFonts(edit).map((font) => alive(figma.loadFontAsync(font))));
        return edit;
      } catch {
        return { ...edit, isFontless: true };
      }
    }),
  );
}

function listFonts({ holder, key }: PaintEdit): FontName[] {
  if (isStyle(holder) || holder.removed || !isText(holder)) return [];
  const { length } = holder.characters;
  const [start, end] = key === 'fills' ? [0, length] : (rangeOf(key) ?? [0, 0]);
  return start < Math.min(end, length) ? holder.getRangeAllFontNames(start, Math.min(end, length)) : [];
}
