/** Validation of effects as strict as Figma's setter. */
import { checkBinding, checkColor, type VariableCheck } from './colors.js';
import { clonePlain, deepFreeze } from './plain-data.js';

export type Effect = Readonly<Record<string, unknown>> & { readonly type: string };

const SHADOW = ['color', 'offset', 'radius', 'spread', 'visible', 'blendMode', 'boundVariables'];
const BLUR = ['radius', 'visible', 'boundVariables', 'blurType'];
const KEYS: Readonly<Record<string, readonly string[]>> = {
  DROP_SHADOW: [...SHADOW, 'showShadowBehindNode'],
  INNER_SHADOW: SHADOW,
  LAYER_BLUR: BLUR,
  BACKGROUND_BLUR: BLUR,
  NOISE: [
    'noiseType',
    'color',
    'secondaryColor',
    'opacity',
    'noiseSize',
    'density',
    'visible',
    'blendMode',
    'boundVariables',
  ],
  TEXTURE: ['noiseSize', 'radius', 'clipToShape', 'visible', 'boundVariables'],
  GLASS: ['visible', 'lightIntensity', 'lightAngle', 'refraction', 'depth', 'dispersion', 'radius', 'boundVariables'],
};
const BINDABLE = ['color', 'radius', 'spread', 'offsetX', 'offsetY'];

/** @param nodeId whose modes decide what bound colors show; undefined in a style */
export function checkEffects(
  value: unknown,
  api: string,
  variables: VariableCheck,
  nodeId?: string,
): readonly Effect[] {
  if (!Array.isArray(value)) throw new TypeError(`in ${api}: Expected an array of effects, got ${typeof value}`);
  return deepFreeze(
    clonePlain(value, `in ${api}`).map((effect: unknown, i) =>
      checkEffect(effect as Effect, `in ${api}: [${i}]`, variables, nodeId),
    ),
  );
}

function checkEffect(effect: Effect, place: string, variables: VariableCheck, nodeId: string | undefined): Effect {
  const keys = KEYS[effect?.type];
  if (!keys) throw new TypeError(`${place}: unknown effect type ${String(effect?.type)}`);
  for (const key of Object.keys(effect)) {
    if (key !== 'type' && !keys.includes(key)) throw new TypeError(`${place}: unrecognized key ${key}`);
  }
  const { visible, radius } = effect;
  if (typeof visible !== 'boolean') throw new TypeError(`${place}: visible is required`);
  if (radius !== undefined && !(typeof radius === 'number' && radius >= 0)) throw new TypeError(`${place}: radius`);
  if (effect.type !== 'DROP_SHADOW' && effect.type !== 'INNER_SHADOW') return effect;
  const { offset, blendMode } = effect as { offset?: { x?: unknown; y?: unknown }; blendMode?: unknown };
  if (typeof offset?.x !== 'number' || typeof offset.y !== 'number')
    throw new TypeError(`${place}: offset is required`);
  if (typeof blendMode !== 'string') throw new TypeError(`${place}: blendMode is required`);
  if (radius === undefined) throw new TypeError(`${place}: radius is required`);
  const color = checkColor(effect.color, place, true);
  const bound = checkBinding(effect.boundVariables, BINDABLE, place, variables);
  const resolved = bound === undefined ? undefined : variables.resolve(bound, nodeId);
  return { ...effect, color: resolved ? checkColor({ a: 1, ...resolved }, place, true) : color };
}
