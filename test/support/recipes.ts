import {
  type Channels,
  type Gamut,
  makeRecipe,
  type Plan,
  packColor,
  planFromCensus,
  type RecipeInput,
} from '../../src/index.js';

/** A recipe of the exactness tests. */
export interface Case {
  readonly name: string;
  readonly attractors: readonly string[];
  readonly channels?: Partial<Channels>;
  readonly gamut?: Gamut;
}

const only = (on: keyof Channels): Partial<Channels> => ({
  luminance: on === 'luminance',
  saturation: on === 'saturation',
  hue: on === 'hue',
});

/**
 * Run on every color. Together they hold 1, 2, 3, 5 and 8 attractors, strengths 30, 75, 100, 150 and 200, tolerances 0,
 * 20, 50, 80 and 100, each channel alone, hues that are white, black, grey and `none`, and both gamuts.
 */
export const CASES: readonly Case[] = [
  { name: 'one', attractors: ['royalblue;50;75'] },
  { name: 'one, everything in reach', attractors: ['oklch(0.75 0.12 70);100;100'] },
  { name: 'one, strong, small', attractors: ['tomato;20;200'] },
  { name: 'two', attractors: ['teal;50;100', 'orange;50;150'] },
  { name: 'two in display-p3', attractors: ['teal;50;100', 'coral;80;75'], gamut: 'display-p3' },
  { name: 'tolerance 0 beside weak', attractors: ['red;0;200', 'seagreen;80;30'] },
  { name: 'white and black', attractors: ['white;20;100', 'black;80;75'] },
  { name: 'grey and none hue', attractors: ['#808080;50;100', 'oklch(0.6 0.15 none);50;75'] },
  {
    name: 'three, luminance only',
    attractors: ['gold;50;100', 'navy;50;75', 'pink;20;200'],
    channels: only('luminance'),
  },
  {
    name: 'three, saturation only',
    attractors: ['gold;50;100', 'grey;80;75', 'red;20;150'],
    channels: only('saturation'),
  },
  { name: 'two, hue only', attractors: ['purple;80;100', 'lime;20;75'], channels: only('hue') },
  {
    name: 'five, weights above 1',
    attractors: ['brown;80;100', 'green;80;100', 'slateblue;80;100', 'tan;100;75', 'ivory;20;150'],
  },
  {
    name: 'eight',
    attractors: [
      'maroon;20;100',
      'olive;50;75',
      'navy;20;150',
      'silver;20;30',
      'white;20;100',
      'black;20;100',
      'color(display-p3 0 1 0);20;75',
      'hsl(none 0% 50%);50;30',
    ],
  },
];

/** Run on spread colors only. */
export const MORE_CASES: readonly Case[] = [
  { name: 'luminance off', attractors: ['crimson;50;100', 'skyblue;50;75'], channels: { luminance: false } },
  { name: 'saturation off', attractors: ['oklch(0.5 0.1 200);80;150'], channels: { saturation: false } },
  { name: 'hue off', attractors: ['sienna;80;100'], channels: { hue: false } },
  { name: 'much gamut mapping', attractors: ['red;100;150', 'lime;80;200', 'blue;50;100'] },
  { name: 'white at constant chroma', attractors: ['white;50;200'], channels: only('luminance') },
  { name: 'black at constant chroma', attractors: ['black;50;200', '#000;80;200'], channels: only('luminance') },
  { name: 'far outside sRGB', attractors: ['oklch(0.7 0.4 150);100;200'] },
  { name: 'far outside P3', attractors: ['oklch(0.6 0.4 25);80;150'], gamut: 'display-p3' },
];

/** Each 17th code of each component: 16^3 colors, each once, as a picture that the radii are measured on. */
export const CUBE: Uint32Array = Uint32Array.from({ length: 4096 }, (_, i) =>
  packColor((i & 15) * 17, ((i >> 4) & 15) * 17, (i >> 8) * 17),
);

export const recipeOf = ({ attractors, channels }: Case): ReturnType<typeof makeRecipe> =>
  makeRecipe({ attractors, channels } as RecipeInput);

/** The plan of a case on the cube. */
export const planOf = (recipe: Case): Plan =>
  planFromCensus(
    { colors: CUBE, counts: new Float64Array(CUBE.length).fill(1) },
    recipeOf(recipe),
    recipe.gamut ?? 'srgb',
  );
