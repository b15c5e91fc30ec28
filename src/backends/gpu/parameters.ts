import { GAMUT_EPSILON, JUST_NOTICEABLE_DIFFERENCE } from '../../core/color/gamut.js';
import { LMS_FROM_OKLAB, OKLAB_FROM_LMS } from '../../core/color/matrices.js';
import { POWERLESS_CHROMA } from '../../core/color/powerless.js';
import { linearTable } from '../../core/color/srgb.js';
import type { CompiledPlan } from '../../core/compiled-plan.js';
import { MAX_ROWS } from '../../core/options.js';
import { HUELESS_LENGTH } from '../../core/pull.js';
import type { KernelConstants } from './kernel-scope.js';

/** Numbers of the header, in the order of `packParameters`. */
const HEADER = 16;
const MATRIX = 9;
const CODES = 256;

/** Where things lie in the parameter array. Its length is fixed, so that one compiled kernel fits every plan. */
export const LAYOUT: KernelConstants = {
  toLms: HEADER,
  fromLms: HEADER + MATRIX,
  toOklab: HEADER + 2 * MATRIX,
  fromOklab: HEADER + 3 * MATRIX,
  table: HEADER + 4 * MATRIX,
  attractors: HEADER + 4 * MATRIX + CODES,
  stride: 9,
};

/** Length of the parameter array, in float32 numbers. */
export const PARAMETER_COUNT = LAYOUT.attractors + MAX_ROWS * 9;

/**
 * An Oklab distance this close to a radius is left to float64, so that membership is the same on every backend.
 * float32 and the drivers' square roots err by less than 1e-6; all 2^24 colors hold about a thousand such.
 */
const MEMBERSHIP_GUARD = 1e-5;
/** A hue vector shorter than this, on a color that would show it, is left to float64: its direction is mostly error. */
const HUE_GUARD = 1e-3;
/** An out-of-gamut color this close to L = 0 or 1 is left to float64: exactly there the answer jumps to black or white. */
const LIGHTNESS_GUARD = 4e-6;

/** Writes a plan the way pull.kernel.ts reads it. @returns PARAMETER_COUNT numbers */
export function packParameters(plan: CompiledPlan): Float32Array {
  const parameters = new Float32Array(PARAMETER_COUNT);
  parameters.set([
    plan.attractors,
    Number(plan.luminance),
    Number(plan.saturation),
    Number(plan.hue),
    POWERLESS_CHROMA,
    HUELESS_LENGTH,
    GAMUT_EPSILON,
    JUST_NOTICEABLE_DIFFERENCE,
    MEMBERSHIP_GUARD,
    HUE_GUARD,
    LIGHTNESS_GUARD,
  ]);
  parameters.set(plan.toLms, LAYOUT.toLms);
  parameters.set(plan.fromLms, LAYOUT.fromLms);
  parameters.set(OKLAB_FROM_LMS, LAYOUT.toOklab);
  parameters.set(LMS_FROM_OKLAB, LAYOUT.fromOklab);
  parameters.set(linearTable(255), LAYOUT.table);
  for (let i = 0; i < plan.attractors; i++) {
    parameters.set(plan.rows.subarray(i * 13, i * 13 + 9), LAYOUT.attractors + i * 9);
  }
  return parameters;
}
