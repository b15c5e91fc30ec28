import type { Color } from 'culori';
import { converter, modeHsl, modeLab, modeLch, modeP3, modeRgb, parse, useMode } from 'culori/fn';

for (const mode of [modeRgb, modeHsl, modeLab, modeLch, modeP3]) useMode(mode as typeof modeRgb);

/** Spaces that other programs compute colors in. */
export type ComponentSpace = 'srgb' | 'p3' | 'hsl' | 'lch';

type Convert = (color: Color | undefined) => Readonly<Record<string, unknown>> | undefined;

/** With their components in order. */
const COMPONENTS: Readonly<Record<ComponentSpace, { readonly to: Convert; readonly names: readonly string[] }>> = {
  srgb: { to: converter('rgb') as Convert, names: ['r', 'g', 'b'] },
  p3: { to: converter('p3') as Convert, names: ['r', 'g', 'b'] },
  hsl: { to: converter('hsl') as Convert, names: ['h', 's', 'l'] },
  lch: { to: converter('lch') as Convert, names: ['l', 'c', 'h'] },
};
export const COMPONENT_SPACES = Object.keys(COMPONENTS) as readonly ComponentSpace[];

/**
 * @param css a color that `parseColor` takes
 * @returns components, encoded and not limited to a gamut: from 0 to 1, hues in degrees (undefined without one), L and C of lch as
 *   CSS has them (white is 100); undefined for what culori does not read
 */
export function componentsOf(css: string, space: ComponentSpace): (number | undefined)[] | undefined {
  const { to, names } = COMPONENTS[space];
  const color = to(parse(css)) as Readonly<Record<string, number>> | undefined;
  return color && names.map((name) => color[name]);
}
