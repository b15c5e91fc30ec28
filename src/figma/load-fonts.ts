import { alive } from './alive.js';
import { type Holder, isStyle, isText } from './holder.js';
import { rangeOf } from './text-range.js';

/**
 * Loads the fonts of text that is to be written. Figma's typings demand it for ranges; it may let fills change whose font
 * is missing, as it does for text of one fill, so a failure is only a reason to try first.
 *
 * @returns holders that lack a font
 */
export async function loadFonts(
  groups: readonly { readonly holder: Holder; readonly edits: readonly { readonly key: string }[] }[],
): Promise<ReadonlySet<Holder>> {
  const failed = new Set<Holder>();
  await Promise.all(
    groups.map(async ({ holder, edits }) => {
      const load = async (font: FontName): Promise<void> => {
        await alive(figma.loadFontAsync(font)).catch(() => failed.add(holder));
      };
      await Promise.all(edits.flatMap(({ key }) => listFonts(holder, key)).map(load));
    }),
  );
  return failed;
}

function listFonts(holder: Holder, key: string): FontName[] {
  if (isStyle(holder) || holder.removed || !isText(holder)) return [];
  const { length } = holder.characters;
  const [start, end] = key === 'fills' ? [0, length] : (rangeOf(key) ?? [0, 0]);
  return start < Math.min(end, length) ? holder.getRangeAllFontNames(start, Math.min(end, length)) : [];
}
