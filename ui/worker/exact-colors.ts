import { gamutMatrices, oklabFromLinear } from '../../src/core/color/oklab.js';
import { oklchFromOklab } from '../../src/core/color/oklch.js';
import { unpackColor } from '../../src/core/color/packed.js';
import { linearFromEncoded } from '../../src/core/color/srgb.js';
import { createPull } from '../../src/core/pull.js';
import type { Plan } from '../../src/core/types.js';

/** Values a color: red, green, blue from 0 to 1, then OKLCH with the hue in degrees. */
export const EXACT_VALUES = 6;

/** Codes of 16 bits are as exact as anybody will see. */
const MAX_CODE = 65_535;

/** What a plan makes of colors before anything is rounded to 8 bits. @returns EXACT_VALUES for each */
export function evaluateExactly(colors: Uint32Array, plan: Plan): Float64Array {
  const pull = createPull(plan, MAX_CODE);
  const { toLms } = gamutMatrices(plan.gamut);
  const out = new Float64Array(colors.length * EXACT_VALUES);
  for (const [i, color] of colors.entries()) {
    const [r, g, b] = unpackColor(color).map((code) => code * 257) as [number, number, number];
    const rgb = pull([r, g, b]).map((code) => code / MAX_CODE) as [number, number, number];
    const linear = rgb.map(linearFromEncoded) as [number, number, number];
    const { l, c, h } = oklchFromOklab(oklabFromLinear(...linear, toLms));
    out.set([...rgb, round(l, 4), round(c, 4), round(h, 2)], i * EXACT_VALUES);
  }
  return out;
}

/** As a person would type it: far finer than 8 bits, without the noise of the last digits. */
function round(value: number, digits: number): number {
  return Number(Math.max(0, value).toFixed(digits));
}
