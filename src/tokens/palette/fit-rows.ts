import type { DesignColor } from './match-colors.js';
import type { Points } from './points.js';
import { type FitRow, measureReach, pullPoints, type Reach, weightsOnPoints } from './pull-points.js';
import { distanceFrom, nearestDistance, type Order, Scorer } from './score.js';

const DISTANCE_WEIGHT = 0.3;
const FLAT_DISTANCE_WEIGHT = 6;
const GOAL_WEIGHT = 25;
const INVERSION_WEIGHT = 150;
const FLATNESS_WEIGHT = 1.2;
const TEARING_WEIGHT = 110;
const CHANGE_WEIGHT = 20;
/** Each row more is one more thing for a person to read. */
const ROW_COST = 0.006;
/** Strengths that are tried; above 100 a row has an edge, so the fit takes it only where it pays. */
const STRENGTHS = [70, 85, 100, 110, 120, 130, 140, 150, 160, 170];
const TOLERANCE_STEPS = [0.5, 0.7, 0.85, 0.93, 1.08, 1.2, 1.45, 2];
/** The fit goes downhill from where it begins: narrow and strong, or wide and soft. */
const STARTS = [
  { reach: 1, strength: 130 },
  { reach: 1.5, strength: 110 },
  { reach: 3, strength: 90 },
];
const MIN_TOLERANCE = 0.5;
const LEAST_GAIN = 1e-9;
const NO_LOSS: Order = { inversion: 0, flatness: 0 };
const ROUNDS = 6;

/** A row as the fit leaves it. */
export interface FittedRow {
  /** Index of the design color. */
  readonly color: number;
  readonly tolerance: number;
  readonly strength: number;
}

/**
 * Finds tolerances and strengths for rows by trying them out on a picture's points: each in turn is moved as long as the
 * picture gets nearer to the palette without inverting, flattening or tearing its shading. Deterministic.
 */
export class RowFitter {
  private readonly fitting: Fitting;

  constructor(points: Points, fine: Points, colors: readonly DesignColor[]) {
    this.fitting = new Fitting(points, fine, colors);
  }

  /**
   * @param start index of a design color and the share that it should take, 0 to 1; at least one
   * @param maxRows rows are added while they pay, up to this many
   * @param goal the share of the distance to the palette that may remain; from there on, what looks good decides
   */
  fit(
    start: readonly { readonly color: number; readonly share: number }[],
    maxRows: number,
    goal: number,
  ): FittedRow[] {
    const { fitting } = this;
    fitting.goal = goal;
    let rows = STARTS.map(({ reach, strength }) =>
      fitting.settle(
        start.map(({ color, share }) => fitting.row(color, Math.max(MIN_TOLERANCE, 100 * reach * share), strength)),
      ),
    ).reduce((best, tried) => (fitting.cost(tried) < fitting.cost(best) ? tried : best));
    while (rows.length < maxRows) {
      const added = fitting.tryToAdd(rows);
      if (!added) break;
      rows = added;
    }
    return fitting.dropIdle(fitting.settle(rows));
  }

  /**
   * The rows on their way to strength 200, where every pixel in reach takes a row's color: reaches are fitted so that they
   * overlap little, since where two such rows meet, the pixels take the mean of both, a color of neither.
   *
   * @param start with the strengths that are wanted, and tolerances to begin with
   * @param flat above 0, where shading counts as much as before, to 1, where it is given up
   */
  flatten(start: readonly FittedRow[], flat: number): FittedRow[] {
    const { fitting } = this;
    fitting.flat = flat;
    const rows = fitting.settle(start.map(({ color, tolerance, strength }) => fitting.row(color, tolerance, strength)));
    fitting.flat = 0;
    return rows;
  }

  /** Makes the order of lightness count for more in the next fit. */
  insistOnOrder(): void {
    this.fitting.inversionWeight *= 5;
  }

  /** Goes on from earlier rows, to another goal. */
  refit(earlier: readonly FittedRow[], goal: number): FittedRow[] {
    this.fitting.goal = goal;
    const rows = earlier.map(({ color, tolerance, strength }) => this.fitting.row(color, tolerance, strength));
    return this.fitting.dropIdle(this.fitting.settle(rows));
  }
}

interface ColorRow extends FitRow {
  readonly color: number;
}

class Fitting {
  goal = 0.5;
  /** How much shading is given up, 0 to 1: then the distance to the palette, the order of lightness and the hues count. */
  flat = 0;
  /** Raised for a picture whose order of lightness suffers. */
  inversionWeight = INVERSION_WEIGHT;
  private readonly before: number;
  private readonly out: Float64Array;
  private readonly scorer: Scorer;
  private readonly reaches = new Map<number, Reach>();
  /** By row: one of many is changed at a time. */
  private readonly weights = new WeakMap<ColorRow, Float64Array>();

  constructor(
    private readonly points: Points,
    private readonly fine: Points,
    private readonly colors: readonly DesignColor[],
  ) {
    this.out = new Float64Array(points.lab);
    this.scorer = new Scorer(points, colors);
    this.before = this.scorer.distance(points.lab);
  }

  row(color: number, tolerance: number, strength: number): ColorRow {
    const { oklab, powerlessHue } = this.colors[color] as DesignColor;
    return { color, oklab, powerlessHue, tolerance: Math.min(100, tolerance), strength };
  }

  /**
   * What the fit makes small.
   *
   * @param limit a cost from which on the rows are of no interest
   * @returns the cost; at the limit or above, possibly less than it
   */
  cost(rows: readonly ColorRow[], limit = Number.POSITIVE_INFINITY): number {
    this.pull(rows);
    const { scorer, out } = this;
    const change = scorer.change(out);
    const distance = scorer.distance(out);
    const least = this.weigh(rows.length, change, distance, 0, NO_LOSS);
    if (least >= limit) return least;
    const tearing = this.flat < 1 ? scorer.tearing(out) : 0;
    const weigh = (order: Order): number => this.weigh(rows.length, change, distance, tearing, order);
    return weigh(scorer.order(out, (found) => weigh(found) >= limit));
  }

  /** Rises with each of its parts: what is left out makes it a lower bound, to the last bit. */
  private weigh(count: number, change: number, distance: number, tearing: number, order: Order): number {
    const ratio = this.before === 0 ? 0 : distance / this.before;
    const kept = this.inversionWeight * order.inversion + CHANGE_WEIGHT * change;
    const shaded =
      DISTANCE_WEIGHT * ratio +
      GOAL_WEIGHT * Math.max(0, ratio - this.goal) +
      FLATNESS_WEIGHT * order.flatness +
      TEARING_WEIGHT * tearing +
      ROW_COST * count;
    return kept + (1 - this.flat) * shaded + this.flat * FLAT_DISTANCE_WEIGHT * ratio;
  }

  private pull(rows: readonly ColorRow[]): void {
    const weights = rows.map((row) => this.weightsOf(row));
    pullPoints(this.points, rows, weights, this.out);
  }

  /** Moves one number at a time while that helps. @param first rows before it stay as they are */
  settle(start: readonly ColorRow[], first = 0): ColorRow[] {
    let rows = [...start];
    let best = this.cost(rows);
    for (let round = 0; round < ROUNDS; round++) {
      const before = best;
      for (let k = first; k < rows.length; k++) {
        for (const candidate of this.neighbors(rows[k] as ColorRow)) {
          const tried = rows.map((row, i) => (i === k ? candidate : row));
          const cost = this.cost(tried, best - LEAST_GAIN);
          if (cost < best - LEAST_GAIN) {
            best = cost;
            rows = tried;
          }
        }
      }
      if (before - best < 0.002) break;
    }
    return rows;
  }

  /** The design color that most pixels are still away from, as one more row. @returns undefined when no color pays */
  tryToAdd(rows: readonly ColorRow[]): ColorRow[] | undefined {
    const base = this.cost(rows);
    const waiting = this.waitingShares(rows);
    let best: ColorRow[] | undefined;
    let bestCost = base - 2 * ROW_COST;
    for (const [color, share] of waiting.slice(0, 4)) {
      const tried = [...rows, this.row(color, Math.max(MIN_TOLERANCE, 100 * share), 120)];
      const settled = this.settle(tried, rows.length); // the others follow once a color is taken
      const cost = this.cost(settled);
      if (cost < bestCost) {
        best = settled;
        bestCost = cost;
      }
    }
    return best && this.settle(best);
  }

  dropIdle(rows: readonly ColorRow[]): ColorRow[] {
    let kept = [...rows];
    for (const row of rows) {
      const without = kept.filter((other) => other !== row);
      if (without.length > 0 && this.cost(without) <= this.cost(kept)) kept = without;
    }
    return kept;
  }

  private neighbors(row: ColorRow): ColorRow[] {
    const tolerances = TOLERANCE_STEPS.map((step) => Math.min(100, Math.max(MIN_TOLERANCE, row.tolerance * step)));
    if (this.flat > 0) return tolerances.map((tolerance) => ({ ...row, tolerance }));
    return [
      ...tolerances.map((tolerance) => ({ ...row, tolerance })),
      ...STRENGTHS.map((strength) => ({ ...row, strength })),
    ];
  }

  /** Unused design colors by how much of the picture is nearest to them and not yet there. */
  private waitingShares(rows: readonly ColorRow[]): [number, number][] {
    this.pull(rows);
    const used = new Set(rows.map(({ color }) => color));
    const shares = new Map<number, { share: number; weight: number }>();
    for (let i = 0; i < this.points.count; i++) {
      let nearest = 0;
      let best = Number.POSITIVE_INFINITY;
      this.colors.forEach((color, c) => {
        const d = distanceFrom(this.points.lab, 3 * i, color);
        if (d < best) {
          best = d;
          nearest = c;
        }
      });
      if (used.has(nearest)) continue;
      const share = this.points.shares[i] as number;
      const entry = shares.get(nearest) ?? { share: 0, weight: 0 };
      entry.share += share;
      entry.weight += share * nearestDistance(this.out, 3 * i, this.colors);
      shares.set(nearest, entry);
    }
    return [...shares]
      .sort(([, p], [, q]) => q.weight - p.weight)
      .map(([color, { share }]): [number, number] => [color, share]);
  }

  private weightsOf(row: ColorRow): Float64Array {
    const known = this.weights.get(row);
    if (known) return known;
    const weights = weightsOnPoints(row, this.reachOf(row));
    this.weights.set(row, weights);
    return weights;
  }

  private reachOf({ color, oklab }: ColorRow): Reach {
    const known = this.reaches.get(color);
    if (known) return known;
    const reach = measureReach(this.points, this.fine, oklab);
    this.reaches.set(color, reach);
    return reach;
  }
}
