import { distanceTo, farthestFrom } from '../row/distance.js';
import { type Radius, radiusOf, wantedRanks } from './radius.js';
import { RankSearch } from './rank-search.js';
import type { PlanTarget } from './targets.js';

/** Distances measured before they are sorted in: they lie in a core's cache meanwhile. */
const BLOCK_COLORS = 2048;

/**
 * Finds the radius of one target on colors that are looked at again and again but whose distances are not kept.
 *
 *     while (!search.isDone) { search.look(lab, counts, length) for each block of them; search.finishLook(); }
 */
export class DistanceSearch {
  private readonly ranks: RankSearch;
  private readonly distances = new Float64Array(BLOCK_COLORS);

  constructor(private readonly target: PlanTarget) {
    this.ranks = RankSearch.upTo(farthestFrom(target.center), (total) => wantedRanks(total, target.row));
  }

  /**
   * @param lab Oklab L, a, b of color i at 3 i
   * @param counts how many visible pixels each stands for, 0 for none; undefined: one
   */
  look(lab: Float64Array, counts: Float64Array | undefined, length: number): void {
    for (let first = 0; first < length; first += BLOCK_COLORS) {
      const end = Math.min(length, first + BLOCK_COLORS);
      this.measure(lab.subarray(first * 3, end * 3));
      this.ranks.add(this.distances, counts?.subarray(first, end), end - first);
    }
  }

  finishLook(): void {
    this.ranks.finishLook();
  }

  get isDone(): boolean {
    return this.ranks.isDone;
  }

  /** Visible pixels, known after the first look. */
  get total(): number {
    return this.ranks.total;
  }

  /** The radius, once the search is done. */
  get radius(): Radius {
    return radiusOf(this.total, this.target.row, this.ranks.values);
  }

  private measure(lab: Float64Array): void {
    const { distances, target } = this;
    const { center } = target;
    for (let i = 0, at = 0; at < lab.length; i++, at += 3) {
      distances[i] = distanceTo(center, lab[at] as number, lab[at + 1] as number, lab[at + 2] as number);
    }
  }
}
