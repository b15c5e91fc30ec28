import { bucketOfRank, sumBuckets } from './buckets.js';
import { bucketScale } from './pixel-buckets.js';
import { type Radius, radiusOf, wantedRanks } from './radius.js';
import { RankSearch } from './rank-search.js';
import type { PlanTarget } from './targets.js';

/**
 * Finds the radius of one target among pixels that are sorted into buckets of distances: only those in the few buckets
 * around the wanted ranks have to be measured.
 *
 *     while (!search.isDone) { search.look(distances of the pixels in buckets first to last); search.finishLook(); }
 */
export class BucketSearch {
  /** The buckets, both included, whose pixels a look goes over; they may lie beyond the buckets there are. */
  readonly first: number;
  readonly last: number;
  /** Visible pixels. */
  readonly total: number;
  private readonly weight: number;
  private readonly ranks: RankSearch;
  private seen = 0;

  /** @param counts of all pixels, by bucket; a pixel may be one bucket off, but every time alike */
  constructor(
    readonly target: PlanTarget,
    counts: Float64Array | Uint32Array,
  ) {
    this.total = sumBuckets(counts);
    const ranks = wantedRanks(this.total, target.row);
    const [lowRank, highRank = lowRank] = ranks;
    // A pixel may have been put one bucket off: what is two buckets away from a wanted rank is on its side of it all the same.
    this.first = lowRank === undefined ? 0 : bucketOfRank(counts, lowRank) - 1;
    this.last = highRank === undefined ? -1 : bucketOfRank(counts, highRank) + 1;
    this.weight = sumBuckets(counts, this.first, this.last + 1);
    // And one more at either end for the distances themselves.
    const scale = bucketScale(target.center);
    const [low, high] = [Math.max(0, this.first - 1) / scale, (this.last + 2) / scale];
    this.ranks = RankSearch.within(low, high, sumBuckets(counts, 0, this.first), this.weight, ranks);
  }

  get isDone(): boolean {
    return this.ranks.isDone;
  }

  look(distances: Float64Array): void {
    this.seen += distances.length;
    // More than there were before have no room; `finishLook` tells.
    if (this.seen <= this.weight) this.ranks.add(distances, undefined, distances.length);
  }

  finishLook(): void {
    if (this.seen !== this.weight) throw new RangeError('a picture was sorted in another way than before');
    this.seen = 0;
    this.ranks.finishLook();
  }

  /** The radius, once the search is done. */
  get radius(): Radius {
    return radiusOf(this.total, this.target.row, this.ranks.values);
  }
}
