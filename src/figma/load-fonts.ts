import { alive } from './alive.js';
import { type Holder, isStyle, isText } from './holder.js';

/**
 * Loads the fonts of text that is to be written. Figma demands it for ranges; for text of one fill it is a precaution
 * that may fail, since Figma lets fills of text change whose font is missing.
 *
 * @returns holders for which that failed
 */
export async function loadFonts(
  groups: readonly { readonly holder: Holder; readonly edits: readonly { readonly key: string }[] }[],
): Promise<ReadonlySet<Holder>> {
  const failed = new Set<Holder>();
  await Promise.all(
    groups.map(async ({ holder, edits }) => {
      try {
        const fonts = edits.flatMap(({ key }) => listFonts(holder, key));
        await Promise.all(fonts.map((font) => alive(figma.loadFontAsync(font))));
        const wanted = edits.some(({ key }) => key === 'fills') ? listFonts(holder, 'text:0-Infinity') : [];
        await Promise.all(wanted.map((font) => alive(figma.loadFontAsync(font)).catch(() => undefined)));
      } catch {
        failed.add(holder);
      }
    }),
  );
  return failed;
}

function listFonts(holder: Holder, key: string): FontName[] {
  const range = /^text:(\d+)-(\d+|Infinity)$/.exec(key);
  if (!range || isStyle(holder) || holder.removed || !isText(holder)) return [];
  const end = Math.min(Number(range[2]), holder.characters.length);
  return Number(range[1]) < end ? holder.getRangeAllFontNames(Number(range[1]), end) : [];
}
