import type { Center } from '../row/distance.js';
import type { Gamut, Plan, Recipe } from '../types.js';
import { BucketSearch } from './bucket-search.js';
import { membersOf, PIXEL_BUCKETS, type PixelBuckets } from './pixel-buckets.js';
import { makePlan } from './radius.js';
import { readTargets } from './targets.js';

/** A part of a picture, sorted. The arrays are reused. */
export interface SortedPart {
  readonly samples: Uint16Array;
  readonly channels: 3 | 4;
  /** Index among the centers of the first one of `sorted`. */
  readonly first: number;
  /** Of this part alone; distances may be one bucket off, but every time alike. */
  readonly sorted: readonly PixelBuckets[];
}

/** A 16-bit picture that is too large to keep, as often as it is asked for. */
export interface SortedStream {
  /** Goes once over all pixels, a few centers at a time. */
  each(centers: readonly Center[], visit: (part: SortedPart) => void): Promise<void>;
}

/**
 * Freezes a recipe's radii on a 16-bit picture that streams by: the plan of `planFromPixels`, bit for bit, in memory that does
 * not grow with the picture. The first go counts pixels by bucket; in the next ones only the few pixels near a wanted
 * rank are measured, while all sorting is left to whoever is fast at it.
 *
 * @throws NO_ROWS, and what the stream throws
 */
export async function planFromSortedStream(stream: SortedStream, recipe: Recipe, gamut: Gamut): Promise<Plan> {
  const targets = readTargets(recipe);
  const counts = targets.targets.map(() => new Float64Array(PIXEL_BUCKETS));
  await stream.each(
    targets.targets.map(({ center }) => center),
    ({ first, sorted }) => {
      for (const [i, part] of sorted.entries()) addCounts(counts[first + i] as Float64Array, part.counts);
    },
  );
  const searches = targets.targets.map((target, i) => new BucketSearch(target, counts[i] as Float64Array));
  for (;;) {
    const open = searches.filter(({ isDone }) => !isDone);
    if (open.length === 0) break;
    await stream.each(
      open.map(({ target }) => target.center),
      ({ samples, channels, first, sorted }) => {
        for (const [i, part] of sorted.entries()) {
          const search = open[first + i] as BucketSearch;
          search.look(membersOf(samples, channels, search.target.center, gamut, part, search.first, search.last));
        }
      },
    );
    for (const search of open) search.finishLook();
  }
  const total = searches[0]?.total ?? 0;
  const radii = searches.map(({ radius }) => radius);
  return makePlan(targets, gamut, total, radii);
}

function addCounts(sum: Float64Array, counts: Uint32Array): void {
  for (let bucket = 0; bucket < sum.length; bucket++) {
    sum[bucket] = (sum[bucket] as number) + (counts[bucket] as number);
  }
}
