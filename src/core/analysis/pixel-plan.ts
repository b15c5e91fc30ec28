import { createBreath } from '../breath.js';
import { throwIfCanceled } from '../errors.js';
import type { Center } from '../row/distance.js';
import type { Cancel, Gamut, Pixels, Plan, Recipe } from '../types.js';
import { BucketSearch } from './bucket-search.js';
import { membersOf, PIXEL_BUCKETS, type PixelBuckets, SORT_TARGETS, sortPixels } from './pixel-buckets.js';
import { makePlan } from './radius.js';
import { settleOnPixels } from './settle-reaches.js';
import { type PlanTarget, readTargets } from './targets.js';

/** Sorts all pixels of a picture into buckets for each center: on one thread or many. */
export type SortPixels = (
  pixels: Pixels,
  centers: readonly Center[],
  gamut: Gamut,
) => readonly PixelBuckets[] | Promise<readonly PixelBuckets[]>;

/**
 * Freezes a recipe's radii pixel by pixel, without a census: for 16-bit pictures and small ones.
 * Gives the same plan as `planFromCensus` on 8-bit pixels, bit for bit. Needs up to 8 bytes a pixel.
 *
 * @throws NO_ROWS
 */
export function planFromPixels(pixels: Pixels, recipe: Recipe): Plan {
  const { gamut = 'srgb' } = pixels;
  const targets = readTargets(settleOnPixels(recipe, pixels));
  const searches = groupsOf(targets.targets).flatMap((group) => {
    const sorted = sortAlone(pixels, centersOf(group), gamut);
    return group.map((target, i) => searchOne(pixels, target, sorted[i] as PixelBuckets));
  });
  return makePlan(
    targets,
    gamut,
    searches[0]?.total ?? 0,
    searches.map(({ radius }) => radius),
  );
}

/** The same with somebody else's sorting. @throws NO_ROWS, CANCELED, and what `sort` throws */
export async function planFromSorted(pixels: Pixels, recipe: Recipe, sort: SortPixels, signal?: Cancel): Promise<Plan> {
  const { gamut = 'srgb' } = pixels;
  const targets = readTargets(recipe);
  const searches: BucketSearch[] = [];
  const breathe = createBreath();
  for (const group of groupsOf(targets.targets)) {
    const sorted = await sort(pixels, centersOf(group), gamut);
    for (const [i, target] of group.entries()) {
      await breathe();
      throwIfCanceled(signal);
      searches.push(searchOne(pixels, target, sorted[i] as PixelBuckets));
    }
  }
  return makePlan(
    targets,
    gamut,
    searches[0]?.total ?? 0,
    searches.map(({ radius }) => radius),
  );
}

/** `SortPixels` on the calling thread. */
export function sortAlone({ data, channels }: Pixels, centers: readonly Center[], gamut: Gamut): PixelBuckets[] {
  const out = centers.map(() => ({
    buckets: new Uint16Array(data.length / channels),
    counts: new Uint32Array(PIXEL_BUCKETS),
  }));
  sortPixels(data, channels, centers, gamut, out);
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

function centersOf(group: readonly PlanTarget[]): Center[] {
  return group.map(({ center }) => center);
}

/** The finished search for a target. */
function searchOne(
  { data, channels, gamut = 'srgb' }: Pixels,
  target: PlanTarget,
  buckets: PixelBuckets,
): BucketSearch {
  const search = new BucketSearch(target, buckets.counts);
  if (search.isDone) return search;
  // Measured once, however often they are looked at.
  const distances = membersOf(data, channels, target.center, gamut, buckets, search.first, search.last);
  while (!search.isDone) {
    search.look(distances);
    search.finishLook();
  }
  return search;
}
