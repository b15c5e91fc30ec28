/** The steps of the pull in float64, two pixels at a time. Each names the one of the core that it stands for. */
import {
  CURVE,
  CURVE_INTERVALS,
  DEEP_LINEAR,
  DEEP_PARAMETERS,
  P_FROM_LMS,
  P_FROM_OKLAB,
  P_TO_LMS,
  P_TO_OKLAB,
} from './layout';

/** Two float64. */
export type Pair = v128;

/** Below it the cube root is taken of this instead (1e-6 of a code in Oklab): black would divide by zero. */
const SMALLEST_LIGHT: f64 = 1e-60;
/** Added to a double in [0, 2^51), leaves its rounded value in the low bits. */
const ROUNDER: f64 = 4503599627370496;
/**
 * Nearer than this to the border between two codes the host decides: the table is off by up to 0.0005 codes, the arithmetic by far
 * less.
 */
const UNSURE_CODE: f64 = 0.001;

// Powers of pi, and the sine's series in pi x, halved. (`**` would call a power function at run time.)
const PI: f64 = Math.PI;
const PI_2: f64 = PI * PI;
const S0: f64 = PI / 2;
const S1: f64 = (-S0 * PI_2) / 6;
const S2: f64 = (-S1 * PI_2) / 20;
const S3: f64 = (-S2 * PI_2) / 42;
const S4: f64 = (-S3 * PI_2) / 72;
const S5: f64 = (-S4 * PI_2) / 110;
const S6: f64 = (-S5 * PI_2) / 156;
const S7: f64 = (-S6 * PI_2) / 210;
const S8: f64 = (-S7 * PI_2) / 272;
const S9: f64 = (-S8 * PI_2) / 342;
const S10: f64 = (-S9 * PI_2) / 420;

export class D {
  /** A number of the parameter block in both lanes. */
  @inline static get(index: i32): Pair {
    return v128.load64_splat(DEEP_PARAMETERS + (index << 3));
  }
  /** Row `row` of the matrix at `matrix`, times a column vector. */
  @inline static row(matrix: i32, row: i32, x: Pair, y: Pair, z: Pair): Pair {
    const at = matrix + 3 * row;
    return f64x2.add(f64x2.add(f64x2.mul(D.get(at), x), f64x2.mul(D.get(at + 1), y)), f64x2.mul(D.get(at + 2), z));
  }

  /** Linear values of one component of two pixels. @param offset bytes of the component in its pixel */
  @inline static linear(first: usize, second: usize, offset: usize): Pair {
    const x = v128.load64_zero(DEEP_LINEAR + ((<usize>load<u16>(first + offset)) << 3));
    return v128.load64_lane(DEEP_LINEAR + ((<usize>load<u16>(second + offset)) << 3), x, 1);
  }

  /**
   * Cube root: a third of the bits by shifts, plus a constant (3 % off at most); two Halley steps cube the error twice, to 7e-15.
   *
   * @param light >= 0
   */
  @inline static cbrt(light: Pair): Pair {
    const x = f64x2.pmax(light, f64x2.splat(SMALLEST_LIGHT));
    let third = i64x2.add(i64x2.shr_u(x, 2), i64x2.shr_u(x, 4));
    third = i64x2.add(third, i64x2.shr_u(third, 4));
    third = i64x2.add(third, i64x2.shr_u(third, 8));
    third = i64x2.add(third, i64x2.shr_u(third, 16));
    const guess = i64x2.add(third, i64x2.splat((<i64>0x2a9f7893) << 32));
    return D.halley(x, D.halley(x, guess));
  }
  @inline static halley(x: Pair, root: Pair): Pair {
    const cube = f64x2.mul(f64x2.mul(root, root), root);
    const over = f64x2.add(cube, f64x2.add(x, x));
    return f64x2.mul(root, f64x2.div(over, f64x2.add(f64x2.add(cube, cube), x)));
  }

  /** Cube root of one of l, m, s. */
  @inline static lmsRoot(row: i32, r: Pair, g: Pair, b: Pair): Pair {
    return D.cbrt(D.row(P_TO_LMS, row, r, g, b));
  }
  /** L, a or b. */
  @inline static oklab(row: i32, lRoot: Pair, mRoot: Pair, sRoot: Pair): Pair {
    return D.row(P_TO_OKLAB, row, lRoot, mRoot, sRoot);
  }
  /** l, m or s. */
  @inline static lms(row: i32, L: Pair, a: Pair, b: Pair): Pair {
    const root = D.row(P_FROM_OKLAB, row, L, a, b);
    return f64x2.mul(f64x2.mul(root, root), root);
  }
  /** Linear red, green or blue, which may lie outside [0, 1]. */
  @inline static fromLms(row: i32, l: Pair, m: Pair, s: Pair): Pair {
    return D.row(P_FROM_LMS, row, l, m, s);
  }
  @inline static clip(x: Pair): Pair {
    return f64x2.pmax(f64x2.pmin(x, f64x2.splat(1)), f64x2.splat(0));
  }
  @inline static length(x: Pair, y: Pair, z: Pair): Pair {
    return f64x2.sqrt(f64x2.add(f64x2.add(f64x2.mul(x, x), f64x2.mul(y, y)), f64x2.mul(z, z)));
  }
  /** Whether two values are nearer than a margin. */
  @inline static isNear(x: Pair, y: Pair, margin: f64): Pair {
    return f64x2.lt(f64x2.abs(f64x2.sub(x, y)), f64x2.splat(margin));
  }

  /** (1 + cos(pi x)) / 2 as 1/2 - sin(pi t) / 2 with t = x - 1/2, off by 1e-16. @param x 0 to 1 */
  @inline static raisedCosine(x: Pair): Pair {
    const t = f64x2.sub(x, f64x2.splat(0.5));
    const q = f64x2.mul(t, t);
    let sum = f64x2.splat(S10);
    sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(S9));
    sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(S8));
    sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(S7));
    sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(S6));
    sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(S5));
    sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(S4));
    sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(S3));
    sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(S2));
    sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(S1));
    sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(S0));
    return f64x2.sub(f64x2.splat(0.5), f64x2.mul(sum, t));
  }

  /** Codes plus a half, not yet cut to whole numbers: `encodeDeep` with a finer table. @param x linear, 0 to 1 */
  @inline static encode(x: Pair): Pair {
    const way = f64x2.mul(f64x2.sqrt(x), f64x2.splat(<f64>CURVE_INTERVALS));
    const floor = f64x2.floor(way);
    const cells = f64x2.add(floor, f64x2.splat(ROUNDER));
    const c0: usize = CURVE + ((<usize>i32x4.extract_lane(cells, 0) & 16383) << 3);
    const c1: usize = CURVE + ((<usize>i32x4.extract_lane(cells, 2) & 16383) << 3);
    // Both ends of an interval in one load, then sorted into froms and tos.
    const e0 = v128.load(c0);
    const e1 = v128.load(c1);
    const from = i64x2.shuffle(e0, e1, 0, 2);
    const to = i64x2.shuffle(e0, e1, 1, 3);
    const curved = f64x2.add(from, f64x2.mul(f64x2.sub(to, from), f64x2.sub(way, floor)));
    const straight = f64x2.mul(x, f64x2.splat(12.92 * 65535));
    const isDark = f64x2.le(x, f64x2.splat(0.0031308));
    return f64x2.add(v128.bitselect(straight, curved, isDark), f64x2.splat(0.5));
  }
  /** Whether rounding may have gone either way. @param value from `encode` */
  @inline static isUnsure(value: Pair): Pair {
    const rest = f64x2.sub(value, f64x2.floor(value));
    const toEnd = f64x2.pmin(rest, f64x2.sub(f64x2.splat(1), rest));
    return f64x2.lt(toEnd, f64x2.splat(UNSURE_CODE));
  }
}
