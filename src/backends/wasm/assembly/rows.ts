/** What a row is to a color: its distance, and its weight there. Reference: src/core/row/distance.ts and influence.ts. */
import { Color, P } from './color-math';
import { Mask, V, Vec } from './lanes';
import {
  P_SURFACE_FLOOR,
  P_SURFACE_LIGHTNESS,
  R_A,
  R_B,
  R_DARKER_OFFSET,
  R_DARKER_SLOPE,
  R_DOUBT_FROM,
  R_DOUBT_TO,
  R_FLOOR,
  R_GAIN,
  R_INVERSE_RADIUS,
  R_L,
  R_LIGHTER_OFFSET,
  R_LIGHTER_SLOPE,
  R_RADIUS,
} from './layout';

export class Distance {
  /** In Oklab, from L, a, b to a center. */
  @inline static ofColor(L: Vec, a: Vec, b: Vec, centerL: Vec, centerA: Vec, centerB: Vec): Vec {
    return Color.length3(V.sub(L, centerL), V.sub(a, centerA), V.sub(b, centerB));
  }
  /** Between surfaces. @param perLight of the color, from `perLight` */
  @inline static ofSurface(L: Vec, a: Vec, b: Vec, perLight: Vec, centerL: Vec, centerA: Vec, centerB: Vec): Vec {
    const light = V.mul(centerL, perLight);
    return Color.length3(
      V.mul(P.get(P_SURFACE_LIGHTNESS), V.sub(L, centerL)),
      V.sub(V.mul(light, a), centerA),
      V.sub(V.mul(light, b), centerB),
    );
  }
  /** What a surface's a and b are multiplied by to compare them at lightness 1. */
  @inline static perLight(L: Vec): Vec {
    return V.div(V.splat(1), V.max(L, P.get(P_SURFACE_FLOOR)));
  }
}

/** Of the row whose numbers lie at an address. */
export class Row {
  @inline static get(row: usize, index: i32): Vec {
    return V.loadSplat(row + (index << 2));
  }
  @inline static colorDistance(row: usize, L: Vec, a: Vec, b: Vec): Vec {
    return Distance.ofColor(L, a, b, Row.get(row, R_L), Row.get(row, R_A), Row.get(row, R_B));
  }
  @inline static surfaceDistance(row: usize, L: Vec, a: Vec, b: Vec, perLight: Vec): Vec {
    return Distance.ofSurface(L, a, b, perLight, Row.get(row, R_L), Row.get(row, R_A), Row.get(row, R_B));
  }
  @inline static isInside(row: usize, distance: Vec): Mask {
    return V.lt(distance, Row.get(row, R_RADIUS));
  }
  /** Whether float32 must not decide. */
  @inline static isUnsure(row: usize, distance: Vec): Mask {
    return V.and(V.lt(Row.get(row, R_DOUBT_FROM), distance), V.lt(distance, Row.get(row, R_DOUBT_TO)));
  }
  /** Weight inside the radius. */
  @inline static raisedCosine(row: usize, distance: Vec): Vec {
    return Row.line(row, V.mul(distance, Row.get(row, R_INVERSE_RADIUS)));
  }
  /** The same where the first half of the way is flat. */
  @inline static plateau(row: usize, distance: Vec): Vec {
    const way = V.mul(distance, Row.get(row, R_INVERSE_RADIUS));
    return Row.line(row, V.max(V.sub(V.add(way, way), V.splat(1)), V.splat(0)));
  }
  @inline private static line(row: usize, way: Vec): Vec {
    return V.add(Row.get(row, R_FLOOR), V.mul(Row.get(row, R_GAIN), Color.raisedCosine(way)));
  }
  /** How much of a repaint a color of lightness L takes. */
  @inline static shade(row: usize, L: Vec): Vec {
    const darkness = V.sub(V.splat(1), L);
    return V.min(
      V.add(V.mul(L, Row.get(row, R_DARKER_SLOPE)), Row.get(row, R_DARKER_OFFSET)),
      V.add(V.mul(darkness, Row.get(row, R_LIGHTER_SLOPE)), Row.get(row, R_LIGHTER_OFFSET)),
    );
  }
}
