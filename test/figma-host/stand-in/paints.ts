/** Validation of paints as strict as Figma's setters, and the full form in which it gives them back. */
import { checkBinding, checkColor, type VariableCheck } from './colors.js';
import { clonePlain, deepFreeze } from './plain-data.js';

export type Paint = Readonly<Record<string, unknown>> & { readonly type: string };

const COMMON = ['type', 'visible', 'opacity', 'blendMode'];
const MEDIA = ['scaleMode', 'scalingFactor', 'rotation', 'filters'];
const KEYS: Readonly<Record<string, readonly string[]>> = {
  SOLID: ['color', 'boundVariables'],
  GRADIENT_LINEAR: ['gradientTransform', 'gradientStops'],
  GRADIENT_RADIAL: ['gradientTransform', 'gradientStops'],
  GRADIENT_ANGULAR: ['gradientTransform', 'gradientStops'],
  GRADIENT_DIAMOND: ['gradientTransform', 'gradientStops'],
  IMAGE: [...MEDIA, 'imageHash', 'imageTransform'],
  VIDEO: [...MEDIA, 'videoHash', 'videoTransform'],
  PATTERN: ['sourceNodeId', 'tileType', 'scalingFactor', 'spacing', 'horizontalAlignment'],
  SHADER: ['id', 'properties', 'propertyMetadata'],
};
const SCALE_MODES = ['FILL', 'FIT', 'CROP', 'TILE'];
const FILTERS = ['exposure', 'contrast', 'saturation', 'temperature', 'tint', 'highlights', 'shadows'];

/** What validation must know of the document. */
export interface PaintCheck {
  readonly knowsImage: (hash: string) => boolean;
  readonly variables: VariableCheck;
}

/**
 * @param allowPattern false in the synchronous setters
 * @param nodeId whose modes decide what bound colors show; undefined in a style
 * @returns a frozen copy with defaults filled in
 */
export function checkPaints(
  value: unknown,
  api: string,
  check: PaintCheck,
  allowPattern: boolean,
  nodeId?: string,
): readonly Paint[] {
  if (!Array.isArray(value)) throw new TypeError(`in ${api}: Expected an array of paints, got ${typeof value}`);
  const paints = clonePlain(value, api).map((paint: unknown, i) =>
    checkPaint(paint, `in ${api}: [${i}]`, check, nodeId),
  );
  if (!allowPattern && paints.some(({ type }) => type === 'PATTERN')) {
    throw new Error(`in ${api}: PATTERN paints need the asynchronous setter`);
  }
  return deepFreeze(paints);
}

function checkPaint(value: unknown, place: string, check: PaintCheck, nodeId: string | undefined): Paint {
  const paint = value as Paint;
  const keys = KEYS[paint?.type];
  if (!keys) throw new TypeError(`${place}: unknown paint type ${String(paint?.type)}`);
  for (const key of Object.keys(paint)) {
    if (!COMMON.includes(key) && !keys.includes(key)) throw new TypeError(`${place}: unrecognized key ${key}`);
  }
  const { opacity = 1, visible = true, blendMode = 'NORMAL' } = paint;
  if (typeof opacity !== 'number' || opacity < 0 || opacity > 1) throw new TypeError(`${place}: opacity ${opacity}`);
  if (typeof visible !== 'boolean') throw new TypeError(`${place}: visible must be boolean`);
  if (typeof blendMode !== 'string') throw new TypeError(`${place}: blendMode must be a string`);
  const full = { ...paint, visible, opacity, blendMode };
  if (paint.type === 'IMAGE') return checkImagePaint(full, place, check.knowsImage);
  if (paint.type === 'SOLID') return checkSolid(full, place, check.variables, nodeId);
  return paint.type.startsWith('GRADIENT_') ? checkGradient(full, place, check.variables, nodeId) : full;
}

function checkSolid(paint: Paint, place: string, variables: VariableCheck, nodeId: string | undefined): Paint {
  const color = checkColor(paint.color, place, false);
  const bound = checkBinding(paint.boundVariables, ['color'], place, variables);
  const resolved = bound === undefined ? undefined : variables.resolve(bound, nodeId);
  if (!resolved) return { ...paint, color };
  const { r, g, b } = resolved;
  return { ...paint, color: checkColor({ r, g, b }, place, false) };
}

function checkGradient(paint: Paint, place: string, variables: VariableCheck, nodeId: string | undefined): Paint {
  const { gradientStops, gradientTransform } = paint as { gradientStops?: unknown; gradientTransform?: unknown };
  const isMatrix = Array.isArray(gradientTransform) && gradientTransform.length === 2;
  if (!isMatrix || !gradientTransform.every((row) => Array.isArray(row) && row.length === 3)) {
    throw new TypeError(`${place}: gradientTransform must be 2 x 3 numbers`);
  }
  if (!Array.isArray(gradientStops) || gradientStops.length === 0) {
    throw new TypeError(`${place}: gradientStops must hold at least one stop`);
  }
  const stops = gradientStops.map((stop: Record<string, unknown>, i) => {
    const spot = `${place}.gradientStops[${i}]`;
    for (const key of Object.keys(stop)) {
      if (!['position', 'color', 'boundVariables'].includes(key))
        throw new TypeError(`${spot}: unrecognized key ${key}`);
    }
    const { position } = stop;
    if (typeof position !== 'number' || position < 0 || position > 1) throw new TypeError(`${spot}: position`);
    const color = checkColor(stop.color, spot, true);
    const bound = checkBinding(stop.boundVariables, ['color'], spot, variables);
    const resolved = bound === undefined ? undefined : variables.resolve(bound, nodeId);
    return { ...stop, color: resolved ? checkColor({ a: 1, ...resolved }, spot, true) : color };
  });
  return { ...paint, gradientStops: stops };
}

function checkImagePaint(paint: Paint, place: string, knowsImage: (hash: string) => boolean): Paint {
  const { imageHash, scaleMode, imageTransform, scalingFactor, filters = {} } = paint;
  if (!SCALE_MODES.includes(scaleMode as string)) throw new TypeError(`${place}: scaleMode ${String(scaleMode)}`);
  if (imageHash !== null && typeof imageHash !== 'string')
    throw new TypeError(`${place}: imageHash must be text or null`);
  if (typeof imageHash === 'string' && !knowsImage(imageHash))
    throw new Error(`${place}: no image with hash ${imageHash}`);
  if (imageTransform !== undefined && scaleMode !== 'CROP')
    throw new TypeError(`${place}: imageTransform without CROP`);
  if (scalingFactor !== undefined && scaleMode !== 'TILE') throw new TypeError(`${place}: scalingFactor without TILE`);
  for (const [name, amount] of Object.entries(filters as Record<string, unknown>)) {
    const isFine = FILTERS.includes(name) && typeof amount === 'number' && Math.abs(amount) <= 1;
    if (!isFine) throw new TypeError(`${place}: filter ${name}`);
  }
  return { ...paint, filters: Object.fromEntries(FILTERS.map((name) => [name, (filters as never)[name] ?? 0])) };
}
