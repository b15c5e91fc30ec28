/** Where a variable may be used, as its scopes say: Figma's own pickers offer it nowhere else. */
import { isText } from './holder.js';

const CONTAINERS = ['FRAME', 'COMPONENT', 'COMPONENT_SET', 'INSTANCE', 'SECTION', 'SLIDE', 'SLOT'];
const COLOR_SCOPES: readonly VariableScope[] = [
  'ALL_SCOPES',
  'ALL_FILLS',
  'FRAME_FILL',
  'SHAPE_FILL',
  'TEXT_FILL',
  'STROKE_COLOR',
  'EFFECT_COLOR',
];

/** Whether any color may be bound to it; one that only other variables are to use has no scope. */
export function isForColors({ scopes }: Variable): boolean {
  return scopes.some((scope) => COLOR_SCOPES.includes(scope));
}

/** Whether a color of a layer may be bound to it. @param key of the place, as `readPlaces` writes it */
export function isForPlace({ scopes }: Variable, node: SceneNode, key: string): boolean {
  const allowed = scopesOf(node, key);
  return scopes.some((scope) => allowed.includes(scope));
}

function scopesOf(node: SceneNode, key: string): readonly VariableScope[] {
  if (key === 'strokes') return ['ALL_SCOPES', 'STROKE_COLOR'];
  if (key === 'effects') return ['ALL_SCOPES', 'EFFECT_COLOR'];
  if (isText(node)) return ['ALL_SCOPES', 'ALL_FILLS', 'TEXT_FILL'];
  return ['ALL_SCOPES', 'ALL_FILLS', CONTAINERS.includes(node.type) ? 'FRAME_FILL' : 'SHAPE_FILL'];
}
