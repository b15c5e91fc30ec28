/** The bucket that holds a rank of the sorted values, from 0. @param counts values in each bucket, more than the rank together */
export function bucketOfRank(counts: Float64Array | Uint32Array, rank: number): number {
  let bucket = 0;
  for (let seen = counts[0] as number; seen <= rank; seen += counts[++bucket] as number);
  return bucket;
}

/** Values in the buckets from `first` to before `end`; either may lie beyond the buckets there are. */
export function sumBuckets(counts: ArrayLike<number>, first = 0, end = counts.length): number {
  let sum = 0;
  for (let bucket = Math.max(0, first); bucket < end && bucket < counts.length; bucket++) {
    sum += counts[bucket] as number;
  }
  return sum;
}
