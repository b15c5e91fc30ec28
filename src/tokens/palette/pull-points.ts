import { FULL_TOLERANCE_MARGIN } from '../../core/analysis/radius.js';
import { oklabDistance, type Triple } from '../../core/color/oklab.js';
import { POWERLESS_CHROMA } from '../../core/color/powerless.js';
import { HUELESS_LENGTH } from '../../core/pull.js';
import { influence, weightLine } from '../../core/row/influence.js';
import type { Points } from './points.js';

/** A row being fitted. */
export interface FitRow {
  readonly oklab: Readonly<Triple>;
  /** True when the color's hue is `none`: it casts no vote. */
  readonly powerlessHue: boolean;
  /** Percent of the pixels within reach. */
  readonly tolerance: number;
  readonly strength: number;
}

/** One color's distances to a picture, and the radii that tolerances have there. */
export interface Reach {
  /** To each point. */
  readonly distances: Float64Array;
  /** Sorted, of the finer points; with the share of the pixels up to each. */
  readonly sorted: Float64Array;
  readonly cumulative: Float64Array;
}

/** @param fine the same picture in more points, since a radius wants the tails of the distribution */
export function measureReach(points: Points, fine: Points, color: Readonly<Triple>): Reach {
  const all = distancesTo(fine, color);
  const order = Uint32Array.from(all.keys()).sort((p, q) => (all[p] as number) - (all[q] as number));
  const cumulative = new Float64Array(fine.count);
  let sum = 0;
  order.forEach((point, i) => {
    sum += fine.shares[point] as number;
    cumulative[i] = sum;
  });
  const sorted = Float64Array.from(order, (point) => all[point] as number);
  return { distances: distancesTo(points, color), sorted, cumulative };
}

function distancesTo({ count, lab }: Points, [L, a, b]: Readonly<Triple>): Float64Array {
  const distances = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const dL = (lab[3 * i] as number) - L;
    const da = (lab[3 * i + 1] as number) - a;
    const db = (lab[3 * i + 2] as number) - b;
    distances[i] = Math.sqrt(dL * dL + da * da + db * db);
  }
  return distances;
}

/** About the radius that the tolerance has on the whole picture. */
export function radiusAt({ sorted, cumulative }: Reach, tolerance: number): number {
  if (tolerance <= 0 || sorted.length === 0) return 0;
  let low = 0; // the first point at which the share is reached, by halving
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] as number) >= tolerance / 100 - 1e-9) high = middle;
    else low = middle + 1;
  }
  return (sorted[low] as number) + FULL_TOLERANCE_MARGIN;
}

/** The weight of a row on each point, 0 where it is out of reach. */
export function weightsOnPoints({ tolerance, strength }: FitRow, reach: Reach): Float64Array {
  const { distances } = reach;
  const radius = radiusAt(reach, tolerance);
  const { floor, gain } = weightLine(strength);
  const weights = new Float64Array(distances.length);
  for (let i = 0; i < weights.length; i++) {
    const d = distances[i] as number;
    if (d < radius) weights[i] = floor + (gain * (1 + Math.cos((Math.PI * d) / radius))) / 2;
  }
  return weights;
}

/**
 * The pull (core/pull.ts) on a picture's points, without gamut mapping, with all channels on.
 *
 * @param weights of each row on each point (`weightsOnPoints`)
 * @param out L, a, b of point i at 3 i, overwritten
 */
export function pullPoints(
  { count, lab }: Points,
  rows: readonly FitRow[],
  weights: readonly Float64Array[],
  out: Float64Array,
): void {
  const targets = rows.map(({ oklab: [L, a, b], powerlessHue }, k) => ({
    L,
    a,
    b,
    chroma: Math.sqrt(a * a + b * b),
    votes: !powerlessHue,
    weights: weights[k] as Float64Array,
  }));
  for (let i = 0; i < count; i++) {
    const L = lab[3 * i] as number;
    const a = lab[3 * i + 1] as number;
    const b = lab[3 * i + 2] as number;
    let total = 0;
    let newL = 0;
    let newChroma = 0;
    let ux = 0;
    let uy = 0;
    for (let k = 0; k < targets.length; k++) {
      const target = targets[k] as (typeof targets)[number];
      const w = target.weights[i] as number;
      if (w === 0) continue;
      total += w;
      newL += w * target.L;
      newChroma += w * target.chroma;
      if (target.votes) {
        ux += (w * target.a) / target.chroma;
        uy += (w * target.b) / target.chroma;
      }
    }
    if (total === 0) {
      out[3 * i] = L;
      out[3 * i + 1] = a;
      out[3 * i + 2] = b;
      continue;
    }
    const chroma = Math.sqrt(a * a + b * b);
    const scale = total > 1 ? 1 / total : 1;
    const source = Math.max(0, 1 - total * scale);
    newL = newL * scale + source * L;
    newChroma = newChroma * scale + source * chroma;
    ux *= scale;
    uy *= scale;
    if (chroma >= POWERLESS_CHROMA) {
      ux += (source * a) / chroma;
      uy += (source * b) / chroma;
    }
    const length = Math.sqrt(ux * ux + uy * uy);
    const hasVote = length >= HUELESS_LENGTH;
    const dx = hasVote ? ux / length : chroma >= POWERLESS_CHROMA ? a / chroma : 0;
    const dy = hasVote ? uy / length : chroma >= POWERLESS_CHROMA ? b / chroma : 0;
    out[3 * i] = newL;
    out[3 * i + 1] = newChroma * dx;
    out[3 * i + 2] = newChroma * dy;
  }
}

/** The weight of each row on one color, before they are made to sum to at most 1. */
export function weightsAt(rows: readonly FitRow[], radii: readonly number[], color: Readonly<Triple>): number[] {
  return rows.map(({ oklab, strength }, k) =>
    influence(oklabDistance(oklab, color), radii[k] as number, strength, false),
  );
}
