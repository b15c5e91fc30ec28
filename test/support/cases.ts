/** The recipes that every backend, strategy and reading of the model is held to; shared by Node and the browser. */
import {
  type Blend,
  type Channels,
  type Gamut,
  makeRecipe,
  type Plan,
  packColor,
  planFromCensus,
  type Recipe,
} from '../../src/core/index.js';

export interface Case {
  readonly name: string;
  readonly rows: readonly string[];
  readonly channels?: Partial<Channels>;
  readonly blend?: Blend;
  readonly gamut?: Gamut;
  /** What the radii are measured on. Default `cube`. */
  readonly census?: keyof typeof CENSUSES;
  /**
   * What scripts/make-exactness.ts compares on all 2^24 colors: js with the reference, or that and wasm, or every other backend, with
   * js. The tests compare each case on a sample.
   */
  readonly every?: 'js' | 'wasm' | 'backend';
  /** Whether membership of the first row, too, is compared on all colors. */
  readonly everyMember?: boolean;
  /** One of those that between them take every path of a backend. */
  readonly isPath?: boolean;
}

const only = (on: keyof Channels): Channels => ({
  luminance: on === 'luminance',
  saturation: on === 'saturation',
  hue: on === 'hue',
});

/**
 * Together they hold 1 to 64 attractors, strengths from 0 to 200, tolerances from 0 to 100, each channel alone and each off, hues that
 * are white, black, grey and `none`, and both gamuts.
 */
const ATTRACTOR_CASES: readonly Case[] = [
  { name: 'one', rows: ['royalblue;50;75'], every: 'js' },
  { name: 'one color, strength 150', rows: ['teal;80;150'], census: 'spread' },
  { name: 'one, strong, small', rows: ['tomato;20;200'], every: 'js' },
  { name: 'one, everything in reach', rows: ['oklch(0.75 0.12 70);100;100'], every: 'js' },
  { name: 'one color flattens everything', rows: ['#3366cc;100;200'], census: 'spread' },
  { name: 'tolerance 0 and strength 0 do nothing', rows: ['red;0;200', 'blue;100;0'], isPath: true },
  { name: 'tolerance 0 beside weak', rows: ['red;0;200', 'seagreen;80;30'], every: 'js' },
  { name: 'two', rows: ['teal;50;100', 'orange;50;150'], every: 'js' },
  {
    name: 'two colors',
    rows: ['oklch(0.55 0.12 230);50;70', 'oklch(0.75 0.14 70);30;100'],
    census: 'spread',
    every: 'wasm',
    isPath: true,
  },
  {
    name: 'two colors, out of gamut',
    rows: ['oklch(0.7 0.35 145);80;100', 'oklch(0.45 0.3 30);50;150'],
    census: 'spread',
  },
  { name: 'three colors', rows: ['red;20;100', 'lime;20;100', 'blue;20;100'], census: 'spread', every: 'backend' },
  {
    name: 'five, weights above 1',
    rows: ['brown;80;100', 'green;80;100', 'slateblue;80;100', 'tan;100;75', 'ivory;20;150'],
    every: 'js',
  },
  {
    name: 'five colors that sum over 1',
    rows: ['orange;100;75', 'gold;80;100', 'rebeccapurple;100;100', 'hsl(180 60% 40%);50;200', 'pink;50;30'],
    census: 'spread',
  },
  {
    name: 'eight',
    rows: [
      'maroon;20;100',
      'olive;50;75',
      'navy;20;150',
      'silver;20;30',
      'white;20;100',
      'black;20;100',
      'color(display-p3 0 1 0);20;75',
      'hsl(none 0% 50%);50;30',
    ],
    every: 'js',
    isPath: true,
  },
  {
    name: 'eight colors',
    rows: [
      'crimson;50;100',
      'navy;20;75',
      'olive;80;30',
      'lab(60 40 -50);50;150',
      'color(display-p3 0 1 0);20;100',
      'hwb(200 20% 10%);80;75',
      'silver;50;30',
      '#123456;20;200',
    ],
    census: 'spread',
    every: 'backend',
    everyMember: true,
  },
  {
    name: 'sixty-four colors, as many as there may be',
    rows: Array.from({ length: 64 }, (_, i) => `hsl(${i * 23} 70% ${25 + (i % 6) * 10}%);10;${40 + i * 2.5}`),
    census: 'spread',
  },
  {
    name: 'jumps at the radius',
    rows: ['#c05030;30;150', '#3060c0;20;200', 'lime;40;101'],
    every: 'wasm',
    isPath: true,
  },
  { name: 'radii exactly on colors', rows: ['teal;50;200', 'red;20;150', 'gold;80;100'], census: 'flat' },
  { name: 'white', rows: ['white;80;100'], census: 'spread' },
  { name: 'white and black', rows: ['white;20;100', 'black;80;75'], every: 'js' },
  { name: 'black', rows: ['black;70;90'], isPath: true },
  { name: 'grey', rows: ['#808080;50;100'], isPath: true },
  { name: 'grey and none hue', rows: ['#808080;50;100', 'oklch(0.6 0.15 none);50;75'], every: 'js' },
  { name: 'a hue of none', rows: ['oklch(0.5 0.2 none);60;80', 'rebeccapurple;40;160'], isPath: true },
  {
    name: 'opposite hues',
    rows: ['oklch(0.6 0.15 30);100;100', 'oklch(0.6 0.15 210);100;100'],
    census: 'spread',
  },
  {
    name: 'opposite hues cancel',
    rows: ['oklch(0.6 0.15 30);100;50', 'oklch(0.6 0.15 210);100;50'],
    isPath: true,
  },
  {
    name: 'lightness off',
    rows: ['blue;80;100', 'yellow;80;100'],
    channels: { luminance: false },
    census: 'spread',
    every: 'backend',
  },
  { name: 'saturation off', rows: ['oklch(0.5 0.1 200);80;150'], channels: { saturation: false } },
  { name: 'saturation off, white', rows: ['white;50;150'], channels: { saturation: false }, census: 'spread' },
  { name: 'hue off', rows: ['magenta;80;100'], channels: { hue: false }, census: 'spread' },
  {
    name: 'three, luminance only',
    rows: ['gold;50;100', 'navy;50;75', 'pink;20;200'],
    channels: only('luminance'),
    every: 'js',
  },
  {
    name: 'three, saturation only',
    rows: ['gold;50;100', 'grey;80;75', 'red;20;150'],
    channels: only('saturation'),
    every: 'js',
  },
  { name: 'saturation only', rows: ['oklch(0.7 0.35 140);100;100'], channels: only('saturation'), isPath: true },
  { name: 'two, hue only', rows: ['purple;80;100', 'lime;20;75'], channels: only('hue'), every: 'js' },
  { name: 'hue only', rows: ['oklch(0.6 0.2 250);80;100', 'orange;50;60'], channels: only('hue'), isPath: true },
  { name: 'hue only, flattens everything', rows: ['green;100;200'], channels: only('hue'), census: 'spread' },
  { name: 'white at constant chroma', rows: ['white;60;130'], channels: only('luminance'), isPath: true },
  { name: 'all white at constant chroma', rows: ['white;100;200'], channels: only('luminance'), isPath: true },
  {
    name: 'black at constant chroma',
    rows: ['black;50;200', '#000;80;200'],
    channels: only('luminance'),
  },
  {
    // The sum of weights puts many colors at L = 1, where the mapping jumps.
    name: 'L at 1',
    rows: ['oklch(1 0 none);70;21', 'oklch(1 0 none);60;175'],
    channels: only('luminance'),
    isPath: true,
  },
  { name: 'much gamut mapping', rows: ['red;100;150', 'lime;80;200', 'blue;50;100'] },
  { name: 'outside sRGB', rows: ['color(rec2020 0 1 0);70;100', 'color(display-p3 0 0 1);50;120'], isPath: true },
  { name: 'far outside sRGB', rows: ['oklch(0.7 0.4 150);100;200'] },
  { name: 'far outside P3', rows: ['oklch(0.6 0.4 25);80;150'], gamut: 'display-p3' },
  { name: 'two in display-p3', rows: ['teal;50;100', 'coral;80;75'], gamut: 'display-p3', every: 'js' },
  {
    name: 'Display P3',
    rows: ['color(display-p3 1 0.2 0);45;90', '#2040ff;30;130'],
    gamut: 'display-p3',
    every: 'wasm',
    isPath: true,
  },
];

const EVERY = { every: 'backend' } as const;

/** Repaint and keep rows, fixed reaches and the straight blend. */
export const MIXED_CASES: readonly Case[] = [
  { name: 'repaint dark to light', rows: ['navy -> khaki;~0.25;100'], ...EVERY, everyMember: true, isPath: true },
  { name: 'repaint light to dark', rows: ['#f0e0c0 -> #301018;30;100'], ...EVERY },
  { name: 'repaint saturated to grey', rows: ['red -> #777777;~0.3;130'], ...EVERY, isPath: true },
  { name: 'repaint grey to saturated', rows: ['#808080 -> teal;~0.15;150'], every: 'wasm', everyMember: true },
  {
    name: 'repaint white and black',
    rows: ['white -> gold;~0.25;100', 'black -> navy;~0.2;130'],
    ...EVERY,
    isPath: true,
  },
  { name: 'repaint to white and black', rows: ['#d04040 -> white;40;100', '#4060d0 -> black;~0.2;200'] },
  {
    name: 'two repaints that overlap',
    rows: ['#3060c0 -> crimson;60;100', '#2080a0 -> gold;60;160'],
    ...EVERY,
    isPath: true,
  },
  {
    name: 'keep inside repaint',
    rows: ['#3060c0 -> #802040;70;120', 'keep #4070b0;~0.08;100', 'keep #2050d0;15;150'],
    ...EVERY,
    everyMember: true,
    isPath: true,
  },
  { name: 'keep beside an attractor', rows: ['orange;80;120', 'keep #a06040;~0.15;60'] },
  { name: 'keeps alone do nothing', rows: ['keep teal;50;100', 'keep #c08060;~0.1;200'], isPath: true },
  {
    name: 'rows of all kinds',
    rows: ['#c05030 -> #30a060;40;100', 'keep pink;~0.1;100', 'gold;30;70', 'royalblue;~0.2;150', 'white;20;60'],
    ...EVERY,
    isPath: true,
  },
  {
    name: 'rows of all kinds, blended straight',
    rows: [
      '#c05030 -> #30a060;40;100',
      'keep pink;~0.1;100',
      'gold;30;70',
      'royalblue;~0.2;150',
      'oklch(0.6 0.2 none);50;60',
    ],
    blend: 'oklab',
    ...EVERY,
    isPath: true,
  },
  { name: 'opposite hues blended straight', rows: ['teal;60;100', 'orange;60;100'], blend: 'oklab' },
  { name: 'fixed reaches', rows: ['gold;~0.3;100', 'rebeccapurple;~0.25;200', 'lime;~1;40', 'red;~0;200'] },
  {
    name: 'repaint, lightness off',
    rows: ['#3060c0 -> orange;60;120', 'teal;40;80'],
    channels: { luminance: false },
    ...EVERY,
  },
  {
    name: 'repaint, saturation off',
    rows: ['#3060c0 -> orange;60;120', 'white -> #a05050;~0.2;100', 'teal;40;80'],
    channels: { saturation: false },
    ...EVERY,
    isPath: true,
  },
  {
    name: 'repaint, hue off',
    rows: ['#3060c0 -> orange;60;120', '#808080 -> lime;~0.2;100', 'teal;40;80'],
    channels: { hue: false },
    ...EVERY,
    isPath: true,
  },
  {
    name: 'repaint, luminance only',
    rows: ['#703030 -> white;70;160', 'navy;30;80'],
    channels: only('luminance'),
  },
  {
    name: 'repaint, saturation only, blended straight',
    rows: ['#3060c0 -> grey;60;150', 'red;60;80'],
    channels: only('saturation'),
    blend: 'oklab',
  },
  {
    name: 'repaint, hue only, blended straight',
    rows: ['#3060c0 -> orange;60;100', 'lime;40;80', 'oklch(0.6 0.1 none);50;60'],
    channels: only('hue'),
    blend: 'oklab',
    isPath: true,
  },
  {
    name: 'repaint with hues of none',
    rows: ['oklch(0.6 0.15 none) -> oklch(0.7 0.2 none);50;100', 'oklch(0.5 0.2 260) -> hsl(none 60% 40%);~0.25;120'],
  },
  {
    name: 'repaint colors outside sRGB',
    rows: ['color(rec2020 0 1 0) -> color(display-p3 0 0 1);60;200', 'oklch(0.7 0.4 150) -> oklch(0.6 0.4 25);60;150'],
    every: 'wasm',
    isPath: true,
  },
  { name: 'repaint lighter than white', rows: ['oklch(120% 0.1 20) -> oklch(-10% 0.1 200);60;150'] },
  {
    name: 'repaint in display-p3',
    rows: [
      'color(display-p3 1 0.2 0.1) -> color(display-p3 0.1 0.9 0.3);~0.35;100',
      'keep #e06040;10;100',
      'blue;20;60',
    ],
    gamut: 'display-p3',
    ...EVERY,
    isPath: true,
  },
  {
    name: 'surface radii exactly on colors',
    rows: ['teal -> gold;50;200', 'red -> black;20;150', 'keep #808080;30;150'],
    census: 'flat',
    every: 'wasm',
    everyMember: true,
    isPath: true,
  },
  {
    name: 'sixty-four rows of all kinds',
    rows: Array.from({ length: 64 }, (_, i) => {
      const color = `hsl(${i * 23} 70% ${25 + (i % 6) * 10}%)`;
      const reach = i % 5 === 0 ? `~${(5 + i) / 400}` : 2 + (i % 7);
      const colors = [color, `${color} -> hsl(${i * 41} 60% ${20 + (i % 5) * 15}%)`, `keep ${color}`][i % 3];
      return `${colors};${reach};${40 + i * 2.5}`;
    }),
  },
];

export const CASES: readonly Case[] = [...ATTRACTOR_CASES, ...MIXED_CASES];

/** Those that between them take every path of a backend. */
export const PATHS: readonly Case[] = CASES.filter(({ isPath }) => isPath);

export function findCase(name: string): Case {
  const found = CASES.find((testCase) => testCase.name === name);
  if (!found) throw new Error(`no case is named ${name}`);
  return found;
}

/** Each 17th code of each component: 16^3 colors, each once, as a picture that the radii are measured on. */
const CUBE: Uint32Array = Uint32Array.from({ length: 4096 }, (_, i) =>
  packColor((i & 15) * 17, ((i >> 4) & 15) * 17, (i >> 8) * 17),
);

const SPREAD = sampleColors(4096);

export const CENSUSES = {
  cube: { colors: CUBE, counts: new Float64Array(CUBE.length).fill(1) },
  spread: { colors: SPREAD, counts: Float64Array.from(SPREAD, (_, i) => 1 + (i % 7)) },
  /** Puts the radii exactly on colors, as a flat region of a picture does. */
  flat: { colors: SPREAD, counts: Float64Array.from(SPREAD, (_, i) => (i % 2 === 0 ? 100 : 1)) },
};

export const recipeOf = ({ rows, channels, blend }: Omit<Case, 'name'>): Recipe =>
  makeRecipe({ rows, channels, blend });

/** A plan whose radii are frozen on its census, or on other colors, each counted once. */
export function planOf({ census = 'cube', gamut = 'srgb', ...rest }: Omit<Case, 'name'>, colors?: Uint32Array): Plan {
  const measured = colors ? { colors, counts: new Float64Array(colors.length).fill(1) } : CENSUSES[census];
  return planFromCensus(measured, recipeOf(rest), gamut);
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
