/** Distances of 16-bit pixels, two at a time, in float64: for plans. Reference: `sortPixels` (src/core/analysis/pixel-buckets.ts). */

import { D } from './deep-math';
import { DeepRow } from './deep-rows';
import { CHUNK, DEEP_PARAMETERS, P_ROWS, R_BUCKET_SCALE, R_IS_SURFACE, ROW_NUMBERS } from './layout';

const ROW_BYTES: usize = ROW_NUMBERS << 3;
const FIRST_ROW: usize = DEEP_PARAMETERS + (P_ROWS << 3);

/**
 * Writes, for each target, the bucket of every pixel's distance, cut to a whole number; its last digits differ from js's, so it may be one off.
 *
 * @param pixels address of RGB or RGBA, 16 bits each
 * @param count at most CHUNK
 * @param step bytes a pixel, 6 or 8
 * @param targets in the parameter block in place of rows
 * @param to receives u16: CHUNK for the first target, then for the next
 */
export function bucketDeep(pixels: usize, count: i32, step: i32, targets: i32, to: usize): void {
  const end: usize = FIRST_ROW + targets * ROW_BYTES;
  for (let i = 0; i < count; i += 2) {
    const first: usize = pixels + i * step;
    const second: usize = i + 1 < count ? first + step : first;
    const red = D.linear(first, second, 0);
    const green = D.linear(first, second, 2);
    const blue = D.linear(first, second, 4);
    const lRoot = D.lmsRoot(0, red, green, blue);
    const mRoot = D.lmsRoot(1, red, green, blue);
    const sRoot = D.lmsRoot(2, red, green, blue);
    const L = D.oklab(0, lRoot, mRoot, sRoot);
    const a = D.oklab(1, lRoot, mRoot, sRoot);
    const b = D.oklab(2, lRoot, mRoot, sRoot);
    let out: usize = to + (i << 1);
    const perLight = DeepRow.perLight(L);
    for (let p: usize = FIRST_ROW; p < end; p += ROW_BYTES) {
      const isSurface = load<f64>(p + (R_IS_SURFACE << 3)) > 0;
      const distance = isSurface ? DeepRow.surfaceDistance(p, L, a, b, perLight) : DeepRow.colorDistance(p, L, a, b);
      const bucket = i32x4.trunc_sat_f64x2_s_zero(f64x2.mul(distance, DeepRow.get(p, R_BUCKET_SCALE)));
      store<u16>(out, i32x4.extract_lane(bucket, 0));
      store<u16>(out, i32x4.extract_lane(bucket, 1), 2);
      out += CHUNK << 1;
    }
  }
}
