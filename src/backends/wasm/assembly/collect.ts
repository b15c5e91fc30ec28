/** Colors in a band of distances around each attractor: what finds a percentile without keeping every distance. */
import { OKLAB_BLOCK, toOklab } from './block-oklab';
import { Color } from './color-math';
import { LANES, V } from './lanes';
import {
  A_A,
  A_B,
  A_BAND_FROM,
  A_BAND_TO,
  A_L,
  ATTRACTOR_NUMBERS,
  BAND_DISTANCES,
  BAND_POSITIONS,
  BAND_STRIDE,
  COUNTS,
  FOUND,
  OUTSIDE_A,
  OUTSIDE_B,
  OUTSIDE_L,
  P_ATTRACTORS,
  PARAMETERS,
} from './layout';
import { lanesLeft } from './pixels';

/**
 * For the chunk at COLORS counts, for each of the attractors, the pixels nearer than its band, and lists the colors in it.
 *
 * @param count colors, at most CHUNK_COLORS
 * @param attractors at most MEASURED_ATTRACTORS
 * @param isCounted each color stands for as many pixels as COUNTS says, 0 in the places behind the last one; else for one.
 *   All pixels of a picture are fewer than 2^32.
 */
export function collect(count: i32, attractors: i32, isCounted: bool): void {
  for (let p: usize = 0; p < <usize>attractors; p++) store<u64>(FOUND + (p << 3), 0);
  for (let first = 0; first < count; first += OKLAB_BLOCK) {
    const end = min(first + OKLAB_BLOCK, count);
    toOklab(first, end);
    for (let p = 0; p < attractors; p++) collectBlock(first, end, p, isCounted);
  }
}

function collectBlock(first: i32, end: i32, attractor: i32, isCounted: bool): void {
  const numbers: usize = PARAMETERS + ((P_ATTRACTORS + attractor * ATTRACTOR_NUMBERS) << 2);
  const L = V.loadSplat(numbers + (A_L << 2));
  const a = V.loadSplat(numbers + (A_A << 2));
  const b = V.loadSplat(numbers + (A_B << 2));
  const bandFrom = V.loadSplat(numbers + (A_BAND_FROM << 2));
  const bandTo = V.loadSplat(numbers + (A_BAND_TO << 2));
  const found: usize = FOUND + (attractor << 3);
  let below = load<i32>(found);
  let belowLanes = V.splatInts(0);
  let listed: usize = load<u32>(found, 4) << 2;
  const positions: usize = BAND_POSITIONS + attractor * BAND_STRIDE;
  const distances: usize = BAND_DISTANCES + attractor * BAND_STRIDE;
  let from: usize = 0;
  for (let i = first; i < end; i += LANES, from += LANES << 2) {
    const distance = Color.length3(
      V.sub(V.load(OUTSIDE_L + from), L),
      V.sub(V.load(OUTSIDE_A + from), a),
      V.sub(V.load(OUTSIDE_B + from), b),
    );
    const isBelow = V.lt(distance, bandFrom);
    const left = lanesLeft(end - i);
    if (isCounted) belowLanes = V.addInts(belowLanes, V.keepInts(V.loadInts(COUNTS + (i << 2)), isBelow));
    else below += popcnt(V.bits(isBelow) & left);
    const bits = V.bits(V.and(V.not(isBelow), V.lt(distance, bandTo))) & left;
    if (bits) {
      V.storeSomeInts(positions + listed, V.sequence(i), bits);
      V.storeSome(distances + listed, distance, bits);
      listed += popcnt(bits) << 2;
    }
  }
  store<i32>(found, below + V.sumInts(belowLanes));
  store<u32>(found, <u32>(listed >> 2), 4);
}
