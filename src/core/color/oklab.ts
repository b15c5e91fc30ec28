import type { Gamut } from '../types.js';
import {
  LINEAR_P3_FROM_LMS,
  LINEAR_SRGB_FROM_LMS,
  LMS_FROM_LINEAR_P3,
  LMS_FROM_LINEAR_SRGB,
  LMS_FROM_OKLAB,
  LMS_FROM_XYZ,
  type Matrix3,
  OKLAB_FROM_LMS,
} from './matrices.js';

/** Three numbers: linear RGB, or Oklab L (0 to 1), a, b. */
export type Triple = [number, number, number];

/** The two matrices that tie a gamut's linear RGB to LMS. */
export function gamutMatrices(gamut: Gamut): { toLms: Matrix3; fromLms: Matrix3 } {
  return gamut === 'display-p3'
    ? { toLms: LMS_FROM_LINEAR_P3, fromLms: LINEAR_P3_FROM_LMS }
    : { toLms: LMS_FROM_LINEAR_SRGB, fromLms: LINEAR_SRGB_FROM_LMS };
}

/**
 * Linear RGB to Oklab, written to `out[at]`, `out[at + 1]`, `out[at + 2]`.
 *
 * The one place where the forward transform stands: `analysis/`, `pull.ts` and the js backend all call it, so that
 * their distances, and with them membership, agree to the last bit.
 */
export function writeOklab(out: Float64Array, at: number, r: number, g: number, b: number, toLms: Matrix3): void {
  const l = Math.cbrt(toLms[0] * r + toLms[1] * g + toLms[2] * b);
  const m = Math.cbrt(toLms[3] * r + toLms[4] * g + toLms[5] * b);
  const s = Math.cbrt(toLms[6] * r + toLms[7] * g + toLms[8] * b);
  const k = OKLAB_FROM_LMS;
  out[at] = k[0] * l + k[1] * m + k[2] * s;
  out[at + 1] = k[3] * l + k[4] * m + k[5] * s;
  out[at + 2] = k[6] * l + k[7] * m + k[8] * s;
}

/** Linear RGB to Oklab. */
export function oklabFromLinear(r: number, g: number, b: number, toLms: Matrix3): Triple {
  writeOklab(scratch, 0, r, g, b, toLms);
  return [scratch[0] as number, scratch[1] as number, scratch[2] as number];
}

/** Only ever alive within `oklabFromLinear`: a typed array a call took more time than the conversion. */
const scratch = new Float64Array(3);

/** Oklab to linear RGB, which may lie outside [0, 1]. */
export function linearFromOklab(L: number, a: number, b: number, fromLms: Matrix3): Triple {
  const k = LMS_FROM_OKLAB;
  const l = cube(k[0] * L + k[1] * a + k[2] * b);
  const m = cube(k[3] * L + k[4] * a + k[5] * b);
  const s = cube(k[6] * L + k[7] * a + k[8] * b);
  return [
    fromLms[0] * l + fromLms[1] * m + fromLms[2] * s,
    fromLms[3] * l + fromLms[4] * m + fromLms[5] * s,
    fromLms[6] * l + fromLms[7] * m + fromLms[8] * s,
  ];
}

/** Faster than `x ** 3`, and the product that the backends form. */
function cube(x: number): number {
  return x * x * x;
}

/** CIE XYZ (D65, Y of white = 1) to Oklab. */
export function oklabFromXyz(x: number, y: number, z: number): Triple {
  return oklabFromLinear(x, y, z, LMS_FROM_XYZ);
}

/** Euclidean distance in Oklab. */
export function oklabDistance(p: Readonly<Triple>, q: Readonly<Triple>): number {
  const dL = p[0] - q[0];
  const da = p[1] - q[1];
  const db = p[2] - q[2];
  return Math.sqrt(dL * dL + da * da + db * db);
}
