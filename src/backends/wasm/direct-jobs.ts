/** What one thread does to a picture that is computed pixel by pixel. */
import type { Gamut } from '../../core/types.js';
import { CHUNK_COLORS, MEASURED_ATTRACTORS } from './assembly/layout.js';
import type { BandFind, Kernel } from './kernel.js';
import { type DistanceBand, packBands } from './parameters.js';

/** Looks for the pixels of a part of a picture that lie in bands of distances. */
export interface CollectJob {
  readonly kind: 'collect';
  readonly data: Uint8Array;
  readonly channels: 3 | 4;
  readonly bands: readonly DistanceBand[];
  readonly gamut: Gamut;
}

/** Pulls the pixels of a part of a picture, in place. */
export interface PullPixelsJob {
  readonly kind: 'pull-pixels';
  /** Parameter block (parameters.ts). */
  readonly parameters: Float32Array;
  readonly data: Uint8Array;
  readonly channels: 3 | 4;
}

/** What `collect` found in a part of a picture; `bands` in their order, with memory of their own. */
export interface Collected {
  /** Pixels with an alpha above 0. */
  readonly visible: number;
  readonly bands: readonly BandFind[];
}

export function collectPixels(kernel: Kernel, { data, channels, bands, gamut }: CollectJob): Collected {
  const lists = bands.map(() => new BandList());
  const groups: { readonly block: Float32Array; readonly lists: readonly BandList[] }[] = [];
  for (let first = 0; first < bands.length; first += MEASURED_ATTRACTORS) {
    const end = first + MEASURED_ATTRACTORS;
    groups.push({ block: packBands(bands.slice(first, end), gamut), lists: lists.slice(first, end) });
  }
  let visible = 0;
  if (groups.length === 1) kernel.setParameters((groups[0] as (typeof groups)[number]).block);
  eachChunk(data, channels, (chunk) => {
    const count = kernel.takeVisible(chunk, channels);
    visible += count;
    for (const { block, lists } of groups) {
      if (groups.length > 1) kernel.setParameters(block);
      const finds = kernel.collect(count, lists.length);
      for (const [i, find] of finds.entries()) lists[i]?.add(find);
    }
  });
  return { visible, bands: lists.map((list) => list.join()) };
}

/** @returns positions of the pixels that are to be evaluated in float64, and are as they were */
export function pullPixels(kernel: Kernel, { parameters, data, channels }: PullPixelsJob): Uint32Array {
  kernel.setParameters(parameters);
  const doubtful: number[] = [];
  eachChunk(data, channels, (chunk, firstPixel) => {
    for (const at of kernel.recolor(chunk, channels)) doubtful.push(firstPixel + at);
  });
  return Uint32Array.from(doubtful);
}

function eachChunk(data: Uint8Array, channels: 3 | 4, work: (chunk: Uint8Array, firstPixel: number) => void): void {
  const pixels = data.length / channels;
  for (let pixel = 0; pixel < pixels; pixel += CHUNK_COLORS) {
    work(data.subarray(pixel * channels, (pixel + CHUNK_COLORS) * channels), pixel);
  }
}

/** The finds of many chunks; each is copied out of the kernel's memory. */
class BandList {
  private below = 0;
  private length = 0;
  private colors = new Uint32Array(CHUNK_COLORS);
  private distances = new Float32Array(CHUNK_COLORS);

  add({ below, colors, distances }: BandFind): void {
    this.below += below;
    const length = this.length + colors.length;
    if (length > this.colors.length) this.grow(length);
    this.colors.set(colors, this.length);
    this.distances.set(distances, this.length);
    this.length = length;
  }

  join(): BandFind {
    const { below, length } = this;
    return { below, colors: this.colors.slice(0, length), distances: this.distances.slice(0, length) };
  }

  private grow(least: number): void {
    const size = Math.max(least, 2 * this.colors.length);
    const [colors, distances] = [new Uint32Array(size), new Float32Array(size)];
    colors.set(this.colors);
    distances.set(this.distances);
    this.colors = colors;
    this.distances = distances;
  }
}
