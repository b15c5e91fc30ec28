/** Buckets of the selection histogram: enough that one bucket of a million distances holds a few hundred. */
const BUCKETS = 4096;

/**
 * Weighted percentile, Hyndman-Fan type 7 (what `numpy.percentile` does by default), each value counted `counts[i]` times.
 *
 * Depends only on the multiset of values, not on their order: any split of a census gives the same answer, bit for bit.
 * Finds the bucket that holds the wanted order statistics, then sorts only that bucket: O(n).
 *
 * @param values finite, >= 0, at least one with a count above 0; left as they are
 * @param counts whole numbers >= 0, same length; undefined counts every value once
 * @param percent 0 to 100
 */
export function percentile(values: Float64Array, counts: Float64Array | undefined, percent: number): number {
  const { total, max } = summarize(values, counts);
  const { lowRank, highRank, way } = percentileRanks(total, percent);
  const [low, high] = orderStatistics(values, counts, max, lowRank, highRank);
  return low + (high - low) * way;
}

/**
 * The two order statistics that a percentile of type 7 lies between, ranks from 0, and how far it is on the way from the lower to
 * the higher one, 0 to 1.
 *
 * @param total values, at least 1
 */
export function percentileRanks(
  total: number,
  percent: number,
): { readonly lowRank: number; readonly highRank: number; readonly way: number } {
  const rank = ((total - 1) * percent) / 100;
  const lowRank = Math.floor(rank);
  return { lowRank, highRank: Math.min(lowRank + 1, total - 1), way: rank - lowRank };
}

/** The bucket that holds a rank of the sorted values, from 0. @param counts values in each bucket, more than the rank together */
export function bucketOfRank(counts: Float64Array | Uint32Array, rank: number): number {
  let bucket = 0;
  for (let seen = counts[0] as number; seen <= rank; seen += counts[++bucket] as number);
  return bucket;
}

/** Largest value with a count above 0, and the sum of the counts. */
export function summarize(values: Float64Array, counts: Float64Array | undefined): { total: number; max: number } {
  let max = 0;
  let total = counts ? 0 : values.length;
  for (let i = 0; i < values.length; i++) {
    const count = counts ? (counts[i] as number) : 1;
    if (counts) total += count;
    if (count > 0 && (values[i] as number) > max) max = values[i] as number;
  }
  return { total, max };
}

/** The values at two neighboring ranks (from 0) of the sorted multiset. */
function orderStatistics(
  values: Float64Array,
  counts: Float64Array | undefined,
  max: number,
  lowRank: number,
  highRank: number,
): [number, number] {
  if (max === 0) return [0, 0];
  const scale = (BUCKETS - 1) / max;
  const perBucket = new Float64Array(BUCKETS);
  for (let i = 0; i < values.length; i++) {
    const bucket = ((values[i] as number) * scale) | 0;
    // A color seen only under alpha 0 has count 0 and may lie beyond max.
    const count = counts ? (counts[i] as number) : 1;
    if (count > 0) perBucket[bucket] = (perBucket[bucket] as number) + count;
  }

  let before = 0; // values in the buckets passed
  let bucket = 0;
  while (before + (perBucket[bucket] as number) <= lowRank) before += perBucket[bucket++] as number;
  const firstBucket = bucket;
  let through = before + (perBucket[bucket] as number);
  while (through <= highRank) through += perBucket[++bucket] as number;

  const members = collectBuckets(values, counts, scale, firstBucket, bucket);
  let seen = before;
  let low = Number.NaN;
  for (const { value, count } of members) {
    seen += count;
    if (Number.isNaN(low) && seen > lowRank) low = value;
    if (seen > highRank) return [low, value];
  }
  throw new RangeError('percentile: counts changed during selection');
}

function collectBuckets(
  values: Float64Array,
  counts: Float64Array | undefined,
  scale: number,
  firstBucket: number,
  lastBucket: number,
): { value: number; count: number }[] {
  const members: { value: number; count: number }[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const bucket = (value * scale) | 0;
    if (bucket < firstBucket || bucket > lastBucket) continue;
    const count = counts ? (counts[i] as number) : 1;
    if (count > 0) members.push({ value, count });
  }
  return members.sort((p, q) => p.value - q.value);
}
