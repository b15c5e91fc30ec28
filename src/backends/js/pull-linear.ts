import {
  CHROMA_SEARCH_EPSILON,
  GAMUT_EPSILON,
  JUST_NOTICEABLE_DIFFERENCE,
  LIGHTNESS_EPSILON,
} from '../../core/color/gamut.js';
import { LMS_FROM_OKLAB, type Matrix3 } from '../../core/color/matrices.js';
import { writeOklab } from '../../core/color/oklab.js';
import { POWERLESS_CHROMA } from '../../core/color/powerless.js';
import { type CompiledPlan, ROW_STRIDE } from '../../core/compiled-plan.js';
import { HUELESS_LENGTH } from '../../core/pull.js';
import { SURFACE_FLOOR, SURFACE_LIGHTNESS } from '../../core/row/distance.js';

/** Scratch space of one evaluation; one per loop, so that the loop allocates nothing. */
export interface PullScratch {
  readonly lab: Float64Array;
  readonly weights: Float64Array;
  /** Result: linear RGB in [0, 1]. */
  readonly linear: Float64Array;
}

/** @param rows of the plan */
export function createPullScratch({ rows }: CompiledPlan): PullScratch {
  return {
    lab: new Float64Array(3),
    weights: new Float64Array(rows.length / ROW_STRIDE),
    linear: new Float64Array(3),
  };
}

/**
 * The pull on one linear color. Reference: `pullOklab` and `mapToGamut`; here without arrays or closures.
 *
 * @param r linear, 0 to 1, as `linearTable` gives it
 * @param scratch its `linear` receives the result
 * @returns false when no row moves the color; `scratch.linear` is then meaningless
 */
export function pullLinear(r: number, g: number, b: number, plan: CompiledPlan, scratch: PullScratch): boolean {
  const { lab, weights } = scratch;
  const { keeps, repaints, attractors } = plan;
  writeOklab(lab, 0, r, g, b, plan.toLms);
  const L = lab[0] as number;
  const A = lab[1] as number;
  const B = lab[2] as number;
  const firstAttractor = keeps + repaints;

  let free = 1;
  for (let i = 0; i < keeps; i++) free *= 1 - surfaceWeight(i * ROW_STRIDE, L, A, B, plan);
  let moved = 0;
  for (let i = keeps; i < firstAttractor; i++) {
    const w = surfaceWeight(i * ROW_STRIDE, L, A, B, plan) * free;
    weights[i] = w;
    moved += w;
  }
  let total = 0;
  for (let i = firstAttractor; i < firstAttractor + attractors; i++) {
    const w = colorWeight(i * ROW_STRIDE, L, A, B, plan) * free;
    weights[i] = w;
    total += w;
  }
  if (moved === 0 && total === 0) return false;
  if (moved > 0) repaint(moved, plan, scratch);
  if (total > 0) {
    if (plan.isStraight) mixStraight(total, plan, scratch);
    else mixByHue(total, plan, scratch);
  }
  const newL = lab[0] as number;
  mapLinear(newL < 0 ? 0 : newL > 1 ? 1 : newL, lab[1] as number, lab[2] as number, plan, scratch);
  return true;
}

/** Influence of the attractor at `at`, by color distance and raised cosine. */
function colorWeight(at: number, L: number, A: number, B: number, { rows }: CompiledPlan): number {
  const dL = L - (rows[at] as number);
  const da = A - (rows[at + 1] as number);
  const db = B - (rows[at + 2] as number);
  const distance = Math.sqrt(dL * dL + da * da + db * db);
  const radius = rows[at + 6] as number;
  if (!(distance < radius)) return 0;
  const falloff = (1 + Math.cos((Math.PI * distance) / radius)) / 2;
  return (rows[at + 7] as number) + (rows[at + 8] as number) * falloff;
}

/** Influence of the repaint or keep row at `at`, by surface distance and plateau. */
function surfaceWeight(at: number, L: number, A: number, B: number, { rows }: CompiledPlan): number {
  const centerL = rows[at] as number;
  const light = centerL / (L > SURFACE_FLOOR ? L : SURFACE_FLOOR);
  const dL = SURFACE_LIGHTNESS * (L - centerL);
  const da = light * A - (rows[at + 1] as number);
  const db = light * B - (rows[at + 2] as number);
  const distance = Math.sqrt(dL * dL + da * da + db * db);
  const radius = rows[at + 6] as number;
  if (!(distance < radius)) return 0;
  const way = 2 * distance - radius;
  const falloff = way <= 0 ? 1 : (1 + Math.cos((Math.PI * way) / radius)) / 2;
  return (rows[at + 7] as number) + (rows[at + 8] as number) * falloff;
}

/** Moves `scratch.lab` by the repaint rows. @param total of their weights */
function repaint(total: number, plan: CompiledPlan, { lab, weights }: PullScratch): void {
  const { rows, keeps, repaints } = plan;
  const scale = total > 1 ? 1 / total : 1;
  const L = lab[0] as number;
  let newL = L;
  let newA = lab[1] as number;
  let newB = lab[2] as number;
  for (let i = keeps; i < keeps + repaints; i++) {
    const w = weights[i] as number;
    if (w === 0) continue;
    const at = i * ROW_STRIDE;
    const darker = L * (rows[at + 9] as number) + (rows[at + 10] as number);
    const lighter = (1 - L) * (rows[at + 11] as number) + (rows[at + 12] as number);
    const move = w * scale * (darker < lighter ? darker : lighter);
    newL += move * (rows[at + 3] as number);
    newA += move * (rows[at + 4] as number);
    newB += move * (rows[at + 5] as number);
  }
  switchChannels(newL, newA, newB, plan, lab);
}

/** Blends `scratch.lab` with the attractors straight. @param total of their weights */
function mixStraight(total: number, plan: CompiledPlan, { lab, weights }: PullScratch): void {
  const { rows, keeps, repaints, attractors } = plan;
  const scale = total > 1 ? 1 / total : 1;
  const rest = total > 1 ? 0 : 1 - total;
  let newL = rest * (lab[0] as number);
  let newA = rest * (lab[1] as number);
  let newB = rest * (lab[2] as number);
  for (let i = keeps + repaints; i < keeps + repaints + attractors; i++) {
    const w = (weights[i] as number) * scale;
    const at = i * ROW_STRIDE;
    newL += w * (rows[at] as number);
    newA += w * (rows[at + 4] as number);
    newB += w * (rows[at + 5] as number);
  }
  switchChannels(newL, newA, newB, plan, lab);
}

/** `switchChannels` of the reference, from and to `lab`. */
function switchChannels(newL: number, newA: number, newB: number, plan: CompiledPlan, lab: Float64Array): void {
  if (plan.luminance) lab[0] = newL;
  if (plan.hue && plan.saturation) {
    lab[1] = newA;
    lab[2] = newB;
    return;
  }
  if (!plan.hue && !plan.saturation) return;
  const A = lab[1] as number;
  const B = lab[2] as number;
  const own = Math.sqrt(A * A + B * B);
  const mixed = Math.sqrt(newA * newA + newB * newB);
  if (plan.hue && mixed >= POWERLESS_CHROMA) {
    lab[1] = (own * newA) / mixed;
    lab[2] = (own * newB) / mixed;
  } else if (plan.saturation && own >= POWERLESS_CHROMA) {
    lab[1] = (mixed * A) / own;
    lab[2] = (mixed * B) / own;
  }
}

/** Blends `scratch.lab` with the attractors by lightness, chroma and hue. @param total of their weights */
function mixByHue(total: number, plan: CompiledPlan, { lab, weights }: PullScratch): void {
  const { rows, keeps, repaints, attractors } = plan;
  const L = lab[0] as number;
  const A = lab[1] as number;
  const B = lab[2] as number;
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
  for (let i = keeps + repaints; i < keeps + repaints + attractors; i++) {
    const w = (weights[i] as number) * scale;
    if (w === 0) continue;
    const at = i * ROW_STRIDE;
    newL += w * (rows[at] as number);
    newChroma += w * (rows[at + 3] as number);
    ux += w * (rows[at + 4] as number);
    uy += w * (rows[at + 5] as number);
  }
  if (!plan.luminance) newL = L;
  if (!plan.saturation) newChroma = chroma;
  const length = Math.sqrt(ux * ux + uy * uy);
  const hasVote = plan.hue && length >= HUELESS_LENGTH;
  lab[0] = newL;
  lab[1] = newChroma * (hasVote ? ux / length : ownX);
  lab[2] = newChroma * (hasVote ? uy / length : ownY);
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
