import {
  CHROMA_SEARCH_EPSILON,
  GAMUT_EPSILON,
  JUST_NOTICEABLE_DIFFERENCE,
  LIGHTNESS_EPSILON,
} from '../../core/color/gamut.js';
import { LMS_FROM_OKLAB, type Matrix3 } from '../../core/color/matrices.js';
import { writeOklab } from '../../core/color/oklab.js';
import { POWERLESS_CHROMA } from '../../core/color/powerless.js';
import { ATTRACTOR_STRIDE, type CompiledPlan } from '../../core/compiled-plan.js';
import { HUELESS_LENGTH } from '../../core/pull.js';

/** Scratch space of one evaluation; one per loop, so that the loop allocates nothing. */
export interface PullScratch {
  readonly lab: Float64Array;
  readonly weights: Float64Array;
  /** Result: linear RGB in [0, 1]. */
  readonly linear: Float64Array;
}

export function createPullScratch(count: number): PullScratch {
  return { lab: new Float64Array(3), weights: new Float64Array(count), linear: new Float64Array(3) };
}

/**
 * The pull on one linear color. Reference: `pullOklab` and `mapToGamut`; here without arrays or closures.
 *
 * @param r linear, 0 to 1, as `linearTable` gives it
 * @param scratch its `linear` receives the result
 * @returns false when no attractor reaches the color; `scratch.linear` is then meaningless
 */
export function pullLinear(r: number, g: number, b: number, plan: CompiledPlan, scratch: PullScratch): boolean {
  const { lab, weights } = scratch;
  const { attractors, count } = plan;
  writeOklab(lab, 0, r, g, b, plan.toLms);
  const L = lab[0] as number;
  const A = lab[1] as number;
  const B = lab[2] as number;

  let total = 0;
  for (let i = 0; i < count; i++) {
    const at = i * ATTRACTOR_STRIDE;
    const dL = L - (attractors[at] as number);
    const da = A - (attractors[at + 1] as number);
    const db = B - (attractors[at + 2] as number);
    const distance = Math.sqrt(dL * dL + da * da + db * db);
    const radius = attractors[at + 6] as number;
    let w = 0;
    if (distance < radius) {
      const falloff = (1 + Math.cos((Math.PI * distance) / radius)) / 2;
      w = (attractors[at + 7] as number) + (attractors[at + 8] as number) * falloff;
    }
    weights[i] = w;
    total += w;
  }
  if (total === 0) return false;

  const scale = total > 1 ? 1 / total : 1;
  const sourceWeight = total > 1 ? 0 : 1 - total;
  const chroma = Math.sqrt(A * A + B * B);
  const isGrey = chroma < POWERLESS_CHROMA;
  const ownX = isGrey ? 0 : A / chroma;
  const ownY = isGrey ? 0 : B / chroma;
  let newL = sourceWeight * L;
  let newChroma = sourceWeight * chroma;
  let ux = sourceWeight * ownX;
  let uy = sourceWeight * ownY;
  for (let i = 0; i < count; i++) {
    const w = (weights[i] as number) * scale;
    if (w === 0) continue;
    const at = i * ATTRACTOR_STRIDE;
    newL += w * (attractors[at] as number);
    newChroma += w * (attractors[at + 3] as number);
    ux += w * (attractors[at + 4] as number);
    uy += w * (attractors[at + 5] as number);
  }
  if (!plan.luminance) newL = L;
  if (!plan.saturation) newChroma = chroma;
  const length = Math.sqrt(ux * ux + uy * uy);
  const hasVote = plan.hue && length >= HUELESS_LENGTH;
  const dx = hasVote ? ux / length : ownX;
  const dy = hasVote ? uy / length : ownY;
  mapLinear(newL < 0 ? 0 : newL > 1 ? 1 : newL, newChroma * dx, newChroma * dy, plan, scratch);
  return true;
}

/** `mapToGamut`, into `scratch.linear`. */
function mapLinear(L: number, a: number, b: number, plan: CompiledPlan, scratch: PullScratch): void {
  const { linear } = scratch;
  const { fromLms } = plan;
  writeLinear(linear, L, a, b, fromLms);
  if (isInGamut(linear)) {
    clip(linear);
    return;
  }
  if (L >= 1 - LIGHTNESS_EPSILON || L <= LIGHTNESS_EPSILON) {
    linear.fill(L > 0.5 ? 1 : 0);
    return;
  }
  clip(linear);
  if (isClipClose(L, a, b, plan, scratch)) return;
  const chroma = Math.sqrt(a * a + b * b);
  let low = 0;
  let high = chroma;
  while (high - low > CHROMA_SEARCH_EPSILON) {
    const middle = (low + high) / 2;
    const scale = middle / chroma;
    writeLinear(linear, L, a * scale, b * scale, fromLms);
    clip(linear);
    if (isClipClose(L, a * scale, b * scale, plan, scratch)) low = middle;
    else high = middle;
  }
  writeLinear(linear, L, (a * low) / chroma, (b * low) / chroma, fromLms);
  clip(linear);
}

/** Whether the clipped color in `scratch.linear` lies within the just noticeable difference of an Oklab color. */
function isClipClose(L: number, a: number, b: number, plan: CompiledPlan, { linear, lab }: PullScratch): boolean {
  writeOklab(lab, 0, linear[0] as number, linear[1] as number, linear[2] as number, plan.toLms);
  const dL = (lab[0] as number) - L;
  const da = (lab[1] as number) - a;
  const db = (lab[2] as number) - b;
  return Math.sqrt(dL * dL + da * da + db * db) < JUST_NOTICEABLE_DIFFERENCE;
}

function writeLinear(out: Float64Array, L: number, a: number, b: number, fromLms: Matrix3): void {
  const k = LMS_FROM_OKLAB;
  const lRoot = k[0] * L + k[1] * a + k[2] * b;
  const mRoot = k[3] * L + k[4] * a + k[5] * b;
  const sRoot = k[6] * L + k[7] * a + k[8] * b;
  const l = lRoot * lRoot * lRoot;
  const m = mRoot * mRoot * mRoot;
  const s = sRoot * sRoot * sRoot;
  out[0] = fromLms[0] * l + fromLms[1] * m + fromLms[2] * s;
  out[1] = fromLms[3] * l + fromLms[4] * m + fromLms[5] * s;
  out[2] = fromLms[6] * l + fromLms[7] * m + fromLms[8] * s;
}

function isInGamut(linear: Float64Array): boolean {
  for (let i = 0; i < 3; i++) {
    const x = linear[i] as number;
    if (x < -GAMUT_EPSILON || x > 1 + GAMUT_EPSILON) return false;
  }
  return true;
}

function clip(linear: Float64Array): void {
  for (let i = 0; i < 3; i++) {
    const x = linear[i] as number;
    linear[i] = x < 0 ? 0 : x > 1 ? 1 : x;
  }
}
