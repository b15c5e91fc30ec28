import type { Matrix3 } from './matrices.js';
import { linearFromOklab, oklabDistance, oklabFromLinear, type Triple } from './oklab.js';

/** Linear components this far outside [0, 1] still count as in gamut (docs/internals/model.md, section 5). */
export const GAMUT_EPSILON = 1e-6;
/**
 * Lightness this close to 1 is white, to 0 black. At both ends the mapping jumps (by up to 20/255), and a white attractor
 * puts colors exactly there, give or take the rounding of a sum; float32 backends need the margin too.
 */
export const LIGHTNESS_EPSILON = 1e-6;
/** The just noticeable difference of CSS Color 4, an Oklab distance. */
export const JUST_NOTICEABLE_DIFFERENCE = 0.02;
/** The chroma search ends when its interval is this short; the specification's 1e-4 would leave backends apart. */
export const CHROMA_SEARCH_EPSILON = 1e-6;

/**
 * CSS Color 4 gamut mapping with local MINDE, at constant lightness and hue.
 *
 * @param L 0 to 1; 0 gives black and 1 gives white, whatever the chroma
 * @returns linear RGB, every component in [0, 1]
 * @see https://www.w3.org/TR/css-color-4/#css-gamut-mapping
 */
export function mapToGamut(L: number, a: number, b: number, toLms: Matrix3, fromLms: Matrix3): Triple {
  const linear = linearFromOklab(L, a, b, fromLms);
  if (isInGamut(linear)) return clip(linear);
  if (L >= 1 - LIGHTNESS_EPSILON) return [1, 1, 1];
  if (L <= LIGHTNESS_EPSILON) return [0, 0, 0];

  const clipError = (scale: number): number => {
    const candidate = linearFromOklab(L, a * scale, b * scale, fromLms);
    const [r, g, bl] = clip(candidate);
    return oklabDistance(oklabFromLinear(r, g, bl, toLms), [L, a * scale, b * scale]);
  };
  if (clipError(1) < JUST_NOTICEABLE_DIFFERENCE) return clip(linear);

  const chroma = Math.sqrt(a * a + b * b);
  let low = 0; // chroma whose clipped color is within the just noticeable difference
  let high = chroma;
  while (high - low > CHROMA_SEARCH_EPSILON) {
    const middle = (low + high) / 2;
    if (clipError(middle / chroma) < JUST_NOTICEABLE_DIFFERENCE) low = middle;
    else high = middle;
  }
  return clip(linearFromOklab(L, (a * low) / chroma, (b * low) / chroma, fromLms));
}

function isInGamut([r, g, b]: Triple): boolean {
  const isInside = (x: number): boolean => x >= -GAMUT_EPSILON && x <= 1 + GAMUT_EPSILON;
  return isInside(r) && isInside(g) && isInside(b);
}

function clip([r, g, b]: Triple): Triple {
  return [clampUnit(r), clampUnit(g), clampUnit(b)];
}

function clampUnit(x: number): number {
  return Math.min(1, Math.max(0, x));
}
