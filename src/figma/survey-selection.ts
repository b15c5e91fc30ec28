import type { Skipped, Where } from '../protocol/replies.js';
import type { FoundStyle } from './find-style.js';
import { isHiddenOriginal } from './hidden-original.js';
import { measureArea } from './measure-area.js';
import { type Memory, originalOf } from './memory.js';
import { surveyPlaces } from './survey-places.js';

/** One image paint below a selection. */
export interface FoundPaint {
  readonly node: SceneNode;
  readonly key: string;
  readonly where: Where;
  /** Index in the place's list of paints. */
  readonly index: number;
  /** Hash in the document, and that of its original. */
  readonly shown: string;
  readonly original: string;
  /** Its original lies hidden below it. */
  readonly isPaired: boolean;
  /** px² times opacity; 0 when hidden. */
  readonly area: number;
  /** What the layer, or the style, remembers. */
  readonly memory: Memory;
  /** Set when the paint comes from a style. */
  readonly style?: FoundStyle;
}

/** What is below a selection, in document order. */
export interface Survey {
  readonly found: readonly FoundPaint[];
  readonly skipped: readonly Skipped[];
}

/** Finds every image paint below a selection. Writes nothing. */
export async function surveySelection(selection: readonly SceneNode[]): Promise<Survey> {
  const found: FoundPaint[] = [];
  const skipped: Skipped[] = [];
  const places = await surveyPlaces(selection, ({ type }) => type === 'IMAGE' || type === 'VIDEO');
  for (const { node, name, place, memory, style } of places) {
    const layer = { layer: name, layerId: node.id };
    const { key, where } = place;
    for (const [index, paint] of place.paints.entries()) {
      if (paint.type === 'VIDEO') skipped.push({ ...layer, reason: 'video' });
      if (paint.type !== 'IMAGE' || isHiddenOriginal(place.paints, index, memory)) continue;
      const shown = paint.imageHash;
      const original = shown === null ? null : findOriginal(memory, shown);
      if (shown === null || original === null) skipped.push({ ...layer, reason: 'missing-image' });
      else {
        const { visible = true, opacity = 1 } = paint;
        const area = visible && !node.removed ? opacity * measureArea(node, place) : 0;
        const isPaired = isHiddenOriginal(place.paints, index - 1, memory);
        found.push({ node, key, where, index, shown, original, isPaired, area, memory, ...(style && { style }) });
      }
    }
  }
  return { found, skipped };
}

/** The original, or what is shown where the original is gone; null when Figma has neither. */
function findOriginal(memory: Memory, shown: string): string | null {
  const original = originalOf(memory, shown);
  if (figma.getImageByHash(original)) return original;
  return figma.getImageByHash(shown) ? shown : null;
}
