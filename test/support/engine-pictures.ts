import { type Gamut, makeRecipe, type Pixels, type Plan, planFor, type Recipe } from '../../src/index.js';

/**
 * Pictures and recipes of the hashes in test/fixtures/engine-hashes.json. Integers and IEEE sums and products only, so that
 * every machine makes the same ones. Whoever changes anything here makes the fixture worthless: add, never change.
 */
export interface EnginePicture {
  readonly name: string;
  /** Names in `RECIPES`: all of them on small pictures, few on large ones. */
  readonly recipes: readonly string[];
  readonly make: () => Pixels;
}

/** A color, 16 bits a component, alpha last. */
type Painter = (x: number, y: number, width: number, height: number) => readonly [number, number, number, number];

const OPAQUE = 65535;

/** 16 bits that look random, of a place. */
function hash(x: number, y: number, salt: number): number {
  let bits = Math.imul(x + 1, 0x9e3779b1) ^ Math.imul(y + 1, 0x85ebca6b) ^ Math.imul(salt + 1, 0xc2b2ae35);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return (bits ^ (bits >>> 15)) >>> 16;
}

/** Smooth between random values, one every `cell` (a power of two) pixels. */
function cloud(x: number, y: number, cell: number, salt: number): number {
  const [cx, cy] = [Math.floor(x / cell), Math.floor(y / cell)];
  const [fx, fy] = [x / cell - cx, y / cell - cy];
  const top = hash(cx, cy, salt) * (1 - fx) + hash(cx + 1, cy, salt) * fx;
  const bottom = hash(cx, cy + 1, salt) * (1 - fx) + hash(cx + 1, cy + 1, salt) * fx;
  return top * (1 - fy) + bottom * fy;
}

const clamp = (code: number): number => Math.min(65535, Math.max(0, Math.floor(code)));

const PAINTERS = {
  /** Few colors far apart, many near each other, an edge, a little sensor noise. */
  photo(x, y, _width, height) {
    const light = cloud(x, y, 64, 0) * 0.6 + cloud(x, y, 16, 1) * 0.3 + (hash(x, y, 2) & 1023);
    const warm = cloud(x, y, 128, 3) * 0.5 - 16384;
    const sky = y * 3 < height ? 20000 : 0;
    return [clamp(light + warm), clamp(light), clamp(light - warm + sky), OPAQUE];
  },
  noise: (x, y) => [hash(x, y, 10), hash(x, y, 11), hash(x, y, 12), OPAQUE],
  flat: () => [0x3a3a, 0x6f70, 0xb2b1, OPAQUE],
  black: () => [0, 0, 0, OPAQUE],
  white: () => [65535, 65535, 65535, OPAQUE],
  twoColors: (x, y) =>
    hash(x >> 2, y >> 2, 20) & 1 ? [0xc8c8, 0x5a5a, 0x2828, OPAQUE] : [0x3030, 0x6060, 0xc0c0, OPAQUE],
  /** All greys, each component's ramp, and their mixtures. */
  gradient: (x, y, width, height) => [
    clamp((x * 65535) / width),
    clamp((y * 65535) / height),
    clamp(((x + y) * 65535) / (width + height)),
    OPAQUE,
  ],
  greys(x, y, width) {
    const code = clamp(((x + (y & 3)) * 65535) / width);
    return [code, code, code, OPAQUE];
  },
  poster(x, y) {
    const step = (salt: number): number => Math.floor(cloud(x, y, 32, salt) / 16384) * 20000;
    return [step(30), step(31), step(32), OPAQUE];
  },
  /** Every 4th code of every component where there are 2^18 pixels. */
  cube(x, y, width) {
    const at = y * width + x;
    return [(at & 63) << 10, ((at >> 6) & 63) << 10, ((at >> 12) & 63) << 10, OPAQUE];
  },
} satisfies Record<string, Painter>;

type Kind = keyof typeof PAINTERS;

/** Alpha of a place. */
const ALPHAS = {
  opaque: () => OPAQUE,
  hidden: () => 0,
  /** A third hidden, the rest at every alpha. */
  partly: (x: number, y: number) => (hash(x >> 3, y >> 3, 40) % 3 === 0 ? 0 : 1 + (hash(x, y, 41) % 65535)),
  /** One pixel in 997 can be seen. */
  sparse: (x: number, y: number) => (hash(x, y, 42) % 997 === 0 ? OPAQUE : 0),
};

interface Traits {
  readonly bits?: 8 | 16;
  readonly channels?: 3 | 4;
  readonly gamut?: Gamut;
  readonly alpha?: keyof typeof ALPHAS;
  readonly isClamped?: boolean;
  /** Samples before the first one in its buffer. */
  readonly offset?: number;
}

export function makeEnginePicture(kind: Kind, width: number, height: number, traits: Traits = {}): Pixels {
  const { bits = 8, alpha, channels = alpha ? 4 : 3, gamut = 'srgb', isClamped, offset = 0 } = traits;
  const paint: Painter = PAINTERS[kind];
  const alphaAt = ALPHAS[alpha ?? 'opaque'];
  const Samples = bits === 16 ? Uint16Array : isClamped ? Uint8ClampedArray : Uint8Array;
  const data = new Samples(width * height * channels + offset).subarray(offset);
  const shift = 16 - bits;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      const [red, green, blue] = paint(x, y, width, height);
      data[at] = red >> shift;
      data[at + 1] = green >> shift;
      data[at + 2] = blue >> shift;
      if (channels === 4) data[at + 3] = alphaAt(x, y) >> shift;
    }
  }
  return { data, width, height, channels, gamut };
}

const only = (on: 'luminance' | 'saturation' | 'hue') => ({
  luminance: on === 'luminance',
  saturation: on === 'saturation',
  hue: on === 'hue',
});

const NINE = ['red', 'lime', 'blue', '#808080', 'white', 'black', 'oklch(0.7 0.1 none)', '#ff8800', 'rebeccapurple'];
const GIVEN: Readonly<Record<string, Recipe>> = {
  two: makeRecipe(['rgb(200 90 40);40;80', '#3060c0;50;70']),
  strong: makeRecipe(['#c05030;30;150', '#3060c0;20;200', 'lime;40;101']),
  everything: makeRecipe(['oklch(0.75 0.12 70);100;100']),
  exact: makeRecipe(['red;0;200', 'seagreen;80;30', '#3a6fb2;0;100']),
  none: makeRecipe(['oklch(0.5 0.2 none);60;80', 'rebeccapurple;40;160']),
  grey: makeRecipe(['#808080;50;100', 'orange;50;60']),
  white: makeRecipe(['white;60;130', 'black;30;60']),
  luminance: makeRecipe({ attractors: ['gold;50;100', 'navy;50;75', 'white;100;200'], channels: only('luminance') }),
  saturation: makeRecipe({ attractors: ['oklch(0.7 0.35 140);100;100'], channels: only('saturation') }),
  hue: makeRecipe({ attractors: ['oklch(0.6 0.2 250);80;100', 'orange;50;60'], channels: only('hue') }),
  nine: makeRecipe(NINE.map((color, i) => `${color};${20 + 5 * i};${40 + 12 * i}`)),
  wide: makeRecipe(['color(rec2020 0 1 0);70;100', 'color(display-p3 1 0 0);50;120']),
};

/** Radii of another picture. */
const frozenPlan = (gamut: Gamut): Plan =>
  planFor(makeEnginePicture('photo', 64, 48, { gamut }), GIVEN.strong as Recipe);
const frozenPlans = new Map<Gamut, Plan>();

const FROZEN = 'frozen plan';
const ALL: readonly string[] = [...Object.keys(GIVEN), FROZEN];

export function recipeOrPlan(name: string, gamut: Gamut): Recipe | Plan {
  if (name === FROZEN) {
    const plan = frozenPlans.get(gamut) ?? frozenPlan(gamut);
    frozenPlans.set(gamut, plan);
    return plan;
  }
  const recipe = GIVEN[name];
  if (!recipe) throw new Error(`no recipe ${name}`);
  return recipe;
}

type Entry = readonly [kind: Kind, width: number, height: number, traits?: Traits, recipes?: readonly string[]];

const p3 = { gamut: 'display-p3' } as const;
const deep = { bits: 16 } as const;

/** Every recipe. */
const SMALL: readonly Entry[] = [
  ['photo', 120, 80],
  ['photo', 97, 61, { channels: 4, alpha: 'partly' }],
  ['photo', 83, 59, { ...p3, isClamped: true }],
  ['noise', 64, 64],
  ['gradient', 101, 67, { ...p3, channels: 4 }],
  ['cube', 64, 64, { isClamped: true, channels: 4 }],
  ['photo', 71, 53, deep],
  ['gradient', 67, 41, { ...deep, ...p3, alpha: 'partly' }],
];

/** Some recipes, one after the other. */
const ODD: readonly Entry[] = [
  ['flat', 1, 1],
  ['flat', 1, 1, { channels: 4 }],
  ['flat', 1, 1, { alpha: 'hidden' }],
  ['noise', 1, 1, deep],
  ['noise', 3, 1],
  ['noise', 3, 1, { ...deep, channels: 4 }],
  ['noise', 1, 7, { channels: 4, offset: 1 }],
  ['flat', 60, 40],
  ['black', 33, 31],
  ['white', 33, 31, p3],
  ['twoColors', 50, 50],
  ['twoColors', 41, 43, { alpha: 'partly', isClamped: true }],
  ['greys', 256, 4],
  ['greys', 257, 5, deep],
  ['poster', 127, 63],
  ['photo', 90, 60, { alpha: 'hidden' }],
  ['photo', 90, 60, { ...deep, alpha: 'hidden' }],
  ['noise', 300, 200, { alpha: 'sparse' }],
  ['photo', 300, 200],
  ['photo', 299, 201, { ...p3, alpha: 'partly', offset: 3 }],
  ['gradient', 301, 199, { isClamped: true, offset: 1 }],
  ['poster', 300, 200, { channels: 4 }],
  ['noise', 91, 90, { ...deep, offset: 1 }],
  ['photo', 92, 90, { ...deep, alpha: 'partly', offset: 1 }],
];

/** Around the sizes at which an engine may change its ways: 2^13 in the list above, 2^15 here, 2^17 and 2^18 below. */
const EDGES: readonly Entry[] = [
  ['photo', 217, 151], // 2^15 - 1
  ['noise', 256, 128, { offset: 1 }],
  ['photo', 331, 99, { channels: 4, alpha: 'partly' }], // 2^15 + 1
  ['photo', 217, 151, deep],
  ['gradient', 256, 128, { ...deep, ...p3, channels: 4 }],
  ['noise', 331, 99, { ...deep, offset: 1 }],
];

/** One recipe each. */
const WIDE_EDGES: readonly Entry[] = [
  ['photo', 131071, 1, { offset: 1 }], // 2^17 - 1
  ['poster', 512, 256, { ...p3, alpha: 'partly' }],
  ['noise', 43691, 3, { isClamped: true }], // 2^17 + 1
  ['photo', 512, 256, { ...deep, alpha: 'partly' }],
  ['photo', 87381, 3, { channels: 4, isClamped: true, offset: 2 }], // 2^18 - 1
  ['cube', 512, 512],
  ['photo', 52429, 5, p3], // 2^18 + 1
  ['noise', 512, 512, { alpha: 'partly' }],
];

/** One or two recipes. */
const LARGE: readonly Entry[] = [
  ['photo', 701, 613, { alpha: 'partly', offset: 1 }, ['two', 'nine']],
  ['twoColors', 700, 600, {}, ['strong', FROZEN]],
  ['photo', 600, 600, { alpha: 'hidden' }, ['two']],
  ['gradient', 640, 480, deep, ['two', FROZEN]],
  ['photo', 1024, 1024, {}, ['strong', FROZEN]],
  ['noise', 700, 700, {}, ['two']],
  ['photo', 2100, 2000, { offset: 1 }, ['two']],
  ['poster', 2100, 2000, { ...p3, alpha: 'partly' }, [FROZEN]],
];

/** `count` recipes, other ones for each picture. */
const someRecipes = (entries: readonly Entry[], count: number): readonly Entry[] =>
  entries.map(([kind, width, height, traits], i) => {
    const names = Array.from({ length: count }, (_, k) => ALL[(i * count + k) % ALL.length] as string);
    return [kind, width, height, traits, names];
  });

function nameOf(kind: Kind, width: number, height: number, traits: Traits): string {
  const { bits = 8, alpha, channels = alpha ? 4 : 3, gamut, isClamped, offset } = traits;
  const parts = [`${kind} ${width} x ${height}`, `${channels} x ${bits} bits`, alpha, gamut];
  if (isClamped) parts.push('clamped');
  if (offset) parts.push(`offset ${offset}`);
  return parts.filter((part) => part !== undefined).join(', ');
}

export const ENGINE_PICTURES: readonly EnginePicture[] = [
  ...SMALL,
  ...someRecipes(ODD, 4),
  ...someRecipes(EDGES, 2),
  ...someRecipes(WIDE_EDGES, 1),
  ...LARGE,
].map(([kind, width, height, traits = {}, recipes = ALL]) => ({
  name: nameOf(kind, width, height, traits),
  recipes,
  make: () => makeEnginePicture(kind, width, height, traits),
}));
