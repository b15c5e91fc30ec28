import type { Skipped, Where } from '../protocol/messages.js';
import { type FoundStyle, findStyles } from './find-style.js';
import { measureArea } from './measure-area.js';
import { type Memory, originalOf, readMemory } from './memory.js';
import { nameOf } from './name-of.js';
import { type Place, readPlaces } from './read-places.js';
import { type LayerNode, walkSelection } from './walk-selection.js';

/** One image paint below the selection. */
export interface FoundPaint {
  readonly node: LayerNode;
  readonly key: string;
  readonly where: Where;
  /** Index in the place's list of paints. */
  readonly index: number;
  /** Hash in the document, and that of its original. */
  readonly shown: string;
  readonly original: string;
  /** px² times opacity; 0 when hidden. */
  readonly area: number;
  /** What the layer, or the style, remembers. */
  readonly memory: Memory;
  /** Set when the paint comes from a style. */
  readonly style?: FoundStyle;
}

/** What is below the selection, in document order. */
export interface Survey {
  readonly found: readonly FoundPaint[];
  readonly skipped: readonly Skipped[];
}

interface Candidate {
  readonly node: LayerNode;
  readonly place: Place;
}

/** Finds every image paint below a selection; asks Figma for the styles that hold some. Writes nothing. */
export async function surveySelection(selection: readonly SceneNode[]): Promise<Survey> {
  const found: FoundPaint[] = [];
  const skipped: Skipped[] = [];
  const candidates: Candidate[] = [];
  for (const node of walkSelection(selection)) {
    for (const place of readPlaces(node)) {
      if (place.paints.some(({ type }) => type === 'IMAGE' || type === 'VIDEO')) candidates.push({ node, place });
    }
  }
  const names = new Map(candidates.map(({ node }) => [node.id, nameOf(node)]));
  const nodeMemories = new Map(candidates.map(({ node }) => [node.id, readMemory(node)]));
  const styles = await findStyles(candidates.map(({ place }) => place.styleId));

  for (const { node, place } of candidates) {
    const style = styles.get(place.styleId);
    const memory = style?.style ? readMemory(style.style) : (nodeMemories.get(node.id) as Memory);
    const layer = { layer: names.get(node.id) ?? '', layerId: node.id };
    const { key, where } = place;
    for (const [index, paint] of place.paints.entries()) {
      if (paint.type === 'VIDEO') skipped.push({ ...layer, reason: 'video' });
      if (paint.type !== 'IMAGE') continue;
      const shown = paint.imageHash;
      const original = shown === null ? null : findOriginal(memory, shown);
      if (shown === null || original === null) skipped.push({ ...layer, reason: 'missing-image' });
      else {
        const { visible = true, opacity = 1 } = paint;
        const area = visible && !node.removed ? opacity * measureArea(node, place) : 0;
        found.push({ node, key, where, index, shown, original, area, memory, ...(style && { style }) });
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
