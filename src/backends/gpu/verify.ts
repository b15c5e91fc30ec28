import { mapToGamut } from '../../core/color/gamut.js';
import { COLOR_COUNT, packColor } from '../../core/color/packed.js';
import { quantize } from '../../core/color/srgb.js';
import { type CompiledPlan, ROW_STRIDE } from '../../core/compiled-plan.js';
import { GpuFault } from './engine.js';

/** Colors at the end of every tile whose results are known: a tile full of zeros or leftovers gives itself away. */
export const SENTINEL_COUNT = 4;

/** Spread over the cube, so that at least one is changed by most plans. */
const SPREAD = [0xc08040, 0x2060e0, 0x808080] as const;

/** Spread colors, and the color of the first row that moves any: with a short reach it may be all that a plan changes. */
export function sentinelsFor({ rows, keeps, toLms, fromLms }: CompiledPlan): Uint32Array {
  const [L = 0, a = 0, b = 0] = rows.subarray(keeps * ROW_STRIDE);
  const [red, green, blue] = mapToGamut(L, a, b, toLms, fromLms);
  return Uint32Array.of(...SPREAD, packColor(quantize(red, 255), quantize(green, 255), quantize(blue, 255)));
}

/**
 * Checks a tile's raw output and takes the colors over.
 *
 * @param result one float a color, as the kernel gave it
 * @param input the packed colors of the same tile
 * @param out receives the new colors of the first `count`
 * @returns places in the tile, below `count`, that float32 could not decide; their `out` is not written
 * @throws GpuFault `wrong` for a wrong length, NaN, a fraction, a number that is no color or another color's flag
 */
export function takeTile(result: Float32Array, input: Float32Array, count: number, out: Uint32Array): number[] {
  if (result.length !== input.length) {
    throw new GpuFault('wrong', `the GPU returned ${result.length} colors for ${input.length}`);
  }
  const undecided: number[] = [];
  for (let i = 0; i < count; i++) {
    const value = result[i] as number;
    const color = value | 0;
    if (color !== value || color >= COLOR_COUNT) throw notAColor(value);
    if (color >= 0) {
      out[i] = color;
    } else {
      if (color !== -1 - (input[i] as number)) throw notAColor(value);
      undecided.push(i);
    }
  }
  return undecided;
}

/**
 * Compares the sentinels' results with the js backend's.
 *
 * @param found the last SENTINEL_COUNT numbers of a tile
 * @param expected packed colors
 * @throws GpuFault `wrong` when a component is off by more than 1
 */
export function checkSentinels(found: Float32Array, sentinels: Uint32Array, expected: Uint32Array): void {
  for (let i = 0; i < expected.length; i++) {
    const value = found[i] as number;
    if (value === -1 - (sentinels[i] as number)) continue;
    for (let shift = 0; shift < 24; shift += 8) {
      const difference = ((value >> shift) & 255) - (((expected[i] as number) >> shift) & 255);
      if (!(value >= 0) || Math.abs(difference) > 1) {
        throw new GpuFault('wrong', 'the GPU returned colors that differ from the exact ones');
      }
    }
  }
}

function notAColor(value: number): GpuFault {
  return new GpuFault('wrong', `the GPU returned ${value}, which is not a color`);
}
