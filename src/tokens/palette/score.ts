import { type DesignColor, weightedDifference } from './match-colors.js';
import type { Points } from './points.js';

/** How good a result is; smaller is better in all. */
export interface Score {
  /** Mean Oklab distance of the pixels to the nearest design color. */
  readonly distance: number;
  /** Mean lightness by which pairs of pixels are inverted, per pair. */
  readonly inversion: number;
  /** Share of the lightness contrast between pairs that is lost, 0 to 1. */
  readonly flatness: number;
  /** Mean Oklab distance by which colors that were alike are torn apart: edges, blotches, noise made visible. */
  readonly tearing: number;
  /** Mean change of the pixels as people see it, hue before all: a blue sky that stays blue is recognized. */
  readonly change: number;
}

/** Pairs of points that are watched. Weights sum to 1. */
export interface Pairs {
  /** Clearly different in lightness. */
  readonly darker: Uint32Array;
  readonly lighter: Uint32Array;
  readonly weights: Float64Array;
  /** By how much they differ. */
  readonly steps: Float64Array;
  /** Each point with those most like it. */
  readonly neighbors: readonly Neighbor[];
}

interface Neighbor {
  readonly p: number;
  readonly q: number;
  readonly distance: number;
  readonly weight: number;
}

/** Pairs nearer than this in lightness are left out: their order is noise. */
const MIN_STEP = 0.02;
/** The heaviest points: all their pairs are watched. */
const WATCHED_POINTS = 160;
/** Neighbors a point is compared with; further than this in Oklab they are no neighbors. */
const NEIGHBORS = 5;
const NEIGHBORHOOD = 0.08;
/** Contrast between neighbors may grow by this factor before it counts as torn. */
const FREE_GROWTH = 1.3;

/** @returns weights with sum 1, or no pairs for a flat picture */
export function choosePairs({ count, lab, shares }: Points): Pairs {
  const heaviest = Array.from({ length: count }, (_, i) => i)
    .sort((p, q) => (shares[q] as number) - (shares[p] as number))
    .slice(0, WATCHED_POINTS);
  const pairs: [number, number, number][] = [];
  for (const p of heaviest) {
    for (const q of heaviest) {
      if ((lab[3 * q] as number) - (lab[3 * p] as number) < MIN_STEP) continue;
      // Square roots: two small areas next to each other matter more than their product says.
      pairs.push([p, q, Math.sqrt((shares[p] as number) * (shares[q] as number))]);
    }
  }
  const sum = pairs.reduce((total, [, , weight]) => total + weight, 0);
  return {
    darker: Uint32Array.from(pairs, ([p]) => p),
    lighter: Uint32Array.from(pairs, ([, q]) => q),
    weights: Float64Array.from(pairs, ([, , weight]) => weight / sum),
    steps: Float64Array.from(pairs, ([p, q]) => (lab[3 * q] as number) - (lab[3 * p] as number)),
    neighbors: findNeighbors({ count, lab, shares }),
  };
}

/** @param result Oklab of the points after recoloring */
export function scoreResult(
  points: Points,
  result: Float64Array,
  colors: readonly DesignColor[],
  { darker, lighter, weights, steps, neighbors }: Pairs,
): Score {
  let distance = 0;
  for (let i = 0; i < points.count; i++)
    distance += (points.shares[i] as number) * nearestDistance(result, 3 * i, colors);
  let change = 0;
  const { lab } = points;
  for (let i = 0, at = 0; i < points.count; i++, at += 3) {
    const difference = weightedDifference(
      lab[at] as number,
      lab[at + 1] as number,
      lab[at + 2] as number,
      result[at] as number,
      result[at + 1] as number,
      result[at + 2] as number,
    );
    change += (points.shares[i] as number) * difference;
  }
  let inversion = 0;
  let flatness = 0;
  for (let k = 0; k < weights.length; k++) {
    const after = (result[3 * (lighter[k] as number)] as number) - (result[3 * (darker[k] as number)] as number);
    const before = steps[k] as number;
    if (after >= before) continue;
    const weight = weights[k] as number;
    if (after < 0) inversion -= weight * after;
    flatness += after > 0 ? weight * (1 - after / before) : weight;
  }
  let tearing = 0;
  for (const { p, q, distance: before, weight } of neighbors) {
    tearing += weight * Math.max(0, distanceBetween(result, p, q) - FREE_GROWTH * before);
  }
  return { distance, inversion, flatness, tearing, change };
}

function findNeighbors({ count, lab, shares }: Points): Neighbor[] {
  const found: Neighbor[] = [];
  for (let p = 0; p < count; p++) {
    const near: Neighbor[] = [];
    for (let q = 0; q < count; q++) {
      const distance = distanceBetween(lab, p, q);
      if (q === p || distance > NEIGHBORHOOD) continue;
      near.push({ p, q, distance, weight: Math.sqrt((shares[p] as number) * (shares[q] as number)) });
    }
    found.push(...near.sort((x, y) => x.distance - y.distance).slice(0, NEIGHBORS));
  }
  const sum = found.reduce((total, { weight }) => total + weight, 0);
  return found.map((neighbor) => ({ ...neighbor, weight: neighbor.weight / sum }));
}

function distanceBetween(lab: Float64Array, p: number, q: number): number {
  const dL = (lab[3 * p] as number) - (lab[3 * q] as number);
  const da = (lab[3 * p + 1] as number) - (lab[3 * q + 1] as number);
  const db = (lab[3 * p + 2] as number) - (lab[3 * q + 2] as number);
  return Math.sqrt(dL * dL + da * da + db * db);
}

/** Oklab distance from the color at `at` to the nearest design color. */
export function nearestDistance(lab: Float64Array, at: number, colors: readonly DesignColor[]): number {
  const sorted = byLightness(colors);
  const [L, a, b] = [lab[at] as number, lab[at + 1] as number, lab[at + 2] as number];
  let best = Number.POSITIVE_INFINITY;
  const above = firstAbove(sorted, L);
  // Both ways from its own lightness: further off in that alone than the best is none nearer.
  for (let c = above; c < sorted.length; c += 3) {
    const dL = L - (sorted[c] as number);
    if (dL * dL >= best) break;
    best = Math.min(best, squared(dL, a - (sorted[c + 1] as number), b - (sorted[c + 2] as number)));
  }
  for (let c = above - 3; c >= 0; c -= 3) {
    const dL = L - (sorted[c] as number);
    if (dL * dL >= best) break;
    best = Math.min(best, squared(dL, a - (sorted[c + 1] as number), b - (sorted[c + 2] as number)));
  }
  return Math.sqrt(best);
}

/** Oklab distance from the color at `at` to one design color. */
export function distanceFrom(lab: Float64Array, at: number, { oklab: [L, a, b] }: DesignColor): number {
  return Math.sqrt(squared((lab[at] as number) - L, (lab[at + 1] as number) - a, (lab[at + 2] as number) - b));
}

const squared = (x: number, y: number, z: number): number => x * x + y * y + z * z;

const sortedColors = new WeakMap<readonly DesignColor[], Float64Array>();

/** L, a, b one after the other, in rising order of L. */
function byLightness(colors: readonly DesignColor[]): Float64Array {
  const known = sortedColors.get(colors);
  if (known) return known;
  const sorted = Float64Array.from(
    colors
      .map(({ oklab }) => oklab)
      .sort((p, q) => p[0] - q[0])
      .flat(),
  );
  sortedColors.set(colors, sorted);
  return sorted;
}

/** Where the first color that is not darker begins. */
function firstAbove(sorted: Float64Array, L: number): number {
  let low = 0;
  let high = sorted.length / 3;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[3 * middle] as number) >= L) high = middle;
    else low = middle + 1;
  }
  return 3 * low;
}
