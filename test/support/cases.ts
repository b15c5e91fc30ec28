/** The recipes that every backend and strategy is held to; shared by Node and the browser. */
import {
  type Gamut,
  makeRecipe,
  type Plan,
  packColor,
  planFromCensus,
  type RecipeInput,
} from '../../src/core/index.js';

export interface ConformanceCase {
  readonly name: string;
  readonly recipe: RecipeInput;
  readonly gamut?: Gamut;
  /** Evaluated on all 2^24 colors by every backend, not only on the sample. */
  readonly everyColor?: boolean;
  /** Whether membership, too, is compared on all 2^24 colors, for the first attractor. */
  readonly everyMember?: boolean;
  /**
   * Puts the radii exactly on colors, as a flat region of a picture does: every other color of the census counts a
   * thousandfold.
   */
  readonly flat?: boolean;
}

export const CASES: readonly ConformanceCase[] = [
  { name: 'one color, strength 30', recipe: { attractors: ['tomato;50;30'] } },
  { name: 'one color, strength 75', recipe: { attractors: ['blue;20;75'] } },
  { name: 'one color, strength 150', recipe: { attractors: ['teal;80;150'] } },
  { name: 'two colors', recipe: { attractors: ['oklch(0.55 0.12 230);50;70', 'oklch(0.75 0.14 70);30;100'] } },
  { name: 'one color flattens everything', recipe: { attractors: ['#3366cc;100;200'] } },
  {
    name: 'two colors, out of gamut',
    recipe: { attractors: ['oklch(0.7 0.35 145);80;100', 'oklch(0.45 0.3 30);50;150'] },
  },
  {
    name: 'three colors',
    recipe: { attractors: ['red;20;100', 'lime;20;100', 'blue;20;100'] },
    everyColor: true,
  },
  {
    name: 'five colors that sum over 1',
    recipe: {
      attractors: ['orange;100;75', 'gold;80;100', 'rebeccapurple;100;100', 'hsl(180 60% 40%);50;200', 'pink;50;30'],
    },
  },
  {
    name: 'eight colors',
    recipe: {
      attractors: [
        'crimson;50;100',
        'navy;20;75',
        'olive;80;30',
        'lab(60 40 -50);50;150',
        'color(display-p3 0 1 0);20;100',
        'hwb(200 20% 10%);80;75',
        'silver;50;30',
        '#123456;20;200',
      ],
    },
    everyColor: true,
    everyMember: true,
  },
  {
    name: 'sixty-four colors, as many as there may be',
    recipe: {
      attractors: Array.from({ length: 64 }, (_, i) => `hsl(${i * 23} 70% ${25 + (i % 6) * 10}%);10;${40 + i * 2.5}`),
    },
  },
  { name: 'tolerance 0 does nothing', recipe: { attractors: ['red;0;200'] } },
  { name: 'strength 0 does nothing', recipe: { attractors: ['red;100;0'] } },
  { name: 'white', recipe: { attractors: ['white;80;100'] } },
  {
    name: 'white, lightness and hue only',
    recipe: { attractors: ['white;50;150'], channels: { saturation: false } },
  },
  { name: 'black', recipe: { attractors: ['black;50;75'] } },
  { name: 'grey', recipe: { attractors: ['grey;80;100'] } },
  { name: 'a hue of none', recipe: { attractors: ['oklch(0.6 0.2 none);80;100'] } },
  {
    name: 'opposite hues',
    recipe: { attractors: ['oklch(0.6 0.15 30);100;100', 'oklch(0.6 0.15 210);100;100'] },
  },
  {
    name: 'lightness off',
    recipe: { attractors: ['blue;80;100', 'yellow;80;100'], channels: { luminance: false } },
    everyColor: true,
  },
  { name: 'hue off', recipe: { attractors: ['magenta;80;100'], channels: { hue: false } } },
  {
    name: 'hue only',
    recipe: { attractors: ['green;100;200'], channels: { luminance: false, saturation: false } },
  },
  {
    name: 'lightness only',
    recipe: { attractors: ['yellow;50;150'], channels: { saturation: false, hue: false } },
  },
  {
    name: 'radii exactly on colors',
    recipe: { attractors: ['teal;50;200', 'red;20;150', 'gold;80;100'] },
    flat: true,
  },
  {
    name: 'Display P3',
    recipe: { attractors: ['color(display-p3 1 0.2 0.1);80;100', 'teal;50;150'] },
    gamut: 'display-p3',
  },
];

/** The plan of a case, its radii frozen on a census that every test shares. */
export function planOfCase({ recipe, gamut = 'srgb', flat = false }: ConformanceCase): Plan {
  const colors = sampleColors(4096);
  const counts = Float64Array.from(colors, (_, i) => (flat ? (i % 2 === 0 ? 1000 : 1) : 1 + (i % 7)));
  return planFromCensus({ colors, counts }, makeRecipe(recipe), gamut);
}

/**
 * Colors spread evenly over the cube, with all greys and the corners among them, each once.
 *
 * @param count about so many
 */
export function sampleColors(count: number): Uint32Array {
  const colors = new Set<number>();
  for (let code = 0; code < 256; code++) colors.add(packColor(code, code, code));
  for (let corner = 0; corner < 8; corner++) {
    colors.add(packColor((corner & 1) * 255, ((corner >> 1) & 1) * 255, (corner >> 2) * 255));
  }
  // A step of 2^24 over the golden ratio visits the cube evenly and, being odd, never twice.
  for (let i = 0; colors.size < count; i++) colors.add(Math.imul(i, 10368889) & 0xffffff);
  return Uint32Array.from(colors);
}
