/** Recipes of rows of all kinds that between them take every path of a backend. */
import {
  type Blend,
  type Channels,
  type Gamut,
  makeRecipe,
  type Plan,
  packColor,
  planFromCensus,
} from '../../src/index.js';

/** Colors of a coarse cube, each once: radii measured on it reach into every part of the gamut. */
const STEP = 15;
const SIDE = 18;
const COARSE_CUBE = Uint32Array.from({ length: SIDE ** 3 }, (_, i) =>
  packColor((i % SIDE) * STEP, (Math.floor(i / SIDE) % SIDE) * STEP, Math.floor(i / SIDE ** 2) * STEP),
);

export interface MixedCase {
  readonly name: string;
  readonly rows: readonly string[];
  readonly channels?: Partial<Channels>;
  readonly blend?: Blend;
  readonly gamut?: Gamut;
}

/** A plan whose radii are percentiles of the coarse cube, or of other colors, each counted once; or fixed. */
export function planOfRows(
  { rows, channels, blend, gamut = 'srgb' }: Omit<MixedCase, 'name'>,
  colors = COARSE_CUBE,
): Plan {
  const census = { colors, counts: new Float64Array(colors.length).fill(1) };
  const recipe = makeRecipe({ rows, ...(channels && { channels }), ...(blend && { blend }) });
  return planFromCensus(census, recipe, gamut);
}

export const MIXED_CASES: readonly MixedCase[] = [
  { name: 'dark to light', rows: ['#1c2a6b -> #f4e9c8;~0.15;100'] },
  { name: 'light to dark', rows: ['#f4e9c8 -> #2a0f14;40;100'] },
  { name: 'from grey', rows: ['#808080 -> tomato;30;100'] },
  { name: 'from white', rows: ['white -> #204060;~0.2;120'] },
  { name: 'from black', rows: ['black -> #b02030;~0.1;100'] },
  { name: 'saturated to grey', rows: ['#e02020 -> #777777;35;150'] },
  {
    name: 'two repaints that overlap',
    rows: ['#c03030 -> #3030c0;60;130', '#c08030 -> oklch(0.7 0.2 140);50;100', '#30a080 -> white;~0.25;70'],
  },
  { name: 'keep inside repaint', rows: ['#4060c0 -> #702040;~0.35;100', 'keep #4868c8;~0.12;100'] },
  {
    name: 'many keeps, of strengths that leave something',
    rows: ['#4060c0 -> gold;70;160', 'keep white;20;60', 'keep #306090;~0.3;130', 'keep #604080;25;199', 'teal;60;90'],
  },
  {
    name: 'with attractors',
    rows: ['rgb(200 90 40);40;80', '#2050c0 -> #c02050;~0.3;100', '#3060c0;50;170', 'keep #888;~0.05;200'],
  },
  {
    name: 'repainted to grey under attractors',
    rows: ['#e02020 -> grey;60;100', '#20a040 -> #80807f;~0.3;100', 'teal;70;60', 'orange;70;120'],
  },
  {
    name: 'all attractors, straight',
    rows: ['teal;60;80', 'orange;60;130', 'oklch(0.5 0.2 none);30;90'],
    blend: 'oklab',
  },
  {
    name: 'straight, with repaint and keep',
    rows: ['teal;60;80', 'orange;~0.3;130', '#c03030 -> #30c0c0;~0.2;100', 'keep #c0c0c0;10;100'],
    blend: 'oklab',
  },
  {
    name: 'display-p3',
    rows: [
      'color(display-p3 1 0.2 0) -> color(display-p3 0 0.9 0.3);~0.25;100',
      'keep gold;~0.1;140',
      '#2040ff;30;130',
    ],
    gamut: 'display-p3',
  },
  ...(['oklch', 'oklab'] as const).flatMap((blend): MixedCase[] =>
    [
      { luminance: false },
      { saturation: false },
      { hue: false },
      { luminance: false, saturation: false },
      { luminance: false, hue: false },
      { saturation: false, hue: false },
    ].map((channels) => ({
      name: `${Object.keys(channels).join(' and ')} off, ${blend}`,
      rows: [
        '#c03030 -> #707270;~0.35;100',
        '#4060c0 -> #f0d040;50;140',
        'grey;60;50',
        'lime;40;130',
        'keep tan;~0.08;100',
      ],
      channels,
      blend,
    })),
  ),
  { name: 'from is to', rows: ['#4060c0 -> #4060c0;~0.5;100'] },
  { name: 'keep rows alone', rows: ['keep #4060c0;50;100'] },
  { name: 'strength 200, whole cube', rows: ['#4060c0 -> #d08020;100;200'] },
  {
    name: 'outside of every gamut',
    rows: ['oklch(0.9 0.4 140) -> oklch(0.2 0.4 260);60;100', 'oklch(1 0.3 20) -> teal;~0.5;150'],
  },
];
