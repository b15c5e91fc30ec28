/** Oklab distances from colors to attractors, sorted into buckets: what the percentile search starts from. */
import { Color } from './color-math';
import { LANES, V } from './lanes';
import {
  A_A,
  A_B,
  A_BUCKET_SCALE,
  A_L,
  ATTRACTOR_NUMBERS,
  BUCKET_COUNT,
  BUCKETS,
  CHUNK_COLORS,
  COLORS,
  P_ATTRACTORS,
  PARAMETERS,
} from './layout';

/**
 * For the chunk at COLORS writes, for each of the attractors, the bucket of every color's distance.
 *
 * @param count colors, at most CHUNK_COLORS
 * @param attractors at most MEASURED_ATTRACTORS
 */
export function measure(count: i32, attractors: i32): void {
  const end: usize = PARAMETERS + ((P_ATTRACTORS + attractors * ATTRACTOR_NUMBERS) << 2);
  const last = V.splat(<f32>(BUCKET_COUNT - 1));
  for (let i = 0; i < count; i += LANES) {
    const at: usize = COLORS + (i << 2);
    const red = V.linear(at, 0);
    const green = V.linear(at, 8);
    const blue = V.linear(at, 16);
    const lRoot = Color.lmsRoot(0, red, green, blue);
    const mRoot = Color.lmsRoot(1, red, green, blue);
    const sRoot = Color.lmsRoot(2, red, green, blue);
    const L = Color.oklab(0, lRoot, mRoot, sRoot);
    const a = Color.oklab(1, lRoot, mRoot, sRoot);
    const b = Color.oklab(2, lRoot, mRoot, sRoot);
    let out: usize = BUCKETS + (i << 1);
    for (let p: usize = PARAMETERS + (P_ATTRACTORS << 2); p < end; p += ATTRACTOR_NUMBERS << 2) {
      const distance = Color.length3(
        V.sub(L, V.loadSplat(p + (A_L << 2))),
        V.sub(a, V.loadSplat(p + (A_A << 2))),
        V.sub(b, V.loadSplat(p + (A_B << 2))),
      );
      V.storeRounded16(out, V.min(V.mul(distance, V.loadSplat(p + (A_BUCKET_SCALE << 2))), last));
      out += CHUNK_COLORS << 1;
    }
  }
}
