import { DISTANCE_DOUBT, type DistanceBand } from '../../core/analysis/bands.js';
import { JUST_NOTICEABLE_DIFFERENCE, LIGHTNESS_EPSILON } from '../../core/color/gamut.js';
import { LMS_FROM_OKLAB, OKLAB_FROM_LMS } from '../../core/color/matrices.js';
import { gamutMatrices } from '../../core/color/oklab.js';
import { POWERLESS_CHROMA } from '../../core/color/powerless.js';
import { ATTRACTOR_STRIDE, compilePlan } from '../../core/compiled-plan.js';
import { HUELESS_LENGTH } from '../../core/pull.js';
import type { Gamut, Plan } from '../../core/types.js';
import {
  A_BAND_FROM,
  A_BAND_TO,
  A_BUCKET_SCALE,
  A_DOUBT_FROM,
  A_DOUBT_TO,
  A_FLOOR,
  A_INVERSE_RADIUS,
  A_RADIUS,
  ATTRACTOR_NUMBERS,
  BUCKET_COUNT,
  P_ATTRACTOR_COUNT,
  P_ATTRACTORS,
  P_FROM_LMS,
  P_FROM_OKLAB,
  P_HUE,
  P_HUELESS_LENGTH,
  P_JUST_NOTICEABLE,
  P_LIGHTNESS_EPSILON,
  P_LUMINANCE,
  P_POWERLESS_CHROMA,
  P_SATURATION,
  P_TO_LMS,
  P_TO_OKLAB,
} from './assembly/layout.js';

/** Within a radius smaller than this the falloff is too steep for float32; few 8-bit colors fit in. */
const STEEP_RADIUS = 4e-3;

/** Distance from mid grey to the farthest color of either gamut, rounded up. Farther ones would share the last bucket. */
const GAMUT_REACH = 0.7;

/**
 * A plan as the float32 parameter block of the kernel (assembly/layout.ts): the core's own matrices and thresholds,
 * so that no constant of the model stands in two places.
 */
export function packParameters(plan: Plan): Float32Array {
  const { toLms, fromLms, luminance, saturation, hue, count, attractors } = compilePlan(plan);
  const block = new Float32Array(P_ATTRACTORS + count * ATTRACTOR_NUMBERS);
  block.set(toLms, P_TO_LMS);
  block.set(OKLAB_FROM_LMS, P_TO_OKLAB);
  block.set(LMS_FROM_OKLAB, P_FROM_OKLAB);
  block.set(fromLms, P_FROM_LMS);
  block[P_LUMINANCE] = Number(luminance);
  block[P_SATURATION] = Number(saturation);
  block[P_HUE] = Number(hue);
  block[P_JUST_NOTICEABLE] = JUST_NOTICEABLE_DIFFERENCE;
  block[P_POWERLESS_CHROMA] = POWERLESS_CHROMA;
  block[P_HUELESS_LENGTH] = HUELESS_LENGTH;
  block[P_LIGHTNESS_EPSILON] = LIGHTNESS_EPSILON;
  block[P_ATTRACTOR_COUNT] = count;
  for (let i = 0; i < count; i++) {
    const compiled = attractors.subarray(i * ATTRACTOR_STRIDE, (i + 1) * ATTRACTOR_STRIDE);
    const [L = 0, a = 0, b = 0, chroma = 0, voteX = 0, voteY = 0, radius = 0, floor = 0, gain = 0] = compiled;
    const at = P_ATTRACTORS + i * ATTRACTOR_NUMBERS;
    block.set([L, a, b, chroma, voteX, voteY], at);
    block[at + A_RADIUS] = radius;
    block[at + A_INVERSE_RADIUS] = 1 / radius;
    block.set([floor, gain], at + A_FLOOR);
    const { from, to } = doubtRange(radius, floor);
    block[at + A_DOUBT_FROM] = from;
    block[at + A_DOUBT_TO] = to;
  }
  return block;
}

/** The parameter block for `measure`: targets and bucket scales, no radii yet. @param targets Oklab, at most 8 */
export function packTargets(targets: readonly (readonly [number, number, number])[], gamut: Gamut): Float32Array {
  const block = new Float32Array(P_ATTRACTORS + targets.length * ATTRACTOR_NUMBERS);
  block.set(gamutMatrices(gamut).toLms, P_TO_LMS);
  block.set(OKLAB_FROM_LMS, P_TO_OKLAB);
  targets.forEach(([L, a, b], i) => {
    const at = P_ATTRACTORS + i * ATTRACTOR_NUMBERS;
    block.set([L, a, b], at);
    block[at + A_BUCKET_SCALE] = bucketScale([L, a, b]);
  });
  return block;
}

/** Buckets per unit of distance from a target: no color of either gamut is beyond the last bucket. */
export function bucketScale([L, a, b]: readonly [number, number, number]): number {
  const farthest = Math.sqrt((L - 0.5) ** 2 + a * a + b * b) + GAMUT_REACH;
  return (BUCKET_COUNT - 1) / farthest;
}

/** The parameter block for `collect`. @param bands at most 8 */
export function packBands(bands: readonly DistanceBand[], gamut: Gamut): Float32Array {
  const block = packTargets(
    bands.map(({ target }) => target),
    gamut,
  );
  bands.forEach(({ from, to }, i) => {
    const at = P_ATTRACTORS + i * ATTRACTOR_NUMBERS;
    block[at + A_BAND_FROM] = from;
    block[at + A_BAND_TO] = to;
  });
  return block;
}

/**
 * Distances at which float32 must not decide. With a floor the influence jumps at the radius, so a color a rounding
 * error away from it could fall on either side; without one it fades to nothing there and no byte depends on it.
 */
function doubtRange(radius: number, floor: number): { from: number; to: number } {
  if (radius < STEEP_RADIUS) return { from: -1, to: radius + DISTANCE_DOUBT };
  if (floor > 0) return { from: radius - DISTANCE_DOUBT, to: radius + DISTANCE_DOUBT };
  return { from: 0, to: 0 };
}
