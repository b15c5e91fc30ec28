import type { Triple } from './oklab.js';

/** L 0 to 1, chroma, hue in degrees. */
export interface Lch {
  readonly l: number;
  readonly c: number;
  readonly h: number;
}

/** @returns hue 0 to 360; that of a grey is rounding's */
export function oklchFromOklab([l, a, b]: Readonly<Triple>): Lch {
  return { l, c: Math.hypot(a, b), h: ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360 };
}
