/** One float32 lane, for engines without SIMD: the same names as lanes-simd.ts. */
import { CELL_GUESSES, CELL_LIMITS, GUESS_CELLS, LINEAR } from './layout';

export type Vec = f32;
export type Mask = bool;
export type Ints = u32;

export const LANES = 1;

export class V {
  @inline static splat(x: f32): Vec {
    return x;
  }
  @inline static loadSplat(at: usize): Vec {
    return load<f32>(at);
  }
  @inline static load(at: usize): Vec {
    return load<f32>(at);
  }
  @inline static store(at: usize, x: Vec): void {
    store<f32>(at, x);
  }
  @inline static add(x: Vec, y: Vec): Vec {
    return x + y;
  }
  @inline static sub(x: Vec, y: Vec): Vec {
    return x - y;
  }
  @inline static mul(x: Vec, y: Vec): Vec {
    return x * y;
  }
  @inline static div(x: Vec, y: Vec): Vec {
    return x / y;
  }
  @inline static sqrt(x: Vec): Vec {
    return sqrt<f32>(x);
  }
  @inline static abs(x: Vec): Vec {
    return abs<f32>(x);
  }
  @inline static min(x: Vec, y: Vec): Vec {
    return y < x ? y : x;
  }
  @inline static max(x: Vec, y: Vec): Vec {
    return x < y ? y : x;
  }
  @inline static lt(x: Vec, y: Vec): Mask {
    return x < y;
  }
  @inline static and(p: Mask, q: Mask): Mask {
    return p && q;
  }
  @inline static or(p: Mask, q: Mask): Mask {
    return p || q;
  }
  @inline static any(p: Mask): bool {
    return p;
  }
  @inline static select(x: Vec, y: Vec, p: Mask): Vec {
    return p ? x : y;
  }
  @inline static keep(x: Vec, p: Mask): Vec {
    return p ? x : 0;
  }
  @inline static none(): Mask {
    return false;
  }
  @inline static not(p: Mask): Mask {
    return !p;
  }
  @inline static bits(p: Mask): i32 {
    return p ? 1 : 0;
  }
  @inline static guessCbrt(x: Vec): Vec {
    const bits = reinterpret<u32>(x);
    let third = (bits >> 2) + (bits >> 4);
    third += third >> 4;
    third += third >> 8;
    return reinterpret<f32>(third + 0x2a511b00);
  }
  @inline static linear(colors: usize, shift: u32): Vec {
    return load<f32>(LINEAR + (((load<u32>(colors) >> shift) & 255) << 2));
  }
  @inline static encode(x: Vec): Ints {
    // Rounded as the SIMD kernel rounds, half to even, since the table is made for that.
    const cell = <u32>nearest<f32>(x * <f32>GUESS_CELLS);
    return load<u8>(CELL_GUESSES + cell) + (x >= load<f32>(CELL_LIMITS + (cell << 2)) ? 1 : 0);
  }
  @inline static storeRounded16(at: usize, x: Vec): void {
    store<u16>(at, <u16>nearest<f32>(x));
  }
  @inline static pack(r: Ints, g: Ints, b: Ints): Ints {
    return r | (g << 8) | (b << 16);
  }
  @inline static loadInts(at: usize): Ints {
    return load<u32>(at);
  }
  @inline static storeInts(at: usize, n: Ints): void {
    store<u32>(at, n);
  }
  @inline static loadRgb(at: usize): Ints {
    return <u32>load<u16>(at) | ((<u32>load<u8>(at, 2)) << 16);
  }
  @inline static storeRgb(at: usize, n: Ints): void {
    store<u16>(at, <u16>n);
    store<u8>(at, <u8>(n >> 16), 2);
  }
  @inline static isVisible(n: Ints): Mask {
    return n > 0xffffff;
  }
  @inline static signBits(n: Ints): i32 {
    return n >> 31;
  }
  @inline static hasSign(n: Ints): Mask {
    return n >= 0x80000000;
  }
  @inline static selectInts(m: Ints, n: Ints, p: Mask): Ints {
    return p ? m : n;
  }
  @inline static flag(n: Ints, p: Mask, bit: i32): Ints {
    return p ? n | (1 << bit) : n;
  }
  @inline static storeSome(at: usize, x: Vec, _bits: i32): void {
    store<f32>(at, x);
  }
  @inline static storeSomeInts(at: usize, n: Ints, _bits: i32): void {
    store<u32>(at, n);
  }
  @inline static sequence(n: i32): Ints {
    return n;
  }
  @inline static scatter(base: usize, at: Ints, n: Ints): void {
    store<u32>(base + (at << 2), n);
  }
  @inline static gather(base: usize, at: Ints): Ints {
    return load<u32>(base + (at << 2));
  }
  @inline static splatInts(n: i32): Ints {
    return n;
  }
  @inline static addInts(m: Ints, n: Ints): Ints {
    return m + n;
  }
  @inline static keepInts(n: Ints, p: Mask): Ints {
    return p ? n : 0;
  }
  @inline static sumInts(n: Ints): i32 {
    return n;
  }
  @inline static orInts(m: Ints, n: Ints): Ints {
    return m | n;
  }
  @inline static andInts(m: Ints, n: Ints): Ints {
    return m & n;
  }
  @inline static scatterFlag(base: usize, at: Ints, p: Mask, bit: i32): void {
    if (p) store<u32>(base + (at << 2), load<u32>(base + (at << 2)) | (1 << bit));
  }
}
