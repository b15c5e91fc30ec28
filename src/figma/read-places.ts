import type { Where } from '../protocol/messages.js';

/** What can hold paints: a layer, a page or a paint style. */
export type Holder = SceneNode | PageNode | PaintStyle;

/** A style, told apart without its `type`: on a removed node even that throws. Styles have no `removed`. */
export function isStyle(holder: Holder): holder is PaintStyle {
  return !('removed' in holder);
}

/** One list of paints on a holder. */
export interface Place {
  /** `fills`, `strokes`, `backgrounds`, `paints`, `text:START-END`, `region:INDEX`: found again by it before writing. */
  readonly key: string;
  readonly where: Where;
  /** Frozen, as Figma gives them. */
  readonly paints: readonly Paint[];
  /** The paint style that these paints come from; empty for none. */
  readonly styleId: string;
}

/** All lists of paints on a holder; no children. @throws what Figma throws for a removed node */
export function readPlaces(holder: Holder): Place[] {
  if (isStyle(holder)) return [{ key: 'paints', where: 'fill', paints: holder.paints, styleId: '' }];
  if (holder.type === 'PAGE')
    return [{ key: 'backgrounds', where: 'background', paints: holder.backgrounds, styleId: '' }];
  return [...readFills(holder), ...readStrokes(holder)];
}

function readFills(node: SceneNode): Place[] {
  if (!('fills' in node)) return [];
  const regions = readRegions(node);
  if (regions.length > 0) return regions;
  const { fills, fillStyleId } = node;
  if (fills !== figma.mixed && fillStyleId !== figma.mixed) {
    return [{ key: 'fills', where: isText(node) ? 'text' : 'fill', paints: fills, styleId: fillStyleId }];
  }
  if (!isText(node)) return [];
  return node.getStyledTextSegments(['fills', 'fillStyleId']).map((segment) => ({
    key: `text:${segment.start}-${segment.end}`,
    where: 'text',
    paints: segment.fills,
    styleId: segment.fillStyleId,
  }));
}

/** Regions count only where one has paints of its own; otherwise `fills` says it all. */
function readRegions(node: SceneNode): Place[] {
  if (node.type !== 'VECTOR') return [];
  const { regions = [] } = node.vectorNetwork;
  if (!regions.some(({ fills }) => fills !== undefined)) return [];
  const inherited = node.fills === figma.mixed ? [] : node.fills;
  return regions.map((region, index) => ({
    key: `region:${index}`,
    where: 'region',
    paints: region.fills ?? inherited,
    styleId: region.fillStyleId ?? '',
  }));
}

function readStrokes(node: SceneNode): Place[] {
  if (!('strokes' in node)) return [];
  const styleId = 'strokeStyleId' in node ? (node.strokeStyleId as string) : '';
  return [{ key: 'strokes', where: 'stroke', paints: node.strokes, styleId }];
}

/** Text, also along a path. */
export function isText(node: { readonly type: string }): node is TextNode | TextPathNode {
  return node.type === 'TEXT' || node.type === 'TEXT_PATH';
}
