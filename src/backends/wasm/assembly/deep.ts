/**
 * The pull on 16-bit pixels in float64, two at a time. Reference: `createDeepPuller` (src/backends/js/pull-deep.ts), whose codes it
 * gives: wherever the last digits could decide (a radius, a rounding, a turn of the chroma search), the pixel goes on the
 * list of doubts and the host evaluates it.
 */

import { D, Pair } from './deep-math';
import { DeepRow, DeepStraight } from './deep-rows';
import {
  DEEP_PARAMETERS,
  FAR_A,
  FAR_AT,
  FAR_B,
  FAR_L,
  P_ATTRACTOR_COUNT,
  P_GAMUT_EPSILON,
  P_HUE,
  P_HUELESS_LENGTH,
  P_JUST_NOTICEABLE,
  P_KEEP_COUNT,
  P_LIGHTNESS_EPSILON,
  P_LUMINANCE,
  P_POWERLESS_CHROMA,
  P_REPAINT_COUNT,
  P_ROWS,
  P_SATURATION,
  P_SEARCH_EPSILON,
  P_STRAIGHT,
  R_CHROMA,
  R_DOUBT_FROM,
  R_DOUBT_TO,
  R_EDGE_FROM,
  R_EDGE_TO,
  R_L,
  R_MOVE_A,
  R_MOVE_B,
  R_MOVE_L,
  R_VOTE_X,
  R_VOTE_Y,
  ROW_NUMBERS,
} from './layout';
import { SCRATCH } from './thread';

/** Lengths and chromas are off by less than this, generously. */
const UNSURE: f64 = 1e-11;
const ROW_BYTES: usize = ROW_NUMBERS << 3;
const FIRST_ROW: usize = DEEP_PARAMETERS + (P_ROWS << 3);

/** The chunk, the end of the list of doubts. */
let samples: usize = 0;
let doubts: usize = 0;

/** A whole number of the parameter block. */
function countOf(index: i32): usize {
  return <usize>load<f64>(DEEP_PARAMETERS + (index << 3));
}

/**
 * Recolors a chunk, in place.
 *
 * @param pixels address of RGB or RGBA, 16 bits each
 * @param count at most CHUNK
 * @param step bytes a pixel, 6 or 8
 * @param list receives indexes of pixels that js has to evaluate (u32); a pixel may be there several times
 * @returns entries of the list
 */
export function pullDeep(pixels: usize, count: i32, step: i32, list: usize): i32 {
  const keepsEnd = FIRST_ROW + countOf(P_KEEP_COUNT) * ROW_BYTES;
  const repaintsEnd = keepsEnd + countOf(P_REPAINT_COUNT) * ROW_BYTES;
  const end = repaintsEnd + countOf(P_ATTRACTOR_COUNT) * ROW_BYTES;
  const isStraight = countOf(P_STRAIGHT) === 1;
  const isSwitched = countOf(P_HUE) + countOf(P_SATURATION) < 2;
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  samples = pixels;
  doubts = list;
  let far: i32 = 0;
  for (let i = 0; i < count; i += 2) {
    const next = i + 1 < count ? i + 1 : i;
    const first: usize = samples + i * step;
    const second: usize = samples + next * step;
    const red = D.linear(first, second, 0);
    const green = D.linear(first, second, 2);
    const blue = D.linear(first, second, 4);
    const lRoot = D.lmsRoot(0, red, green, blue);
    const mRoot = D.lmsRoot(1, red, green, blue);
    const sRoot = D.lmsRoot(2, red, green, blue);
    let L = D.oklab(0, lRoot, mRoot, sRoot);
    let a = D.oklab(1, lRoot, mRoot, sRoot);
    let b = D.oklab(2, lRoot, mRoot, sRoot);

    let doubt = zero;
    // What keep rows leave to all others, and the sums over the repaint rows.
    let free = one;
    let moved = zero;
    let moveL = zero;
    let moveA = zero;
    let moveB = zero;
    if (FIRST_ROW < repaintsEnd) {
      const perLight = DeepRow.perLight(L);
      let p = FIRST_ROW;
      for (; p < keepsEnd; p += ROW_BYTES) {
        const distance = DeepRow.surfaceDistance(p, L, a, b, perLight);
        doubt = v128.or(doubt, DeepRow.isBetween(p, R_DOUBT_FROM, R_DOUBT_TO, distance));
        doubt = v128.or(doubt, DeepRow.isBetween(p, R_EDGE_FROM, R_EDGE_TO, distance));
        const inside = DeepRow.isInside(p, distance);
        if (!v128.any_true(inside)) continue;
        free = f64x2.mul(free, v128.bitselect(DeepRow.plateau(p, distance), one, inside));
      }
      for (; p < repaintsEnd; p += ROW_BYTES) {
        const distance = DeepRow.surfaceDistance(p, L, a, b, perLight);
        doubt = v128.or(doubt, DeepRow.isBetween(p, R_DOUBT_FROM, R_DOUBT_TO, distance));
        const inside = DeepRow.isInside(p, distance);
        if (!v128.any_true(inside)) continue;
        const w = v128.and(DeepRow.plateau(p, distance), inside);
        moved = f64x2.add(moved, w);
        const move = f64x2.mul(w, DeepRow.shade(p, L));
        moveL = f64x2.add(moveL, f64x2.mul(move, DeepRow.get(p, R_MOVE_L)));
        moveA = f64x2.add(moveA, f64x2.mul(move, DeepRow.get(p, R_MOVE_A)));
        moveB = f64x2.add(moveB, f64x2.mul(move, DeepRow.get(p, R_MOVE_B)));
      }
      moved = f64x2.mul(moved, free);
    }

    // Sums over the attractors, each weighted by its influence.
    let total = zero;
    let sumL = zero;
    let sumChroma = zero;
    let sumX = zero;
    let sumY = zero;
    for (let p = repaintsEnd; p < end; p += ROW_BYTES) {
      const distance = DeepRow.colorDistance(p, L, a, b);
      doubt = v128.or(doubt, DeepRow.isBetween(p, R_DOUBT_FROM, R_DOUBT_TO, distance));
      const inside = DeepRow.isInside(p, distance);
      if (!v128.any_true(inside)) continue;
      const w = v128.and(DeepRow.raisedCosine(p, distance), inside);
      total = f64x2.add(total, w);
      sumL = f64x2.add(sumL, f64x2.mul(w, DeepRow.get(p, R_L)));
      sumChroma = f64x2.add(sumChroma, f64x2.mul(w, DeepRow.get(p, R_CHROMA)));
      sumX = f64x2.add(sumX, f64x2.mul(w, DeepRow.get(p, R_VOTE_X)));
      sumY = f64x2.add(sumY, f64x2.mul(w, DeepRow.get(p, R_VOTE_Y)));
    }
    total = f64x2.mul(total, free);
    const isMoved = f64x2.lt(zero, moved);
    const isAttracted = f64x2.lt(zero, total);
    const touched = v128.or(isMoved, isAttracted);
    if (!v128.any_true(v128.or(touched, doubt))) continue;

    // Blend (docs/internals/model.md, section 5): repaint rows first.
    const isLight = DeepStraight.isOn(P_LUMINANCE);
    const powerless = D.get(P_POWERLESS_CHROMA);
    if (v128.any_true(isMoved)) {
      const scale = f64x2.div(free, f64x2.pmax(moved, one));
      const mixedA = f64x2.add(a, f64x2.mul(scale, moveA));
      const mixedB = f64x2.add(b, f64x2.mul(scale, moveB));
      L = v128.bitselect(f64x2.add(L, f64x2.mul(scale, moveL)), L, isLight);
      if (isSwitched) {
        const own = DeepStraight.chroma(a, b);
        const mixed = DeepStraight.chroma(mixedA, mixedB);
        doubt = v128.or(doubt, isNearPowerless(own, mixed));
        a = v128.bitselect(DeepStraight.pick(mixedA, a, own, mixed), a, isMoved);
        b = v128.bitselect(DeepStraight.pick(mixedB, b, own, mixed), b, isMoved);
      } else {
        a = mixedA;
        b = mixedB;
      }
    }

    // Then attractors.
    let newL = L;
    let newA = a;
    let newB = b;
    const scale = f64x2.div(free, f64x2.pmax(total, one));
    const rest = f64x2.pmax(f64x2.sub(one, total), zero);
    const blendL = f64x2.add(f64x2.mul(rest, L), f64x2.mul(scale, sumL));
    const x = f64x2.mul(scale, sumX);
    const y = f64x2.mul(scale, sumY);
    if (isStraight) {
      newL = v128.bitselect(blendL, L, isLight);
      newA = f64x2.add(f64x2.mul(rest, a), x);
      newB = f64x2.add(f64x2.mul(rest, b), y);
      if (isSwitched) {
        const own = DeepStraight.chroma(a, b);
        const mixed = DeepStraight.chroma(newA, newB);
        doubt = v128.or(doubt, isNearPowerless(own, mixed));
        newA = DeepStraight.pick(newA, a, own, mixed);
        newB = DeepStraight.pick(newB, b, own, mixed);
      }
    } else if (v128.any_true(isAttracted)) {
      const chroma = DeepStraight.chroma(a, b);
      const hasHue = f64x2.ge(chroma, powerless);
      const inverse = v128.and(f64x2.div(one, chroma), hasHue);
      const ownX = f64x2.mul(a, inverse);
      const ownY = f64x2.mul(b, inverse);
      const isHue = DeepStraight.isOn(P_HUE);
      const blended = f64x2.add(f64x2.mul(rest, chroma), f64x2.mul(scale, sumChroma));
      const newChroma = v128.bitselect(blended, chroma, DeepStraight.isOn(P_SATURATION));
      const voteX = f64x2.add(f64x2.mul(rest, ownX), x);
      const voteY = f64x2.add(f64x2.mul(rest, ownY), y);
      const length = DeepStraight.chroma(voteX, voteY);
      const hueless = D.get(P_HUELESS_LENGTH);
      const hasVote = v128.and(isHue, f64x2.ge(length, hueless));
      const perLength = f64x2.div(newChroma, f64x2.pmax(length, hueless));
      newA = v128.bitselect(f64x2.mul(voteX, perLength), f64x2.mul(ownX, newChroma), hasVote);
      newB = v128.bitselect(f64x2.mul(voteY, perLength), f64x2.mul(ownY, newChroma), hasVote);
      newL = v128.bitselect(v128.bitselect(blendL, L, isLight), L, isAttracted);
      newA = v128.bitselect(newA, a, isAttracted);
      newB = v128.bitselect(newB, b, isAttracted);
      doubt = v128.or(doubt, D.isNear(chroma, powerless, UNSURE));
      doubt = v128.or(doubt, v128.and(isHue, D.isNear(length, hueless, UNSURE)));
    }
    newL = D.clip(newL);

    // Back to linear light.
    const l = D.lms(0, newL, newA, newB);
    const m = D.lms(1, newL, newA, newB);
    const s = D.lms(2, newL, newA, newB);
    let newRed = D.fromLms(0, l, m, s);
    let newGreen = D.fromLms(1, l, m, s);
    let newBlue = D.fromLms(2, l, m, s);
    const lowest = f64x2.pmin(f64x2.pmin(newRed, newGreen), newBlue);
    const highest = f64x2.pmax(f64x2.pmax(newRed, newGreen), newBlue);
    const epsilon = D.get(P_GAMUT_EPSILON);
    const isOut = v128.and(
      touched,
      v128.or(f64x2.lt(lowest, f64x2.neg(epsilon)), f64x2.gt(highest, f64x2.add(one, epsilon))),
    );
    const isUnsureOut = v128.or(
      D.isNear(lowest, f64x2.neg(epsilon), UNSURE),
      D.isNear(highest, f64x2.add(one, epsilon), UNSURE),
    );
    doubt = v128.or(doubt, v128.and(touched, isUnsureOut));
    newRed = D.clip(newRed);
    newGreen = D.clip(newGreen);
    newBlue = D.clip(newBlue);
    if (v128.any_true(isOut)) {
      const distance = clipDistance(newL, newA, newB, newRed, newGreen, newBlue);
      const toEnd = f64x2.pmin(newL, f64x2.sub(one, newL));
      const ending = D.get(P_LIGHTNESS_EPSILON);
      const isEnd = v128.and(isOut, f64x2.le(toEnd, ending));
      const white = v128.and(one, f64x2.gt(newL, f64x2.splat(0.5)));
      newRed = v128.bitselect(white, newRed, isEnd);
      newGreen = v128.bitselect(white, newGreen, isEnd);
      newBlue = v128.bitselect(white, newBlue, isEnd);
      const noticeable = D.get(P_JUST_NOTICEABLE);
      const isUnsure = v128.or(D.isNear(toEnd, ending, UNSURE), D.isNear(distance, noticeable, UNSURE));
      doubt = v128.or(doubt, v128.and(isOut, isUnsure));
      const isFar = i64x2.bitmask(v128.and(v128.andnot(isOut, isEnd), f64x2.ge(distance, noticeable)));
      if (isFar & 1)
        far = queue(far, f64x2.extract_lane(newL, 0), f64x2.extract_lane(newA, 0), f64x2.extract_lane(newB, 0), i);
      if (isFar & 2)
        far = queue(far, f64x2.extract_lane(newL, 1), f64x2.extract_lane(newA, 1), f64x2.extract_lane(newB, 1), next);
    }
    store2(i, next, step, newRed, newGreen, newBlue, doubt, touched);
  }
  if (far) {
    // A ragged last pair does its first pixel twice.
    const last: usize = far - 1;
    queue(
      far,
      load<f64>(SCRATCH + FAR_L + (last << 3)),
      load<f64>(SCRATCH + FAR_A + (last << 3)),
      load<f64>(SCRATCH + FAR_B + (last << 3)),
      load<i32>(SCRATCH + FAR_AT + (last << 2)),
    );
    for (let n = 0; n < far; n += 2) searchPair(n, step);
  }
  return <i32>((doubts - list) >> 2);
}

/** Whether rounding decides if one of two colors has a hue. */
function isNearPowerless(own: Pair, mixed: Pair): Pair {
  const powerless = D.get(P_POWERLESS_CHROMA);
  return v128.or(D.isNear(own, powerless, UNSURE), D.isNear(mixed, powerless, UNSURE));
}

function queue(far: i32, L: f64, a: f64, b: f64, at: i32): i32 {
  store<f64>(SCRATCH + FAR_L + ((<usize>far) << 3), L);
  store<f64>(SCRATCH + FAR_A + ((<usize>far) << 3), a);
  store<f64>(SCRATCH + FAR_B + ((<usize>far) << 3), b);
  store<i32>(SCRATCH + FAR_AT + ((<usize>far) << 2), at);
  return far + 1;
}

function doubtPixel(at: i32): void {
  store<i32>(doubts, at);
  doubts += 4;
}

/** Writes the codes of two pixels where they are touched, and lists them where a rounding is unsure. */
function store2(i: i32, next: i32, step: i32, red: Pair, green: Pair, blue: Pair, doubt: Pair, touched: Pair): void {
  const r = D.encode(red);
  const g = D.encode(green);
  const b = D.encode(blue);
  const unsure = v128.and(touched, v128.or(v128.or(D.isUnsure(r), D.isUnsure(g)), D.isUnsure(b)));
  const list = i64x2.bitmask(v128.or(doubt, unsure));
  if (list & 1) doubtPixel(i);
  if (list & 2) doubtPixel(next);
  const written = i64x2.bitmask(touched);
  const ri = i32x4.trunc_sat_f64x2_s_zero(r);
  const gi = i32x4.trunc_sat_f64x2_s_zero(g);
  const bi = i32x4.trunc_sat_f64x2_s_zero(b);
  if (written & 1) {
    const at: usize = samples + i * step;
    store<u16>(at, i32x4.extract_lane(ri, 0));
    store<u16>(at, i32x4.extract_lane(gi, 0), 2);
    store<u16>(at, i32x4.extract_lane(bi, 0), 4);
  }
  if (written & 2) {
    const at: usize = samples + next * step;
    store<u16>(at, i32x4.extract_lane(ri, 1));
    store<u16>(at, i32x4.extract_lane(gi, 1), 2);
    store<u16>(at, i32x4.extract_lane(bi, 1), 4);
  }
}

/** Oklab distance from a color to its clipped self. */
function clipDistance(L: Pair, a: Pair, b: Pair, red: Pair, green: Pair, blue: Pair): Pair {
  const lRoot = D.lmsRoot(0, red, green, blue);
  const mRoot = D.lmsRoot(1, red, green, blue);
  const sRoot = D.lmsRoot(2, red, green, blue);
  return D.length(
    f64x2.sub(D.oklab(0, lRoot, mRoot, sRoot), L),
    f64x2.sub(D.oklab(1, lRoot, mRoot, sRoot), a),
    f64x2.sub(D.oklab(2, lRoot, mRoot, sRoot), b),
  );
}

/** The chroma search of `mapToGamut` for two queued pixels. */
function searchPair(n: i32, step: i32): void {
  const at: usize = (<usize>n) << 3;
  const L = v128.load(SCRATCH + FAR_L + at);
  const a = v128.load(SCRATCH + FAR_A + at);
  const b = v128.load(SCRATCH + FAR_B + at);
  const chroma = f64x2.sqrt(f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b)));
  const noticeable = D.get(P_JUST_NOTICEABLE);
  let low = f64x2.splat(0);
  let high = chroma;
  let doubt = f64x2.splat(0);
  for (;;) {
    const isOpen = f64x2.gt(f64x2.sub(high, low), D.get(P_SEARCH_EPSILON));
    if (!v128.any_true(isOpen)) break;
    const middle = f64x2.mul(f64x2.add(low, high), f64x2.splat(0.5));
    const scale = f64x2.div(middle, chroma);
    const scaledA = f64x2.mul(a, scale);
    const scaledB = f64x2.mul(b, scale);
    const l = D.lms(0, L, scaledA, scaledB);
    const m = D.lms(1, L, scaledA, scaledB);
    const s = D.lms(2, L, scaledA, scaledB);
    const distance = clipDistance(
      L,
      scaledA,
      scaledB,
      D.clip(D.fromLms(0, l, m, s)),
      D.clip(D.fromLms(1, l, m, s)),
      D.clip(D.fromLms(2, l, m, s)),
    );
    const isClose = f64x2.lt(distance, noticeable);
    doubt = v128.or(doubt, v128.and(isOpen, D.isNear(distance, noticeable, UNSURE)));
    low = v128.bitselect(middle, low, v128.and(isOpen, isClose));
    high = v128.bitselect(middle, high, v128.andnot(isOpen, isClose));
  }
  const newA = f64x2.div(f64x2.mul(a, low), chroma);
  const newB = f64x2.div(f64x2.mul(b, low), chroma);
  const l = D.lms(0, L, newA, newB);
  const m = D.lms(1, L, newA, newB);
  const s = D.lms(2, L, newA, newB);
  store2(
    load<i32>(SCRATCH + FAR_AT + (at >> 1)),
    load<i32>(SCRATCH + FAR_AT + (at >> 1), 4),
    step,
    D.clip(D.fromLms(0, l, m, s)),
    D.clip(D.fromLms(1, l, m, s)),
    D.clip(D.fromLms(2, l, m, s)),
    doubt,
    f64x2.eq(L, L),
  );
}
