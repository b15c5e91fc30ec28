import type { Place } from './read-places.js';
import { rangeOf } from './text-range.js';

/** Part of a text's box that its strokes of ink cover, about. */
const TEXT_INK = 0.25;
/** Part of a layer's area that a shadow shows, about: most of it lies under the layer. */
const SHADOW_RIM = 0.25;

/**
 * What a place on a layer counts, px² on the canvas times the layer's opacity: 0 for one that is hidden or gone. The box for fills, an
 * outline of the box for strokes, a part of the box for text and shadows. What other layers cover is not taken off.
 */
export function measureArea(node: SceneNode, { key, where }: Pick<Place, 'key' | 'where'>): number {
  if (node.removed || !node.visible) return 0;
  const { width, height } = node;
  const opacity = 'opacity' in node ? node.opacity : 1;
  if (where === 'stroke') return opacity * measureOutline(node);
  const box = opacity * width * height;
  if (where === 'effect') return box * SHADOW_RIM;
  if (where === 'region' && node.type === 'VECTOR') return box / Math.max(1, node.vectorNetwork.regions?.length ?? 1);
  if (where !== 'text' || !('characters' in node)) return box;
  const range = rangeOf(key);
  const part = range ? (range[1] - range[0]) / Math.max(1, node.characters.length) : 1;
  return box * TEXT_INK * part;
}

function measureOutline(node: SceneNode): number {
  const weight = 'strokeWeight' in node && typeof node.strokeWeight === 'number' ? node.strokeWeight : 1;
  const length = node.type === 'LINE' ? Math.max(node.width, node.height) : 2 * (node.width + node.height);
  return weight * length;
}
