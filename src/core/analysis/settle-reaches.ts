/** Puts the distance that a picture suggests where a row says `auto`: a plan then says which one it was. */

import { linearTableFor } from '../color/linear-tables.js';
import { gamutMatrices, writeOklab } from '../color/oklab.js';
import type { Gamut, Pixels, Recipe, Row } from '../types.js';
import type { LabStream } from './lab-stream.js';
import { ReachSearch } from './suggest-reach.js';
import { readTarget } from './targets.js';

/** Pixels converted at a time. */
const BLOCK_PIXELS = 1 << 14;

/** Whether some row that acts leaves its reach to the picture. */
export function asksForReach({ rows }: Pick<Recipe, 'rows'>): boolean {
  return rows.some(asks);
}

/** @param lab Oklab of all colors @param counts visible pixels of each; undefined: one */
export function settleOnColors(recipe: Recipe, lab: Float64Array, counts?: Float64Array): Recipe {
  return settle(recipe, (searches) => {
    for (const search of searches) search.look(lab, counts, lab.length / 3);
  });
}

/** @param stream as `planFromStream` takes it; gone over once */
export async function settleOnStream(recipe: Recipe, stream: LabStream): Promise<Recipe> {
  if (!asksForReach(recipe)) return recipe;
  const searches = searchesOf(recipe);
  await stream.each((lab, counts, length) => {
    for (const search of searches.values()) search.look(lab, counts, length);
  });
  return withReaches(recipe, searches);
}

/** Pixel by pixel: for 16 bits, and small pictures. */
export function settleOnPixels(recipe: Recipe, { data, channels, gamut = 'srgb' }: Pixels): Recipe {
  return settle(recipe, (searches) => {
    for (const lab of oklabBlocks(data, channels, gamut)) {
      for (const search of searches) search.look(lab, undefined, lab.length / 3);
    }
  });
}

/** Oklab of the visible pixels, a block at a time. The array is reused. */
export function* oklabBlocks(data: Pixels['data'], channels: 3 | 4, gamut: Gamut): Generator<Float64Array> {
  const { toLms } = gamutMatrices(gamut);
  const linear = linearTableFor(data);
  const lab = new Float64Array(BLOCK_PIXELS * 3);
  let at = 0;
  for (let i = 0; i < data.length; i += channels) {
    if (channels === 4 && data[i + 3] === 0) continue;
    const red = linear[data[i] as number] as number;
    const green = linear[data[i + 1] as number] as number;
    writeOklab(lab, at, red, green, linear[data[i + 2] as number] as number, toLms);
    at += 3;
    if (at < lab.length) continue;
    yield lab;
    at = 0;
  }
  yield lab.subarray(0, at);
}

function settle(recipe: Recipe, look: (searches: readonly ReachSearch[]) => void): Recipe {
  if (!asksForReach(recipe)) return recipe;
  const searches = searchesOf(recipe);
  look([...searches.values()]);
  return withReaches(recipe, searches);
}

function asks({ reach, enabled }: Row): boolean {
  return reach === 'auto' && enabled !== false;
}

function searchesOf({ rows }: Recipe): Map<Row, ReachSearch> {
  return new Map(rows.filter(asks).map((row) => [row, new ReachSearch(readTarget(row).center)]));
}

function withReaches(recipe: Recipe, searches: ReadonlyMap<Row, ReachSearch>): Recipe {
  const rows = recipe.rows.map((row) => {
    const search = searches.get(row);
    return search ? { ...row, reach: search.reach } : row;
  });
  return { ...recipe, rows };
}
