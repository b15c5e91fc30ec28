/** Tokens Studio's color modifiers, computed as its own transforms do. */
import { COMPONENT_SPACES, type ComponentSpace, componentsOf } from '../core/color/components.js';
import { quote } from '../core/errors.js';
import { cssOfComponents, withAlpha } from './color-value.js';
import { tokenError } from './token-error.js';
import { own, type Tree } from './tree.js';
import type { Modifier, RawValue } from './types.js';

const TYPES: readonly Modifier['type'][] = ['lighten', 'darken', 'mix', 'alpha'];

/**
 * @param readColor reads the color of a mix
 * @throws INVALID_TOKENS
 */
export function readModifier(
  modify: Tree,
  file: string,
  path: string,
  readColor: (value: unknown) => RawValue,
): Modifier {
  const refuse = (expected: string, key: string): never => {
    throw tokenError(file, path, `modify.${key}: expected ${expected}, got ${quote(own(modify, key))}`);
  };
  const type = TYPES.find((each) => each === own(modify, 'type')) ?? refuse(`one of ${TYPES.join(', ')}`, 'type');
  const space =
    type === 'alpha'
      ? 'srgb'
      : (COMPONENT_SPACES.find((each) => each === own(modify, 'space')) ??
        refuse(`one of ${COMPONENT_SPACES.join(', ')}`, 'space'));
  const value = own(modify, 'value');
  const amount = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof amount !== 'number' || !(amount >= 0 && amount <= 1)) return refuse('a number from 0 to 1', 'value');
  return { type, space, amount, ...(type === 'mix' && { color: readColor(own(modify, 'color')) }) };
}

/** @param mixed CSS of the modifier's color */
export function modifyColor(css: string, { type, space, amount }: Modifier, mixed: string | undefined): string {
  if (type === 'alpha') return withAlpha(css, amount);
  const from = componentsOf(css, space);
  const to = type === 'mix' ? mixed && componentsOf(mixed, space) : limitOf(type, space, from);
  if (!from || !to) return css;
  return cssOfComponents(
    space,
    from.map((value, i) => (isHue(space, i) ? turn(value, to[i], amount) : lerp(value ?? 0, to[i] ?? 0, amount))),
  );
}

/** Where a color goes as it gets lighter or darker: white or black, in hsl at its own hue and saturation. */
function limitOf(type: 'lighten' | 'darken', space: ComponentSpace, from: (number | undefined)[] | undefined) {
  if (!from) return undefined;
  const end = type === 'lighten' ? 1 : 0;
  if (space === 'hsl') return [from[0], from[1], end];
  return space === 'lch' ? [100 * end, 0, from[2]] : [end, end, end];
}

function isHue(space: ComponentSpace, i: number): boolean {
  return (space === 'hsl' && i === 0) || (space === 'lch' && i === 2);
}

function lerp(from: number, to: number, amount: number): number {
  return from + (to - from) * amount;
}

/** The shorter way round; a color without a hue takes the other's. */
function turn(from: number | undefined, to: number | undefined, amount: number): number {
  const [start = to ?? 0, end = start] = [from, to];
  const way = ((((end - start + 180) % 360) + 360) % 360) - 180;
  return (start + way * amount + 360) % 360;
}
