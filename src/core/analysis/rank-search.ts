import { sumBuckets } from './buckets.js';
import type { RankedValue } from './radius.js';

/** Buckets of one histogram; many, so that two looks at the values nearly always do. */
const BUCKETS = 16_384;
/** At most this much weight in a bucket is collected and sorted; more is split again. */
const COLLECT_LIMIT = 1 << 16;
/** At most so many values of weight 1 are listed and sorted: 2 MB. */
const LIST_LIMIT = 1 << 18;

/**
 * Finds exact order statistics of values that can be looked at again and again but not kept: a few looks, memory that does
 * not grow with their number.
 *
 * A look sorts the values of an interval into buckets; the bucket that holds a wanted rank is the next interval. It ends
 * when a bucket is small enough to be sorted, or holds one value only.
 *
 *     const search = RankSearch.upTo(bound, ranksOf);
 *     while (!search.isDone) look(values) -> search.add(values, weights, length) for each block; search.finishLook();
 */
export class RankSearch {
  /** Weight of all values, known after the first look. */
  total = 0;
  private readonly found = new Map<number, RankedValue>();

  /** @param whole of the first look, which tells how many values there are; undefined where that is known */
  private constructor(
    private readonly ranksOf: (total: number) => readonly number[],
    private intervals: readonly Interval[],
    private whole?: FirstLook,
  ) {}

  /**
   * A search that knows nothing of the values yet.
   *
   * @param bound at least the largest value; the smallest is 0
   * @param ranksOf the wanted ranks, from 0, given the weight of all values; none ends the search
   */
  static upTo(bound: number, ranksOf: (total: number) => readonly number[]): RankSearch {
    const whole = new FirstLook(bound);
    return new RankSearch(ranksOf, [whole], whole);
  }

  /**
   * A search that knows beforehand in which narrow band the wanted ranks lie. Its looks go over the values of the band alone,
   * each of weight 1.
   *
   * @param low at most the smallest value of the band
   * @param high at least the largest
   * @param before how many values are below the band
   * @param count how many are in it
   */
  static within(low: number, high: number, before: number, count: number, ranks: readonly number[]): RankSearch {
    if (ranks.length === 0) return new RankSearch(() => ranks, []);
    const interval = count <= LIST_LIMIT ? new List(before, count, ranks) : new Histogram(low, high, before, ranks);
    return new RankSearch(() => ranks, [interval]);
  }

  /**
   * A block of a look.
   *
   * @param weights whole numbers, 0 leaves a value out; undefined: 1 each
   * @param length values in the block
   */
  add(values: Float64Array, weights: Float64Array | undefined, length: number): void {
    for (const interval of this.intervals) interval.add(values, weights, length);
  }

  /** Ends a look. */
  finishLook(): void {
    const { intervals, whole } = this;
    this.intervals = [];
    if (whole) {
      this.whole = undefined;
      this.total = whole.total;
      this.settle(whole.split(this.ranksOf(this.total)));
    } else {
      for (const interval of intervals) this.settle(interval.split(interval.ranks));
    }
  }

  get isDone(): boolean {
    return this.intervals.length === 0;
  }

  /** The values at the wanted ranks, in their order, once the search is done. */
  get values(): RankedValue[] {
    return this.ranksOf(this.total).map((rank) => {
      const value = this.found.get(rank);
      if (value) return value;
      throw new RangeError(`rank ${rank}: the values changed between two looks`);
    });
  }

  private settle({ intervals, found }: Split): void {
    this.intervals = [...this.intervals, ...intervals];
    for (const [rank, value] of found) this.found.set(rank, value);
  }
}

/** What an interval comes to after a look. */
interface Split {
  readonly intervals: readonly Interval[];
  readonly found: ReadonlyMap<number, RankedValue>;
}

/** Part of the value range that holds wanted ranks. */
interface Interval {
  readonly ranks: readonly number[];
  add(values: Float64Array, weights: Float64Array | undefined, length: number): void;
  split(ranks: readonly number[]): Split;
}

/** All values, in buckets that only know their weight: most values are looked at here alone, so this has to be quick. */
class FirstLook implements Interval {
  readonly ranks = [];
  private readonly weights = new Float64Array(BUCKETS);
  private readonly scale: number;

  /** @param bound at least the largest value; the smallest is 0 */
  constructor(bound: number) {
    const scale = (BUCKETS - 1) / bound;
    this.scale = Number.isFinite(scale) ? scale : 0; // all of them in one bucket
  }

  get total(): number {
    return sumBuckets(this.weights);
  }

  add(values: Float64Array, counts: Float64Array | undefined, length: number): void {
    const { scale, weights } = this;
    for (let i = 0; i < length; i++) {
      const bucket = ((values[i] as number) * scale) | 0;
      weights[bucket] = (weights[bucket] as number) + (counts ? (counts[i] as number) : 1);
    }
  }

  split(ranks: readonly number[]): Split {
    const intervals = placeRanks(this.weights, 0, ranks).map(({ bucket, before, inside }) => {
      const [low, high] = [this.firstOf(bucket), largestBelow(this.firstOf(bucket + 1))];
      const isSmall = (this.weights[bucket] as number) <= COLLECT_LIMIT;
      return isSmall ? new Collection(low, high, before, inside) : new Histogram(low, high, before, inside);
    });
    return { intervals, found: new Map() };
  }

  /** The smallest value that falls into a bucket: a quotient, or a neighbor of it. */
  private firstOf(bucket: number): number {
    if (bucket === 0) return 0;
    if (this.scale === 0) return Number.POSITIVE_INFINITY;
    let value = bucket / this.scale;
    while (value > 0 && ((largestBelow(value) * this.scale) | 0) >= bucket) value = largestBelow(value);
    while (((value * this.scale) | 0) < bucket) value = smallestAbove(value);
    return value;
  }
}

/** Neighbors of a number above 0 among the numbers of its kind; float64, its bits counted as a whole number. */
const bits = new BigInt64Array(1);
const number = new Float64Array(bits.buffer);
function neighbor(value: number, step: bigint): number {
  number[0] = value;
  bits[0] = (bits[0] as bigint) + step;
  return number[0] as number;
}
const largestBelow = (value: number): number => neighbor(value, -1n);
const smallestAbove = (value: number): number => neighbor(value, 1n);

/** The buckets in which ranks lie. @param before weight of what is below all buckets */
function placeRanks(
  weights: Float64Array,
  before: number,
  ranks: readonly number[],
): { readonly bucket: number; readonly before: number; readonly inside: number[] }[] {
  const places = new Map<number, { bucket: number; before: number; inside: number[] }>();
  for (const rank of ranks) {
    let below = before;
    let bucket = 0;
    while (bucket < BUCKETS - 1 && below + (weights[bucket] as number) <= rank) below += weights[bucket++] as number;
    const known = places.get(bucket);
    if (known) known.inside.push(rank);
    else places.set(bucket, { bucket, before: below, inside: [rank] });
  }
  return [...places.values()];
}

class Histogram implements Interval {
  private readonly weights = new Float64Array(BUCKETS);
  private readonly lowest = new Float64Array(BUCKETS).fill(Number.POSITIVE_INFINITY);
  private readonly highest = new Float64Array(BUCKETS);
  private readonly scale: number;

  constructor(
    private readonly low: number,
    private readonly high: number,
    private readonly before: number,
    readonly ranks: readonly number[],
  ) {
    this.scale = high > low ? (BUCKETS - 1) / (high - low) : 0;
  }

  add(values: Float64Array, counts: Float64Array | undefined, length: number): void {
    const { low, high, scale, weights, lowest, highest } = this;
    for (let i = 0; i < length; i++) {
      const value = values[i] as number;
      const weight = counts ? (counts[i] as number) : 1;
      if (weight === 0 || value < low || value > high) continue;
      // The two ends never share a bucket, so that every look parts some values, however near they lie.
      const bucket = value === high ? BUCKETS - 1 : Math.min(BUCKETS - 2, ((value - low) * scale) | 0);
      weights[bucket] = (weights[bucket] as number) + weight;
      if (value < (lowest[bucket] as number)) lowest[bucket] = value;
      if (value > (highest[bucket] as number)) highest[bucket] = value;
    }
  }

  split(ranks: readonly number[]): Split {
    const intervals: Interval[] = [];
    const found = new Map<number, RankedValue>();
    for (const { bucket, before, inside } of placeRanks(this.weights, this.before, ranks)) {
      const [low, high] = [this.lowest[bucket] as number, this.highest[bucket] as number];
      const weight = this.weights[bucket] as number;
      if (low === high) for (const rank of inside) found.set(rank, { value: low, below: before, equal: weight });
      else if (weight <= COLLECT_LIMIT) intervals.push(new Collection(low, high, before, inside));
      else intervals.push(new Histogram(low, high, before, inside));
    }
    return { intervals, found };
  }
}

class Collection implements Interval {
  private readonly members: { value: number; weight: number }[] = [];

  constructor(
    private readonly low: number,
    private readonly high: number,
    private readonly before: number,
    readonly ranks: readonly number[],
  ) {}

  add(values: Float64Array, weights: Float64Array | undefined, length: number): void {
    const { low, high, members } = this;
    for (let i = 0; i < length; i++) {
      const value = values[i] as number;
      if (value < low || value > high) continue;
      const weight = weights ? (weights[i] as number) : 1;
      if (weight > 0) members.push({ value, weight });
    }
  }

  split(ranks: readonly number[]): Split {
    this.members.sort((p, q) => p.value - q.value);
    const found = new Map<number, RankedValue>();
    for (const rank of ranks) {
      const answer = this.find(rank);
      if (answer) found.set(rank, answer);
    }
    return { intervals: [], found };
  }

  private find(rank: number): RankedValue | undefined {
    let below = this.before;
    for (let i = 0; i < this.members.length; ) {
      const { value } = this.members[i] as { value: number };
      let equal = 0;
      for (; this.members[i]?.value === value; i++) equal += (this.members[i] as { weight: number }).weight;
      if (below + equal > rank) return { value, below, equal };
      below += equal;
    }
    return undefined;
  }
}

/** Values of weight 1 whose number is known. */
class List implements Interval {
  private readonly values: Float64Array;
  private length = 0;

  constructor(
    private readonly before: number,
    count: number,
    readonly ranks: readonly number[],
  ) {
    this.values = new Float64Array(count);
  }

  add(values: Float64Array, _: Float64Array | undefined, length: number): void {
    this.values.set(values.subarray(0, length), this.length);
    this.length += length;
  }

  split(ranks: readonly number[]): Split {
    this.values.sort();
    const found = new Map<number, RankedValue>();
    for (const rank of ranks) {
      const value = this.values[rank - this.before];
      if (value === undefined) continue;
      const first = this.values.indexOf(value);
      const equal = this.values.lastIndexOf(value) + 1 - first;
      found.set(rank, { value, below: this.before + first, equal });
    }
    return { intervals: [], found };
  }
}
