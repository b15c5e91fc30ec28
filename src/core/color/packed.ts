/**
 * Packed 8-bit colors: `r | g << 8 | b << 16`, 0 to 0xffffff.
 *
 * This is how RGBA bytes read as a little-endian Uint32 (less alpha), so the hot loops move pixels without shuffling
 * bytes, and it is the number that gpu.js kernels take as one exact float32.
 */

/** Number of distinct 8-bit colors. */
export const COLOR_COUNT = 1 << 24;

export function packColor(r: number, g: number, b: number): number {
  return r | (g << 8) | (b << 16);
}

export function unpackColor(color: number): [number, number, number] {
  return [color & 255, (color >>> 8) & 255, color >>> 16];
}
