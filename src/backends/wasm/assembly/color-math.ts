/** The steps of the pull in float32. Each names the float64 one that it stands for. */
import { V, Vec } from './lanes';
import { P_FROM_LMS, P_FROM_OKLAB, P_TO_LMS, P_TO_OKLAB, PARAMETERS } from './layout';

/** Below it the cube root is taken of this instead (1e-6 in Oklab): black would divide by zero. */
const SMALLEST_LIGHT: f32 = 1e-18;

// Powers of pi. (`**` would call a power function at run time.)
const PI: f64 = Math.PI;
const PI_3: f64 = PI * PI * PI;
const PI_5: f64 = PI_3 * PI * PI;
const PI_7: f64 = PI_5 * PI * PI;
const PI_9: f64 = PI_7 * PI * PI;
const PI_11: f64 = PI_9 * PI * PI;

/** A number of the parameter block in every lane. */
export class P {
  @inline static get(index: i32): Vec {
    return V.loadSplat(PARAMETERS + (index << 2));
  }
  /** Row `row` of the matrix at `matrix`, times a column vector. */
  @inline static row(matrix: i32, row: i32, x: Vec, y: Vec, z: Vec): Vec {
    const at = matrix + 3 * row;
    return V.add(V.add(V.mul(P.get(at), x), V.mul(P.get(at + 1), y)), V.mul(P.get(at + 2), z));
  }
}

export class Color {
  /** Cube root, within an ulp or two: guess, one Halley step (cubic convergence), one more as a small correction. */
  @inline static cbrt(light: Vec): Vec {
    const x = V.max(light, V.splat(SMALLEST_LIGHT));
    const guess = V.guessCbrt(x);
    const cube = V.mul(V.mul(guess, guess), guess);
    const twice = V.add(x, x);
    const root = V.mul(guess, V.div(V.add(cube, twice), V.add(V.add(cube, cube), x)));
    const square = V.mul(root, root);
    const excess = V.sub(V.mul(square, root), x);
    // Newton: the error is 1e-5 by now, its square is below float32.
    return V.sub(root, V.div(excess, V.mul(V.splat(3), square)));
  }

  /** Cube root of one of l, m, s. */
  @inline static lmsRoot(row: i32, r: Vec, g: Vec, b: Vec): Vec {
    return Color.cbrt(P.row(P_TO_LMS, row, r, g, b));
  }

  /** L, a or b. */
  @inline static oklab(row: i32, lRoot: Vec, mRoot: Vec, sRoot: Vec): Vec {
    return P.row(P_TO_OKLAB, row, lRoot, mRoot, sRoot);
  }

  /** l, m or s. */
  @inline static lms(row: i32, L: Vec, a: Vec, b: Vec): Vec {
    const root = P.row(P_FROM_OKLAB, row, L, a, b);
    return V.mul(V.mul(root, root), root);
  }

  /** Linear red, green or blue, which may lie outside [0, 1]. */
  @inline static linear(row: i32, l: Vec, m: Vec, s: Vec): Vec {
    return P.row(P_FROM_LMS, row, l, m, s);
  }

  @inline static clip(x: Vec): Vec {
    return V.max(V.min(x, V.splat(1)), V.splat(0));
  }

  @inline static length3(x: Vec, y: Vec, z: Vec): Vec {
    return V.sqrt(V.add(V.add(V.mul(x, x), V.mul(y, y)), V.mul(z, z)));
  }

  /**
   * (1 + cos(pi x)) / 2 as 1/2 - sin(pi t) / 2 with t = x - 1/2: the sine's Taylor polynomial to degree 11, off by
   * 3e-8 at the ends.
   *
   * @param x 0 to 1
   */
  @inline static raisedCosine(x: Vec): Vec {
    const t = V.sub(x, V.splat(0.5));
    const q = V.mul(t, t);
    let sum = V.splat(<f32>(-PI_11 / 39916800 / 2));
    sum = V.add(V.mul(sum, q), V.splat(<f32>(PI_9 / 362880 / 2)));
    sum = V.add(V.mul(sum, q), V.splat(<f32>(-PI_7 / 5040 / 2)));
    sum = V.add(V.mul(sum, q), V.splat(<f32>(PI_5 / 120 / 2)));
    sum = V.add(V.mul(sum, q), V.splat(<f32>(-PI_3 / 6 / 2)));
    sum = V.add(V.mul(sum, q), V.splat(<f32>(PI / 2)));
    return V.sub(V.splat(0.5), V.mul(sum, t));
  }
}
