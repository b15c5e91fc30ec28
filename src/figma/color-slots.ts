/** Colors inside paints and effects: where each sits, what it counts, how it is read and replaced. */
import type { Item } from './holder.js';

/** A color as a layer shows it: in the document's profile, perhaps through a variable. */
export interface SlotColor {
  readonly rgb: RGB;
  /** Id of the bound variable. */
  readonly variable?: string;
  /** The same color as it was authored, in OKLCH perhaps, where Figma keeps that. */
  readonly source?: ColorWithColorSpace;
}

/** One color of a paint or effect. */
export interface Slot extends SlotColor {
  /** Index of the gradient stop. */
  readonly stop?: number;
  /** Alpha that a variable would replace: of the stop or shadow; 1 for a solid paint, whose opacity is apart. */
  readonly alpha: number;
  /** What it counts of its layer's area: opacity, and for a stop its part of the gradient; 0 when hidden. */
  readonly share: number;
}

/** What one color becomes. */
export interface SlotChange {
  readonly stop?: number | undefined;
  readonly color: Pick<SlotColor, 'rgb' | 'source'>;
  /** Bound instead; its value is `color` for this layer. */
  readonly variable?: Variable | undefined;
}

/** Figma stores float32, so what was written comes back a little off. A quarter of an 8-bit step. */
const SAME_CHANNEL = 0.25 / 255;

/** Solid paints, gradient stops and shadows; nothing for any other kind. */
export function readSlots(item: Item): Slot[] {
  if (item.type === 'SOLID') {
    return [{ ...readColor(item.color, item.boundVariables), alpha: 1, share: opacityOf(item) }];
  }
  if ('gradientStops' in item) {
    const parts = measureStops(item.gradientStops);
    return item.gradientStops.map(({ color, boundVariables }, stop) => ({
      ...readColor(color, boundVariables),
      stop,
      alpha: color.a,
      share: opacityOf(item) * color.a * (parts[stop] as number),
    }));
  }
  if (isShadow(item)) {
    const share = item.visible ? item.color.a : 0;
    return [{ ...readColor(item.color, item.boundVariables), alpha: item.color.a, share }];
  }
  return [];
}

/** The slot at a place, undefined when there is none any more. */
export function readSlot(item: Item | undefined, stop: number | undefined): Slot | undefined {
  return item && readSlots(item).find((slot) => slot.stop === stop);
}

/** A copy with one color changed and all else as it was; a former binding of that color goes. */
export function writeSlot(item: Item, { stop, color: { rgb, source }, variable }: SlotChange): Item {
  const { r, g, b } = rgb;
  const color = { r, g, b, ...(source && { sourceColor: source }) };
  if (item.type === 'SOLID') {
    const { boundVariables: _former, ...rest } = item;
    const paint: SolidPaint = { ...rest, color };
    if (!variable) return paint;
    // All but the color stays, whatever else a bound copy resets: its opacity, by some accounts.
    const { color: value, boundVariables } = figma.variables.setBoundVariableForPaint(paint, 'color', variable);
    return { ...paint, color: value, ...(boundVariables && { boundVariables }) };
  }
  if ('gradientStops' in item) {
    const gradientStops = item.gradientStops.map((given, i): ColorStop => {
      if (i !== stop) return given;
      const bound = variable && { boundVariables: { color: { type: 'VARIABLE_ALIAS' as const, id: variable.id } } };
      return { position: given.position, color: { ...color, a: given.color.a }, ...bound };
    });
    return { ...item, gradientStops };
  }
  if (!isShadow(item)) return item;
  const effect: Effect = { ...item, color: { ...color, a: item.color.a } };
  const isBound = variable !== undefined || item.boundVariables?.color !== undefined;
  return isBound ? figma.variables.setBoundVariableForEffect(effect, 'color', variable ?? null) : effect;
}

/** Whether a place shows a color: through the same variable, or with no variable the same channels. */
export function isSameColor(p: SlotColor, q: SlotColor): boolean {
  if (p.variable !== q.variable) return false;
  return p.variable !== undefined || channelDistance(p.rgb, q.rgb) <= SAME_CHANNEL;
}

/** The largest difference of a channel, 0 to 1. */
export function channelDistance(p: RGB, q: RGB): number {
  return Math.max(Math.abs(p.r - q.r), Math.abs(p.g - q.g), Math.abs(p.b - q.b));
}

/** Nearest 8-bit color, packed as the core packs them. */
export function packRgb({ r, g, b }: RGB): number {
  const code = (channel: number): number => Math.round(Math.min(1, Math.max(0, channel)) * 255);
  return code(r) | (code(g) << 8) | (code(b) << 16);
}

export function unpackRgb(color: number): RGB {
  return { r: (color & 255) / 255, g: ((color >>> 8) & 255) / 255, b: (color >>> 16) / 255 };
}

/** The color of a slot, without the slot. */
export function slotColorOf({ rgb, variable, source }: Slot): SlotColor {
  return { rgb, ...(variable !== undefined && { variable }), ...(source && { source }) };
}

function readColor(
  { r, g, b, sourceColor }: RGBWithColorSpace,
  bound: { readonly color?: VariableAlias } | undefined,
): SlotColor {
  const variable = bound?.color?.id;
  return { rgb: { r, g, b }, ...(variable !== undefined && { variable }), ...(sourceColor && { source: sourceColor }) };
}

function isShadow(item: Item): item is DropShadowEffect | InnerShadowEffect {
  return item.type === 'DROP_SHADOW' || item.type === 'INNER_SHADOW';
}

function opacityOf({ visible = true, opacity = 1 }: { visible?: boolean; opacity?: number }): number {
  return visible ? opacity : 0;
}

/** Each stop takes half of the way to its neighbors, the outer ones all that is left at their end. Sum 1. */
function measureStops(stops: readonly ColorStop[]): number[] {
  const order = stops.map((_, i) => i).sort((p, q) => positionOf(stops, p) - positionOf(stops, q));
  const parts = stops.map(() => 0);
  order.forEach((stop, k) => {
    const here = positionOf(stops, stop);
    const before = order[k - 1];
    const after = order[k + 1];
    const from = before === undefined ? 0 : (positionOf(stops, before) + here) / 2;
    const to = after === undefined ? 1 : (positionOf(stops, after) + here) / 2;
    parts[stop] = to - from;
  });
  return parts;
}

function positionOf(stops: readonly ColorStop[], index: number): number {
  return Math.min(1, Math.max(0, stops[index]?.position ?? 0));
}
