import type { Triple } from '../../core/color/oklab.js';

/** A design-system color that a picture may be given. */
export interface DesignColor {
  /** Token path, or the color itself. */
  readonly name: string;
  readonly oklab: Triple;
  /** True when its hue is `none` or too weak to be one. */
  readonly powerlessHue: boolean;
}

/** One of the picture's main colors. */
export interface Cluster {
  readonly oklab: Triple;
  /** 0 to 1. */
  readonly share: number;
}

/** What a difference costs: a wrong hue on a colorful area is seen first, then lightness, then chroma. */
const LIGHTNESS_WEIGHT = 1;
const CHROMA_GAIN_WEIGHT = 0.8;
/** A colorful area that turns grey is missed more than a grey one that takes on some color. */
const CHROMA_LOSS_WEIGHT = 1.8;
const HUE_WEIGHT = 1.5;
/** Lightness steps smaller than this may swap: nobody sees which of two such colors is darker. */
const LIGHTNESS_SLACK = 0.02;
/** What an inverted pair costs, a unit of lightness and share: more than any hue could gain. */
const INVERSION_WEIGHT = 8;
const ROUNDS = 8;

/**
 * Gives each cluster a design color: near in lightness, chroma and hue, and so that what was darker stays darker.
 * Several clusters may share a color.
 *
 * @param colors at least one
 * @returns index into `colors` for each cluster
 */
export function matchColors(clusters: readonly Cluster[], colors: readonly DesignColor[]): number[] {
  const costs = clusters.map((cluster) => colors.map((color) => differenceCost(cluster.oklab, color.oklab)));
  const choice = costs.map((row) => row.indexOf(Math.min(...row)));
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    clusters.forEach((cluster, i) => {
      let best = choice[i] as number;
      let bestCost = Number.POSITIVE_INFINITY;
      colors.forEach((_, c) => {
        const cost =
          cluster.share * (costs[i]?.[c] as number) + INVERSION_WEIGHT * inversionCost(clusters, colors, choice, i, c);
        if (cost < bestCost - 1e-12) {
          best = c;
          bestCost = cost;
        }
      });
      moved ||= best !== choice[i];
      choice[i] = best;
    });
    if (!moved) break;
  }
  return choice;
}

/** Weighted difference from one Oklab color to another. Greys have no hue to differ in: the hue term grows with both chromas. */
function differenceCost([L, a, b]: Readonly<Triple>, [M, c, d]: Readonly<Triple>): number {
  return weightedDifference(L, a, b, M, c, d);
}

/** `differenceCost` on plain numbers, for loops. */
export function weightedDifference(L: number, a: number, b: number, M: number, c: number, d: number): number {
  const dL = LIGHTNESS_WEIGHT * (L - M);
  const chroma = Math.sqrt(a * a + b * b) - Math.sqrt(c * c + d * d);
  const dC = (chroma > 0 ? CHROMA_LOSS_WEIGHT : CHROMA_GAIN_WEIGHT) * chroma;
  // In the a-b plane the squared distance is chroma's part and hue's part.
  const hueSquared = Math.max(0, (a - c) * (a - c) + (b - d) * (b - d) - chroma * chroma);
  return Math.sqrt(dL * dL + dC * dC + HUE_WEIGHT * HUE_WEIGHT * hueSquared);
}

function inversionCost(
  clusters: readonly Cluster[],
  colors: readonly DesignColor[],
  choice: readonly number[],
  i: number,
  candidate: number,
): number {
  const own = clusters[i] as Cluster;
  const newL = (colors[candidate] as DesignColor).oklab[0];
  let cost = 0;
  clusters.forEach((other, j) => {
    if (j === i) return;
    const before = own.oklab[0] - other.oklab[0];
    if (Math.abs(before) < LIGHTNESS_SLACK) return;
    const after = newL - (colors[choice[j] as number] as DesignColor).oklab[0];
    const inverted = before > 0 ? -after : after;
    if (inverted > LIGHTNESS_SLACK) cost += own.share * other.share * inverted;
  });
  return cost;
}
