import { type Radius, type RankedValue, type Reach, radiusOf, wantedRanks } from '../../src/core/analysis/radius.js';
import { type Center, distanceTo, farthestFrom } from '../../src/core/row/distance.js';

const BUCKETS = 1 << 14;

/**
 * The colors of a census in buckets by their distance from one center. A slider asks for one radius after another: each answer is exact
 * and looks at one bucket.
 */
export class DistanceIndex {
  /** Visible pixels. */
  private readonly total: number;
  private readonly scale: number;
  private readonly distances: Float64Array;
  /** Places of visible colors, bucket by bucket. */
  private readonly order: Uint32Array;
  /** Per bucket where it begins in `order`, and the visible pixels before it; one more for the end. */
  private readonly starts = new Uint32Array(BUCKETS + 1);
  private readonly below = new Float64Array(BUCKETS + 1);

  /**
   * @param lab Oklab L, a, b of color i at 3 i
   * @param counts visible pixels of each color, whole numbers
   */
  constructor(
    center: Center,
    lab: Float64Array,
    private readonly counts: Float64Array,
  ) {
    const { starts, below } = this;
    const scale = (BUCKETS - 1) / farthestFrom(center);
    this.scale = Number.isFinite(scale) ? scale : 0;
    this.distances = new Float64Array(counts.length);
    for (let i = 0, at = 0; i < counts.length; i++, at += 3) {
      const distance = distanceTo(center, lab[at] as number, lab[at + 1] as number, lab[at + 2] as number);
      this.distances[i] = distance;
      const count = counts[i] as number;
      if (count === 0) continue;
      const next = this.bucketOf(distance) + 1;
      starts[next] = (starts[next] as number) + 1;
      below[next] = (below[next] as number) + count;
    }
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      starts[bucket + 1] = (starts[bucket + 1] as number) + (starts[bucket] as number);
      below[bucket + 1] = (below[bucket + 1] as number) + (below[bucket] as number);
    }
    this.total = below[BUCKETS] as number;
    this.order = new Uint32Array(starts[BUCKETS] as number);
    const free = starts.slice(0, BUCKETS);
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] === 0) continue;
      const bucket = this.bucketOf(this.distances[i] as number);
      const place = free[bucket] as number;
      this.order[place] = i;
      free[bucket] = place + 1;
    }
  }

  /** The radius of `radiusInCensus`, and the pixels within it also where it is fixed. */
  measure(reach: Reach): Required<Radius> {
    const values = wantedRanks(this.total, reach).map((rank) => this.valueAt(rank));
    const { radius, inside = this.countWithin(radius) } = radiusOf(this.total, reach, values);
    return { radius, inside };
  }

  private countWithin(radius: number): number {
    const bucket = this.bucketOf(radius);
    let inside = this.below[bucket] as number;
    for (const i of this.membersOf(bucket))
      if ((this.distances[i] as number) < radius) inside += this.counts[i] as number;
    return inside;
  }

  /** @param rank from 0 to below `total` */
  private valueAt(rank: number): RankedValue {
    const bucket = this.bucketAt(rank);
    const members = this.membersOf(bucket).sort(
      (p, q) => (this.distances[p] as number) - (this.distances[q] as number),
    );
    let below = this.below[bucket] as number;
    for (let at = 0; ; ) {
      const value = this.distances[members[at] as number] as number;
      let equal = 0;
      for (; at < members.length && this.distances[members[at] as number] === value; at++)
        equal += this.counts[members[at] as number] as number;
      if (below + equal > rank || at >= members.length) return { value, below, equal };
      below += equal;
    }
  }

  /** The bucket in which a rank lies. */
  private bucketAt(rank: number): number {
    let [low, high] = [0, BUCKETS - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.below[middle + 1] as number) > rank) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private bucketOf(distance: number): number {
    return Math.min(BUCKETS - 1, (distance * this.scale) | 0);
  }

  /** A copy. */
  private membersOf(bucket: number): Uint32Array {
    return this.order.slice(this.starts[bucket], this.starts[bucket + 1]);
  }
}
