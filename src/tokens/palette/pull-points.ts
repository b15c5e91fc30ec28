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

/**
 * The pull (core/pull.ts) on a picture's points, without gamut mapping, with all channels on.
 *
 * @param out L, a, b of point i at 3 i, overwritten
 */
export function pullPoints(
  { count, lab }: Points,
  rows: readonly FitRow[],
  reaches: readonly Reach[],
  out: Float64Array,
): void {
  const radii = rows.map((row, k) => radiusAt(reaches[k] as Reach, row.tolerance));
  const lines = rows.map(({ strength }) => weightLine(strength));
  const targets = rows.map(({ oklab: [L, a, b], powerlessHue }) => ({
    L,
    a,
    b,
    chroma: Math.sqrt(a * a + b * b),
    votes: !powerlessHue,
  }));
  for (let i = 0; i < count; i++) {
    const L = lab[3 * i] as number;
    const a = lab[3 * i + 1] as number;
    const b = lab[3 * i + 2] as number;
    const chroma = Math.sqrt(a * a + b * b);
    let total = 0;
    let newL = 0;
    let newChroma = 0;
    let ux = 0;
    let uy = 0;
    for (let k = 0; k < rows.length; k++) {
      const d = (reaches[k] as Reach).distances[i] as number;
      const radius = radii[k] as number;
      if (d >= radius) continue;
      const { floor, gain } = lines[k] as { floor: number; gain: number };
      const w = floor + (gain * (1 + Math.cos((Math.PI * d) / radius))) / 2;
      const target = targets[k] as (typeof targets)[number];
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
