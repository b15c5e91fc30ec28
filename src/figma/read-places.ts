import type { Where } from '../protocol/replies.js';
import { type Holder, type Item, isStyle, isText } from './holder.js';
import { rememberedPlaces } from './memory.js';
import { rangeOf } from './text-range.js';

/** One list of paints, or the effects, on a holder. */
export interface Place {
  /** `fills`, `strokes`, `paints`, `effects`, `text:START-END`, `region:INDEX`: found again by it before writing. */
  readonly key: string;
  readonly where: Where;
  /** Frozen, as Figma gives them. */
  readonly paints: readonly Item[];
  /** The style that these come from; empty for none. */
  readonly styleId: string;
}

/**
 * All lists of paints and the effects of a holder; no children.
 *
 * @param ranges of text, as keys of places, that are to be kept apart though they may look the same by now
 * @throws what Figma throws for a removed node
 */
export function readPlaces(holder: Holder, ranges: readonly string[] = []): Place[] {
  if (isStyle(holder)) {
    if ('effects' in holder) return [{ key: 'effects', where: 'effect', paints: holder.effects, styleId: '' }];
    return [{ key: 'paints', where: 'fill', paints: holder.paints, styleId: '' }];
  }
  return [...readFills(holder, ranges), ...readStrokes(holder), ...readEffects(holder)];
}

function readFills(node: SceneNode, ranges: readonly string[]): Place[] {
  if (!('fills' in node)) return [];
  const regions = readRegions(node);
  if (regions.length > 0) return regions;
  const { fills, fillStyleId } = node;
  const cuts = isText(node) ? findCuts([...ranges, ...rememberedPlaces(node)]) : [];
  if (fills !== figma.mixed && fillStyleId !== figma.mixed && cuts.length === 0) {
    return [{ key: 'fills', where: isText(node) ? 'text' : 'fill', paints: fills, styleId: fillStyleId }];
  }
  if (!isText(node)) return [];
  return node
    .getStyledTextSegments(['fills', 'fillStyleId'])
    .flatMap(({ start, end, fills: paints, fillStyleId: styleId }) => {
      const edges = [start, ...cuts.filter((cut) => cut > start && cut < end), end];
      return edges.slice(1).map((to, i): Place => ({ key: `text:${edges[i]}-${to}`, where: 'text', paints, styleId }));
    });
}

/** Where ranges of text begin and end, ascending. */
function findCuts(keys: readonly string[]): number[] {
  const cuts = keys.flatMap((key) => rangeOf(key) ?? []);
  return [...new Set(cuts)].sort((p, q) => p - q);
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

function readEffects(node: SceneNode): Place[] {
  if (!('effects' in node)) return [];
  const { effects } = node;
  return effects.length === 0
    ? []
    : [{ key: 'effects', where: 'effect', paints: effects, styleId: node.effectStyleId }];
}
