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
import { type Center, farthestFrom, SURFACE_FLOOR, SURFACE_LIGHTNESS } from '../../core/row/distance.js';
import type { Gamut, Plan } from '../../core/types.js';
import {
  BUCKET_COUNT,
  DEEP_PARAMETERS,
  P_ATTRACTOR_COUNT,
  P_FROM_LMS,
  P_FROM_OKLAB,
  P_GAMUT_EPSILON,
  P_HUE,
  P_HUELESS_LENGTH,
  P_JUST_NOTICEABLE,
  P_KEEP_COUNT,
  P_LIGHTNESS_EPSILON,
  P_LUMINANCE,
  P_POWERLESS_CHROMA,
  P_REPAINT_COUNT,
  P_ROWS,
  P_SATURATION,
  P_SEARCH_EPSILON,
  P_STRAIGHT,
  P_SURFACE_FLOOR,
  P_SURFACE_LIGHTNESS,
  P_TO_LMS,
  P_TO_OKLAB,
  PARAMETERS,
  R_BAND_FROM,
  R_BAND_TO,
  R_BUCKET_SCALE,
  R_DARKER_SLOPE,
  R_DOUBT_FROM,
  R_DOUBT_TO,
  R_EDGE_FROM,
  R_EDGE_TO,
  R_FLOOR,
  R_GAIN,
  R_INVERSE_RADIUS,
  R_IS_SURFACE,
  R_LIGHTER_SLOPE,
  R_RADIUS,
  ROW_NUMBERS,
} from './assembly/layout.js';
import type { Heap } from './heap.js';

/** Kernels of one precision: where their parameter block lies, and what they must leave to js. */
interface Precision {
  block(heap: Heap): Float32Array | Float64Array;
  /** Within a smaller radius the falloff is too steep; few colors fit in. */
  readonly steepRadius: number;
  /** The margin around a radius where nothing is decided; 0 where nothing jumps there. @param floor weight at the radius */
  doubtAt(radius: number, floor: number): number;
  /** Buckets per unit of distance from a center: no color of either gamut is beyond the last one. */
  scaleOf(center: Center): number;
}

/**
 * Of 8-bit colors. Without a floor the influence fades to nothing at the radius, and no byte depends on which side a color falls.
 */
export const SINGLE: Precision = {
  block: ({ f32 }) => f32.subarray(PARAMETERS / 4),
  steepRadius: 4e-3,
  doubtAt: (_radius, floor) => (floor > 0 ? DISTANCE_DOUBT : 0),
  scaleOf: sampleScale,
};

/** Of 16-bit pixels, which shall have the bits of js: this near to a radius its cosine rounds to -1. */
export const DOUBLE: Precision = {
  block: ({ f64 }) => f64.subarray(DEEP_PARAMETERS / 8),
  steepRadius: 1e-5,
  doubtAt: (radius) => Math.max(1e-7 * radius, 1e-11),
  scaleOf: bucketScale,
};

/** A center as near as this to black or to white leaves so little room for its shades that rounding would show in them. */
const STEEP_SHADE = 1e4;
/** What a keep row leaves to the others may come out as nothing, or not, where it is less than this. */
const NOTHING = 1e-14;
/** Distance from mid grey to the farthest color of either gamut, rounded up. Farther ones would share the last bucket. */
const GAMUT_REACH = 0.7;

/**
 * Writes a plan into the heap: the core's own matrices and thresholds, so that no constant of the model stands in two places.
 */
export function writePlan(heap: Heap, plan: Plan, precision: Precision): void {
  const block = precision.block(heap);
  const { luminance, saturation, hue, isStraight, keeps, repaints, attractors, rows } = compilePlan(plan);
  writeGamut(block, plan.gamut);
  block[P_LUMINANCE] = Number(luminance);
  block[P_SATURATION] = Number(saturation);
  block[P_HUE] = Number(hue);
  block[P_STRAIGHT] = Number(isStraight);
  block[P_KEEP_COUNT] = keeps;
  block[P_REPAINT_COUNT] = repaints;
  block[P_ATTRACTOR_COUNT] = attractors;
  for (let i = 0; i < keeps + repaints + attractors; i++) {
    const row = rows.slice(i * ROW_STRIDE, (i + 1) * ROW_STRIDE);
    const [radius, floor] = [row[R_RADIUS] as number, row[R_FLOOR] as number];
    if (i < keeps) turnKeep(row);
    const at = P_ROWS + i * ROW_NUMBERS;
    block.set(row, at);
    block[at + R_INVERSE_RADIUS] = 1 / radius;
    const margin = precision.doubtAt(radius, floor);
    const slope = i < keeps ? 0 : Math.max(row[R_DARKER_SLOPE] as number, row[R_LIGHTER_SLOPE] as number);
    const isSteep = radius < precision.steepRadius || (i < keeps + repaints && slope > STEEP_SHADE);
    block[at + R_DOUBT_FROM] = isSteep ? -1 : radius - margin;
    block[at + R_DOUBT_TO] = radius + (isSteep ? DISTANCE_DOUBT : margin);
  }
}

/** A keep row's weight line becomes that of what it leaves, 1 - weight. */
function turnKeep(row: Float64Array): void {
  const [radius, floor, gain] = [row[R_RADIUS], row[R_FLOOR], row[R_GAIN]] as [number, number, number];
  row[R_FLOOR] = 1 - floor;
  row[R_GAIN] = -gain;
  // From the plateau's edge to where gain (pi x / 2)^2, x of the way from there to the radius, is NOTHING.
  const x = gain > 0 && floor + gain === 1 ? Math.min(1, (2 / Math.PI) * Math.sqrt(NOTHING / gain)) : -1;
  row[R_EDGE_FROM] = (radius / 2) * (1 - 1e-7);
  row[R_EDGE_TO] = (radius / 2) * (1 + x);
}

function writeGamut(block: Float32Array | Float64Array, gamut: Gamut): void {
  const { toLms, fromLms } = gamutMatrices(gamut);
  block.set(toLms, P_TO_LMS);
  block.set(OKLAB_FROM_LMS, P_TO_OKLAB);
  block.set(LMS_FROM_OKLAB, P_FROM_OKLAB);
  block.set(fromLms, P_FROM_LMS);
  block[P_JUST_NOTICEABLE] = JUST_NOTICEABLE_DIFFERENCE;
  block[P_POWERLESS_CHROMA] = POWERLESS_CHROMA;
  block[P_HUELESS_LENGTH] = HUELESS_LENGTH;
  block[P_LIGHTNESS_EPSILON] = LIGHTNESS_EPSILON;
  block[P_GAMUT_EPSILON] = GAMUT_EPSILON;
  block[P_SEARCH_EPSILON] = CHROMA_SEARCH_EPSILON;
  block[P_SURFACE_LIGHTNESS] = SURFACE_LIGHTNESS;
  block[P_SURFACE_FLOOR] = SURFACE_FLOOR;
}

/** Centers for kernels that measure, without radii. @param centers at most MEASURED_ROWS, or SORT_TARGETS for `bucketDeep` */
export function writeCenters(heap: Heap, centers: readonly Center[], gamut: Gamut, precision: Precision): void {
  const block = precision.block(heap);
  writeGamut(block, gamut);
  centers.forEach((center, i) => {
    const at = P_ROWS + i * ROW_NUMBERS;
    block.set(center.oklab, at);
    block[at + R_IS_SURFACE] = Number(center.isSurface);
    block[at + R_BUCKET_SCALE] = precision.scaleOf(center);
  });
}

/** Bands for `collectColors` and `collectPixels`. @param bands at most MEASURED_ROWS */
export function writeBands(heap: Heap, bands: readonly DistanceBand[], gamut: Gamut): void {
  const centers = bands.map(({ center }) => center);
  writeCenters(heap, centers, gamut, SINGLE);
  const block = SINGLE.block(heap);
  bands.forEach(({ from, to }, i) => {
    const at = P_ROWS + i * ROW_NUMBERS;
    block[at + R_BAND_FROM] = from;
    block[at + R_BAND_TO] = to;
  });
}

/** Buckets of `bucket` per unit of distance from a center. */
export function sampleScale(center: Center): number {
  const [L, a, b] = center.oklab;
  const farthest = center.isSurface ? farthestFrom(center) : Math.hypot(L - 0.5, a, b) + GAMUT_REACH;
  return (BUCKET_COUNT - 1) / farthest;
}
