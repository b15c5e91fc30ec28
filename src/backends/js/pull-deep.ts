import { linearTableFor } from '../../core/color/linear-tables.js';
import { compilePlan } from '../../core/compiled-plan.js';
import type { Plan } from '../../core/types.js';
import { deepCurve, encodeDeep } from './encode-deep.js';
import { createPullScratch, pullLinear } from './pull-linear.js';

/**
 * The pull on 16-bit pixels, in place; alpha is left alone. Reference: `createPull(plan, 65535)`.
 *
 * @returns recolors RGB or RGBA samples
 */
export function createDeepPuller(plan: Plan): (samples: Uint16Array, channels: 3 | 4) => void {
  const curve = deepCurve();
  const compiled = compilePlan(plan);
  const scratch = createPullScratch(compiled);
  const { linear } = scratch;
  return (samples, channels) => {
    const table = linearTableFor(samples);
    // Neighbors are often equal, in drawings and under alpha 0.
    let lastRed = -1;
    let lastGreen = 0;
    let lastBlue = 0;
    let newRed = 0;
    let newGreen = 0;
    let newBlue = 0;
    for (let i = 0; i < samples.length; i += channels) {
      const red = samples[i] as number;
      const green = samples[i + 1] as number;
      const blue = samples[i + 2] as number;
      if (red !== lastRed || green !== lastGreen || blue !== lastBlue) {
        lastRed = newRed = red;
        lastGreen = newGreen = green;
        lastBlue = newBlue = blue;
        const isReached = pullLinear(
          table[red] as number,
          table[green] as number,
          table[blue] as number,
          compiled,
          scratch,
        );
        if (isReached) {
          newRed = encodeDeep(linear[0] as number, curve);
          newGreen = encodeDeep(linear[1] as number, curve);
          newBlue = encodeDeep(linear[2] as number, curve);
        }
      }
      samples[i] = newRed;
      samples[i + 1] = newGreen;
      samples[i + 2] = newBlue;
    }
  };
}
