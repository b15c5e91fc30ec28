import { LOOK_BLEND } from './options.js';
import { PRESET_NAMES } from './preset-names.js';
import type { Channels, Recipe, Row } from './types.js';
import { RECIPE_VERSION } from './version.js';

/** A named look, ready to be edited. */
export interface Preset {
  /** Kebab-case and stable: recipes and quick actions refer to it. */
  readonly id: string;
  readonly name: string;
  readonly recipe: Recipe;
}

/** Shading stays as photographed. */
const KEEP_LUMINANCE: Channels = { luminance: false, saturation: true, hue: true };
const SATURATION_ONLY: Channels = { luminance: false, saturation: true, hue: false };
const ALL: Channels = { luminance: true, saturation: true, hue: true };

/** The looks that ship, in the order they are offered. Tried on photographs; each is one small recipe. */
export const PRESETS: readonly Preset[] = [
  preset('warm', KEEP_LUMINANCE, ['oklch(75% 0.11 62)', 100, 85]),
  preset('cool', KEEP_LUMINANCE, ['oklch(65% 0.08 245)', 100, 72]),
  preset('teal-orange', KEEP_LUMINANCE, ['oklch(40% 0.08 215)', 85, 95], ['oklch(76% 0.14 58)', 85, 95]),
  preset('golden-hour', ALL, ['oklch(84% 0.14 82)', 75, 70], ['oklch(34% 0.09 40)', 75, 65]),
  preset('blue-hour', ALL, ['oklch(34% 0.1 268)', 100, 75], ['oklch(84% 0.11 75)', 18, 90]),
  preset('sunset', ALL, ['oklch(76% 0.17 48)', 75, 80], ['oklch(36% 0.14 325)', 70, 75]),
  preset('vintage', ALL, ['oklch(86% 0.07 85)', 80, 75], ['oklch(38% 0.045 160)', 75, 60]),
  preset('film', ALL, ['oklch(20% 0.03 230)', 50, 70], ['oklch(92% 0.045 85)', 50, 70], ['oklch(60% 0.09 50)', 40, 40]),
  preset('bleach', SATURATION_ONLY, ['oklch(65% 0.02 80)', 100, 120]),
  preset('pastel', ALL, ['oklch(96% 0.03 350)', 100, 50], ['oklch(72% 0.1 300)', 60, 40]),
  preset('forest', KEEP_LUMINANCE, ['oklch(45% 0.1 148)', 90, 110], ['oklch(80% 0.1 105)', 60, 90]),
  preset('autumn', KEEP_LUMINANCE, ['oklch(50% 0.14 42)', 90, 110], ['oklch(78% 0.13 80)', 60, 90]),
  preset('rose', KEEP_LUMINANCE, ['oklch(68% 0.12 5)', 100, 110]),
  preset(
    'neon',
    KEEP_LUMINANCE,
    ['oklch(35% 0.2 290)', 85, 100],
    ['oklch(70% 0.2 345)', 75, 95],
    ['oklch(90% 0.12 200)', 30, 70],
  ),
  preset('duotone', KEEP_LUMINANCE, ['oklch(28% 0.16 285)', 100, 105], ['oklch(88% 0.13 55)', 100, 105]),
  preset('cyanotype', KEEP_LUMINANCE, ['oklch(45% 0.1 250)', 100, 200]),
  preset('sepia', KEEP_LUMINANCE, ['oklch(60% 0.055 72)', 100, 200]),
  preset('noir', ALL, ['black', 100, 101], ['white', 100, 101], ['oklch(55% 0 none)', 100, 70]),
];

function preset(
  id: keyof typeof PRESET_NAMES,
  channels: Channels,
  ...rows: readonly (readonly [color: string, tolerance: number, strength: number])[]
): Preset {
  const name = PRESET_NAMES[id];
  const made = rows.map(([color, tolerance, strength]): Row => ({ color, tolerance, strength }));
  return { id, name, recipe: { version: RECIPE_VERSION, name, rows: made, channels, blend: LOOK_BLEND } };
}
