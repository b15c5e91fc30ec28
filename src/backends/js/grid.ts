import { createBreath } from '../../core/breath.js';
import { encodedFromLinear, linearFromEncoded } from '../../core/color/srgb.js';
import { compilePlan } from '../../core/compiled-plan.js';
import { throwIfCanceled } from '../../core/errors.js';
import type { Cancel, Plan } from '../../core/types.js';
import { createPullScratch, pullLinear } from './pull-linear.js';

/** Intervals of the encoder's table over the square root of light, where the curve is nearly straight. */
const INTERVALS = 4096;

/** `Backend.evaluateGrid` in float64: the nodes of a lookup table without rounding. Reference: `pull`. */
export async function evaluateGrid(axis: Float64Array, plan: Plan, out: Float32Array, signal?: Cancel): Promise<void> {
  const fill = createGridFiller(axis, plan);
  const breathe = createBreath();
  const layer = axis.length ** 2 * 3;
  for (let blue = 0; blue < axis.length; blue++) {
    throwIfCanceled(signal);
    fill(blue, out.subarray(blue * layer, (blue + 1) * layer));
    await breathe();
  }
}

/** @returns fills the nodes of one value of blue, axis.length ^ 2 of them */
export function createGridFiller(axis: Float64Array, plan: Plan): (blue: number, out: Float32Array) => void {
  const compiled = compilePlan(plan);
  const scratch = createPullScratch(compiled);
  const { linear } = scratch;
  const light = axis.map(linearFromEncoded);
  return (blue, out) => {
    let at = 0;
    const b = light[blue] as number;
    for (let green = 0; green < axis.length; green++) {
      const g = light[green] as number;
      for (let red = 0; red < axis.length; red++, at += 3) {
        if (pullLinear(light[red] as number, g, b, compiled, scratch)) {
          out[at] = encodeLight(linear[0] as number);
          out[at + 1] = encodeLight(linear[1] as number);
          out[at + 2] = encodeLight(linear[2] as number);
        } else {
          // Outside every radius a node is its own input, so that whole cells out there change nothing.
          out[at] = axis[red] as number;
          out[at + 1] = axis[green] as number;
          out[at + 2] = axis[blue] as number;
        }
      }
    }
  };
}

/** One value more than intervals, and one to spare at light 1. */
const encoded = Float64Array.from({ length: INTERVALS + 2 }, (_, i) => encodedFromLinear((i / INTERVALS) ** 2));

/**
 * `encodedFromLinear` by a table, off by less than 2e-7 (0.013 of a 16-bit code), at a fifth of its time.
 *
 * @param linear 0 to 1
 */
function encodeLight(linear: number): number {
  const way = Math.sqrt(linear) * INTERVALS;
  const below = way | 0;
  const from = encoded[below] as number;
  return from + ((encoded[below + 1] as number) - from) * (way - below);
}
