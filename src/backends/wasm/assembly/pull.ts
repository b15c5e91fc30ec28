/**
 * The pull on packed colors, float32, LANES colors at a time. Reference: src/core/pull.ts.
 *
 * A chunk goes through in up to three passes. The first computes every color and queues those outside the gamut; the
 * second takes the queue and settles colors whose clipped self is close enough; what is left, usually little, goes to
 * the chroma search. The queues keep the lanes of the dear passes full. Where float32 cannot tell on which side of a
 * jump of the model a color falls, its word gets the doubt bit and the host evaluates it in float64.
 */
import { Color, P } from './color-math';
import { searchChroma } from './gamut';
import { LANES, V } from './lanes';
import {
  COLORS,
  DOUBT_BIT,
  OUT,
  OUTSIDE_A,
  OUTSIDE_AT,
  OUTSIDE_B,
  OUTSIDE_L,
  P_ATTRACTOR_COUNT,
  P_HUE,
  P_HUELESS_LENGTH,
  P_KEEP_COUNT,
  P_LUMINANCE,
  P_POWERLESS_CHROMA,
  P_REPAINT_COUNT,
  P_ROWS,
  P_SATURATION,
  P_STRAIGHT,
  PARAMETERS,
  R_CHROMA,
  R_L,
  R_MOVE_A,
  R_MOVE_B,
  R_MOVE_L,
  R_VOTE_X,
  R_VOTE_Y,
  ROW_NUMBERS,
} from './layout';
import { listDoubts, repaint, unpack } from './pixels';
import { Distance, Row } from './rows';
import { Straight } from './straight';
import { SCRATCH } from './thread';

/**
 * Components this far outside [0, 1] skip the gamut mapping. Wider than the model's 1e-6 by float32's noise; the clip
 * that they get is what the mapping would give them.
 */
const GAMUT_EPSILON: f32 = 4e-6;
/** A hue direction shorter than this, of a color that has chroma, points where rounding says. */
const UNSURE_LENGTH: f32 = 1e-4;
const ROW_BYTES: usize = ROW_NUMBERS << 2;

/** A whole number of the parameter block. */
function countOf(index: i32): usize {
  return <usize>load<f32>(PARAMETERS + (index << 2));
}

/** `Pull.evaluate` for attractors alone, blended by hue: they pay nothing for the rest. */
function evaluatePlain(colors: usize, count: i32): void {
  const queued = Pull.blend(colors, count, false);
  if (queued) searchChroma(queued, count);
}

/** The same for rows of all kinds and both blends. */
function evaluateMixed(colors: usize, count: i32): void {
  const queued = Pull.blend(colors, count, true);
  if (queued) searchChroma(queued, count);
}

class Pull {
  /**
   * Evaluates a chunk of packed colors into OUT. Inlined, so that both loops remain functions of their own, with registers of their own.
   *
   * @param colors up to a group behind the last one is read, too
   * @param count at most CHUNK; the last group may be ragged
   */
  @inline static evaluate(colors: usize, count: i32): void {
    const isPlain = countOf(P_KEEP_COUNT) + countOf(P_REPAINT_COUNT) + countOf(P_STRAIGHT) === 0;
    if (isPlain) evaluatePlain(colors, count);
    else evaluateMixed(colors, count);
  }

  /**
   * All of it but the chroma search.
   *
   * @param isMixed whether there are other rows than attractors, or a straight blend
   * @returns bytes of the queue
   */
  @inline static blend(colors: usize, count: i32, isMixed: bool): usize {
    const first: usize = PARAMETERS + (P_ROWS << 2);
    const keepsEnd = isMixed ? first + countOf(P_KEEP_COUNT) * ROW_BYTES : first;
    const repaintsEnd = isMixed ? keepsEnd + countOf(P_REPAINT_COUNT) * ROW_BYTES : first;
    const end = repaintsEnd + countOf(P_ATTRACTOR_COUNT) * ROW_BYTES;
    const isStraight = countOf(P_STRAIGHT) === 1;
    const isSwitched = countOf(P_HUE) + countOf(P_SATURATION) < 2;
    const one = V.splat(1);
    const zero = V.splat(0);
    let queued: usize = 0; // bytes
    for (let i = 0; i < count; i += LANES) {
      const at: usize = i << 2;
      const red = V.linear(colors + at, 0);
      const green = V.linear(colors + at, 8);
      const blue = V.linear(colors + at, 16);
      const lRoot = Color.lmsRoot(0, red, green, blue);
      const mRoot = Color.lmsRoot(1, red, green, blue);
      const sRoot = Color.lmsRoot(2, red, green, blue);
      const sourceL = Color.oklab(0, lRoot, mRoot, sRoot);
      const sourceA = Color.oklab(1, lRoot, mRoot, sRoot);
      const sourceB = Color.oklab(2, lRoot, mRoot, sRoot);

      let doubt = V.none();
      // What keep rows leave to all others, and the sums over the repaint rows.
      let free = one;
      let moved = zero;
      let moveL = zero;
      let moveA = zero;
      let moveB = zero;
      if (isMixed) {
        const perLight = Distance.perLight(sourceL);
        let p = first;
        for (; p < keepsEnd; p += ROW_BYTES) {
          const distance = Row.surfaceDistance(p, sourceL, sourceA, sourceB, perLight);
          doubt = V.or(doubt, Row.isUnsure(p, distance));
          free = V.mul(free, V.select(Row.plateau(p, distance), one, Row.isInside(p, distance)));
        }
        for (; p < repaintsEnd; p += ROW_BYTES) {
          const distance = Row.surfaceDistance(p, sourceL, sourceA, sourceB, perLight);
          doubt = V.or(doubt, Row.isUnsure(p, distance));
          const w = V.keep(Row.plateau(p, distance), Row.isInside(p, distance));
          moved = V.add(moved, w);
          const move = V.mul(w, Row.shade(p, sourceL));
          moveL = V.add(moveL, V.mul(move, Row.get(p, R_MOVE_L)));
          moveA = V.add(moveA, V.mul(move, Row.get(p, R_MOVE_A)));
          moveB = V.add(moveB, V.mul(move, Row.get(p, R_MOVE_B)));
        }
        moved = V.mul(moved, free);
      }

      // Sums over the attractors, each weighted by its influence.
      let total = zero;
      let sumL = zero;
      let sumChroma = zero;
      let sumX = zero;
      let sumY = zero;
      for (let p = repaintsEnd; p < end; p += ROW_BYTES) {
        const distance = Row.colorDistance(p, sourceL, sourceA, sourceB);
        const inside = Row.isInside(p, distance);
        doubt = V.or(doubt, Row.isUnsure(p, distance));
        const w = V.keep(Row.raisedCosine(p, distance), inside);
        total = V.add(total, w);
        sumL = V.add(sumL, V.mul(w, Row.get(p, R_L)));
        sumChroma = V.add(sumChroma, V.mul(w, Row.get(p, R_CHROMA)));
        sumX = V.add(sumX, V.mul(w, Row.get(p, R_VOTE_X)));
        sumY = V.add(sumY, V.mul(w, Row.get(p, R_VOTE_Y)));
      }
      if (isMixed) total = V.mul(total, free);
      const isAttracted = V.lt(zero, total);
      const touched = isMixed ? V.or(isAttracted, V.lt(zero, moved)) : isAttracted;
      if (!V.any(V.or(touched, doubt))) {
        V.storeInts(SCRATCH + OUT + at, V.loadInts(colors + at));
        continue;
      }

      // Blend (docs/internals/model.md, section 5): repaint rows first.
      let L = sourceL;
      let a = sourceA;
      let b = sourceB;
      if (isMixed) {
        const scale = V.div(free, V.max(moved, one));
        L = V.select(V.add(L, V.mul(scale, moveL)), L, Straight.isOn(P_LUMINANCE));
        const mixedA = V.add(a, V.mul(scale, moveA));
        const mixedB = V.add(b, V.mul(scale, moveB));
        if (isSwitched) {
          const own = Straight.chroma(a, b);
          const mixed = Straight.chroma(mixedA, mixedB);
          doubt = V.or(doubt, V.and(touched, Straight.isUnsure(own, mixed)));
          a = Straight.pick(mixedA, a, own, mixed);
          b = Straight.pick(mixedB, b, own, mixed);
        } else {
          a = mixedA;
          b = mixedB;
        }
      }

      // Then attractors.
      let newL = Color.clip(L);
      let newA = a;
      let newB = b;
      const scale = V.div(free, V.max(total, one));
      const rest = V.max(V.sub(one, total), zero);
      if (isMixed && isStraight) {
        const blendL = V.add(V.mul(rest, L), V.mul(scale, sumL));
        newL = Color.clip(V.select(blendL, L, Straight.isOn(P_LUMINANCE)));
        const mixedA = V.add(V.mul(rest, a), V.mul(scale, sumX));
        const mixedB = V.add(V.mul(rest, b), V.mul(scale, sumY));
        if (isSwitched) {
          const own = Straight.chroma(a, b);
          const mixed = Straight.chroma(mixedA, mixedB);
          doubt = V.or(doubt, V.and(isAttracted, Straight.isUnsure(own, mixed)));
          newA = Straight.pick(mixedA, a, own, mixed);
          newB = Straight.pick(mixedB, b, own, mixed);
        } else {
          newA = mixedA;
          newB = mixedB;
        }
      } else if (!isMixed || V.any(isAttracted)) {
        const chroma = Straight.chroma(a, b);
        const hasHue = V.lt(P.get(P_POWERLESS_CHROMA), chroma);
        const inverse = V.keep(V.div(one, chroma), hasHue);
        const ownX = V.mul(a, inverse);
        const ownY = V.mul(b, inverse);
        const blendL = V.add(V.mul(rest, L), V.mul(scale, sumL));
        const blendChroma = V.add(V.mul(rest, chroma), V.mul(scale, sumChroma));
        newL = Color.clip(V.select(blendL, L, Straight.isOn(P_LUMINANCE)));
        const newChroma = V.select(blendChroma, chroma, Straight.isOn(P_SATURATION));
        const x = V.add(V.mul(rest, ownX), V.mul(scale, sumX));
        const y = V.add(V.mul(rest, ownY), V.mul(scale, sumY));
        const length = Straight.chroma(x, y);
        const hasVote = V.and(Straight.isOn(P_HUE), V.lt(P.get(P_HUELESS_LENGTH), length));
        const perLength = V.div(newChroma, V.max(length, P.get(P_HUELESS_LENGTH)));
        newA = V.select(V.mul(x, perLength), V.mul(ownX, newChroma), hasVote);
        newB = V.select(V.mul(y, perLength), V.mul(ownY, newChroma), hasVote);
        const isShort = V.and(V.lt(zero, length), V.lt(length, V.splat(UNSURE_LENGTH)));
        const isUnsureHue = V.and(V.and(Straight.isOn(P_HUE), isShort), V.lt(V.splat(UNSURE_LENGTH), newChroma));
        doubt = V.or(doubt, V.and(isAttracted, isUnsureHue));
        if (isMixed) {
          // A repainted color may have any chroma; one of 8 bits never has so little, unless it is grey.
          doubt = V.or(doubt, V.and(isAttracted, Straight.isBlurred(chroma, newChroma)));
          newL = V.select(newL, Color.clip(L), isAttracted);
          newA = V.select(newA, a, isAttracted);
          newB = V.select(newB, b, isAttracted);
        }
      }

      // Back to linear light; what lies outside the gamut is queued.
      const l = Color.lms(0, newL, newA, newB);
      const m = Color.lms(1, newL, newA, newB);
      const s = Color.lms(2, newL, newA, newB);
      const newRed = Color.linear(0, l, m, s);
      const newGreen = Color.linear(1, l, m, s);
      const newBlue = Color.linear(2, l, m, s);
      const lowest = V.min(V.min(newRed, newGreen), newBlue);
      const highest = V.max(V.max(newRed, newGreen), newBlue);
      const isOut = V.or(V.lt(lowest, V.splat(-GAMUT_EPSILON)), V.lt(V.splat(1 + GAMUT_EPSILON), highest));
      const outBits = V.bits(V.and(touched, isOut));
      if (outBits) {
        V.storeSome(SCRATCH + OUTSIDE_L + queued, newL, outBits);
        V.storeSome(SCRATCH + OUTSIDE_A + queued, newA, outBits);
        V.storeSome(SCRATCH + OUTSIDE_B + queued, newB, outBits);
        V.storeSomeInts(SCRATCH + OUTSIDE_AT + queued, V.sequence(i), outBits);
        queued += popcnt(outBits) << 2;
      }
      const codes = V.pack(V.encode(Color.clip(newRed)), V.encode(Color.clip(newGreen)), V.encode(Color.clip(newBlue)));
      V.storeInts(SCRATCH + OUT + at, V.flag(V.selectInts(codes, V.loadInts(colors + at), touched), doubt, DOUBT_BIT));
    }
    return queued;
  }
}

/**
 * New colors of a chunk of packed colors.
 *
 * @param to may be `colors`
 * @param doubts receives the positions of the words that have the DOUBT bit (u32), and are guesses
 * @returns how many there are
 */
export function pullColors(colors: usize, count: i32, to: usize, doubts: usize): i32 {
  Pull.evaluate(colors, count);
  memory.copy(to, SCRATCH + OUT, (<usize>count) << 2);
  return listDoubts(count, doubts);
}

/**
 * Recolors a chunk of pixels in place, alpha excepted.
 *
 * @param doubts receives the positions of the pixels that were left as they were, since float32 is not sure of them (u32)
 * @returns how many there are
 */
export function pullPixels(pixels: usize, count: i32, channels: i32, doubts: usize): i32 {
  unpack(pixels, count, channels, SCRATCH + COLORS);
  Pull.evaluate(SCRATCH + COLORS, count);
  return repaint(pixels, count, channels, doubts);
}
