import { type Holder, type Item, isStyle } from './holder.js';
import { rangeOf } from './text-range.js';

/** New paints for one place of a holder, by the place's key. */
export interface PlaceChange {
  readonly key: string;
  readonly paints: Item[];
}

/** How one place fared: nothing to wait for, or the promise of Figma's asynchronous writers. */
export type Written = Promise<void> | undefined;

/**
 * Writes one place. Regions go together, through `writeRegions`.
 *
 * @throws what Figma throws: a removed node, an instance's property that cannot be overridden, Dev Mode
 */
export function writePlace(holder: Holder, { key, paints: items }: PlaceChange): Written {
  if (key === 'effects') return void ((holder as BlendMixin | EffectStyle).effects = items as Effect[]);
  const paints = items as Paint[];
  if (isStyle(holder)) return void ((holder as PaintStyle).paints = paints);
  // The synchronous setters refuse lists that hold a pattern.
  const hasPattern = paints.some(({ type }) => type === 'PATTERN');
  if (key === 'strokes') {
    const node = holder as SceneNode & MinimalStrokesMixin;
    if (hasPattern) return node.setStrokesAsync(paints);
    node.strokes = paints;
    return undefined;
  }
  const range = rangeOf(key);
  if (range) return void (holder as TextNode).setRangeFills(...range, paints);
  const node = holder as SceneNode & MinimalFillsMixin;
  if (hasPattern) return node.setFillsAsync(paints);
  node.fills = paints;
  return undefined;
}

/** Writes all changed regions of a vector at once: its network is replaced as a whole. */
export function writeRegions(node: VectorNode, changes: readonly PlaceChange[]): Promise<void> {
  const network = node.vectorNetwork;
  const regions = (network.regions ?? []).map((region, index) => {
    const change = changes.find(({ key }) => key === `region:${index}`);
    if (!change) return region;
    // A style id beside new paints would win over them.
    const { fillStyleId: _style, ...rest } = region;
    return { ...rest, fills: change.paints as Paint[] };
  });
  return node.setVectorNetworkAsync({ ...network, regions });
}
