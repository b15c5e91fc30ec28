/**
 * Tetrahedral interpolation of 8-bit pixels, the three components of a pixel in one vector. The same whole numbers as
 * `createByteTetrahedra` (src/core/lut/tetrahedral-bytes.ts), so the same bytes.
 */
import { AXES, AXIS_BYTES, NODE_BIAS, NODE_BITS, NODES, STEPS, WEIGHT_BITS } from './layout';

/** Puts the bias of the nodes back (the weights sum to one) and rounds half up. */
const CORRECTION: i32 = (NODE_BIAS << WEIGHT_BITS) + (1 << (WEIGHT_BITS + NODE_BITS - 1));

/**
 * @param from pixels; the last one is read as a word
 * @param step bytes a pixel, 3 or 4; a fourth is copied
 * @param last byte step from a cell's low corner to its far one
 * @param to receives as many pixels; not `from`
 */
export function lookUp(from: usize, count: i32, step: i32, last: usize, to: usize): void {
  const end: usize = from + count * step;
  for (; from < end; from += step) {
    const word = load<u32>(from);
    const red: usize = AXES + ((word & 255) << 3);
    const green: usize = AXES + AXIS_BYTES + (((word >> 8) & 255) << 3);
    const blue: usize = AXES + 2 * AXIS_BYTES + (((word >> 16) & 255) << 3);
    const fr = load<i32>(red, 4);
    const fg = load<i32>(green, 4);
    const fb = load<i32>(blue, 4);

    // Sorts the three without branches, as the reference does.
    const d = fr - fg;
    const m = d & (d >> 31);
    const high = fr - m;
    const low = fg + m;
    const d1 = high - fb;
    const m1 = d1 & (d1 >> 31);
    const most = high - m1;
    const rest = fb + m1;
    const d2 = low - rest;
    const m2 = d2 & (d2 >> 31);
    const middle = low - m2;
    const least = rest + m2;
    const order: u32 = (<u32>d >> 31) | ((<u32>(fg - fb) >> 31) << 1) | ((<u32>(fr - fb) >> 31) << 2);

    const node: usize = NODES + load<u32>(red) + load<u32>(green) + load<u32>(blue);
    const steps: usize = STEPS + (order << 3);
    const n0 = v128.load64_zero(node);
    const n1 = v128.load64_zero(node + load<u32>(steps));
    const n2 = v128.load64_zero(node + load<u32>(steps, 4));
    const n3 = v128.load64_zero(node + last);
    // Pairs of nodes and pairs of weights: one instruction multiplies and adds both.
    const n01 = i8x16.shuffle(n0, n1, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
    const n23 = i8x16.shuffle(n2, n3, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
    const w01 = i32x4.splat(((1 << WEIGHT_BITS) - most) | ((most - middle) << 16));
    const w23 = i32x4.splat((middle - least) | (least << 16));
    const sum = i32x4.add(i32x4.dot_i16x8_s(n01, w01), i32x4.dot_i16x8_s(n23, w23));
    const codes = i32x4.shr_u(i32x4.add(sum, i32x4.splat(CORRECTION)), WEIGHT_BITS + NODE_BITS);
    const words = i16x8.narrow_i32x4_s(codes, codes);
    // Of a pixel of 3 bytes the fourth is overwritten by the next one.
    store<u32>(to, <u32>i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0) | (word & 0xff000000));
    to += step;
  }
}
