/** CSS Color 4 gamut mapping of queued colors. Reference: `mapToGamut` in src/core/color/gamut.ts. */
import { Color, P } from './color-math';
import { LANES, Mask, V, Vec } from './lanes';
import {
  DOUBT_BIT,
  OUT,
  OUTSIDE_A,
  OUTSIDE_AT,
  OUTSIDE_B,
  OUTSIDE_L,
  P_JUST_NOTICEABLE,
  P_LIGHTNESS_EPSILON,
} from './layout';
import { SCRATCH } from './thread';

/** The search interval after this many halvings, of a chroma up to 0.5, is 1e-6. */
const SEARCH_STEPS = 19;
/** A wrong turn in one of the first steps would land elsewhere altogether; later ones only blur the last digits. */
const DECISIVE_STEPS = 8;
/** Error of a clip distance in float32, generously. */
const UNSURE_CLIP: f32 = 2e-6;
/** Error of L in float32, generously: nearer than this to where the answer becomes black or white, it decides nothing. */
const UNSURE_L: f32 = 6e-7;
/** White without its doubt bit. */
const WHITE = 0xffffff;

/**
 * Settles the colors of the OUTSIDE queue, whose clipped selves are in OUT already.
 *
 * @param bytes length of the queue
 * @param spare index behind the chunk, where padding lanes may write
 */
export function searchChroma(bytes: usize, spare: i32): void {
  pad(bytes, spare);
  let far: usize = 0; // bytes queued for the search; the queue overwrites the part of itself that has been read
  for (let at: usize = 0; at < bytes; at += LANES << 2) {
    const L = V.load(SCRATCH + OUTSIDE_L + at);
    const a = V.load(SCRATCH + OUTSIDE_A + at);
    const b = V.load(SCRATCH + OUTSIDE_B + at);
    const slots = V.loadInts(SCRATCH + OUTSIDE_AT + at);
    const distance = clipDistance(L, a, b);
    const toEnd = V.min(L, V.sub(V.splat(1), L));
    const isEnd = V.lt(toEnd, P.get(P_LIGHTNESS_EPSILON));
    const isUnsureEnd = V.lt(V.abs(V.sub(toEnd, P.get(P_LIGHTNESS_EPSILON))), V.splat(UNSURE_L));
    if (V.any(isEnd)) {
      const old = V.gather(SCRATCH + OUT, slots);
      const end = V.selectInts(V.splatInts(WHITE), V.splatInts(0), V.lt(V.splat(0.5), L));
      const kept = V.orInts(end, V.andInts(old, V.splatInts(1 << DOUBT_BIT)));
      V.scatter(SCRATCH + OUT, slots, V.selectInts(kept, old, isEnd));
    }
    const doubt = V.or(isUnsureEnd, isUnsure(distance));
    if (V.any(doubt)) V.scatterFlag(SCRATCH + OUT, slots, doubt, DOUBT_BIT);
    const farBits = V.bits(V.not(V.or(isEnd, V.lt(distance, P.get(P_JUST_NOTICEABLE)))));
    if (farBits) {
      V.storeSome(SCRATCH + OUTSIDE_L + far, L, farBits);
      V.storeSome(SCRATCH + OUTSIDE_A + far, a, farBits);
      V.storeSome(SCRATCH + OUTSIDE_B + far, b, farBits);
      V.storeSomeInts(SCRATCH + OUTSIDE_AT + far, slots, farBits);
      far += popcnt(farBits) << 2;
    }
  }
  if (far) pad(far, spare);
  for (let at: usize = 0; at < far; at += LANES << 2) searchGroup(at);
}

/** Fills the last group of the queue with a color that takes the usual way and writes behind the chunk. */
function pad(bytes: usize, spare: i32): void {
  for (let at = bytes; at < bytes + ((LANES - 1) << 2); at += 4) {
    store<f32>(SCRATCH + OUTSIDE_L + at, 0.5);
    store<f32>(SCRATCH + OUTSIDE_A + at, 0);
    store<f32>(SCRATCH + OUTSIDE_B + at, 0);
    store<i32>(SCRATCH + OUTSIDE_AT + at, spare);
  }
}

function searchGroup(at: usize): void {
  const L = V.load(SCRATCH + OUTSIDE_L + at);
  const a = V.load(SCRATCH + OUTSIDE_A + at);
  const b = V.load(SCRATCH + OUTSIDE_B + at);
  const slots = V.loadInts(SCRATCH + OUTSIDE_AT + at);
  let low = V.splat(0);
  let step = V.splat(1);
  let doubt = V.none();
  for (let n = 0; n < SEARCH_STEPS; n++) {
    step = V.mul(step, V.splat(0.5));
    const middle = V.add(low, step);
    const distance = clipDistance(L, V.mul(a, middle), V.mul(b, middle));
    if (n < DECISIVE_STEPS) doubt = V.or(doubt, isUnsure(distance));
    low = V.select(middle, low, V.lt(distance, P.get(P_JUST_NOTICEABLE)));
  }
  const newA = V.mul(a, low);
  const newB = V.mul(b, low);
  const l = Color.lms(0, L, newA, newB);
  const m = Color.lms(1, L, newA, newB);
  const s = Color.lms(2, L, newA, newB);
  const codes = V.pack(
    V.encode(Color.clip(Color.linear(0, l, m, s))),
    V.encode(Color.clip(Color.linear(1, l, m, s))),
    V.encode(Color.clip(Color.linear(2, l, m, s))),
  );
  // A doubt from an earlier pass is kept.
  const earlier = V.andInts(V.gather(SCRATCH + OUT, slots), V.splatInts(1 << DOUBT_BIT));
  V.scatter(SCRATCH + OUT, slots, V.flag(V.orInts(codes, earlier), doubt, DOUBT_BIT));
}

/** Oklab distance from a color to its clipped self. */
function clipDistance(L: Vec, a: Vec, b: Vec): Vec {
  const l = Color.lms(0, L, a, b);
  const m = Color.lms(1, L, a, b);
  const s = Color.lms(2, L, a, b);
  const red = Color.clip(Color.linear(0, l, m, s));
  const green = Color.clip(Color.linear(1, l, m, s));
  const blue = Color.clip(Color.linear(2, l, m, s));
  const lRoot = Color.lmsRoot(0, red, green, blue);
  const mRoot = Color.lmsRoot(1, red, green, blue);
  const sRoot = Color.lmsRoot(2, red, green, blue);
  return Color.length3(
    V.sub(Color.oklab(0, lRoot, mRoot, sRoot), L),
    V.sub(Color.oklab(1, lRoot, mRoot, sRoot), a),
    V.sub(Color.oklab(2, lRoot, mRoot, sRoot), b),
  );
}

function isUnsure(distance: Vec): Mask {
  return V.lt(V.abs(V.sub(distance, P.get(P_JUST_NOTICEABLE))), V.splat(UNSURE_CLIP));
}
