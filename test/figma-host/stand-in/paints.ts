/** Validation of paints as strict as Figma's setters, and the full form in which it gives them back. */
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

/**
 * @param knowsImage whether a hash exists
 * @param allowPattern false in the synchronous setters
 * @returns a frozen copy with defaults filled in
 */
export function checkPaints(
  value: unknown,
  api: string,
  knowsImage: (hash: string) => boolean,
  allowPattern: boolean,
): readonly Paint[] {
  if (!Array.isArray(value)) throw new TypeError(`in ${api}: Expected an array of paints, got ${typeof value}`);
  const paints = clonePlain(value, api).map((paint: unknown, i) => checkPaint(paint, `in ${api}: [${i}]`, knowsImage));
  if (!allowPattern && paints.some(({ type }) => type === 'PATTERN')) {
    throw new Error(`in ${api}: PATTERN paints need the asynchronous setter`);
  }
  return deepFreeze(paints);
}

function checkPaint(value: unknown, place: string, knowsImage: (hash: string) => boolean): Paint {
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
  return paint.type === 'IMAGE' ? checkImagePaint(full, place, knowsImage) : full;
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
