/** The last step of a search by bands: float64 distances of the few colors that may hold a rank. */
import { type Center, distanceTo } from '../row/distance.js';
import type { Gamut } from '../types.js';
import type { BandFind } from './bands.js';
import { oklabOfColors } from './oklab-of-colors.js';
import type { RankedValue } from './radius.js';

/**
 * The exact distance at a rank among the pixels that a band was looked for in.
 *
 * @param from float32 distance; what is nearer is counted only
 * @param to float32 distance; what is farther is left out
 * @returns answers for ranks from 0 among all visible pixels, undefined for those outside of `from` to `to`
 */
export function exactDistances(
  { below: belowBand, colors, counts, distances }: BandFind,
  { from, to }: { readonly from: number; readonly to: number },
  center: Center,
  gamut: Gamut,
): (rank: number) => RankedValue | undefined {
  const pixels = new Map<number, number>();
  let nearer = belowBand;
  for (let i = 0; i < distances.length; i++) {
    const distance = distances[i] as number;
    const count = counts[i] as number;
    if (distance < from) nearer += count;
    else if (!(distance > to)) {
      // A kernel that gave no number has not put the color anywhere.
      const color = colors[i] as number;
      pixels.set(color, (pixels.get(color) ?? 0) + count);
    }
  }
  const sorted = rankDistances(pixels, nearer, center, gamut);
  return (rank) => sorted.find(({ below, equal }) => rank >= below && rank < below + equal);
}

/** The distances of colors, nearest first, each once. @param pixels of each color @param nearer pixels nearer than all of them */
function rankDistances(
  pixels: ReadonlyMap<number, number>,
  nearer: number,
  center: Center,
  gamut: Gamut,
): RankedValue[] {
  const lab = oklabOfColors(Uint32Array.from(pixels.keys()), gamut);
  const members = Array.from(pixels.values(), (count, i) => {
    const value = distanceTo(center, lab[3 * i] as number, lab[3 * i + 1] as number, lab[3 * i + 2] as number);
    return { value, count };
  }).sort((p, q) => p.value - q.value);
  const ranked: RankedValue[] = [];
  let below = nearer;
  for (let i = 0; i < members.length; ) {
    const { value } = members[i] as { value: number };
    let equal = 0;
    for (; members[i]?.value === value; i++) equal += (members[i] as { count: number }).count;
    ranked.push({ value, below, equal });
    below += equal;
  }
  return ranked;
}
