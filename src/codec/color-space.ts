/** Coding-independent code points of ITU-T H.273, as cICP and nclx hold them. */
export interface CodePoints {
  readonly primaries: number;
  readonly transfer: number;
}

/** How encoded numbers relate to light: a power, or a curve by name. */
export type Transfer = 'srgb' | 'pq' | 'hlg' | number;

/** An RGB space by its numbers. */
export interface RgbSpace {
  /** CIE x and y of red, green, blue and white. */
  readonly chromaticities: readonly number[];
  readonly transfer: Transfer;
}

const D65 = [0.3127, 0.329] as const;
export const REC_709 = [0.64, 0.33, 0.3, 0.6, 0.15, 0.06, ...D65];
export const SRGB: RgbSpace = { chromaticities: REC_709, transfer: 'srgb' };
export const DISPLAY_P3: RgbSpace = { chromaticities: [0.68, 0.32, 0.265, 0.69, 0.15, 0.06, ...D65], transfer: 'srgb' };
export const REC_2020 = [0.708, 0.292, 0.17, 0.797, 0.131, 0.046, ...D65];

/**
 * By H.273's number. Others are taken for Rec. 709: those of standard television (5 to 7) differ by less than displays do.
 */
const PRIMARIES: Readonly<Record<number, readonly number[]>> = {
  1: REC_709,
  4: [0.67, 0.33, 0.21, 0.71, 0.14, 0.08, 0.31, 0.316],
  9: REC_2020,
  11: [0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.314, 0.351],
  12: DISPLAY_P3.chromaticities,
};

/** By H.273's number. Video's curves (1, 6, 14, 15) are shown as sRGB's is, and so is what says nothing (2). */
const TRANSFERS: Readonly<Record<number, Transfer>> = { 4: 2.2, 5: 2.8, 8: 1, 16: 'pq', 18: 'hlg' };

export function spaceOfCodePoints({ primaries, transfer }: CodePoints): RgbSpace {
  return { chromaticities: PRIMARIES[primaries] ?? REC_709, transfer: TRANSFERS[transfer] ?? 'srgb' };
}

/**
 * The space of a PNG's gAMA and cHRM chunks.
 *
 * @param gamma encoded to linear light, e.g. 2.2; undefined without gAMA
 * @param chromaticities white first, as the chunk has them; undefined without cHRM
 */
export function spaceOfGamma(gamma: number | undefined, chromaticities: readonly number[] | undefined): RgbSpace {
  const [wx = 0, wy = 0, ...colors] = chromaticities ?? [];
  const rgbw = [...colors, wx, wy];
  // A chunk that makes no sense says nothing.
  const isPossible = toXyzD50(rgbw).every((value) => Math.abs(value) < 10) && rgbw.length === 8;
  const isPower = gamma !== undefined && gamma > 0.1 && gamma < 10;
  return {
    chromaticities: isPossible ? rgbw : REC_709,
    transfer: !isPower || Math.abs(gamma - 2.2) < GAMMA_TOLERANCE ? 'srgb' : gamma,
  };
}

/** What old tools wrote for sRGB: 1 / 0.45455, and 2.2. */
const GAMMA_TOLERANCE = 0.06;
/** How far outside of sRGB a primary may lie, as linear light, before colors are said to be lost there. */
const WIDE_TOLERANCE = 0.03;

/** Linear sRGB from XYZ with white D50, by the Bradford-adapted matrix. @see CSS Color 4, section 18 */
const SRGB_FROM_D50 = [
  [3.1341359569958707, -1.6173863321612538, -0.4906619460083532],
  [-0.978795502912089, 1.916254567259524, 0.03344273116131949],
  [0.07195537988411677, -0.2289768264158322, 1.405386058324125],
] as const;

/** @param colorants X Y Z of red, green and blue, adapted to D50 */
export function isWiderThanSrgb(colorants: readonly number[]): boolean {
  return [0, 3, 6].some((at) => {
    const [x = 0, y = 0, z = 0] = colorants.slice(at, at + 3);
    return SRGB_FROM_D50.some(([p, q, r]) => p * x + q * y + r * z < -WIDE_TOLERANCE);
  });
}

/** XYZ of the white that ICC profiles connect by. */
export const D50 = [0.9642, 1, 0.8249] as const;
const BRADFORD = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

/**
 * Colorants as a matrix profile holds them.
 *
 * @param chromaticities x and y of red, green, blue and white
 * @returns X Y Z of red, green and blue, adapted to D50 by Bradford's matrix
 * @see ICC.1:2022, annex E; Lindbloom, "RGB/XYZ Matrices"
 */
export function toXyzD50(chromaticities: readonly number[]): number[] {
  const xyz = [0, 2, 4, 6].map((at) => {
    const [x = 0, y = 1] = chromaticities.slice(at, at + 2);
    return [x / y, 1, (1 - x - y) / y];
  });
  const white = xyz[3] as number[];
  const columns = transpose(xyz.slice(0, 3));
  const scale = multiply(invert(columns), white);
  const cone = multiply(BRADFORD, white);
  const wanted = multiply(BRADFORD, [...D50]);
  return [0, 1, 2].flatMap((i) => {
    const light = (xyz[i] as number[]).map((value) => value * (scale[i] as number));
    const adapted = multiply(BRADFORD, light).map((value, k) => (value * (wanted[k] as number)) / (cone[k] as number));
    return multiply(invert(BRADFORD), adapted);
  });
}

function multiply(matrix: readonly (readonly number[])[], vector: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, value, i) => sum + value * (vector[i] as number), 0));
}

function transpose(matrix: readonly (readonly number[])[]): number[][] {
  return [0, 1, 2].map((i) => matrix.map((row) => row[i] as number));
}

/** Of 3 x 3, by cofactors. */
function invert(m: readonly (readonly number[])[]): number[][] {
  const at = (row: number, column: number): number => m[row % 3]?.[column % 3] as number;
  const cofactor = (r: number, c: number): number =>
    at(r + 1, c + 1) * at(r + 2, c + 2) - at(r + 1, c + 2) * at(r + 2, c + 1);
  const determinant = [0, 1, 2].reduce((sum, c) => sum + at(0, c) * cofactor(0, c), 0);
  return [0, 1, 2].map((row) => [0, 1, 2].map((column) => cofactor(column, row) / determinant));
}
