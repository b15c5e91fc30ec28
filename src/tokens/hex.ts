import { mapToGamut } from '../core/color/gamut.js';
import { gamutMatrices } from '../core/color/oklab.js';
import { unpackColor } from '../core/color/packed.js';
import { quantize } from '../core/color/srgb.js';
import { parseColor } from '../core/row/color.js';

/** Any CSS color as the nearest sRGB one, gamut mapped, red, green, blue from 0 to 255: for swatches. Alpha is ignored. */
export function rgbOfColor(css: string): [number, number, number] {
  const [L, a, b] = parseColor(css).oklab;
  const { toLms, fromLms } = gamutMatrices('srgb');
  const [r, g, bl] = mapToGamut(Math.min(1, Math.max(0, L)), a, b, toLms, fromLms);
  return [quantize(r, 255), quantize(g, 255), quantize(bl, 255)];
}

/** `rgbOfColor` as #rrggbb. */
export function hexOfColor(css: string): string {
  return hexOfRgb(rgbOfColor(css));
}

/** A packed color as #rrggbb. */
export function hexOfPacked(color: number): string {
  return hexOfRgb(unpackColor(color));
}

function hexOfRgb(rgb: readonly number[]): string {
  return `#${rgb.map((code) => code.toString(16).padStart(2, '0')).join('')}`;
}
