import { gamutMatrices, writeOklab } from '../color/oklab.js';
import { linearTable } from '../color/srgb.js';
import type { Gamut } from '../types.js';

/** Oklab of packed 8-bit colors: L, a, b of color i at 3 i. */
export function oklabOfColors(colors: Uint32Array, gamut: Gamut): Float64Array {
  const { toLms } = gamutMatrices(gamut);
  const linear = linearTable(255);
  const lab = new Float64Array(colors.length * 3);
  for (let i = 0; i < colors.length; i++) {
    const color = colors[i] as number;
    const red = linear[color & 255] as number;
    const green = linear[(color >>> 8) & 255] as number;
    writeOklab(lab, i * 3, red, green, linear[color >>> 16] as number, toLms);
  }
  return lab;
}
