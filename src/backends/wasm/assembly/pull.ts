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
import { LANES, Mask, V } from './lanes';
import {
  A_A,
  A_B,
  A_CHROMA,
  A_DOUBT_FROM,
  A_DOUBT_TO,
  A_FLOOR,
  A_GAIN,
  A_INVERSE_RADIUS,
  A_L,
  A_RADIUS,
  A_VOTE_X,
  A_VOTE_Y,
  ATTRACTOR_NUMBERS,
  COLORS,
  DOUBT_BIT,
  OUT,
  OUTSIDE_A,
  OUTSIDE_AT,
  OUTSIDE_B,
  OUTSIDE_L,
  P_ATTRACTOR_COUNT,
  P_ATTRACTORS,
  P_HUE,
  P_HUELESS_LENGTH,
  P_LUMINANCE,
  P_POWERLESS_CHROMA,
  P_SATURATION,
  PARAMETERS,
} from './layout';
import { listDoubts, repaint, unpack } from './pixels';
import { SCRATCH } from './thread';

/**
 * Components this far outside [0, 1] skip the gamut mapping. Wider than the model's 1e-6 by float32's noise; the clip
 * that they get is what the mapping would give them.
 */
const GAMUT_EPSILON: f32 = 4e-6;
/** A hue direction shorter than this, of a color that has chroma, points where rounding says. */
const UNSURE_LENGTH: f32 = 1e-4;

/**
 * Evaluates a chunk of packed colors into OUT.
 *
 * @param colors up to a group behind the last one is read, too
 * @param count at most CHUNK; the last group may be ragged
 */
function evaluate(colors: usize, count: i32): void {
  const end: usize =
    PARAMETERS + ((P_ATTRACTORS + <i32>load<f32>(PARAMETERS + (P_ATTRACTOR_COUNT << 2)) * ATTRACTOR_NUMBERS) << 2);
  let queued: usize = 0; // bytes
  for (let i = 0; i < count; i += LANES) {
    const at: usize = i << 2;
    const red = V.linear(colors + at, 0);
    const green = V.linear(colors + at, 8);
    const blue = V.linear(colors + at, 16);
    const lRoot = Color.lmsRoot(0, red, green, blue);
    const mRoot = Color.lmsRoot(1, red, green, blue);
    const sRoot = Color.lmsRoot(2, red, green, blue);
    const L = Color.oklab(0, lRoot, mRoot, sRoot);
    const a = Color.oklab(1, lRoot, mRoot, sRoot);
    const b = Color.oklab(2, lRoot, mRoot, sRoot);

    // Sums over the attractors, each weighted by its influence.
    let total = V.splat(0);
    let sumL = V.splat(0);
    let sumChroma = V.splat(0);
    let sumX = V.splat(0);
    let sumY = V.splat(0);
    let doubt = V.none();
    for (let p: usize = PARAMETERS + (P_ATTRACTORS << 2); p < end; p += ATTRACTOR_NUMBERS << 2) {
      const distance = Color.length3(
        V.sub(L, V.loadSplat(p + (A_L << 2))),
        V.sub(a, V.loadSplat(p + (A_A << 2))),
        V.sub(b, V.loadSplat(p + (A_B << 2))),
      );
      const inside = V.lt(distance, V.loadSplat(p + (A_RADIUS << 2)));
      const isUnsure = V.and(
        V.lt(V.loadSplat(p + (A_DOUBT_FROM << 2)), distance),
        V.lt(distance, V.loadSplat(p + (A_DOUBT_TO << 2))),
      );
      doubt = V.or(doubt, isUnsure);
      const falloff = Color.raisedCosine(V.mul(distance, V.loadSplat(p + (A_INVERSE_RADIUS << 2))));
      const raised = V.add(V.loadSplat(p + (A_FLOOR << 2)), V.mul(V.loadSplat(p + (A_GAIN << 2)), falloff));
      const w = V.keep(raised, inside);
      total = V.add(total, w);
      sumL = V.add(sumL, V.mul(w, V.loadSplat(p + (A_L << 2))));
      sumChroma = V.add(sumChroma, V.mul(w, V.loadSplat(p + (A_CHROMA << 2))));
      sumX = V.add(sumX, V.mul(w, V.loadSplat(p + (A_VOTE_X << 2))));
      sumY = V.add(sumY, V.mul(w, V.loadSplat(p + (A_VOTE_Y << 2))));
    }
    const touched = V.lt(V.splat(0), total);
    if (!V.any(V.or(touched, doubt))) {
      V.storeInts(SCRATCH + OUT + at, V.loadInts(colors + at));
      continue;
    }

    // Blend (docs/model.md, section 4).
    const one = V.splat(1);
    const scale = V.div(one, V.max(total, one));
    const rest = V.max(V.sub(one, total), V.splat(0));
    const chroma = V.sqrt(V.add(V.mul(a, a), V.mul(b, b)));
    const hasHue = V.lt(P.get(P_POWERLESS_CHROMA), chroma);
    const inverse = V.keep(V.div(one, chroma), hasHue);
    const ownX = V.mul(a, inverse);
    const ownY = V.mul(b, inverse);
    const blendL = V.add(V.mul(rest, L), V.mul(scale, sumL));
    const blendChroma = V.add(V.mul(rest, chroma), V.mul(scale, sumChroma));
    const newL = Color.clip(V.select(blendL, L, isOn(P_LUMINANCE)));
    const newChroma = V.select(blendChroma, chroma, isOn(P_SATURATION));
    const x = V.add(V.mul(rest, ownX), V.mul(scale, sumX));
    const y = V.add(V.mul(rest, ownY), V.mul(scale, sumY));
    const length = V.sqrt(V.add(V.mul(x, x), V.mul(y, y)));
    const hasVote = V.and(isOn(P_HUE), V.lt(P.get(P_HUELESS_LENGTH), length));
    const perLength = V.div(newChroma, V.max(length, P.get(P_HUELESS_LENGTH)));
    const newA = V.select(V.mul(x, perLength), V.mul(ownX, newChroma), hasVote);
    const newB = V.select(V.mul(y, perLength), V.mul(ownY, newChroma), hasVote);
    const isShort = V.and(V.lt(V.splat(0), length), V.lt(length, V.splat(UNSURE_LENGTH)));
    const isUnsureHue = V.and(V.and(isOn(P_HUE), isShort), V.lt(V.splat(UNSURE_LENGTH), newChroma));
    doubt = V.or(doubt, V.and(touched, isUnsureHue));

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
  if (queued) searchChroma(queued, count);
}

/**
 * New colors of a chunk of packed colors.
 *
 * @param to may be `colors`
 * @param doubts receives the positions of the words that have the DOUBT bit (u32), and are guesses
 * @returns how many there are
 */
export function pullColors(colors: usize, count: i32, to: usize, doubts: usize): i32 {
  evaluate(colors, count);
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
  evaluate(SCRATCH + COLORS, count);
  return repaint(pixels, count, channels, doubts);
}

/** Whether a channel switch is on. */
function isOn(index: i32): Mask {
  return V.lt(V.splat(0), P.get(index));
}
