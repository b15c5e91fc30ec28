import type { Attractor, Channels, Recipe } from './types.js';

/** A named look, ready to be edited. */
export interface Preset {
  /** Kebab-case and stable: recipes and quick actions refer to it. */
  readonly id: string;
  readonly name: string;
  readonly recipe: Recipe;
}

/** Shading stays as photographed. */
const KEEP_LUMINANCE: Channels = { luminance: false, saturation: true, hue: true };
const ALL: Channels = { luminance: true, saturation: true, hue: true };

/** The looks that ship, in the order they are offered. Tried on photographs; each is one small recipe. */
export const PRESETS: readonly Preset[] = [
  preset('warm', 'Warm', KEEP_LUMINANCE, ['oklch(75% 0.09 65)', 85, 55]),
  preset('cool', 'Cool', KEEP_LUMINANCE, ['oklch(68% 0.07 240)', 85, 55]),
  preset(
    'teal-orange',
    'Teal and orange',
    KEEP_LUMINANCE,
    ['oklch(42% 0.08 210)', 60, 75],
    ['oklch(74% 0.13 60)', 50, 80],
  ),
  preset('golden-hour', 'Golden hour', ALL, ['oklch(82% 0.13 80)', 60, 55], ['oklch(36% 0.07 45)', 45, 45]),
  preset('blue-hour', 'Blue hour', ALL, ['oklch(38% 0.09 265)', 85, 60], ['oklch(80% 0.1 75)', 12, 60]),
  preset('sunset', 'Sunset', ALL, ['oklch(72% 0.16 45)', 55, 60], ['oklch(38% 0.12 320)', 50, 60]),
  preset('vintage', 'Vintage', ALL, ['oklch(84% 0.06 88)', 55, 50], ['oklch(38% 0.04 170)', 50, 45]),
  preset(
    'film',
    'Film',
    ALL,
    ['oklch(24% 0.03 220)', 35, 45],
    ['oklch(92% 0.03 85)', 35, 45],
    ['oklch(62% 0.08 50)', 40, 30],
  ),
  preset('bleach', 'Bleach bypass', { luminance: false, saturation: true, hue: false }, [
    'oklch(65% 0.015 80)',
    100,
    130,
  ]),
  preset('pastel', 'Pastel', ALL, ['oklch(90% 0.05 20)', 60, 55], ['oklch(88% 0.05 230)', 60, 55]),
  preset('forest', 'Forest', KEEP_LUMINANCE, ['oklch(45% 0.09 145)', 75, 70], ['oklch(78% 0.08 100)', 40, 55]),
  preset('autumn', 'Autumn', KEEP_LUMINANCE, ['oklch(55% 0.14 45)', 70, 75], ['oklch(75% 0.12 85)', 40, 60]),
  preset('rose', 'Rose', KEEP_LUMINANCE, ['oklch(70% 0.1 5)', 85, 65]),
  preset(
    'neon',
    'Neon',
    KEEP_LUMINANCE,
    ['oklch(40% 0.2 300)', 60, 110],
    ['oklch(75% 0.18 340)', 35, 90],
    ['oklch(85% 0.14 200)', 25, 90],
  ),
  preset('duotone', 'Duotone', KEEP_LUMINANCE, ['oklch(30% 0.15 285)', 100, 160], ['oklch(85% 0.13 40)', 100, 120]),
  preset('cyanotype', 'Cyanotype', KEEP_LUMINANCE, ['oklch(45% 0.1 250)', 100, 200]),
  preset('sepia', 'Sepia', KEEP_LUMINANCE, ['oklch(60% 0.055 72)', 100, 200]),
  preset(
    'noir',
    'Noir',
    ALL,
    ['oklch(8% 0 none)', 55, 110],
    ['oklch(95% 0 none)', 55, 110],
    ['oklch(50% 0 none)', 100, 200],
  ),
];

function preset(
  id: string,
  name: string,
  channels: Channels,
  ...rows: readonly (readonly [color: string, tolerance: number, strength: number])[]
): Preset {
  const attractors = rows.map(([color, tolerance, strength]): Attractor => ({ color, tolerance, strength }));
  return { id, name, recipe: { version: 1, name, attractors, channels } };
}
