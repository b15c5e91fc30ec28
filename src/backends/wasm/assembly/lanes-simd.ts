/** Four float32 lanes. Static methods, because an `@inline` function would not parse as TypeScript. */
import { CELL_GUESSES, CELL_LIMITS, GUESS_CELLS, LINEAR } from './layout';

/** Four floats. */
export type Vec = v128;
/** Four lanes of all ones or all zeros. */
export type Mask = v128;
/** Four whole numbers. */
export type Ints = v128;

export const LANES = 4;

/** Added to a float in [0, 2^22), leaves its rounded value in the low bits: cheaper than a saturating conversion. */
const ROUNDER: f32 = 8388608;

export class V {
  @inline static splat(x: f32): Vec {
    return f32x4.splat(x);
  }
  @inline static loadSplat(at: usize): Vec {
    return v128.load32_splat(at);
  }
  @inline static load(at: usize): Vec {
    return v128.load(at);
  }
  @inline static store(at: usize, x: Vec): void {
    v128.store(at, x);
  }
  @inline static add(x: Vec, y: Vec): Vec {
    return f32x4.add(x, y);
  }
  @inline static sub(x: Vec, y: Vec): Vec {
    return f32x4.sub(x, y);
  }
  @inline static mul(x: Vec, y: Vec): Vec {
    return f32x4.mul(x, y);
  }
  @inline static div(x: Vec, y: Vec): Vec {
    return f32x4.div(x, y);
  }
  @inline static sqrt(x: Vec): Vec {
    return f32x4.sqrt(x);
  }
  @inline static abs(x: Vec): Vec {
    return f32x4.abs(x);
  }
  // pmin and pmax are one instruction on x86; min and max, which must spread NaN, are several.
  @inline static min(x: Vec, y: Vec): Vec {
    return f32x4.pmin(x, y);
  }
  @inline static max(x: Vec, y: Vec): Vec {
    return f32x4.pmax(x, y);
  }
  @inline static lt(x: Vec, y: Vec): Mask {
    return f32x4.lt(x, y);
  }
  @inline static and(p: Mask, q: Mask): Mask {
    return v128.and(p, q);
  }
  @inline static or(p: Mask, q: Mask): Mask {
    return v128.or(p, q);
  }
  @inline static any(p: Mask): bool {
    return v128.any_true(p);
  }
  @inline static select(x: Vec, y: Vec, p: Mask): Vec {
    return v128.bitselect(x, y, p);
  }
  /** x where the mask holds, else 0. */
  @inline static keep(x: Vec, p: Mask): Vec {
    return v128.and(x, p);
  }
  @inline static none(): Mask {
    return i32x4.splat(0);
  }
  @inline static not(p: Mask): Mask {
    return v128.not(p);
  }
  /** Bit k: lane k of the mask. */
  @inline static bits(p: Mask): i32 {
    return i32x4.bitmask(p);
  }

  /** A first guess of the cube root, 3.2 % off at most: a third of the bits, by shifts, plus the best constant (by scan). @param x >= 1e-18 */
  @inline static guessCbrt(x: Vec): Vec {
    let third = i32x4.add(i32x4.shr_u(x, 2), i32x4.shr_u(x, 4));
    third = i32x4.add(third, i32x4.shr_u(third, 4));
    third = i32x4.add(third, i32x4.shr_u(third, 8));
    return i32x4.add(third, i32x4.splat(0x2a511b00));
  }

  /** Linear values of one component. @param shift 0 red, 8 green, 16 blue */
  @inline static linear(colors: usize, shift: u32): Vec {
    let x = v128.load32_zero(LINEAR + (((load<u32>(colors) >> shift) & 255) << 2));
    x = v128.load32_lane(LINEAR + (((load<u32>(colors, 4) >> shift) & 255) << 2), x, 1);
    x = v128.load32_lane(LINEAR + (((load<u32>(colors, 8) >> shift) & 255) << 2), x, 2);
    return v128.load32_lane(LINEAR + (((load<u32>(colors, 12) >> shift) & 255) << 2), x, 3);
  }

  /** 8-bit codes of linear values in [0, 1]: a guess from a table, at most one short, which one comparison settles. */
  @inline static encode(x: Vec): Ints {
    const rounded = f32x4.add(f32x4.mul(x, f32x4.splat(<f32>GUESS_CELLS)), f32x4.splat(ROUNDER));
    const cells = v128.and(rounded, i32x4.splat(2 * GUESS_CELLS - 1));
    const c0 = i32x4.extract_lane(cells, 0);
    const c1 = i32x4.extract_lane(cells, 1);
    const c2 = i32x4.extract_lane(cells, 2);
    const c3 = i32x4.extract_lane(cells, 3);
    let limits = v128.load32_zero(CELL_LIMITS + (c0 << 2));
    limits = v128.load32_lane(CELL_LIMITS + (c1 << 2), limits, 1);
    limits = v128.load32_lane(CELL_LIMITS + (c2 << 2), limits, 2);
    limits = v128.load32_lane(CELL_LIMITS + (c3 << 2), limits, 3);
    let codes = i32x4.splat(0);
    codes = v128.load8_lane(CELL_GUESSES + c0, codes, 0);
    codes = v128.load8_lane(CELL_GUESSES + c1, codes, 4);
    codes = v128.load8_lane(CELL_GUESSES + c2, codes, 8);
    codes = v128.load8_lane(CELL_GUESSES + c3, codes, 12);
    return i32x4.sub(codes, f32x4.ge(x, limits));
  }
  /** Stores whole numbers below 2^15, rounded from floats, as 16 bits each. */
  @inline static storeRounded16(at: usize, x: Vec): void {
    const rounded = v128.and(f32x4.add(x, f32x4.splat(ROUNDER)), i32x4.splat(0x7fff));
    v128.store64_lane(at, i16x8.narrow_i32x4_u(rounded, rounded), 0);
  }
  @inline static pack(r: Ints, g: Ints, b: Ints): Ints {
    return v128.or(v128.or(r, i32x4.shl(g, 8)), i32x4.shl(b, 16));
  }
  @inline static loadInts(at: usize): Ints {
    return v128.load(at);
  }
  @inline static storeInts(at: usize, n: Ints): void {
    v128.store(at, n);
  }
  /** Packed colors of the RGB pixels at a place; reads 16 bytes. */
  @inline static loadRgb(at: usize): Ints {
    const bytes = v128.load(at);
    return i8x16.shuffle(bytes, i32x4.splat(0), 0, 1, 2, 16, 3, 4, 5, 16, 6, 7, 8, 16, 9, 10, 11, 16);
  }
  /** Packed colors as RGB pixels; writes 16 bytes, the last 4 of them 0. */
  @inline static storeRgb(at: usize, n: Ints): void {
    v128.store(at, i8x16.shuffle(n, i32x4.splat(0), 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 16, 16, 16));
  }
  /** Whether the RGBA pixel of a word has an alpha above 0. */
  @inline static isVisible(n: Ints): Mask {
    return i32x4.gt_u(n, i32x4.splat(0xffffff));
  }
  /** Bit k: bit 31 of lane k. */
  @inline static signBits(n: Ints): i32 {
    return i32x4.bitmask(n);
  }
  /** Where bit 31 is set. */
  @inline static hasSign(n: Ints): Mask {
    return i32x4.shr_s(n, 31);
  }
  @inline static selectInts(m: Ints, n: Ints, p: Mask): Ints {
    return v128.bitselect(m, n, p);
  }
  /** Sets one bit where the mask holds. */
  @inline static flag(n: Ints, p: Mask, bit: i32): Ints {
    return v128.or(n, i32x4.shl(p, bit));
  }
  /** Stores the lanes `bits` names, packed to the left. The places after them are overwritten. */
  @inline static storeSome(at: usize, x: Vec, bits: i32): void {
    v128.store32_lane(at, x, 0);
    at += (bits & 1) << 2;
    v128.store32_lane(at, x, 1);
    at += (bits & 2) << 1;
    v128.store32_lane(at, x, 2);
    at += bits & 4;
    v128.store32_lane(at, x, 3);
  }
  @inline static storeSomeInts(at: usize, n: Ints, bits: i32): void {
    V.storeSome(at, n, bits);
  }
  /** The numbers n, n + 1, n + 2, n + 3. */
  @inline static sequence(n: i32): Ints {
    return i32x4.add(i32x4.splat(n), i32x4(0, 1, 2, 3));
  }
  /** Stores lane k at base + 4 * at[k]. */
  @inline static scatter(base: usize, at: Ints, n: Ints): void {
    v128.store32_lane(base + (i32x4.extract_lane(at, 0) << 2), n, 0);
    v128.store32_lane(base + (i32x4.extract_lane(at, 1) << 2), n, 1);
    v128.store32_lane(base + (i32x4.extract_lane(at, 2) << 2), n, 2);
    v128.store32_lane(base + (i32x4.extract_lane(at, 3) << 2), n, 3);
  }
  /** Loads lane k from base + 4 * at[k]. */
  @inline static gather(base: usize, at: Ints): Ints {
    let n = v128.load32_zero(base + (i32x4.extract_lane(at, 0) << 2));
    n = v128.load32_lane(base + (i32x4.extract_lane(at, 1) << 2), n, 1);
    n = v128.load32_lane(base + (i32x4.extract_lane(at, 2) << 2), n, 2);
    return v128.load32_lane(base + (i32x4.extract_lane(at, 3) << 2), n, 3);
  }
  @inline static splatInts(n: i32): Ints {
    return i32x4.splat(n);
  }
  @inline static addInts(m: Ints, n: Ints): Ints {
    return i32x4.add(m, n);
  }
  /** n where the mask holds, else 0. */
  @inline static keepInts(n: Ints, p: Mask): Ints {
    return v128.and(n, p);
  }
  @inline static sumInts(n: Ints): i32 {
    return i32x4.extract_lane(n, 0) + i32x4.extract_lane(n, 1) + i32x4.extract_lane(n, 2) + i32x4.extract_lane(n, 3);
  }
  @inline static orInts(m: Ints, n: Ints): Ints {
    return v128.or(m, n);
  }
  @inline static andInts(m: Ints, n: Ints): Ints {
    return v128.and(m, n);
  }
  /** Sets a bit in the words at base + 4 * at[k] for the lanes of a mask. */
  @inline static scatterFlag(base: usize, at: Ints, p: Mask, bit: i32): void {
    const bits = i32x4.bitmask(p);
    if (bits & 1) V.setBit(base + (i32x4.extract_lane(at, 0) << 2), bit);
    if (bits & 2) V.setBit(base + (i32x4.extract_lane(at, 1) << 2), bit);
    if (bits & 4) V.setBit(base + (i32x4.extract_lane(at, 2) << 2), bit);
    if (bits & 8) V.setBit(base + (i32x4.extract_lane(at, 3) << 2), bit);
  }
  static setBit(at: usize, bit: i32): void {
    store<u32>(at, load<u32>(at) | (1 << bit));
  }
}
