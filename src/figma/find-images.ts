import type { Skipped, Where } from '../protocol/replies.js';
import { skipLayer } from './describe-skip.js';
import { isHiddenOriginal } from './hidden-original.js';
import type { Item } from './holder.js';
import { measureArea } from './measure-area.js';
import { type Memory, originalOf } from './memory.js';
import type { FoundItem, FoundPlace } from './survey-places.js';

/** One image paint below a selection. */
export interface FoundImage extends FoundItem {
  readonly where: Where;
  /** Hash in the document, and that of its original. */
  readonly shown: string;
  readonly original: string;
  /** Its original lies hidden below it. */
  readonly isPaired: boolean;
}

/** Videos count: they are named among what is left out. */
export function holdsImage({ type }: Item): boolean {
  return type === 'IMAGE' || type === 'VIDEO';
}

/** Every image paint in some places, and those that cannot be recolored. */
export function imagesIn(places: readonly FoundPlace[]): { images: FoundImage[]; skipped: Skipped[] } {
  const images: FoundImage[] = [];
  const skipped: Skipped[] = [];
  for (const { node, place, memory, style } of places) {
    const { key, where } = place;
    for (const [index, paint] of place.paints.entries()) {
      if (paint.type === 'VIDEO') skipped.push(skipLayer(node, 'video'));
      if (paint.type !== 'IMAGE' || isHiddenOriginal(place.paints, index, memory)) continue;
      const shown = paint.imageHash;
      const original = shown === null ? null : findOriginal(memory, shown);
      if (shown === null || original === null) skipped.push(skipLayer(node, 'missing-image'));
      else {
        const { visible = true, opacity = 1 } = paint;
        const area = visible ? opacity * measureArea(node, place) : 0;
        const isPaired = isHiddenOriginal(place.paints, index - 1, memory);
        images.push({ node, key, where, index, shown, original, isPaired, area, memory, ...(style && { style }) });
      }
    }
  }
  return { images, skipped };
}

/** The original, or what is shown where the original is gone; null when Figma has neither. */
function findOriginal(memory: Memory, shown: string): string | null {
  const original = originalOf(memory, shown);
  if (figma.getImageByHash(original)) return original;
  return figma.getImageByHash(shown) ? shown : null;
}
