/** Pixels into packed colors and back, for pictures that are computed pixel by pixel. */
import { LANES, V } from './lanes';
import { COLORS, COUNTS, DOUBTS, OUT, PIXELS } from './layout';

const RGB: i32 = 0xffffff;

/** Packed colors of the pixels at PIXELS, to COLORS. @param count at most CHUNK_COLORS */
export function unpack(count: i32, channels: i32): void {
  if (channels === 3) {
    for (let i = 0; i < count; i += LANES) V.storeInts(COLORS + (i << 2), V.loadRgb(PIXELS + i * 3));
  } else {
    for (let i = 0; i < count; i += LANES) {
      V.storeInts(COLORS + (i << 2), V.andInts(V.loadInts(PIXELS + (i << 2)), V.splatInts(RGB)));
    }
  }
}

/** The same for RGBA pixels whose alpha is not 0. @returns how many there are */
export function unpackVisible(count: i32): i32 {
  let to: usize = COLORS;
  for (let i = 0; i < count; i += LANES) {
    const words = V.loadInts(PIXELS + (i << 2));
    const bits = V.bits(V.isVisible(words)) & lanesLeft(count - i);
    V.storeSomeInts(to, V.andInts(words, V.splatInts(RGB)), bits);
    to += popcnt(bits) << 2;
  }
  return <i32>((to - COLORS) >> 2);
}

/**
 * New colors from OUT into the pixels at PIXELS, alpha excepted. A pixel whose new color has the doubt bit keeps its old
 * one, and its position goes to DOUBTS.
 *
 * @param count the same as of `unpack` before
 * @returns positions at DOUBTS
 */
export function repaint(count: i32, channels: i32): i32 {
  let doubts: usize = DOUBTS;
  for (let i = 0; i < count; i += LANES) {
    let words = V.loadInts(OUT + (i << 2));
    const bits = V.signBits(words) & lanesLeft(count - i);
    if (bits) {
      words = V.selectInts(V.loadInts(COLORS + (i << 2)), words, V.hasSign(words));
      V.storeSomeInts(doubts, V.sequence(i), bits);
      doubts += popcnt(bits) << 2;
    }
    if (channels === 3) {
      V.storeRgb(PIXELS + i * 3, words);
    } else {
      const alpha = V.andInts(V.loadInts(PIXELS + (i << 2)), V.splatInts(~RGB));
      V.storeInts(PIXELS + (i << 2), V.orInts(alpha, words));
    }
  }
  return <i32>((doubts - DOUBTS) >> 2);
}

/** Positions of the words at OUT that have the doubt bit, to DOUBTS. @returns how many there are */
export function listDoubts(count: i32): i32 {
  let doubts: usize = DOUBTS;
  for (let i = 0; i < count; i += LANES) {
    const bits = V.signBits(V.loadInts(OUT + (i << 2))) & lanesLeft(count - i);
    if (bits === 0) continue;
    V.storeSomeInts(doubts, V.sequence(i), bits);
    doubts += popcnt(bits) << 2;
  }
  return <i32>((doubts - DOUBTS) >> 2);
}

/** Pixels of the colors at COUNTS. */
export function sumCounts(count: i32): u32 {
  let sum: u32 = 0;
  for (let i = 0; i < count; i++) sum += load<u32>(COUNTS + (i << 2));
  return sum;
}

/** A bit for each lane of the next group that holds a color. @param left colors of the chunk from there on */
export function lanesLeft(left: i32): i32 {
  return (1 << min(left, LANES)) - 1;
}
