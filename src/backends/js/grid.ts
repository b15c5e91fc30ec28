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
  const length = axis.length * 3;
  for (let row = 0; row < axis.length ** 2; row++) {
    throwIfCanceled(signal);
    fill(row, out.subarray(row * length, (row + 1) * length));
    await breathe();
  }
}

/** @returns fills a row of nodes: those of one green and one blue. Row `blue * axis.length + green` */
export function createGridFiller(axis: Float64Array, plan: Plan): (row: number, out: Float32Array) => void {
  const compiled = compilePlan(plan);
  const scratch = createPullScratch(compiled);
  const { linear } = scratch;
  const light = axis.map(linearFromEncoded);
  return (row, out) => {
    const [green, blue] = [row % axis.length, Math.floor(row / axis.length)];
    const [g, b] = [light[green] as number, light[blue] as number];
    for (let red = 0, at = 0; red < axis.length; red++, at += 3) {
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
