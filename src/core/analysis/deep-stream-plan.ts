import { parseColor } from '../attractor/color.js';
import type { Gamut, Plan, PlanAttractor, Recipe } from '../types.js';
import { bucketOfRank } from './percentile.js';
import { bucketScale, membersOf, PIXEL_BUCKETS, type PixelBuckets, type Target } from './pixel-buckets.js';
import { enabledAttractors } from './plan.js';
import { RankSearch } from './rank-search.js';
import { radiusFrom, ranksFor } from './stream-plan.js';

/** A part of a picture, sorted. The arrays are reused. */
export interface SortedPart {
  readonly samples: Uint16Array;
  readonly channels: 3 | 4;
  /** Index among the targets of the first one of `sorted`. */
  readonly first: number;
  /** Of this part alone; distances may be one bucket off, but every time alike. */
  readonly sorted: readonly PixelBuckets[];
}

/** A 16-bit picture that is too large to keep, as often as it is asked for. */
export interface SortedStream {
  /** Goes once over all pixels, a few targets at a time. */
  each(targets: readonly Target[], visit: (part: SortedPart) => void): Promise<void>;
}

/**
 * Freezes a recipe's radii on a 16-bit picture that streams by: the plan of `planFromPixels`, bit for bit, in memory that does
 * not grow with the picture. The first go counts pixels by bucket; in the next ones only the few pixels near a wanted
 * rank are measured, while all sorting is left to whoever is fast at it.
 *
 * @throws NO_ATTRACTORS, and what the stream throws
 */
export async function planFromSortedStream(stream: SortedStream, recipe: Recipe, gamut: Gamut): Promise<Plan> {
  const enabled = enabledAttractors(recipe);
  const colors = enabled.map(({ color }) => parseColor(color));
  const counts = colors.map(() => new Float64Array(PIXEL_BUCKETS));
  await stream.each(
    colors.map(({ oklab }) => oklab),
    ({ first, sorted }) => {
      for (const [i, part] of sorted.entries()) {
        const sum = counts[first + i] as Float64Array;
        for (let bucket = 0; bucket < PIXEL_BUCKETS; bucket++) {
          sum[bucket] = (sum[bucket] as number) + (part.counts[bucket] as number);
        }
      }
    },
  );
  const total = (counts[0] as Float64Array).reduce((sum, count) => sum + count, 0);
  const bands = enabled.map(
    ({ tolerance }, i) =>
      new Band((colors[i] as { oklab: Target }).oklab, gamut, counts[i] as Float64Array, wantedRanks(total, tolerance)),
  );
  for (;;) {
    const open = bands.filter(({ search }) => !search.isDone);
    if (open.length === 0) break;
    await stream.each(
      open.map(({ target }) => target),
      ({ samples, channels, first, sorted }) => {
        for (const [i, part] of sorted.entries()) open[first + i]?.look(samples, channels, part);
      },
    );
    for (const band of open) band.finishLook();
  }
  const attractors = enabled.map((attractor, i): PlanAttractor => {
    const { oklab, powerlessHue } = colors[i] as (typeof colors)[number];
    const { search } = bands[i] as Band;
    const largest = (): number => search.at(total - 1).value;
    const { radius, inside } = radiusFrom(search, total, attractor.tolerance, largest);
    return { ...attractor, oklab, powerlessHue, radius, share: total === 0 ? 0 : inside / total };
  });
  return { version: 1, gamut, channels: recipe.channels, attractors, pixels: total };
}

/** At tolerance 100 the radius depends on the farthest pixel. */
function wantedRanks(total: number, tolerance: number): readonly number[] {
  return total > 0 && tolerance === 100 ? [total - 1] : ranksFor(total, tolerance);
}

/** The buckets in which the values at some ranks lie, and the search for them. */
class Band {
  readonly search: RankSearch;
  private readonly first: number;
  private readonly last: number;
  private readonly weight: number;
  private seen = 0;

  /** @param counts of all pixels, by bucket @param ranks ascending */
  constructor(
    readonly target: Target,
    private readonly gamut: Gamut,
    counts: Float64Array,
    ranks: readonly number[],
  ) {
    // A pixel may have been put one bucket off: what is two buckets away from a wanted rank is on its side of it all the same.
    this.first = ranks.length === 0 ? 0 : bucketOfRank(counts, ranks[0] as number) - 1;
    this.last = ranks.length === 0 ? -1 : bucketOfRank(counts, ranks.at(-1) as number) + 1;
    this.weight = sumOf(counts, this.first, this.last + 1);
    // And one more at either end for the distances themselves.
    const scale = bucketScale(target);
    const [low, high] = [Math.max(0, this.first - 1) / scale, (this.last + 2) / scale];
    this.search = RankSearch.within(low, high, sumOf(counts, 0, this.first), this.weight, ranks);
  }

  look(samples: Uint16Array, channels: 3 | 4, part: PixelBuckets): void {
    const members = membersOf(samples, channels, this.target, this.gamut, part, this.first, this.last);
    this.seen += members.length;
    for (let i = 0; i < members.length; i++) this.search.add(members[i] as number, 1);
  }

  finishLook(): void {
    if (this.seen !== this.weight) throw new RangeError('a picture was sorted in another way than before');
    this.seen = 0;
    this.search.finishLook();
  }
}

function sumOf(counts: Float64Array, first: number, end: number): number {
  let sum = 0;
  for (let bucket = Math.max(0, first); bucket < end && bucket < PIXEL_BUCKETS; bucket++) {
    sum += counts[bucket] as number;
  }
  return sum;
}
