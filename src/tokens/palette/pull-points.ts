import { influence, weightLine } from '../../core/attractor/influence.js';
import { oklabDistance, type Triple } from '../../core/color/oklab.js';
import type { Points } from './points.js';

/** A row being fitted. */
export interface FitRow {
  readonly oklab: Triple;
  /** Percent of the pixels within reach. */
  tolerance: number;
  strength: number;
}

/** Distances of every point to one color, sorted, so that a tolerance's radius is found at once. */
export interface Reach {
  readonly distances: Float64Array;
  readonly order: Uint32Array;
  /** Share of the pixels up to each point in `order`. */
  readonly cumulative: Float64Array;
}

export function measureReach({ count, lab, shares }: Points, [L, a, b]: Readonly<Triple>): Reach {
  const distances = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const dL = (lab[3 * i] as number) - L;
    const da = (lab[3 * i + 1] as number) - a;
    const db = (lab[3 * i + 2] as number) - b;
    distances[i] = Math.sqrt(dL * dL + da * da + db * db);
  }
  const order = Uint32Array.from(distances.keys()).sort((p, q) => (distances[p] as number) - (distances[q] as number));
  const cumulative = new Float64Array(count);
  let sum = 0;
  order.forEach((point, i) => {
    sum += shares[point] as number;
    cumulative[i] = sum;
  });
  return { distances, order, cumulative };
}

/** About the radius that the tolerance has on the whole picture. */
export function radiusAt({ distances, order, cumulative }: Reach, tolerance: number): number {
  if (tolerance <= 0 || order.length === 0) return 0;
  const at = cumulative.findIndex((share) => share >= tolerance / 100 - 1e-9);
  return (distances[order[at < 0 ? order.length - 1 : at] as number] as number) + 1e-9;
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
  const targets = rows.map(({ oklab: [L, a, b] }) => ({ L, a, b, chroma: Math.sqrt(a * a + b * b) }));
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
      const target = targets[k] as { L: number; a: number; b: number; chroma: number };
      total += w;
      newL += w * target.L;
      newChroma += w * target.chroma;
      if (target.chroma >= 1e-4) {
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
    if (chroma >= 1e-4) {
      ux += (source * a) / chroma;
      uy += (source * b) / chroma;
    }
    const length = Math.sqrt(ux * ux + uy * uy);
    const hasVote = length >= 1e-6;
    const dx = hasVote ? ux / length : chroma >= 1e-4 ? a / chroma : 0;
    const dy = hasVote ? uy / length : chroma >= 1e-4 ? b / chroma : 0;
    out[3 * i] = newL;
    out[3 * i + 1] = newChroma * dx;
    out[3 * i + 2] = newChroma * dy;
  }
}

/** The weight of each row on one color, before they are made to sum to at most 1. */
export function weightsAt(rows: readonly FitRow[], radii: readonly number[], color: Readonly<Triple>): number[] {
  return rows.map(({ oklab, strength }, k) => influence(oklabDistance(oklab, color), radii[k] as number, strength));
}
