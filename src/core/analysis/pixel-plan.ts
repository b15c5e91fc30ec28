import type { Gamut, Pixels, Plan, Recipe } from '../types.js';
import { BucketSearch } from './bucket-search.js';
import { membersOf, PIXEL_BUCKETS, type PixelBuckets, SORT_TARGETS, sortPixels, type Target } from './pixel-buckets.js';
import { makePlan } from './radius.js';
import { type PlanTarget, readTargets } from './targets.js';

/** Sorts all pixels of a picture into buckets for each target: on one thread or many. */
export type SortPixels = (
  pixels: Pixels,
  targets: readonly Target[],
  gamut: Gamut,
) => readonly PixelBuckets[] | Promise<readonly PixelBuckets[]>;

/**
 * Freezes a recipe's radii pixel by pixel, without a census: for 16-bit pictures and small ones.
 * Gives the same plan as `planFromCensus` on 8-bit pixels, bit for bit. Needs up to 8 bytes a pixel.
 *
 * @throws NO_ATTRACTORS
 */
export function planFromPixels(pixels: Pixels, recipe: Recipe): Plan {
  const { gamut = 'srgb' } = pixels;
  const targets = readTargets(recipe);
  const searches = groupsOf(targets.targets).flatMap((group) =>
    searchGroup(pixels, group, sortAlone(pixels, oklabsOf(group), gamut)),
  );
  return makePlan(
    targets,
    gamut,
    searches[0]?.total ?? 0,
    searches.map(({ radius }) => radius),
  );
}

/** The same with somebody else's sorting. @throws NO_ATTRACTORS, and what `sort` throws */
export async function planFromSorted(pixels: Pixels, recipe: Recipe, sort: SortPixels): Promise<Plan> {
  const { gamut = 'srgb' } = pixels;
  const targets = readTargets(recipe);
  const searches: BucketSearch[] = [];
  for (const group of groupsOf(targets.targets)) {
    searches.push(...searchGroup(pixels, group, await sort(pixels, oklabsOf(group), gamut)));
  }
  return makePlan(
    targets,
    gamut,
    searches[0]?.total ?? 0,
    searches.map(({ radius }) => radius),
  );
}

/** `SortPixels` on the calling thread. */
export function sortAlone({ data, channels }: Pixels, targets: readonly Target[], gamut: Gamut): PixelBuckets[] {
  const out = targets.map(() => ({
    buckets: new Uint16Array(data.length / channels),
    counts: new Uint32Array(PIXEL_BUCKETS),
  }));
  sortPixels(data, channels, targets, gamut, out);
  return out;
}

/** Few targets at a time: each keeps two bytes a pixel meanwhile. */
function groupsOf(targets: readonly PlanTarget[]): (readonly PlanTarget[])[] {
  const groups: (readonly PlanTarget[])[] = [];
  for (let start = 0; start < targets.length; start += SORT_TARGETS) {
    groups.push(targets.slice(start, start + SORT_TARGETS));
  }
  return groups;
}

function oklabsOf(group: readonly PlanTarget[]): Target[] {
  return group.map(({ oklab }) => oklab);
}

/** Finished searches for the targets of a group. */
function searchGroup(
  { data, channels, gamut = 'srgb' }: Pixels,
  group: readonly PlanTarget[],
  sorted: readonly PixelBuckets[],
): BucketSearch[] {
  return group.map((target, i) => {
    const buckets = sorted[i] as PixelBuckets;
    const search = new BucketSearch(target, buckets.counts);
    if (search.isDone) return search;
    // Measured once, however often they are looked at.
    const distances = membersOf(data, channels, target.oklab, gamut, buckets, search.first, search.last);
    while (!search.isDone) {
      search.look(distances);
      search.finishLook();
    }
    return search;
  });
}
