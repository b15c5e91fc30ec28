/** Oklab distances from colors to rows: sorted into buckets, or those in a band, which find a percentile without keeping them all. */
import { Color } from './color-math';
import { LANES, V, Vec } from './lanes';
import {
  A_A,
  A_B,
  A_BAND_FROM,
  A_BAND_TO,
  A_BUCKET_SCALE,
  A_L,
  ATTRACTOR_NUMBERS,
  BAND_DISTANCES,
  BAND_POSITIONS,
  BAND_STRIDE,
  BUCKET_COUNT,
  CHUNK,
  FOUND,
  OUTSIDE_A,
  OUTSIDE_B,
  OUTSIDE_L,
  P_ATTRACTORS,
  PARAMETERS,
} from './layout';
import { lanesLeft, unpack, unpackVisible } from './pixels';
import { SCRATCH } from './thread';

/** Colors whose Oklab stays in the nearest cache while each row looks at it. */
const OKLAB_BLOCK: i32 = 512;

/** Oklab of a block, at the start of the gamut queue, which nobody else uses meanwhile. */
function toOklab(colors: usize, first: i32, end: i32): void {
  let to: usize = SCRATCH;
  for (let i = first; i < end; i += LANES, to += LANES << 2) {
    const at: usize = colors + (i << 2);
    const red = V.linear(at, 0);
    const green = V.linear(at, 8);
    const blue = V.linear(at, 16);
    const lRoot = Color.lmsRoot(0, red, green, blue);
    const mRoot = Color.lmsRoot(1, red, green, blue);
    const sRoot = Color.lmsRoot(2, red, green, blue);
    V.store(to + OUTSIDE_L, Color.oklab(0, lRoot, mRoot, sRoot));
    V.store(to + OUTSIDE_A, Color.oklab(1, lRoot, mRoot, sRoot));
    V.store(to + OUTSIDE_B, Color.oklab(2, lRoot, mRoot, sRoot));
  }
}

class Row {
  @inline static numbers(row: i32): usize {
    return PARAMETERS + ((P_ATTRACTORS + row * ATTRACTOR_NUMBERS) << 2);
  }
  /** Distance of the colors at a place of the gamut queue to a row's color. */
  @inline static distance(L: Vec, a: Vec, b: Vec, from: usize): Vec {
    return Color.length3(
      V.sub(V.load(SCRATCH + OUTSIDE_L + from), L),
      V.sub(V.load(SCRATCH + OUTSIDE_A + from), a),
      V.sub(V.load(SCRATCH + OUTSIDE_B + from), b),
    );
  }
}

/**
 * The bucket of every color's distance to each row.
 *
 * @param rows at most MEASURED_ROWS
 * @param out receives u16: CHUNK for the first row, then for the next
 */
export function bucket(colors: usize, count: i32, rows: i32, out: usize): void {
  for (let first = 0; first < count; first += OKLAB_BLOCK) {
    const end = min(first + OKLAB_BLOCK, count);
    toOklab(colors, first, end);
    for (let row = 0; row < rows; row++) bucketBlock(first, end, row, out + ((row * CHUNK + first) << 1));
  }
}

function bucketBlock(first: i32, end: i32, row: i32, out: usize): void {
  const numbers = Row.numbers(row);
  const L = V.loadSplat(numbers + (A_L << 2));
  const a = V.loadSplat(numbers + (A_A << 2));
  const b = V.loadSplat(numbers + (A_B << 2));
  const scale = V.loadSplat(numbers + (A_BUCKET_SCALE << 2));
  const last = V.splat(<f32>(BUCKET_COUNT - 1));
  let from: usize = 0;
  for (let i = first; i < end; i += LANES, from += LANES << 2, out += LANES << 1) {
    V.storeRounded16(out, V.min(V.mul(Row.distance(L, a, b, from), scale), last));
  }
}

/**
 * Colors of a chunk in the band of each row: for each the pixels nearer than the band, and the colors in it.
 *
 * @param counts pixels of each color (u32); of the places behind the last one, which are read too, nothing is taken
 * @param rows at most MEASURED_ROWS
 * @param out receives what FOUND, BAND_POSITIONS and BAND_DISTANCES say
 */
export function collectColors(colors: usize, counts: usize, count: i32, rows: i32, out: usize): void {
  collect(colors, counts, count, rows, out);
}

/**
 * The same for the visible pixels of a chunk.
 *
 * @param out receives their colors first
 * @returns how many are visible
 */
export function collectPixels(pixels: usize, count: i32, channels: i32, rows: i32, out: usize): i32 {
  if (channels === 4) count = unpackVisible(pixels, count, out);
  else unpack(pixels, count, channels, out);
  collect(out, 0, count, rows, out);
  return count;
}

function collect(colors: usize, counts: usize, count: i32, rows: i32, out: usize): void {
  for (let row: usize = 0; row < <usize>rows; row++) store<u64>(out + FOUND + (row << 3), 0);
  for (let first = 0; first < count; first += OKLAB_BLOCK) {
    const end = min(first + OKLAB_BLOCK, count);
    toOklab(colors, first, end);
    for (let row = 0; row < rows; row++) collectBlock(counts, first, end, row, out);
  }
}

function collectBlock(counts: usize, first: i32, end: i32, row: i32, out: usize): void {
  const numbers = Row.numbers(row);
  const L = V.loadSplat(numbers + (A_L << 2));
  const a = V.loadSplat(numbers + (A_A << 2));
  const b = V.loadSplat(numbers + (A_B << 2));
  const bandFrom = V.loadSplat(numbers + (A_BAND_FROM << 2));
  const bandTo = V.loadSplat(numbers + (A_BAND_TO << 2));
  const found: usize = out + FOUND + (row << 3);
  let below = load<i32>(found);
  let belowLanes = V.splatInts(0);
  let listed: usize = load<u32>(found, 4) << 2;
  const positions: usize = out + BAND_POSITIONS + row * BAND_STRIDE;
  const distances: usize = out + BAND_DISTANCES + row * BAND_STRIDE;
  let from: usize = 0;
  let i = first;
  if (counts !== 0) {
    for (; i + LANES <= end; i += LANES, from += LANES << 2) {
      const distance = Row.distance(L, a, b, from);
      const isBelow = V.lt(distance, bandFrom);
      belowLanes = V.addInts(belowLanes, V.keepInts(V.loadInts(counts + (i << 2)), isBelow));
      const bits = V.bits(V.and(V.not(isBelow), V.lt(distance, bandTo)));
      if (bits) {
        V.storeSomeInts(positions + listed, V.sequence(i), bits);
        V.storeSome(distances + listed, distance, bits);
        listed += popcnt(bits) << 2;
      }
    }
    below += V.sumInts(belowLanes);
  }
  for (; i < end; i += LANES, from += LANES << 2) {
    const distance = Row.distance(L, a, b, from);
    const isBelow = V.lt(distance, bandFrom);
    const left = lanesLeft(end - i);
    const belowBits = V.bits(isBelow) & left;
    if (counts === 0) below += popcnt(belowBits);
    else
      for (let lane = 0; lane < LANES; lane++)
        if (belowBits & (1 << lane)) below += load<i32>(counts + ((i + lane) << 2));
    const bits = V.bits(V.and(V.not(isBelow), V.lt(distance, bandTo))) & left;
    if (bits) {
      V.storeSomeInts(positions + listed, V.sequence(i), bits);
      V.storeSome(distances + listed, distance, bits);
      listed += popcnt(bits) << 2;
    }
  }
  store<i32>(found, below);
  store<u32>(found, <u32>(listed >> 2), 4);
}
