import { PRESETS } from '../../src/core/presets.js';
import { makeRecipe, type Recipe } from '../../src/index.js';

/** What is judged by default: every look, and rows of the kinds that people make. */
export const RECIPES: readonly { readonly name: string; readonly recipe: Recipe }[] = [
  ...PRESETS.map(({ name, recipe }) => ({ name, recipe })),
  ...Object.entries({
    'Attract, 50 %': ['oklch(65% 0.15 150);50;100'],
    'Attract, hard': ['oklch(65% 0.15 150);50;180'],
    'Repaint the sky': ['#5f7fae -> #b0603c;auto;100'],
    'Repaint the greens': ['#5c7a3a -> #7a4a8a;auto;100'],
    'Keep skin': ['oklch(45% 0.12 250);100;100', 'keep #d8a58c;~0.12;100'],
  }).map(([name, rows]) => ({ name, recipe: makeRecipe(rows) })),
];
