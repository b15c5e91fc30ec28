/** Oklab distances from colors to attractors, sorted into buckets: what the percentile search starts from. */
import { OKLAB_BLOCK, toOklab } from './block-oklab';
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
  OUTSIDE_A,
  OUTSIDE_B,
  OUTSIDE_L,
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
  for (let first = 0; first < count; first += OKLAB_BLOCK) {
    const end = min(first + OKLAB_BLOCK, count);
    toOklab(first, end);
    for (let p = 0; p < attractors; p++) measureBlock(first, end, p);
  }
}

function measureBlock(first: i32, end: i32, attractor: i32): void {
  const numbers: usize = PARAMETERS + ((P_ATTRACTORS + attractor * ATTRACTOR_NUMBERS) << 2);
  const L = V.loadSplat(numbers + (A_L << 2));
  const a = V.loadSplat(numbers + (A_A << 2));
  const b = V.loadSplat(numbers + (A_B << 2));
  const scale = V.loadSplat(numbers + (A_BUCKET_SCALE << 2));
  const last = V.splat(<f32>(BUCKET_COUNT - 1));
  let out: usize = BUCKETS + ((attractor * CHUNK_COLORS + first) << 1);
  let from: usize = 0;
  for (let i = first; i < end; i += LANES, from += LANES << 2, out += LANES << 1) {
    const distance = Color.length3(
      V.sub(V.load(OUTSIDE_L + from), L),
      V.sub(V.load(OUTSIDE_A + from), a),
      V.sub(V.load(OUTSIDE_B + from), b),
    );
    V.storeRounded16(out, V.min(V.mul(distance, scale), last));
  }
}
