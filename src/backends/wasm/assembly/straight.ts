/** Channel switches of a straight mix in float32. Reference: `switchChannels` in src/core/pull.ts. */
import { P } from './color-math';
import { Mask, V, Vec } from './lanes';
import { P_HUE, P_POWERLESS_CHROMA, P_SATURATION } from './layout';

/** Of a chroma in float32, generously: nearer than this to where a hue begins, it decides nothing. */
const UNSURE_CHROMA: f32 = 1e-5;
/** A color of less chroma points where rounding says. */
const BLURRED_CHROMA: f32 = 1e-3;

export class Straight {
  /** Whether a switch is on. */
  @inline static isOn(index: i32): Mask {
    return V.lt(V.splat(0), P.get(index));
  }
  @inline static chroma(a: Vec, b: Vec): Vec {
    return V.sqrt(V.add(V.mul(a, a), V.mul(b, b)));
  }
  /** The new a or b: that of one of the two colors, times a factor. @param own the source's chroma @param mixed the mixed color's */
  @inline static pick(mixedValue: Vec, ownValue: Vec, own: Vec, mixed: Vec): Vec {
    return V.mul(Straight.factor(own, mixed), V.select(mixedValue, ownValue, Straight.takesMixed(mixed)));
  }
  @inline private static takesMixed(mixed: Vec): Mask {
    return V.and(Straight.isOn(P_HUE), V.or(Straight.isOn(P_SATURATION), V.lt(P.get(P_POWERLESS_CHROMA), mixed)));
  }
  @inline private static factor(own: Vec, mixed: Vec): Vec {
    const from = V.select(mixed, own, Straight.takesMixed(mixed));
    const to = V.select(mixed, own, Straight.isOn(P_SATURATION));
    return V.select(V.div(to, from), V.splat(1), V.lt(P.get(P_POWERLESS_CHROMA), from));
  }
  /** Whether the chroma whose hue is wanted is too small for float32, and it matters. Where hue or saturation is off. */
  @inline static isUnsure(own: Vec, mixed: Vec): Mask {
    const wanted = V.select(mixed, own, Straight.isOn(P_HUE));
    const length = V.select(own, mixed, Straight.isOn(P_HUE));
    return Straight.isBlurred(wanted, length);
  }
  /** Whether a hue, taken from a color of one chroma for one of another, is unsure. */
  @inline static isBlurred(from: Vec, to: Vec): Mask {
    const least = V.sub(P.get(P_POWERLESS_CHROMA), V.splat(UNSURE_CHROMA));
    const isSmall = V.and(V.lt(least, from), V.lt(from, V.splat(BLURRED_CHROMA)));
    return V.and(isSmall, V.lt(P.get(P_POWERLESS_CHROMA), to));
  }
}
