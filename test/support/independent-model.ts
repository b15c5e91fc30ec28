/**
 * A second reading of the color-attractor model, written from the model's text alone and never from
 * `src/`: plain arrays, angles in degrees, percentiles by sorting every pixel, the CSS Color 4 gamut
 * mapping step by step. Slow on purpose; two readers who agree are the only guard of the first.
 *
 * Nothing here may import from `src/`.
 */

export type Triple = [number, number, number];
type Matrix = [Triple, Triple, Triple];
export type Solid = 'srgb' | 'display-p3';

/** One attractor: an Oklab target, percent of pixels, 0..200. `hueless` means the CSS hue was `none`. */
export interface Magnet {
  lab: Triple;
  hueless?: boolean;
  tolerance: number;
  strength: number;
}

/** A magnet whose reach (Oklab distance) is known. */
export interface ReachingMagnet extends Magnet {
  reach: number;
}

export interface Switches {
  luminance: boolean;
  saturation: boolean;
  hue: boolean;
}

// CSS Color 4, sample code for color conversions: the two RGB solids as exact rationals ...
const XYZ_FROM_RGB: Record<Solid, Matrix> = {
  srgb: [
    [506752 / 1228815, 87881 / 245763, 12673 / 70218],
    [87098 / 409605, 175762 / 245763, 12673 / 175545],
    [7918 / 409605, 87881 / 737289, 1001167 / 1053270],
  ],
  'display-p3': [
    [608311 / 1250200, 189793 / 714400, 198249 / 1000160],
    [35783 / 156275, 247089 / 357200, 198249 / 2500400],
    [0, 32229 / 714400, 5220557 / 5000800],
  ],
};

const RGB_FROM_XYZ: Record<Solid, Matrix> = {
  srgb: [
    [12831 / 3959, -329 / 214, -1974 / 3959],
    [-851781 / 878810, 1648619 / 878810, 36519 / 878810],
    [705 / 12673, -2585 / 12673, 705 / 667],
  ],
  'display-p3': [
    [446124 / 178915, -333277 / 357830, -72051 / 178915],
    [-14852 / 17905, 63121 / 35810, 423 / 17905],
    [11844 / 330415, -50337 / 660830, 316169 / 330415],
  ],
};

// ... and the matrices of Oklab as recalculated in 2023 for the exact D65 white of CSS.
const LMS_FROM_XYZ: Matrix = [
  [0.819022437996703, 0.3619062600528904, -0.1288737815209879],
  [0.0329836539323885, 0.9292868615863434, 0.0361446663506424],
  [0.0481771893596242, 0.2642395317527308, 0.6335478284694309],
];
const OKLAB_FROM_LMS: Matrix = [
  [0.210454268309314, 0.7936177747023054, -0.0040720430116193],
  [1.9779985324311684, -2.42859224204858, 0.450593709617411],
  [0.0259040424655478, 0.7827717124575296, -0.8086757549230774],
];
const LMS_FROM_OKLAB: Matrix = [
  [1, 0.3963377773761749, 0.2158037573099136],
  [1, -0.1055613458156586, -0.0638541728258133],
  [1, -0.0894841775298119, -1.2914855480194092],
];
const XYZ_FROM_LMS: Matrix = [
  [1.2268798758459243, -0.5578149944602171, 0.2813910456659647],
  [-0.0405757452148008, 1.112286803280317, -0.0717110580655164],
  [-0.0763729366746601, -0.4214933324022432, 1.5869240198367816],
];

const mul = (m: Matrix, v: Triple): Triple => m.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as Triple;
const each = (v: Triple, f: (x: number) => number): Triple => [f(v[0]), f(v[1]), f(v[2])];

const decodeComponent = (v: number): number =>
  Math.abs(v) <= 0.04045 ? v / 12.92 : Math.sign(v) * ((Math.abs(v) + 0.055) / 1.055) ** 2.4;
const encodeComponent = (v: number): number =>
  Math.abs(v) > 0.0031308 ? Math.sign(v) * (1.055 * Math.abs(v) ** (1 / 2.4) - 0.055) : v * 12.92;

const labFromLinear = (rgb: Triple, solid: Solid): Triple =>
  mul(OKLAB_FROM_LMS, each(mul(LMS_FROM_XYZ, mul(XYZ_FROM_RGB[solid], rgb)), Math.cbrt));
const linearFromLab = (lab: Triple, solid: Solid): Triple =>
  mul(
    RGB_FROM_XYZ[solid],
    mul(
      XYZ_FROM_LMS,
      each(mul(LMS_FROM_OKLAB, lab), (x) => x ** 3),
    ),
  );

/** Oklab of integer components 0..top (255 or 65535), gamma-encoded, in the given RGB solid. */
export const labFromPixel = (rgb: Triple, solid: Solid = 'srgb', top = 255): Triple =>
  labFromLinear(
    each(rgb, (c) => decodeComponent(c / top)),
    solid,
  );

/** Oklab of OKLCH numbers; the hue in degrees. */
export const labFromLch = (l: number, c: number, degrees: number): Triple => [
  l,
  c * Math.cos((degrees * Math.PI) / 180),
  c * Math.sin((degrees * Math.PI) / 180),
];

/** Euclidean distance, which is deltaEOK of CSS Color 4. */
export const gap = (p: Triple, q: Triple): number =>
  Math.sqrt((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2);

/** Type 7 percentile of unsorted values, as `numpy.percentile` does it by default. */
export function plainPercentile(values: number[], percent: number): number {
  const sorted = [...values].sort((p, q) => p - q);
  const position = (percent * (sorted.length - 1)) / 100;
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (position - below) * (high - low);
}

/** Section 2: the reach of a magnet over every counted pixel (one Oklab triple a pixel). */
export function reachOf(magnet: Magnet, pixels: Triple[]): number {
  if (magnet.tolerance === 0) return 0;
  const gaps = pixels.map((pixel) => gap(pixel, magnet.lab));
  if (magnet.tolerance === 100) return gaps.reduce((p, q) => Math.max(p, q), 0) + 1e-6;
  return plainPercentile(gaps, magnet.tolerance);
}

/** Section 3: how much one magnet weighs at distance d. */
export function weigh(d: number, reach: number, strength: number): number {
  if (reach === 0 || d >= reach) return 0;
  const bell = (1 + Math.cos((Math.PI * d) / reach)) / 2;
  const share = strength / 100;
  return share <= 1 ? share * bell : bell + (share - 1) * (1 - bell);
}

const chromaOf = (lab: Triple): number => Math.hypot(lab[1], lab[2]);
const angleOf = (lab: Triple): number => Math.atan2(lab[2], lab[1]);
const hasHue = (lab: Triple): boolean => chromaOf(lab) >= 1e-4;

/** Sections 3 and 4 on Oklab: the blended color before gamut mapping, or `null` when no weight falls on it. */
export function blend(lab: Triple, magnets: ReachingMagnet[], on: Switches): Triple | null {
  const raw = magnets.map((m) => weigh(gap(lab, m.lab), m.reach, m.strength));
  const total = raw.reduce((p, q) => p + q, 0);
  if (total === 0) return null;
  const weights = total > 1 ? raw.map((w) => w / total) : raw;
  const own = Math.max(0, 1 - total);
  const mix = (source: number, pick: (lab: Triple) => number): number =>
    magnets.reduce((sum, m, i) => sum + (weights[i] as number) * pick(m.lab), own * source);

  const lightness = on.luminance ? mix(lab[0], (t) => t[0]) : lab[0];
  const chroma = on.saturation ? mix(chromaOf(lab), chromaOf) : chromaOf(lab);

  let angle = hasHue(lab) ? angleOf(lab) : null;
  if (on.hue) {
    const votes = magnets
      .map((m, i) => ({ weight: weights[i] as number, lab: m.lab, mute: m.hueless === true }))
      .concat({ weight: own, lab, mute: false })
      .filter((vote) => !vote.mute && hasHue(vote.lab));
    const x = votes.reduce((sum, v) => sum + v.weight * Math.cos(angleOf(v.lab)), 0);
    const y = votes.reduce((sum, v) => sum + v.weight * Math.sin(angleOf(v.lab)), 0);
    if (Math.hypot(x, y) >= 1e-6) angle = Math.atan2(y, x);
  }
  if (angle === null) return [lightness, 0, 0];
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

const SLACK = 1e-6;
/** Where white and black begin: the mapping jumps there, and sums of weights miss 1 by a rounding error. */
const ENDS = 1e-6;
const inside = (lab: Triple, solid: Solid): boolean =>
  linearFromLab(lab, solid).every((c) => c >= -SLACK && c <= 1 + SLACK);
const clip = (lab: Triple, solid: Solid): Triple =>
  labFromLinear(
    each(linearFromLab(lab, solid), (c) => Math.min(1, Math.max(0, c))),
    solid,
  );

/**
 * Section 5: "CSS gamut map", CSS Color 4 section 13.2, with epsilon 1e-6 in place of 1e-4.
 * Oklab in, Oklab of a displayable color out.
 */
export function mapIntoSolid(origin: Triple, solid: Solid = 'srgb'): Triple {
  const JND = 0.02;
  const EPSILON = 1e-6;
  if (origin[0] >= 1 - ENDS) return [1, 0, 0];
  if (origin[0] <= ENDS) return [0, 0, 0];
  if (inside(origin, solid)) return origin;
  const hue = angleOf(origin);
  let current: Triple = origin;
  let clipped = clip(current, solid);
  if (gap(clipped, current) < JND) return clipped;
  let min = 0;
  let max = chromaOf(origin);
  let minInGamut = true;
  while (max - min > EPSILON) {
    const chroma = (min + max) / 2;
    current = [origin[0], chroma * Math.cos(hue), chroma * Math.sin(hue)];
    if (minInGamut && inside(current, solid)) {
      min = chroma;
      continue;
    }
    clipped = clip(current, solid);
    const error = gap(clipped, current);
    if (error < JND) {
      if (JND - error < EPSILON) return clipped;
      minInGamut = false;
      min = chroma;
    } else {
      max = chroma;
    }
  }
  return clipped;
}

/** Section 6: Oklab to integer components 0..top, clamped, rounded half up. */
export const pixelFromLab = (lab: Triple, solid: Solid = 'srgb', top = 255): Triple =>
  each(linearFromLab(lab, solid), (c) => Math.floor(Math.min(1, Math.max(0, encodeComponent(c))) * top + 0.5));

/** The whole pull for one pixel of integer components 0..top. */
export function pullPixel(
  rgb: Triple,
  magnets: ReachingMagnet[],
  on: Switches,
  solid: Solid = 'srgb',
  top = 255,
): Triple {
  const blended = blend(labFromPixel(rgb, solid, top), magnets, on);
  if (blended === null) return rgb;
  return pixelFromLab(mapIntoSolid(blended, solid), solid, top);
}
