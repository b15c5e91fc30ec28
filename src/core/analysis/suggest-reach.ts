/** What reach a picture suggests for a surface's color (docs/internals/model.md, "Suggested reach"). */
import { type Center, colorPartTo, distanceTo } from '../row/distance.js';

/** Distances are counted in steps of this width, up to where no surface reaches. */
const WIDTH = 0.01;
const STEPS = 64;
export const SUGGESTED_REACH = { min: 0.03, max: 0.16 } as const;
/** Between two reaches that are tried, in steps. */
const TRIAL = 0.5;
/** A peak of less than this share of the pixels, a step, is no surface's. */
const LEAST_PEAK = 0.004;
/** Steps within which a surface has its peak: around a color picked from it. The shades of near-greys are all alike, so theirs is nearer. */
const PEAK_WITHIN = { saturated: 7, grey: 3 };
const SATURATED_CHROMA = 0.05;
/** Steps after a valley in which the next surface rises, and to how many times the valley's height. */
const NEXT_SURFACE = 12;
const RISE = 1.25;
/** Farthest step at which a surface may end. */
const LAST_STEP = 24;
/** Where no valley parts the surface from what comes next: shares of the pixels, of a grey and of a color of the chroma or more. */
const MODEST = { grey: 0.08, saturated: 0.2, chroma: 0.08, lastStep: 10 };
/** What a pixel of something else costs that a reach takes along, in pixels of the surface. */
const COST_OF_OTHERS = 2;

/**
 * Collects how far a picture's pixels lie from a surface's color, by color alone and by surface distance. Whole counts are added, so the
 * suggestion is the same for any split of the picture.
 *
 *     const search = new ReachSearch(center); search.look(lab, counts, length) for all blocks; search.reach
 */
export class ReachSearch {
  /** Pixels by steps of surface distance, and by steps of its part without lightness, which is never longer. */
  private readonly pixels = new Float64Array((STEPS + 1) ** 2);

  constructor(private readonly center: Center) {}

  /**
   * @param lab Oklab L, a, b of color i at 3 i
   * @param counts how many visible pixels each stands for; undefined: one
   */
  look(lab: Float64Array, counts: Float64Array | undefined, length: number): void {
    const { pixels, center } = this;
    for (let i = 0, at = 0; i < length; i++, at += 3) {
      const [L, a, b] = [lab[at] as number, lab[at + 1] as number, lab[at + 2] as number];
      const slot = stepOf(colorPartTo(center, L, a, b)) * (STEPS + 1) + stepOf(distanceTo(center, L, a, b));
      pixels[slot] = (pixels[slot] as number) + (counts ? (counts[i] as number) : 1);
    }
  }

  /** Within SUGGESTED_REACH: what takes most of the surface and little else. */
  get reach(): number {
    const { pixels } = this;
    const total = pixels.reduce((sum, n) => sum + n, 0);
    if (total === 0) return SUGGESTED_REACH.min;
    const shares = new Float64Array(STEPS + 1);
    for (let slot = 0; slot < pixels.length; slot++) {
      const step = (slot / (STEPS + 1)) | 0;
      shares[step] = (shares[step] as number) + (pixels[slot] as number) / total;
    }
    const last = lastStepOf(shares, this.center);
    // What a pixel in each step of surface distance is worth. Where all are of one color, the nearest ones are the surface.
    const isOneColor = last === 0;
    const worth = new Float64Array(STEPS + 1);
    let nearest = isOneColor ? total * modestShare(this.center) : total;
    for (let step = 0; step <= STEPS; step++) {
      let [own, others] = [0, 0];
      for (let ofColor = 0; ofColor <= step; ofColor++) {
        const count = pixels[ofColor * (STEPS + 1) + step] as number;
        if (ofColor <= last && nearest > 0) own += count;
        else others += count;
      }
      nearest -= own;
      worth[step] = own - COST_OF_OTHERS * others;
    }
    return bestReach(worth);
  }
}

function stepOf(distance: number): number {
  return Math.min(STEPS, (distance / WIDTH) | 0);
}

/** The last step, by color alone, that belongs to the surface. */
function lastStepOf(shares: Float64Array, center: Center): number {
  const smooth = shares.map((n, i) => ((shares[Math.max(0, i - 1)] as number) + 2 * n + (shares[i + 1] ?? 0)) / 4);
  return findValley(smooth, chromaOf(center)) ?? findRise(smooth) ?? stepOfShare(shares, modestShare(center));
}

/** A clear valley after the surface's own peak: half as high at most, with the next surface behind it. An empty one counts to its end. */
function findValley(smooth: Float64Array, chroma: number): number | undefined {
  const at = (step: number): number => smooth[step] as number;
  const within = chroma < SATURATED_CHROMA ? PEAK_WITHIN.grey : PEAK_WITHIN.saturated;
  let peak = 0;
  for (let step = 1; step < LAST_STEP; step++) {
    if (at(step - 1) > at(peak)) peak = step - 1;
    if (peak >= within) return undefined;
    const isLow = at(peak) >= LEAST_PEAK && at(step) <= at(peak) / 2;
    if (!isLow || at(step) > at(step - 1) || at(step) > at(step + 1)) continue;
    let last = step;
    while (last < LAST_STEP && at(last + 1) <= Math.max(at(step), at(peak) / 20)) last++;
    const next = smooth.subarray(last + 1, last + 1 + NEXT_SURFACE).reduce((most, n) => Math.max(most, n), 0);
    if (next >= Math.max(LEAST_PEAK, RISE * at(step))) return last;
  }
  return undefined;
}

/** Where a small surface's even share of pixels gives way to a larger one's slope. */
function findRise(smooth: Float64Array): number | undefined {
  let sum = 0;
  for (let step = 0; step < NEXT_SURFACE; step++) {
    const isSteep = (smooth[step + 1] as number) >= 2 * (smooth[step] as number);
    if (step >= 4 && isSteep && (smooth[step + 2] as number) >= (5 * sum) / step) return step;
    sum += smooth[step] as number;
  }
  return undefined;
}

function chromaOf({ oklab: [, a, b] }: Center): number {
  return Math.sqrt(a * a + b * b);
}

function modestShare(center: Center): number {
  return MODEST.grey + (MODEST.saturated - MODEST.grey) * Math.min(1, chromaOf(center) / MODEST.chroma);
}

/** Nothing parts the surface from what comes next: a modest share of the pixels. */
function stepOfShare(shares: Float64Array, share: number): number {
  let sum = 0;
  for (let step = 0; step < MODEST.lastStep; step++) {
    sum += shares[step] as number;
    if (sum >= share) return step;
  }
  return MODEST.lastStep;
}

/** The reach whose weights gather most worth; a plateau with a straight edge stands for its falloff. */
function bestReach(worth: Float64Array): number {
  const { min, max } = SUGGESTED_REACH;
  let best: { reach: number; sum: number } = { reach: min, sum: Number.NEGATIVE_INFINITY };
  for (let end = min / WIDTH; end <= max / WIDTH; end += TRIAL) {
    let sum = 0;
    for (let step = 0; step < end; step++) {
      const weight = Math.min(1, Math.max(0, 2 - (2 * (step + 0.5)) / end));
      sum += weight * (worth[step] as number);
    }
    if (sum > best.sum) best = { reach: Number((end * WIDTH).toFixed(3)), sum };
  }
  return best.reach;
}
