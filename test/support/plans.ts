import { type Channels, type Gamut, makeRecipe, type Plan, packColor, planFromCensus } from '../../src/index.js';

/** Colors of a coarse cube, each once: radii measured on it reach into every part of the gamut. */
const STEP = 15;
const SIDE = 18;
const COARSE_CUBE = Uint32Array.from({ length: SIDE ** 3 }, (_, i) =>
  packColor((i % SIDE) * STEP, (Math.floor(i / SIDE) % SIDE) * STEP, Math.floor(i / SIDE ** 2) * STEP),
);

export interface PlanCase {
  readonly name: string;
  readonly attractors: readonly string[];
  readonly channels?: Partial<Channels>;
  readonly gamut?: Gamut;
}

/** A plan whose radii are percentiles of the coarse cube, or of other colors, each counted once. */
export function planOf({ attractors, channels, gamut = 'srgb' }: Omit<PlanCase, 'name'>, colors = COARSE_CUBE): Plan {
  const census = { colors, counts: new Float64Array(colors.length).fill(1) };
  return planFromCensus(census, makeRecipe(channels ? { attractors, channels } : { attractors }), gamut);
}

/** Recipes that between them take every path of a backend. */
export const PLAN_CASES: readonly PlanCase[] = [
  { name: 'two attractors', attractors: ['rgb(200 90 40);40;80', '#3060c0;50;70'] },
  { name: 'eight attractors, W above 1', attractors: eight() },
  { name: 'jumps at the radius', attractors: ['#c05030;30;150', '#3060c0;20;200', 'lime;40;101'] },
  { name: 'display-p3', attractors: ['color(display-p3 1 0.2 0);45;90', '#2040ff;30;130'], gamut: 'display-p3' },
  { name: 'white, saturation and hue off', attractors: ['white;60;130'], channels: { saturation: false, hue: false } },
  { name: 'black, hue on', attractors: ['black;70;90'] },
  { name: 'grey', attractors: ['#808080;50;100'] },
  {
    name: 'hue only',
    attractors: ['oklch(0.6 0.2 250);80;100', 'orange;50;60'],
    channels: { luminance: false, saturation: false },
  },
  { name: 'saturation only', attractors: ['oklch(0.7 0.35 140);100;100'], channels: { luminance: false, hue: false } },
  // The sum of weights puts many colors at L = 1, where the mapping jumps.
  {
    name: 'L at 1',
    attractors: ['oklch(1 0 none);70;21', 'oklch(1 0 none);60;175'],
    channels: { saturation: false, hue: false },
  },
  { name: 'luminance only', attractors: ['white;100;200'], channels: { saturation: false, hue: false } },
  { name: 'hue none', attractors: ['oklch(0.5 0.2 none);60;80', 'rebeccapurple;40;160'] },
  { name: 'opposite hues cancel', attractors: ['oklch(0.6 0.15 30);100;50', 'oklch(0.6 0.15 210);100;50'] },
  { name: 'outside sRGB', attractors: ['color(rec2020 0 1 0);70;100', 'color(display-p3 0 0 1);50;120'] },
  { name: 'tolerance 0 and strength 0', attractors: ['red;0;200', 'blue;100;0'] },
];

function eight(): string[] {
  const colors = ['red', 'lime', 'blue', '#808080', 'white', 'black', 'oklch(0.7 0.1 none)', '#ff8800'];
  const strengths = [60, 80, 120, 50, 60, 90, 40, 100];
  return colors.map((color, i) => `${color};${20 + 5 * i};${strengths[i]}`);
}
