/**
 * The pull on 16-bit pixels in float64, two at a time. Reference: `createDeepPuller` (src/backends/js/pull-deep.ts), whose codes it
 * gives: wherever the last digits could decide (a radius, a rounding, a turn of the chroma search), the pixel goes on the
 * list of doubts and the host evaluates it.
 */

import { D, Pair } from './deep-math';
import {
  A_A,
  A_B,
  A_BUCKET_SCALE,
  A_CHROMA,
  A_FLOOR,
  A_GAIN,
  A_L,
  A_RADIUS,
  A_VOTE_X,
  A_VOTE_Y,
  CHUNK,
  DEEP_ATTRACTOR_NUMBERS,
  DEEP_PARAMETERS,
  FAR_A,
  FAR_AT,
  FAR_B,
  FAR_L,
  P_ATTRACTOR_COUNT,
  P_ATTRACTORS,
  P_GAMUT_EPSILON,
  P_HUE,
  P_HUELESS_LENGTH,
  P_JUST_NOTICEABLE,
  P_LIGHTNESS_EPSILON,
  P_LUMINANCE,
  P_POWERLESS_CHROMA,
  P_SATURATION,
  P_SEARCH_EPSILON,
} from './layout';
import { SCRATCH } from './thread';

/** Distances and lengths are off by less than this, generously. */
const UNSURE: f64 = 1e-11;
/** This near to a radius, as a share of it, the reference's cosine rounds to -1. */
const UNSURE_RADIUS: f64 = 1e-7;

/** The chunk, the end of the list of doubts. */
let samples: usize = 0;
let doubts: usize = 0;

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
  const end: usize =
    DEEP_PARAMETERS +
    ((P_ATTRACTORS + <i32>load<f64>(DEEP_PARAMETERS + (P_ATTRACTOR_COUNT << 3)) * DEEP_ATTRACTOR_NUMBERS) << 3);
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
    const L = D.oklab(0, lRoot, mRoot, sRoot);
    const a = D.oklab(1, lRoot, mRoot, sRoot);
    const b = D.oklab(2, lRoot, mRoot, sRoot);

    // Sums over the attractors, each weighted by its influence.
    let total = zero;
    let sumL = zero;
    let sumChroma = zero;
    let sumX = zero;
    let sumY = zero;
    let doubt = zero;
    for (let p: usize = DEEP_PARAMETERS + (P_ATTRACTORS << 3); p < end; p += DEEP_ATTRACTOR_NUMBERS << 3) {
      const distance = D.length(
        f64x2.sub(L, v128.load64_splat(p + (A_L << 3))),
        f64x2.sub(a, v128.load64_splat(p + (A_A << 3))),
        f64x2.sub(b, v128.load64_splat(p + (A_B << 3))),
      );
      const radius = v128.load64_splat(p + (A_RADIUS << 3));
      const way = f64x2.div(distance, radius);
      doubt = v128.or(doubt, D.isNear(way, one, UNSURE_RADIUS));
      const inside = f64x2.lt(way, one);
      if (!v128.any_true(inside)) continue;
      const falloff = D.raisedCosine(f64x2.pmin(way, one));
      const raised = f64x2.add(
        v128.load64_splat(p + (A_FLOOR << 3)),
        f64x2.mul(v128.load64_splat(p + (A_GAIN << 3)), falloff),
      );
      const w = v128.and(raised, inside);
      total = f64x2.add(total, w);
      sumL = f64x2.add(sumL, f64x2.mul(w, v128.load64_splat(p + (A_L << 3))));
      sumChroma = f64x2.add(sumChroma, f64x2.mul(w, v128.load64_splat(p + (A_CHROMA << 3))));
      sumX = f64x2.add(sumX, f64x2.mul(w, v128.load64_splat(p + (A_VOTE_X << 3))));
      sumY = f64x2.add(sumY, f64x2.mul(w, v128.load64_splat(p + (A_VOTE_Y << 3))));
    }
    const touched = f64x2.lt(zero, total);
    if (!v128.any_true(v128.or(touched, doubt))) continue;

    // Blend (docs/model.md, section 4).
    const scale = f64x2.div(one, f64x2.pmax(total, one));
    const rest = f64x2.pmax(f64x2.sub(one, total), zero);
    const chroma = f64x2.sqrt(f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b)));
    const powerless = D.get(P_POWERLESS_CHROMA);
    const hasHue = f64x2.ge(chroma, powerless);
    const inverse = v128.and(f64x2.div(one, chroma), hasHue);
    const ownX = f64x2.mul(a, inverse);
    const ownY = f64x2.mul(b, inverse);
    const isLight = f64x2.gt(D.get(P_LUMINANCE), zero);
    const isSaturating = f64x2.gt(D.get(P_SATURATION), zero);
    const isHue = f64x2.gt(D.get(P_HUE), zero);
    const newL = D.clip(v128.bitselect(f64x2.add(f64x2.mul(rest, L), f64x2.mul(scale, sumL)), L, isLight));
    const blended = f64x2.add(f64x2.mul(rest, chroma), f64x2.mul(scale, sumChroma));
    const newChroma = v128.bitselect(blended, chroma, isSaturating);
    const x = f64x2.add(f64x2.mul(rest, ownX), f64x2.mul(scale, sumX));
    const y = f64x2.add(f64x2.mul(rest, ownY), f64x2.mul(scale, sumY));
    const length = f64x2.sqrt(f64x2.add(f64x2.mul(x, x), f64x2.mul(y, y)));
    const hueless = D.get(P_HUELESS_LENGTH);
    const hasVote = v128.and(isHue, f64x2.ge(length, hueless));
    const perLength = f64x2.div(newChroma, f64x2.pmax(length, hueless));
    const newA = v128.bitselect(f64x2.mul(x, perLength), f64x2.mul(ownX, newChroma), hasVote);
    const newB = v128.bitselect(f64x2.mul(y, perLength), f64x2.mul(ownY, newChroma), hasVote);
    doubt = v128.or(doubt, D.isNear(chroma, powerless, UNSURE));
    doubt = v128.or(doubt, v128.and(isHue, D.isNear(length, hueless, UNSURE)));

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

/**
 * Writes, for each target, the bucket of every pixel's distance, cut to a whole number; its last digits differ from js's, so it may be one off.
 *
 * @param pixels address of RGB or RGBA, 16 bits each
 * @param count at most CHUNK
 * @param step bytes a pixel, 6 or 8
 * @param targets in the parameter block in place of attractors
 * @param to receives u16: CHUNK for the first target, then for the next
 */
export function bucketDeep(pixels: usize, count: i32, step: i32, targets: i32, to: usize): void {
  const end: usize = DEEP_PARAMETERS + ((P_ATTRACTORS + targets * DEEP_ATTRACTOR_NUMBERS) << 3);
  for (let i = 0; i < count; i += 2) {
    const first: usize = pixels + i * step;
    const second: usize = i + 1 < count ? first + step : first;
    const red = D.linear(first, second, 0);
    const green = D.linear(first, second, 2);
    const blue = D.linear(first, second, 4);
    const lRoot = D.lmsRoot(0, red, green, blue);
    const mRoot = D.lmsRoot(1, red, green, blue);
    const sRoot = D.lmsRoot(2, red, green, blue);
    const L = D.oklab(0, lRoot, mRoot, sRoot);
    const a = D.oklab(1, lRoot, mRoot, sRoot);
    const b = D.oklab(2, lRoot, mRoot, sRoot);
    let out: usize = to + (i << 1);
    for (let p: usize = DEEP_PARAMETERS + (P_ATTRACTORS << 3); p < end; p += DEEP_ATTRACTOR_NUMBERS << 3) {
      const distance = D.length(
        f64x2.sub(L, v128.load64_splat(p + (A_L << 3))),
        f64x2.sub(a, v128.load64_splat(p + (A_A << 3))),
        f64x2.sub(b, v128.load64_splat(p + (A_B << 3))),
      );
      const bucket = i32x4.trunc_sat_f64x2_s_zero(f64x2.mul(distance, v128.load64_splat(p + (A_BUCKET_SCALE << 3))));
      store<u16>(out, i32x4.extract_lane(bucket, 0));
      store<u16>(out, i32x4.extract_lane(bucket, 1), 2);
      out += CHUNK << 1;
    }
  }
}
