import { GAMUT_EPSILON, JUST_NOTICEABLE_DIFFERENCE } from '../../core/color/gamut.js';
import { LMS_FROM_OKLAB, OKLAB_FROM_LMS } from '../../core/color/matrices.js';
import { POWERLESS_CHROMA } from '../../core/color/powerless.js';
import { linearTable } from '../../core/color/srgb.js';
import { type CompiledPlan, ROW_STRIDE } from '../../core/compiled-plan.js';
import { MAX_ROWS } from '../../core/options.js';
import { HUELESS_LENGTH } from '../../core/pull.js';
import { SURFACE_FLOOR, SURFACE_LIGHTNESS } from '../../core/row/distance.js';
import { type KernelConstants, type KernelLayout, PARAMETER_NAMES, type ParameterName } from './kernel-scope.js';

const HEADER = PARAMETER_NAMES.length;
const MATRIX = 9;
const CODES = 256;
const ROWS = HEADER + 4 * MATRIX + CODES;

/** Length of the parameter array, in float32 numbers. */
export const PARAMETER_COUNT = ROWS + MAX_ROWS * ROW_STRIDE;

/**
 * Where things lie in the parameter array. Its length is fixed, so that one compiled kernel fits every plan. Rows of one kind are filled in
 * from the front and of the other from the end, so that constants say where either begins.
 */
export const LAYOUT: KernelLayout = {
  ...(Object.fromEntries(PARAMETER_NAMES.map((name, at) => [name, at])) as Record<ParameterName, number>),
  toLms: HEADER,
  fromLms: HEADER + MATRIX,
  toOklab: HEADER + 2 * MATRIX,
  fromOklab: HEADER + 3 * MATRIX,
  table: HEADER + 4 * MATRIX,
  surfaceRows: ROWS,
  attractorRows: PARAMETER_COUNT - ROW_STRIDE,
  stride: ROW_STRIDE,
};

/** What float32 cannot decide is left to float64: near a jump, where an error of 1e-6 would show. */
const GUARDS = {
  /**
   * A distance this close to a radius, so that membership is the same on every backend. float32 and the drivers' square roots err by
   * less than 1e-6; all 2^24 colors hold about a thousand such. A surface distance errs by as much more as it lightens a color.
   */
  membershipGuard: 1e-5,
  /** A surface radius smaller than so many membership guards: over so short a falloff an error of the distance is an error of the weight. */
  smallRadius: 100,
  /** Highlights of a center so near white that k(L) has a slope above this, which makes an error of L visible. */
  steepShade: 500,
  /** A hue vector shorter than this, on a color that would show it: its direction is mostly error, and under 1e-4 it may jump. */
  hueGuard: 1e-3,
  /** Lightness of an out-of-gamut color this close to 0 or 1: exactly there the answer jumps to black or white. */
  lightnessGuard: 4e-6,
  /**
   * So close it is black or white for sure (LIGHTNESS_EPSILON, less float32's error) where weights are exact: on plateaus, which put whole
   * surfaces exactly there when they are repainted in black or white.
   */
  sureLightness: 6e-7,
} as const;

/** Writes a plan the way pull.kernel.ts reads it. @returns PARAMETER_COUNT numbers */
export function packParameters(plan: CompiledPlan): Float32Array {
  const surfaces = plan.keeps + plan.repaints;
  const rowAt = (i: number): Float64Array => plan.rows.subarray(i * ROW_STRIDE, (i + 1) * ROW_STRIDE);
  const isFlat = (i: number): boolean => rowAt(surfaces + i)[8] === 0;
  const header: Record<ParameterName, number> = {
    keeps: plan.keeps,
    surfaces,
    attractors: plan.attractors,
    luminance: Number(plan.luminance),
    saturation: Number(plan.saturation),
    hue: Number(plan.hue),
    straight: Number(plan.isStraight),
    // Whether no attractor has a falloff: at strength 200 weights are whole numbers.
    flat: Number(Array.from({ length: plan.attractors }, (_, i) => isFlat(i)).every(Boolean)),
    powerless: POWERLESS_CHROMA,
    hueless: HUELESS_LENGTH,
    surfaceLightness: SURFACE_LIGHTNESS,
    surfaceFloor: SURFACE_FLOOR,
    gamutEpsilon: GAMUT_EPSILON,
    noticeable: JUST_NOTICEABLE_DIFFERENCE,
    ...GUARDS,
  };
  const parameters = new Float32Array(PARAMETER_COUNT);
  for (const name of PARAMETER_NAMES) parameters[LAYOUT[name]] = header[name];
  parameters.set(plan.toLms, LAYOUT.toLms);
  parameters.set(plan.fromLms, LAYOUT.fromLms);
  parameters.set(OKLAB_FROM_LMS, LAYOUT.toOklab);
  parameters.set(LMS_FROM_OKLAB, LAYOUT.fromOklab);
  parameters.set(linearTable(255), LAYOUT.table);
  for (let i = 0; i < surfaces; i++) parameters.set(rowAt(i), LAYOUT.surfaceRows + i * ROW_STRIDE);
  for (let i = 0; i < plan.attractors; i++) parameters.set(rowAt(surfaces + i), LAYOUT.attractorRows - i * ROW_STRIDE);
  return parameters;
}

/** How many kernels `constantsFor` tells apart. */
export const VARIANT_COUNT = 4;

/** What the kernel for these parameters is compiled with. @param parameters as `packParameters` gives them */
export function constantsFor(parameters: Float32Array): KernelConstants {
  const hasSurfaces = Number(parameters[LAYOUT.surfaces] !== 0);
  return { ...LAYOUT, hasSurfaces, isStraight: parameters[LAYOUT.straight] as number };
}
