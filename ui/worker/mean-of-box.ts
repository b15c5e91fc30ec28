/**
 * Mean of a box of RGBA pixels, colors weighed by alpha.
 *
 * @param width of the picture, pixels
 * @param x1 @param y1 first column and row beyond the box, which holds at least a pixel
 * @param out gets r, g, b and the mean alpha at `at`; is left alone where nothing is visible
 * @returns whether anything is
 */
export function writeMeanOfBox(
  data: Uint8Array | Uint8ClampedArray,
  width: number,
  x0: number,
  x1: number,
  y0: number,
  y1: number,
  out: Uint8Array,
  at: number,
): boolean {
  let r = 0;
  let g = 0;
  let b = 0;
  let alpha = 0;
  for (let y = y0; y < y1; y++) {
    for (let i = (y * width + x0) * 4, end = (y * width + x1) * 4; i < end; i += 4) {
      const a = data[i + 3] as number;
      r += (data[i] as number) * a;
      g += (data[i + 1] as number) * a;
      b += (data[i + 2] as number) * a;
      alpha += a;
    }
  }
  if (alpha === 0) return false;
  out[at] = Math.round(r / alpha);
  out[at + 1] = Math.round(g / alpha);
  out[at + 2] = Math.round(b / alpha);
  out[at + 3] = Math.round(alpha / ((x1 - x0) * (y1 - y0)));
  return true;
}
