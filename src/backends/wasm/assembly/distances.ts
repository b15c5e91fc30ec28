/** Distances from colors to rows: sorted into buckets, or those in a band, which find a percentile without keeping them all. */
import { Color } from './color-math';
import { LANES, V, Vec } from './lanes';
import {
  BAND_DISTANCES,
  BAND_POSITIONS,
  BAND_STRIDE,
  BUCKET_COUNT,
  CHUNK,
  FOUND,
  OUTSIDE_A,
  OUTSIDE_B,
  OUTSIDE_L,
  P_ROWS,
  PARAMETERS,
  R_A,
  R_B,
  R_BAND_FROM,
  R_BAND_TO,
  R_BUCKET_SCALE,
  R_IS_SURFACE,
  R_L,
  ROW_NUMBERS,
} from './layout';
import { lanesLeft, unpack, unpackVisible } from './pixels';
import { Distance } from './rows';
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

/** A row among colors whose Oklab lies in the gamut queue. */
class Measured {
  @inline static numbers(row: i32): usize {
    return PARAMETERS + ((P_ROWS + row * ROW_NUMBERS) << 2);
  }
  @inline static isSurface(row: i32): bool {
    return load<f32>(Measured.numbers(row) + (R_IS_SURFACE << 2)) > 0;
  }
  /** Distance of the colors at a place of the queue. */
  @inline static distance(isSurface: bool, L: Vec, a: Vec, b: Vec, from: usize): Vec {
    const ownL = V.load(SCRATCH + OUTSIDE_L + from);
    const ownA = V.load(SCRATCH + OUTSIDE_A + from);
    const ownB = V.load(SCRATCH + OUTSIDE_B + from);
    if (!isSurface) return Distance.ofColor(ownL, ownA, ownB, L, a, b);
    return Distance.ofSurface(ownL, ownA, ownB, Distance.perLight(ownL), L, a, b);
  }
  @inline static bucketBlock(isSurface: bool, first: i32, end: i32, row: i32, out: usize): void {
    const numbers = Measured.numbers(row);
    const L = V.loadSplat(numbers + (R_L << 2));
    const a = V.loadSplat(numbers + (R_A << 2));
    const b = V.loadSplat(numbers + (R_B << 2));
    const scale = V.loadSplat(numbers + (R_BUCKET_SCALE << 2));
    const last = V.splat(<f32>(BUCKET_COUNT - 1));
    let from: usize = 0;
    for (let i = first; i < end; i += LANES, from += LANES << 2, out += LANES << 1) {
      V.storeRounded16(out, V.min(V.mul(Measured.distance(isSurface, L, a, b, from), scale), last));
    }
  }
  @inline static collectBlock(isSurface: bool, counts: usize, first: i32, end: i32, row: i32, out: usize): void {
    const numbers = Measured.numbers(row);
    const L = V.loadSplat(numbers + (R_L << 2));
    const a = V.loadSplat(numbers + (R_A << 2));
    const b = V.loadSplat(numbers + (R_B << 2));
    const bandFrom = V.loadSplat(numbers + (R_BAND_FROM << 2));
    const bandTo = V.loadSplat(numbers + (R_BAND_TO << 2));
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
        const distance = Measured.distance(isSurface, L, a, b, from);
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
      const distance = Measured.distance(isSurface, L, a, b, from);
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
    for (let row = 0; row < rows; row++) {
      const to: usize = out + ((row * CHUNK + first) << 1);
      if (Measured.isSurface(row)) Measured.bucketBlock(true, first, end, row, to);
      else Measured.bucketBlock(false, first, end, row, to);
    }
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
    for (let row = 0; row < rows; row++) {
      if (Measured.isSurface(row)) Measured.collectBlock(true, counts, first, end, row, out);
      else Measured.collectBlock(false, counts, first, end, row, out);
    }
  }
}
