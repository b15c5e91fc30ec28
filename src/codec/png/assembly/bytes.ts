/** Sixteen unsigned bytes. Static methods, because an `@inline` function would not parse as TypeScript. */
export class Bytes {
  /** |x - y|, unsigned */
  @inline static distance(x: v128, y: v128): v128 {
    return v128.or(i8x16.sub_sat_u(x, y), i8x16.sub_sat_u(y, x));
  }
  /** (x + y) / 2, rounded down; the instruction rounds up. */
  @inline static average(x: v128, y: v128): v128 {
    return i8x16.sub(i8x16.avgr_u(x, y), v128.and(v128.xor(x, y), i8x16.splat(1)));
  }
  /** Whichever of left, above and above left is nearest to left + above - above left; the first of equals. */
  @inline static paeth(left: v128, above: v128, corner: v128): v128 {
    const overAbove = i8x16.sub_sat_u(above, corner);
    const underAbove = i8x16.sub_sat_u(corner, above);
    const overLeft = i8x16.sub_sat_u(left, corner);
    const underLeft = i8x16.sub_sat_u(corner, left);
    const toLeft = v128.or(overAbove, underAbove);
    const toAbove = v128.or(overLeft, underLeft);
    // The corner is nearest only when it lies between the two; then its distance is the difference of the others.
    const between = v128.or(i8x16.min_u(overAbove, underLeft), i8x16.min_u(underAbove, overLeft));
    const outside = i8x16.eq(between, i8x16.splat(0));
    const toCorner = v128.or(Bytes.distance(toLeft, toAbove), outside);
    const least = i8x16.min_u(toLeft, toAbove);
    const isLeft = i8x16.eq(least, toLeft);
    const isSide = i8x16.eq(i8x16.min_u(least, toCorner), least);
    return v128.bitselect(v128.bitselect(left, above, isLeft), corner, isSide);
  }
  /** Sums of pairs of the bytes' distances from 0 on the circle of 256, in eight lanes of 16 bits. */
  @inline static weigh(x: v128): v128 {
    return i16x8.extadd_pairwise_i8x16_u(i8x16.abs(x));
  }
  /** Sums of pairs of lanes, in four of 32 bits. */
  @inline static widen(sums: v128): v128 {
    return i32x4.extadd_pairwise_i16x8_u(sums);
  }
  /** Of four lanes of 32 bits. */
  @inline static total(x: v128): u32 {
    return i32x4.extract_lane(x, 0) + i32x4.extract_lane(x, 1) + i32x4.extract_lane(x, 2) + i32x4.extract_lane(x, 3);
  }
}
