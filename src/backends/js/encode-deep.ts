import { encodedFromLinear, quantize } from '../../core/color/srgb.js';

/** Below this the transfer function is a straight line (srgb.ts). */
const LINEAR_END = 0.0031308;
/** Intervals of the table over the square root of light, where the curve is nearly straight. */
const INTERVALS = 4096;
/** The table is off by less than this, in codes (h^2 / 8 times the curvature where it is strongest: 0.0021). */
const DOUBT = 0.004;

/** The curve's upper part, continued below its end, so that no interval has a kink. */
let curve: Float64Array | undefined;

function makeCurve(): Float64Array {
  return Float64Array.from({ length: INTERVALS + 2 }, (_, i) => 1.055 * ((i / INTERVALS) ** 2) ** (1 / 2.4) - 0.055);
}

/** @returns the table for `encodeDeep`; made on first use */
export function deepCurve(): Float64Array {
  return (curve ??= makeCurve());
}

/**
 * `quantize(linear, 65535)`, its reference, to the last bit at a tenth of its time: where the table leaves a doubt about the
 * rounding, one value in a hundred, the power function decides.
 *
 * @param linear 0 to 1
 * @param table `deepCurve()`
 */
export function encodeDeep(linear: number, table: Float64Array): number {
  if (linear <= LINEAR_END) return Math.floor(encodedFromLinear(linear) * 65535 + 0.5);
  const way = Math.sqrt(linear) * INTERVALS;
  const below = way | 0;
  const from = table[below] as number;
  const value = (from + ((table[below + 1] as number) - from) * (way - below)) * 65535 + 0.5;
  const code = value | 0;
  const rest = value - code;
  return rest > DOUBT && rest < 1 - DOUBT ? code : quantize(linear, 65535);
}
