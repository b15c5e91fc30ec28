/**
 * A second reading of the model, written from the model's text alone and never from
 * `src/`: plain arrays, angles in degrees, percentiles by sorting every pixel, the CSS Color 4 gamut
 * mapping step by step. Slow on purpose; two readers who agree are the only guard of the first.
 *
 * Nothing here may import from `src/`.
 */

export type Triple = [number, number, number];
type Matrix = [Triple, Triple, Triple];
export type Solid = 'srgb' | 'display-p3';

/** What one line of a recipe says. `hueless` means the CSS hue of `lab` was `none`. */
export interface Line {
  kind: 'attractor' | 'repaint' | 'keep';
  /** The color it names, which attractors and repaints lead to. */
  lab: Triple;
  hueless?: boolean;
  /** On repaints: what is painted over. */
  from?: Triple;
  /** Percent of pixels, or ... */
  tolerance?: number;
  /** ... an Oklab distance. */
  fixed?: number;
  strength: number;
}

/** A line whose radius is known. */
export interface RangedLine extends Line {
  radius: number;
}

/** Everything but the lines. */
export interface Rules {
  on: Switches;
  straight?: boolean;
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

/** Oklab of linear components in the given RGB solid. */
export const labFromLinear = (rgb: Triple, solid: Solid): Triple =>
  mul(OKLAB_FROM_LMS, each(mul(LMS_FROM_XYZ, mul(XYZ_FROM_RGB[solid], rgb)), Math.cbrt));
const linearFromLab = (lab: Triple, solid: Solid): Triple =>
  mul(
    RGB_FROM_XYZ[solid],
    mul(
      XYZ_FROM_LMS,
      each(mul(LMS_FROM_OKLAB, lab), (x) => x ** 3),
    ),
  );

/** Oklab of integer components 0..top (255 or 65535), encoded, in the given RGB solid. */
export const labFromPixel = (rgb: Triple, solid: Solid = 'srgb', top = 255): Triple =>
  labFromLinear(
    each(rgb, (c) => decodeComponent(c / top)),
    solid,
  );

/** Oklab of CIE XYZ with the D65 white of CSS. */
export const labFromXyz = (xyz: Triple): Triple => mul(OKLAB_FROM_LMS, each(mul(LMS_FROM_XYZ, xyz), Math.cbrt));

/** Oklab of OKLCH numbers; the hue in degrees. */
export const labFromLch = (l: number, c: number, degrees: number): Triple => [
  l,
  c * Math.cos((degrees * Math.PI) / 180),
  c * Math.sin((degrees * Math.PI) / 180),
];

/** Euclidean distance, which is deltaEOK of CSS Color 4. */
export const gap = (p: Triple, q: Triple): number =>
  Math.sqrt((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2);

/** Section 2: how far apart the materials are, whatever light falls on the pixel. */
export function surfaceGap(pixel: Triple, center: Triple): number {
  const relit = center[0] / Math.max(pixel[0], 0.2);
  return Math.hypot(0.35 * (pixel[0] - center[0]), relit * pixel[1] - center[1], relit * pixel[2] - center[2]);
}

/** Section 2: from a pixel to the center of a line. */
export const gapTo = ({ kind, lab, from = lab }: Line, pixel: Triple): number =>
  kind === 'attractor' ? gap(pixel, lab) : surfaceGap(pixel, kind === 'repaint' ? from : lab);

/** Type 7 percentile of unsorted values, as `numpy.percentile` does it by default. */
export function plainPercentile(values: number[], percent: number): number {
  const sorted = Float64Array.from(values).sort();
  const position = (percent * (sorted.length - 1)) / 100;
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (position - below) * (high - low);
}

/** Section 3: the radius of a line over every counted pixel (one Oklab triple a pixel). */
export function radiusOver(line: Line, pixels: Triple[]): number {
  if (line.fixed !== undefined) return line.fixed;
  const { tolerance = 0 } = line;
  if (tolerance === 0) return 0;
  const gaps = pixels.map((pixel) => gapTo(line, pixel));
  if (tolerance === 100) return gaps.reduce((p, q) => Math.max(p, q), 0) + 1e-6;
  return plainPercentile(gaps, tolerance);
}

const bell = (x: number): number => (1 + Math.cos(Math.PI * x)) / 2;

/** Section 4: how much one line weighs at distance d. */
export function weigh({ kind, radius, strength }: Pick<RangedLine, 'kind' | 'radius' | 'strength'>, d: number): number {
  if (radius === 0 || d >= radius) return 0;
  const x = d / radius;
  const falloff = kind === 'attractor' ? bell(x) : x <= 1 / 2 ? 1 : bell(2 * x - 1);
  const share = strength / 100;
  return share <= 1 ? share * falloff : falloff + (share - 1) * (1 - falloff);
}

const chromaOf = (lab: Triple): number => Math.hypot(lab[1], lab[2]);
const angleOf = (lab: Triple): number => Math.atan2(lab[2], lab[1]);
const hasHue = (lab: Triple): boolean => chromaOf(lab) >= 1e-4;
const fromPolar = (lightness: number, chroma: number, angle: number | null): Triple =>
  angle === null ? [lightness, 0, 0] : [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
const ownAngle = (lab: Triple): number | null => (hasHue(lab) ? angleOf(lab) : null);
/** A hue that is `none` gives a = b = 0 wherever colors are mixed straight. */
const straightLab = ({ lab, hueless }: Line): Triple => (hueless ? [lab[0], 0, 0] : lab);

/** Weights that sum to at most 1, and what is left for the color itself. */
function normalize(raw: number[]): { weights: number[]; own: number; total: number } {
  const total = raw.reduce((p, q) => p + q, 0);
  return { weights: total > 1 ? raw.map((w) => w / total) : raw, own: Math.max(0, 1 - total), total };
}

/** Section 5: the switches over a color that was mixed straight from another. */
function switchBack(mixed: Triple, before: Triple, { luminance, saturation, hue }: Switches): Triple {
  const lightness = luminance ? mixed[0] : before[0];
  if (saturation && hue) return [lightness, mixed[1], mixed[2]];
  const angle = hue && hasHue(mixed) ? angleOf(mixed) : ownAngle(before);
  return fromPolar(lightness, chromaOf(saturation ? mixed : before), angle);
}

/** Section 5: 1 at the center's lightness, falling to 0 at black and at white. */
function shadeKept(lightness: number, center: number): number {
  if (lightness <= center) return center < 1e-6 ? 1 : lightness / center;
  return center > 1 - 1e-6 ? 1 : (1 - lightness) / (1 - center);
}

function repaint(lab: Triple, lines: RangedLine[], weights: number[], on: Switches): Triple {
  const moved: Triple = [...lab];
  lines.forEach((line, i) => {
    const from = line.from as Triple;
    const to = straightLab(line);
    for (let k = 0; k < 3; k++) {
      moved[k] =
        (moved[k] as number) +
        (weights[i] as number) * shadeKept(lab[0], from[0]) * ((to[k] as number) - (from[k] as number));
    }
  });
  return switchBack(moved, lab, on);
}

function attractStraight(lab: Triple, lines: RangedLine[], weights: number[], own: number, on: Switches): Triple {
  const mixed = [0, 1, 2].map((k) =>
    lines.reduce(
      (sum, line, i) => sum + (weights[i] as number) * (straightLab(line)[k] as number),
      own * (lab[k] as number),
    ),
  ) as Triple;
  return switchBack(mixed, lab, on);
}

function attractPolar(lab: Triple, lines: RangedLine[], weights: number[], own: number, on: Switches): Triple {
  const mix = (source: number, pick: (lab: Triple) => number): number =>
    lines.reduce((sum, line, i) => sum + (weights[i] as number) * pick(line.lab), own * source);

  const lightness = on.luminance ? mix(lab[0], (t) => t[0]) : lab[0];
  const chroma = on.saturation ? mix(chromaOf(lab), chromaOf) : chromaOf(lab);

  let angle = ownAngle(lab);
  if (on.hue) {
    const votes = lines
      .map((line, i) => ({ weight: weights[i] as number, lab: line.lab, mute: line.hueless === true }))
      .concat({ weight: own, lab, mute: false })
      .filter((vote) => !vote.mute && hasHue(vote.lab));
    const x = votes.reduce((sum, v) => sum + v.weight * Math.cos(angleOf(v.lab)), 0);
    const y = votes.reduce((sum, v) => sum + v.weight * Math.sin(angleOf(v.lab)), 0);
    if (Math.hypot(x, y) >= 1e-6) angle = Math.atan2(y, x);
  }
  return fromPolar(lightness, chroma, angle);
}

/** Sections 4 and 5 on Oklab: the blended color before gamut mapping, or `null` when no weight falls on it. */
export function blend(lab: Triple, lines: RangedLine[], { on, straight = false }: Rules): Triple | null {
  const rawOf = (line: RangedLine): number => weigh(line, gapTo(line, lab));
  const ofKind = (kind: Line['kind']): RangedLine[] => lines.filter((line) => line.kind === kind);
  const free = ofKind('keep').reduce((product, line) => product * (1 - rawOf(line)), 1);
  const repaints = ofKind('repaint');
  const attractors = ofKind('attractor');
  const dye = normalize(repaints.map((line) => free * rawOf(line)));
  const pull = normalize(attractors.map((line) => free * rawOf(line)));
  if (dye.total === 0 && pull.total === 0) return null;
  const q = dye.total === 0 ? lab : repaint(lab, repaints, dye.weights, on);
  if (pull.total === 0) return q;
  const attract = straight ? attractStraight : attractPolar;
  return attract(q, attractors, pull.weights, pull.own, on);
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
 * Section 6: "CSS gamut map", CSS Color 4 section 13.2, with epsilon 1e-6 in place of 1e-4.
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

/** Section 7: Oklab to integer components 0..top, clamped, rounded half up. */
export const pixelFromLab = (lab: Triple, solid: Solid = 'srgb', top = 255): Triple =>
  each(linearFromLab(lab, solid), (c) => Math.floor(Math.min(1, Math.max(0, encodeComponent(c))) * top + 0.5));

/** The whole pull for one pixel of integer components 0..top. */
export function pullPixel(rgb: Triple, lines: RangedLine[], rules: Rules, solid: Solid = 'srgb', top = 255): Triple {
  const blended = blend(labFromPixel(rgb, solid, top), lines, rules);
  if (blended === null) return rgb;
  return pixelFromLab(mapIntoSolid(blended, solid), solid, top);
}
