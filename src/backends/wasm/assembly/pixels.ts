/** Pixels into packed colors and back, for pictures that are computed pixel by pixel. */
import { LANES, V } from './lanes';
import { COLORS, OUT } from './layout';
import { SCRATCH } from './thread';

const RGB: i32 = 0xffffff;

/** Packed colors of a chunk of pixels. @param to up to a group more is written */
export function unpack(pixels: usize, count: i32, channels: i32, to: usize): void {
  if (channels === 3) {
    for (let i = 0; i < count; i += LANES) V.storeInts(to + (i << 2), V.loadRgb(pixels + i * 3));
  } else {
    for (let i = 0; i < count; i += LANES) {
      V.storeInts(to + (i << 2), V.andInts(V.loadInts(pixels + (i << 2)), V.splatInts(RGB)));
    }
  }
}

/** The same for RGBA pixels whose alpha is not 0. @returns how many there are */
export function unpackVisible(pixels: usize, count: i32, to: usize): i32 {
  const first = to;
  for (let i = 0; i < count; i += LANES) {
    const words = V.loadInts(pixels + (i << 2));
    const bits = V.bits(V.isVisible(words)) & lanesLeft(count - i);
    V.storeSomeInts(to, V.andInts(words, V.splatInts(RGB)), bits);
    to += popcnt(bits) << 2;
  }
  return <i32>((to - first) >> 2);
}

/**
 * New colors from OUT into pixels, alpha excepted. A pixel whose new color has the doubt bit keeps its old one, from COLORS, and its
 * position is listed.
 *
 * @returns positions at `doubts`
 */
export function repaint(pixels: usize, count: i32, channels: i32, doubts: usize): i32 {
  const first = doubts;
  for (let i = 0; i < count; i += LANES) {
    let words = V.loadInts(SCRATCH + OUT + (i << 2));
    const bits = V.signBits(words) & lanesLeft(count - i);
    if (bits) {
      words = V.selectInts(V.loadInts(SCRATCH + COLORS + (i << 2)), words, V.hasSign(words));
      V.storeSomeInts(doubts, V.sequence(i), bits);
      doubts += popcnt(bits) << 2;
    }
    if (channels === 3) {
      V.storeRgb(pixels + i * 3, words);
    } else {
      const alpha = V.andInts(V.loadInts(pixels + (i << 2)), V.splatInts(~RGB));
      V.storeInts(pixels + (i << 2), V.orInts(alpha, words));
    }
  }
  return <i32>((doubts - first) >> 2);
}

/** Positions of the words at OUT that have the doubt bit. @returns how many there are */
export function listDoubts(count: i32, doubts: usize): i32 {
  const first = doubts;
  for (let i = 0; i < count; i += LANES) {
    const bits = V.signBits(V.loadInts(SCRATCH + OUT + (i << 2))) & lanesLeft(count - i);
    if (bits === 0) continue;
    V.storeSomeInts(doubts, V.sequence(i), bits);
    doubts += popcnt(bits) << 2;
  }
  return <i32>((doubts - first) >> 2);
}

/** A bit for each lane of the next group that holds a color. @param left colors of the chunk from there on */
export function lanesLeft(left: i32): i32 {
  return (1 << min(left, LANES)) - 1;
}
