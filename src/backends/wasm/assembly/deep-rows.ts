/** What a row is to a color, and the channel switches of a straight mix, in float64. Reference: src/backends/js/pull-linear.ts. */
import { D, Pair } from './deep-math';
import {
  P_HUE,
  P_POWERLESS_CHROMA,
  P_SATURATION,
  P_SURFACE_FLOOR,
  P_SURFACE_LIGHTNESS,
  R_A,
  R_B,
  R_DARKER_OFFSET,
  R_DARKER_SLOPE,
  R_FLOOR,
  R_GAIN,
  R_INVERSE_RADIUS,
  R_L,
  R_LIGHTER_OFFSET,
  R_LIGHTER_SLOPE,
  R_RADIUS,
} from './layout';

/** Of the row whose numbers lie at an address. */
export class DeepRow {
  @inline static get(row: usize, index: i32): Pair {
    return v128.load64_splat(row + (index << 3));
  }
  @inline static colorDistance(row: usize, L: Pair, a: Pair, b: Pair): Pair {
    return D.length(
      f64x2.sub(L, DeepRow.get(row, R_L)),
      f64x2.sub(a, DeepRow.get(row, R_A)),
      f64x2.sub(b, DeepRow.get(row, R_B)),
    );
  }
  /** @param perLight of the color, from `perLight` */
  @inline static surfaceDistance(row: usize, L: Pair, a: Pair, b: Pair, perLight: Pair): Pair {
    const light = f64x2.mul(DeepRow.get(row, R_L), perLight);
    return D.length(
      f64x2.mul(D.get(P_SURFACE_LIGHTNESS), f64x2.sub(L, DeepRow.get(row, R_L))),
      f64x2.sub(f64x2.mul(light, a), DeepRow.get(row, R_A)),
      f64x2.sub(f64x2.mul(light, b), DeepRow.get(row, R_B)),
    );
  }
  /** What a surface's a and b are multiplied by to compare them at lightness 1. */
  @inline static perLight(L: Pair): Pair {
    return f64x2.div(f64x2.splat(1), f64x2.pmax(L, D.get(P_SURFACE_FLOOR)));
  }
  @inline static isInside(row: usize, distance: Pair): Pair {
    return f64x2.lt(distance, DeepRow.get(row, R_RADIUS));
  }
  /** Whether a distance lies between two of the row's numbers. */
  @inline static isBetween(row: usize, from: i32, to: i32, distance: Pair): Pair {
    return v128.and(f64x2.lt(DeepRow.get(row, from), distance), f64x2.lt(distance, DeepRow.get(row, to)));
  }
  /** Weight inside the radius. */
  @inline static raisedCosine(row: usize, distance: Pair): Pair {
    return DeepRow.line(row, f64x2.mul(distance, DeepRow.get(row, R_INVERSE_RADIUS)));
  }
  /** The same where the first half of the way is flat. */
  @inline static plateau(row: usize, distance: Pair): Pair {
    const way = f64x2.mul(distance, DeepRow.get(row, R_INVERSE_RADIUS));
    return DeepRow.line(row, f64x2.pmax(f64x2.sub(f64x2.add(way, way), f64x2.splat(1)), f64x2.splat(0)));
  }
  @inline private static line(row: usize, way: Pair): Pair {
    return f64x2.add(DeepRow.get(row, R_FLOOR), f64x2.mul(DeepRow.get(row, R_GAIN), D.raisedCosine(way)));
  }
  /** How much of a repaint a color of lightness L takes. */
  @inline static shade(row: usize, L: Pair): Pair {
    const darkness = f64x2.sub(f64x2.splat(1), L);
    return f64x2.pmin(
      f64x2.add(f64x2.mul(L, DeepRow.get(row, R_DARKER_SLOPE)), DeepRow.get(row, R_DARKER_OFFSET)),
      f64x2.add(f64x2.mul(darkness, DeepRow.get(row, R_LIGHTER_SLOPE)), DeepRow.get(row, R_LIGHTER_OFFSET)),
    );
  }
}

/** The twin of `Straight` (straight.ts). */
export class DeepStraight {
  /** Whether a switch is on. */
  @inline static isOn(index: i32): Pair {
    return f64x2.gt(D.get(index), f64x2.splat(0));
  }
  @inline static chroma(a: Pair, b: Pair): Pair {
    return f64x2.sqrt(f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b)));
  }
  /** The new a or b: that of one of the two colors, times a factor. @param own the source's chroma @param mixed the mixed color's */
  @inline static pick(mixedValue: Pair, ownValue: Pair, own: Pair, mixed: Pair): Pair {
    const powerless = D.get(P_POWERLESS_CHROMA);
    const isSaturating = DeepStraight.isOn(P_SATURATION);
    const hasVote = v128.or(isSaturating, f64x2.ge(mixed, powerless));
    const takesMixed = v128.and(DeepStraight.isOn(P_HUE), hasVote);
    const from = v128.bitselect(mixed, own, takesMixed);
    const to = v128.bitselect(mixed, own, isSaturating);
    const factor = v128.bitselect(f64x2.div(to, from), f64x2.splat(1), f64x2.ge(from, powerless));
    return f64x2.mul(factor, v128.bitselect(mixedValue, ownValue, takesMixed));
  }
}
