/** What reach a picture suggests for a surface's color (docs/model.md, "Suggested reach"). */
import type { Center } from '../row/distance.js';
import { distanceTo } from '../row/distance.js';

/** Surface distances are counted in steps of this width, up to where no surface reaches. */
const WIDTH = 0.01;
const STEPS = 64;
export const SUGGESTED_REACH = { min: 0.03, max: 0.2 } as const;
/** A peak of less than this share of the pixels, a step, is no surface's. */
const LEAST_PEAK = 0.004;
/** Steps within which a surface has its peak: around a color picked from it. The shades of near-greys are all alike, so theirs is nearer. */
const PEAK_WITHIN = { saturated: 7, grey: 3 };
const SATURATED_CHROMA = 0.05;
/** Steps after a valley in which the next surface rises. */
const NEXT_SURFACE = 12;
/** Where no valley parts the surface from what comes next: shares of the pixels, of a grey and of a color of the chroma or more. */
const MODEST = { grey: 0.08, saturated: 0.2, chroma: 0.08, max: 0.12 };

/**
 * Collects the surface distances of a picture's pixels. Whole counts are added, so the suggestion is the same for any split of the
 * picture.
 *
 *     const search = new ReachSearch(center); search.look(lab, counts, length) for all blocks; search.reach
 */
export class ReachSearch {
  private readonly pixels = new Float64Array(STEPS + 1);

  constructor(private readonly center: Center) {}

  /**
   * @param lab Oklab L, a, b of color i at 3 i
   * @param counts how many visible pixels each stands for; undefined: one
   */
  look(lab: Float64Array, counts: Float64Array | undefined, length: number): void {
    const { pixels, center } = this;
    for (let i = 0, at = 0; i < length; i++, at += 3) {
      const distance = distanceTo(center, lab[at] as number, lab[at + 1] as number, lab[at + 2] as number);
      const step = Math.min(STEPS, (distance / WIDTH) | 0);
      pixels[step] = (pixels[step] as number) + (counts ? (counts[i] as number) : 1);
    }
  }

  /** SUGGESTED_REACH: where the surface ends, as far as the pixels tell. */
  get reach(): number {
    const total = this.pixels.reduce((sum, n) => sum + n, 0);
    if (total === 0) return SUGGESTED_REACH.min;
    const [, a, b] = this.center.oklab;
    const chroma = Math.sqrt(a * a + b * b);
    const shares = this.pixels.map((n) => n / total);
    const smooth = shares.map((n, i) => ((shares[Math.max(0, i - 1)] as number) + 2 * n + (shares[i + 1] ?? 0)) / 4);
    const edge = findValley(smooth, chroma) ?? findRise(smooth);
    const { min, max } = SUGGESTED_REACH;
    if (edge !== undefined) return Math.min(max, Math.max(min, (edge + 0.5) * WIDTH));
    const share = MODEST.grey + (MODEST.saturated - MODEST.grey) * Math.min(1, chroma / MODEST.chroma);
    return Math.min(MODEST.max, Math.max(min, distanceOfShare(shares, share)));
  }
}

/** The step of the first clear valley after the surface's own peak: half as high at most, with another rise, or next to nothing, behind it. */
function findValley(smooth: Float64Array, chroma: number): number | undefined {
  const at = (step: number): number => smooth[step] as number;
  const within = chroma < SATURATED_CHROMA ? PEAK_WITHIN.grey : PEAK_WITHIN.saturated;
  let peak = 0;
  for (let step = 1; (step + 0.5) * WIDTH < SUGGESTED_REACH.max; step++) {
    if (at(step - 1) > at(peak)) peak = step - 1;
    if (peak >= within) return undefined;
    const isLow = at(peak) >= LEAST_PEAK && at(step) <= at(peak) / 2;
    if (!isLow || at(step) > at(step - 1) || at(step) > at(step + 1)) continue;
    const next = smooth.subarray(step + 1, step + 1 + NEXT_SURFACE).reduce((most, n) => Math.max(most, n), 0);
    if (next >= 2 * at(step) || at(step) < at(peak) / 10) return step;
  }
  return undefined;
}

/** The step after which a small surface's even share of pixels gives way to a larger one's slope. */
function findRise(smooth: Float64Array): number | undefined {
  let sum = 0;
  for (let step = 0; step < NEXT_SURFACE; step++) {
    const isSteep = (smooth[step + 1] as number) >= 2 * (smooth[step] as number);
    if (step >= 4 && isSteep && (smooth[step + 2] as number) >= (5 * sum) / step) return step;
    sum += smooth[step] as number;
  }
  return undefined;
}

/** The distance within which a share of the pixels lies. */
function distanceOfShare(shares: Float64Array, share: number): number {
  let sum = 0;
  for (let step = 0; step < shares.length; step++) {
    const here = shares[step] as number;
    if (sum + here >= share) return (step + (share - sum) / here) * WIDTH;
    sum += here;
  }
  return shares.length * WIDTH;
}
