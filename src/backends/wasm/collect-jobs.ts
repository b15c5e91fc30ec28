/** Colors in bands of distances: what one thread looks for when radii are measured. */
import type { BandFind, Collected, DistanceBand } from '../../core/analysis/bands.js';
import type { Gamut } from '../../core/types.js';
import { CHUNK_COLORS, MEASURED_ATTRACTORS } from './assembly/layout.js';
import type { ChunkFind, Kernel } from './kernel.js';
import { packBands } from './parameters.js';

interface Wanted {
  readonly bands: readonly DistanceBand[];
  readonly gamut: Gamut;
}

/** Looks for the visible pixels of a part of a picture that lie in bands of distances. */
export interface CollectPixelsJob extends Wanted {
  readonly kind: 'collect-pixels';
  readonly data: Uint8Array;
  readonly channels: 3 | 4;
}

/** The same for a part of a census. */
export interface CollectColorsJob extends Wanted {
  readonly kind: 'collect-colors';
  readonly colors: Uint32Array;
  /** Visible pixels of each color. */
  readonly counts: Uint32Array;
}

/** Finds the visible pixels of a part of a picture that lie in each band. */
export function collectPixels(kernel: Kernel, { data, channels, bands, gamut }: CollectPixelsJob): Collected {
  const search = new BandSearch(kernel, bands, gamut);
  const step = CHUNK_COLORS * channels;
  let visible = 0;
  for (let start = 0; start < data.length; start += step) {
    const taken = kernel.takePixels(data.subarray(start, start + step), channels);
    visible += taken.length;
    search.look(taken);
  }
  return { visible, bands: search.finds() };
}

/** The same of the colors of a census, each standing for its pixels. */
export function collectColors(kernel: Kernel, { colors, counts, bands, gamut }: CollectColorsJob): Collected {
  const search = new BandSearch(kernel, bands, gamut);
  let visible = 0;
  for (let start = 0; start < colors.length; start += CHUNK_COLORS) {
    const chunk = counts.subarray(start, start + CHUNK_COLORS);
    const taken = colors.subarray(start, start + CHUNK_COLORS);
    visible += kernel.takeColors(taken, chunk);
    search.look(taken, chunk);
  }
  return { visible, bands: search.finds() };
}

/** Joins what threads found in their parts. */
export function joinCollected(parts: readonly Collected[]): Collected {
  const [first] = parts;
  if (!first || parts.length === 1) return first as Collected;
  const bands = first.bands.map((_, i): BandFind => {
    const list = new BandList();
    for (const { bands } of parts) {
      list.addBand(bands[i] as BandFind);
    }
    return list.join();
  });
  return { visible: parts.reduce((sum, { visible }) => sum + visible, 0), bands };
}

/** Goes through chunks that the kernel has taken in; more attractors than it does at once go in groups. */
class BandSearch {
  private readonly groups: { readonly block: Float32Array; readonly lists: readonly BandList[] }[] = [];

  constructor(
    private readonly kernel: Kernel,
    bands: readonly DistanceBand[],
    gamut: Gamut,
  ) {
    for (let first = 0; first < bands.length; first += MEASURED_ATTRACTORS) {
      const group = bands.slice(first, first + MEASURED_ATTRACTORS);
      this.groups.push({ block: packBands(group, gamut), lists: group.map(() => new BandList()) });
    }
    const [only] = this.groups;
    if (only && this.groups.length === 1) kernel.setParameters(only.block);
  }

  /** @param counts pixels of each color; undefined: one each. Colors of no visible pixel are left out. */
  look(colors: Uint32Array, counts?: Uint32Array): void {
    for (const { block, lists } of this.groups) {
      if (this.groups.length > 1) this.kernel.setParameters(block);
      this.kernel.collect(lists.length).forEach((find, i) => {
        lists[i]?.addFind(find, colors, counts);
      });
    }
  }

  finds(): BandFind[] {
    return this.groups.flatMap(({ lists }) => lists.map((list) => list.join()));
  }
}

/** The finds of many chunks; all is copied out of the kernel's memory. */
class BandList {
  private below = 0;
  private length = 0;
  private colors = new Uint32Array(CHUNK_COLORS);
  private counts = new Uint32Array(CHUNK_COLORS);
  private distances = new Float32Array(CHUNK_COLORS);

  addFind({ below, positions, distances }: ChunkFind, colors: Uint32Array, counts: Uint32Array | undefined): void {
    this.below += below;
    this.reserve(positions.length);
    for (let i = 0; i < positions.length; i++) {
      const at = positions[i] as number;
      const count = counts ? (counts[at] as number) : 1;
      if (count === 0) continue;
      this.colors[this.length] = colors[at] as number;
      this.counts[this.length] = count;
      this.distances[this.length++] = distances[i] as number;
    }
  }

  addBand({ below, colors, counts, distances }: BandFind): void {
    this.below += below;
    this.reserve(colors.length);
    this.colors.set(colors, this.length);
    this.counts.set(counts, this.length);
    this.distances.set(distances, this.length);
    this.length += colors.length;
  }

  join(): BandFind {
    const { below, length } = this;
    return {
      below,
      colors: this.colors.slice(0, length),
      counts: this.counts.slice(0, length),
      distances: this.distances.slice(0, length),
    };
  }

  private reserve(more: number): void {
    const least = this.length + more;
    if (least <= this.colors.length) return;
    const size = Math.max(least, 2 * this.colors.length);
    const { colors, counts, distances } = this;
    this.colors = new Uint32Array(size);
    this.counts = new Uint32Array(size);
    this.distances = new Float32Array(size);
    this.colors.set(colors);
    this.counts.set(counts);
    this.distances.set(distances);
  }
}
