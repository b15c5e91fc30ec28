import type { Triple } from '../color/oklab.js';

/** What lightness counts in a surface distance: little, since light and shade belong to the surface. */
export const SURFACE_LIGHTNESS = 0.35;
/** Darker colors are compared as if they were this light, so that the noise of near-blacks is no color. Oklab L. */
export const SURFACE_FLOOR = 0.2;

/** What a row measures its distances from. */
export interface Center {
  /** Oklab L, a, b. */
  readonly oklab: Readonly<Triple>;
  /** Whether light and shade count little (repaint and keep rows), or as Oklab has them (attractors). */
  readonly isSurface: boolean;
}

/**
 * Distance from a row's center to a color (docs/internals/model.md, section 2). THE definition; kernels are held to it.
 *
 * Light on a matte surface scales L, a and b by one factor, so a surface keeps a / L and b / L: those are compared, at the lightness
 * of the center.
 */
export function distanceTo({ oklab, isSurface }: Center, L: number, a: number, b: number): number {
  const light = isSurface ? oklab[0] / Math.max(L, SURFACE_FLOOR) : 1;
  const dL = isSurface ? SURFACE_LIGHTNESS * (L - oklab[0]) : L - oklab[0];
  const da = light * a - oklab[1];
  const db = light * b - oklab[2];
  return Math.sqrt(dL * dL + da * da + db * db);
}

/** The part of a surface distance that light and shade leave alone: that of a and b. Never longer than the whole. */
export function colorPartTo({ oklab }: Center, L: number, a: number, b: number): number {
  const light = oklab[0] / Math.max(L, SURFACE_FLOOR);
  const da = light * a - oklab[1];
  const db = light * b - oklab[2];
  return Math.sqrt(da * da + db * db);
}

/** No color of either gamut is as far from the origin of Oklab: white is at 1, P3's green at 0.93. */
const FARTHEST_COLOR = 1.5;
/** No color of either gamut has more chroma for its lightness: blue has 0.693. */
const MOST_SATURATED = 0.7;

/** No color of either gamut is as far from a center. */
export function farthestFrom({ oklab: [L, a, b], isSurface }: Center): number {
  if (!isSurface) return Math.hypot(L, a, b) + FARTHEST_COLOR;
  const lightness = SURFACE_LIGHTNESS * (Math.abs(L) + FARTHEST_COLOR);
  return Math.hypot(lightness, Math.abs(L) * MOST_SATURATED + Math.hypot(a, b));
}
