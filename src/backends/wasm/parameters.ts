import { DISTANCE_DOUBT, type DistanceBand } from '../../core/analysis/bands.js';
import { bucketScale } from '../../core/analysis/pixel-buckets.js';
import {
  CHROMA_SEARCH_EPSILON,
  GAMUT_EPSILON,
  JUST_NOTICEABLE_DIFFERENCE,
  LIGHTNESS_EPSILON,
} from '../../core/color/gamut.js';
import { LMS_FROM_OKLAB, OKLAB_FROM_LMS } from '../../core/color/matrices.js';
import { gamutMatrices } from '../../core/color/oklab.js';
import { POWERLESS_CHROMA } from '../../core/color/powerless.js';
import { compilePlan, ROW_STRIDE } from '../../core/compiled-plan.js';
import { HUELESS_LENGTH } from '../../core/pull.js';
import type { Center } from '../../core/row/distance.js';
import type { Gamut, Plan } from '../../core/types.js';
import {
  A_BAND_FROM,
  A_BAND_TO,
  A_BUCKET_SCALE,
  A_DOUBT_FROM,
  A_DOUBT_TO,
  A_INVERSE_RADIUS,
  ATTRACTOR_NUMBERS,
  BUCKET_COUNT,
  DEEP_ATTRACTOR_NUMBERS,
  DEEP_PARAMETERS,
  P_ATTRACTOR_COUNT,
  P_ATTRACTORS,
  P_FROM_LMS,
  P_FROM_OKLAB,
  P_GAMUT_EPSILON,
  P_HUE,
  P_HUELESS_LENGTH,
  P_JUST_NOTICEABLE,
  P_LIGHTNESS_EPSILON,
  P_LUMINANCE,
  P_POWERLESS_CHROMA,
  P_SATURATION,
  P_SEARCH_EPSILON,
  P_TO_LMS,
  P_TO_OKLAB,
  PARAMETERS,
} from './assembly/layout.js';
import type { Heap } from './heap.js';

/** Within a radius smaller than this the falloff is too steep for float32; few 8-bit colors fit in. */
const STEEP_RADIUS = 4e-3;
/** Distance from mid grey to the farthest color of either gamut, rounded up. Farther ones would share the last bucket. */
const GAMUT_REACH = 0.7;

/**
 * Writes a plan into the heap for the 8-bit kernels: the core's own matrices and thresholds, so that no constant of the model stands in two
 * places.
 */
export function writePlan({ f32 }: Heap, plan: Plan): void {
  const block = f32.subarray(PARAMETERS / 4);
  for (const [i, numbers] of writeCommon(block, plan).entries()) {
    const at = P_ATTRACTORS + i * ATTRACTOR_NUMBERS;
    const [radius, floor] = [numbers[6] as number, numbers[7] as number];
    block.set(numbers, at);
    block[at + A_INVERSE_RADIUS] = 1 / radius;
    const { from, to } = doubtRange(radius, floor);
    block[at + A_DOUBT_FROM] = from;
    block[at + A_DOUBT_TO] = to;
  }
}

/** The same for the 16-bit kernels. */
export function writeDeepPlan({ f64 }: Heap, plan: Plan): void {
  const block = f64.subarray(DEEP_PARAMETERS / 8);
  for (const [i, numbers] of writeCommon(block, plan).entries()) {
    block.set(numbers, P_ATTRACTORS + i * DEEP_ATTRACTOR_NUMBERS);
  }
}

/** @returns the numbers of each attractor in the order of a compiled plan */
function writeCommon(block: Float32Array | Float64Array, plan: Plan): Float64Array[] {
  const { toLms, fromLms, luminance, saturation, hue, rows } = compilePlan(plan);
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
  block[P_GAMUT_EPSILON] = GAMUT_EPSILON;
  block[P_SEARCH_EPSILON] = CHROMA_SEARCH_EPSILON;
  const count = rows.length / ROW_STRIDE;
  block[P_ATTRACTOR_COUNT] = count;
  return Array.from({ length: count }, (_, i) => rows.subarray(i * ROW_STRIDE, i * ROW_STRIDE + 9));
}

/** Targets for `bucket`, without radii. @param targets at most MEASURED_ROWS */
export function writeTargets({ f32 }: Heap, targets: readonly Center[], gamut: Gamut): void {
  const block = f32.subarray(PARAMETERS / 4);
  block.set(gamutMatrices(gamut).toLms, P_TO_LMS);
  block.set(OKLAB_FROM_LMS, P_TO_OKLAB);
  targets.forEach((target, i) => {
    const at = P_ATTRACTORS + i * ATTRACTOR_NUMBERS;
    block.set(target.oklab, at);
    block[at + A_BUCKET_SCALE] = sampleScale(target);
  });
}

/** Bands for `collectColors` and `collectPixels`. @param bands at most MEASURED_ROWS */
export function writeBands(heap: Heap, bands: readonly DistanceBand[], gamut: Gamut): void {
  writeTargets(
    heap,
    bands.map(({ center }) => center),
    gamut,
  );
  const block = heap.f32.subarray(PARAMETERS / 4);
  bands.forEach(({ from, to }, i) => {
    const at = P_ATTRACTORS + i * ATTRACTOR_NUMBERS;
    block[at + A_BAND_FROM] = from;
    block[at + A_BAND_TO] = to;
  });
}

/** Targets for `bucketDeep`, in the buckets of `sortPixels`. */
export function writeDeepTargets({ f64 }: Heap, targets: readonly Center[], gamut: Gamut): void {
  const block = f64.subarray(DEEP_PARAMETERS / 8);
  block.set(gamutMatrices(gamut).toLms, P_TO_LMS);
  block.set(OKLAB_FROM_LMS, P_TO_OKLAB);
  targets.forEach((target, i) => {
    const at = P_ATTRACTORS + i * DEEP_ATTRACTOR_NUMBERS;
    block.set(target.oklab, at);
    block[at + A_BUCKET_SCALE] = bucketScale(target);
  });
}

/** Buckets of `bucket` per unit of distance from a target: no color of either gamut is beyond the last bucket. */
export function sampleScale({ oklab: [L, a, b] }: Center): number {
  const farthest = Math.sqrt((L - 0.5) ** 2 + a * a + b * b) + GAMUT_REACH;
  return (BUCKET_COUNT - 1) / farthest;
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
