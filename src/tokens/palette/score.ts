import { type DesignColor, weightedDifference } from './match-colors.js';
import type { Points } from './points.js';

/** How the order of lightness fared; smaller is better in both. */
export interface Order {
  /** Mean lightness by which pairs of pixels are inverted, per pair. */
  readonly inversion: number;
  /** Share of the lightness contrast between pairs that is lost, 0 to 1. */
  readonly flatness: number;
}

/** Pairs of points whose order of lightness is watched. Weights sum to 1. */
interface Pairs {
  /** Clearly different in lightness. */
  readonly darker: Uint16Array;
  readonly lighter: Uint16Array;
  readonly weights: Float64Array;
  /** By how much they differ. */
  readonly steps: Float64Array;
}

/** Each point with those most like it. Weights sum to 1. */
interface Neighbors {
  readonly p: Uint16Array;
  readonly q: Uint16Array;
  /** What they may be apart before it counts as torn. */
  readonly free: Float64Array;
  readonly weights: Float64Array;
}

/** Pairs nearer than this in lightness are left out: their order is noise. */
const MIN_STEP = 0.02;
/** The heaviest points: all their pairs are watched. */
const WATCHED_POINTS = 160;
const PAIRS_BETWEEN_QUESTIONS = 1024;
/** Neighbors a point is compared with; further than this in Oklab they are no neighbors. */
const NEIGHBORS = 5;
const NEIGHBORHOOD = 0.08;
/** Contrast between neighbors may grow by this factor before it counts as torn. */
const FREE_GROWTH = 1.3;

/**
 * Says how good a result is, in parts of very different price, so that who looks for the best can stop at the first that is too
 * bad. Smaller is better in all. A result is the Oklab of the points after recoloring.
 */
export class Scorer {
  private readonly pairs: Pairs;
  private readonly neighbors: Neighbors;
  private readonly lightness: Float64Array;

  constructor(
    private readonly points: Points,
    private readonly colors: readonly DesignColor[],
  ) {
    this.pairs = choosePairs(points);
    this.neighbors = findNeighbors(points);
    this.lightness = new Float64Array(points.count);
  }

  /** Mean Oklab distance of the pixels to the nearest design color. */
  distance(result: Float64Array): number {
    return meanDistance(result, this.points.shares, this.colors);
  }

  /** Mean change of the pixels as people see it, hue before all: a blue sky that stays blue is recognized. */
  change(result: Float64Array): number {
    const { count, lab, shares } = this.points;
    let change = 0;
    for (let i = 0, at = 0; i < count; i++, at += 3) {
      const difference = weightedDifference(
        lab[at] as number,
        lab[at + 1] as number,
        lab[at + 2] as number,
        result[at] as number,
        result[at + 1] as number,
        result[at + 2] as number,
      );
      change += (shares[i] as number) * difference;
    }
    return change;
  }

  /** Mean Oklab distance by which colors that were alike are torn apart: edges, blotches, noise made visible. */
  tearing(result: Float64Array): number {
    const { p, q, free, weights } = this.neighbors;
    let tearing = 0;
    for (let k = 0; k < weights.length; k++) {
      const torn = distanceBetween(result, p[k] as number, q[k] as number) - (free[k] as number);
      if (torn > 0) tearing += (weights[k] as number) * torn;
    }
    return tearing;
  }

  /** @param isTooBad asked on the way; when it says yes, what was found so far is returned */
  order(result: Float64Array, isTooBad: (found: Order) => boolean): Order {
    const { lightness } = this;
    for (let i = 0; i < lightness.length; i++) lightness[i] = result[3 * i] as number;
    const { darker, lighter, weights, steps } = this.pairs;
    let inversion = 0;
    let flatness = 0;
    for (let k = 0; k < weights.length; k++) {
      if (k % PAIRS_BETWEEN_QUESTIONS === 0 && isTooBad({ inversion, flatness })) break;
      const after = (lightness[lighter[k] as number] as number) - (lightness[darker[k] as number] as number);
      const before = steps[k] as number;
      if (after >= before) continue;
      const weight = weights[k] as number;
      if (after < 0) inversion -= weight * after;
      flatness += after > 0 ? weight * (1 - after / before) : weight;
    }
    return { inversion, flatness };
  }
}

/** @returns no pairs for a flat picture */
function choosePairs({ count, lab, shares }: Points): Pairs {
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
    darker: Uint16Array.from(pairs, ([p]) => p),
    lighter: Uint16Array.from(pairs, ([, q]) => q),
    weights: Float64Array.from(pairs, ([, , weight]) => weight / sum),
    steps: Float64Array.from(pairs, ([p, q]) => (lab[3 * q] as number) - (lab[3 * p] as number)),
  };
}

function findNeighbors({ count, lab, shares }: Points): Neighbors {
  const found: { p: number; q: number; distance: number; weight: number }[] = [];
  for (let p = 0; p < count; p++) {
    const near: typeof found = [];
    for (let q = 0; q < count; q++) {
      const distance = distanceBetween(lab, p, q);
      if (q === p || distance > NEIGHBORHOOD) continue;
      near.push({ p, q, distance, weight: Math.sqrt((shares[p] as number) * (shares[q] as number)) });
    }
    found.push(...near.sort((x, y) => x.distance - y.distance).slice(0, NEIGHBORS));
  }
  const sum = found.reduce((total, { weight }) => total + weight, 0);
  return {
    p: Uint16Array.from(found, ({ p }) => p),
    q: Uint16Array.from(found, ({ q }) => q),
    free: Float64Array.from(found, ({ distance }) => FREE_GROWTH * distance),
    weights: Float64Array.from(found, ({ weight }) => weight / sum),
  };
}

function distanceBetween(lab: Float64Array, p: number, q: number): number {
  const dL = (lab[3 * p] as number) - (lab[3 * q] as number);
  const da = (lab[3 * p + 1] as number) - (lab[3 * q + 1] as number);
  const db = (lab[3 * p + 2] as number) - (lab[3 * q + 2] as number);
  return Math.sqrt(dL * dL + da * da + db * db);
}

/** Mean Oklab distance of colors to the nearest design color. @param weights of the colors, with sum 1 */
export function meanDistance(lab: Float64Array, weights: Float64Array, colors: readonly DesignColor[]): number {
  const sorted = byLightness(colors);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += (weights[i] as number) * distanceToNearest(sorted, lab, 3 * i);
  return sum;
}

/** Oklab distance from the color at `at` to the nearest design color. */
export function nearestDistance(lab: Float64Array, at: number, colors: readonly DesignColor[]): number {
  return distanceToNearest(byLightness(colors), lab, at);
}

function distanceToNearest(sorted: Float64Array, lab: Float64Array, at: number): number {
  const L = lab[at] as number;
  const a = lab[at + 1] as number;
  const b = lab[at + 2] as number;
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
