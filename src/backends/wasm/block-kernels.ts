/** What the threads run: each kernel does one block, which lies in a buffer or in the heap, and leaves its results there. */

import { NO_BUCKET, PIXEL_BUCKETS, sortPixels } from '../../core/analysis/pixel-buckets.js';
import type { Lut } from '../../core/lut/lut.js';
import { createSampler } from '../../core/lut/sample.js';
import type { Interpolation } from '../../core/options.js';
import type { Center } from '../../core/row/distance.js';
import type { Gamut, Plan, Samples } from '../../core/types.js';
import { createGridFiller } from '../js/grid.js';
import { createColorPuller } from '../js/pull-bytes.js';
import { createDeepPuller } from '../js/pull-deep.js';
import { CHUNK, SORT_COUNTS, SORTED_TARGETS, TABLE_BYTES, THREAD_BYTES, THREADS } from './assembly/layout.js';
import { EMITTED } from './control.js';
import type { PictureLayout } from './heap.js';
import type { Thread } from './thread.js';

/** Pixels of a block for kernels that take a nanosecond or two for each. */
export const LIGHT_BLOCK = 8 * CHUNK;
/** Blocks of colors that are emitted at once: all 2^18 in 64 goes. */
export const EMITTED_BLOCKS = 4096;
/** Rows of nodes, each of one green and one blue: a millisecond of the largest table. */
export const GRID_ROWS = 8;
/** From a buffer's results: where doubts about new colors are listed. */
const DOUBTS = CHUNK * 4;
/** Of `pullDeep`, which lists a pixel up to four times: where it keeps the pixels as they were. */
const ORIGINALS = CHUNK * 16;

/**
 * Does one block.
 *
 * @param input address of the block's items in a buffer; for kernels whose items lie in the heap anyway nothing is there
 * @param results address of room for results
 * @param count items
 * @param block its number
 * @returns a number for whoever takes the results
 */
export type BlockKernel = (input: number, results: number, count: number, block: number) => number;

/** What each kernel needs to know; goes to workers as it is. */
export interface Setups {
  /** Counts pixels into the thread's table. */
  count: { channels: 3 | 4; picture: PictureLayout };
  /** Appends the colors of EMITTED_BLOCKS blocks to the census. */
  emit: { channels: 3 | 4; picture: PictureLayout };
  /** Packed colors to new ones, in the results. The plan is in the heap (`writePlan`). */
  pull: { plan: Plan };
  /** The same in the census of a picture. */
  pullCensus: { plan: Plan; colors: number; newColors: number };
  /** Pixels, in place. */
  pullPixels: { plan: Plan; channels: 3 | 4 };
  /** Gives the slots of colors their new colors. */
  fill: { picture: PictureLayout };
  /** Pixels look their new colors up, in place. */
  paint: { channels: 3 | 4; slots: number };
  /** Colors of a census in bands of distances (`writeBands`). */
  collectColors: { colors: number; counts: number; rows: number };
  /** Visible pixels in bands. @returns how many are visible */
  collectPixels: { channels: 3 | 4; rows: number };
  /** 16-bit pixels, in place (`writePlan`). */
  pullDeep: { plan: Plan; channels: 3 | 4 };
  /** 16-bit pixels into buckets, in the results, and counts of the thread (`writeCenters`). */
  sortDeep: { targets: readonly Center[]; gamut: Gamut; channels: 3 | 4 };
  /** 8-bit pixels in the lookup table of the heap (`writeLut`), into the results. */
  lookUp: { channels: 3 | 4; last: number };
  /** Pixels in any lookup table, by the core's own code, in place. */
  sample: { table: SampledLut; channels: 3 | 4 };
  /** Nodes of a lookup table, GRID_ROWS rows a block, as float32 in the results. */
  grid: { axis: Float64Array; plan: Plan };
}

export type KernelName = keyof Setups;

/** A lookup table with its values in memory that all threads see, if there are several. */
export interface SampledLut {
  /** Tells one table from the next. */
  readonly id: number;
  readonly lut: Lut;
  readonly interpolation: Interpolation;
  readonly maxCode: 255 | 65535;
}

export const BLOCK_KERNELS: { readonly [K in KernelName]: (thread: Thread, setup: Setups[K]) => BlockKernel } = {
  count({ exports, index }, { channels, picture: { tables, more } }) {
    const count = channels === 3 ? exports.countRgb : exports.countRgba;
    const table = tables + index * TABLE_BYTES;
    return (input, results, pixels) => {
      count(input, pixels, table, more, results);
      return 0;
    };
  },

  emit({ exports }, { channels, picture: { tables, tableCount, more, colors, counts } }) {
    const hasAlpha = channels === 4;
    return (_input, _results, count, block) => {
      exports.emit(block * EMITTED_BLOCKS, count, tables, tableCount, hasAlpha, more, EMITTED * 4, colors, counts);
      return 0;
    };
  },

  pull(thread, { plan }) {
    const pull = createSettledPull(thread, plan);
    return (input, results, count) => pull(input, count, results, results + DOUBTS);
  },

  pullCensus(thread, { plan, colors, newColors }) {
    const pull = createSettledPull(thread, plan);
    return (_input, results, count, block) => {
      const at = block * CHUNK * 4;
      return pull(colors + at, count, newColors + at, results);
    };
  },

  pullPixels({ exports, heap }, { plan, channels }) {
    const settle = createColorPuller(plan);
    const one = new Uint32Array(1);
    return (input, results, count) => {
      const doubts = exports.pullPixels(input, count, channels, results);
      const { u8, u32 } = heap;
      for (let n = 0; n < doubts; n++) {
        const at = input + (u32[results / 4 + n] as number) * channels;
        one[0] = (u8[at] as number) | ((u8[at + 1] as number) << 8) | ((u8[at + 2] as number) << 16);
        settle(one, one);
        const color = one[0] as number;
        u8[at] = color & 255;
        u8[at + 1] = (color >>> 8) & 255;
        u8[at + 2] = color >>> 16;
      }
      return doubts;
    };
  },

  fill({ exports }, { picture: { colors, newColors, slots } }) {
    return (_input, _results, count, block) => {
      const at = block * LIGHT_BLOCK * 4;
      exports.fill(colors + at, newColors + at, count, slots);
      return 0;
    };
  },

  paint({ exports }, { channels, slots }) {
    const paint = channels === 3 ? exports.paintRgb : exports.paintRgba;
    return (input, _results, pixels) => {
      paint(input, pixels, slots);
      return 0;
    };
  },

  collectColors({ exports }, { colors, counts, rows }) {
    return (_input, results, count, block) => {
      const at = block * CHUNK * 4;
      exports.collectColors(colors + at, counts + at, count, rows, results);
      return 0;
    };
  },

  collectPixels({ exports }, { channels, rows }) {
    return (input, results, count) => exports.collectPixels(input, count, channels, rows, results);
  },

  pullDeep({ exports: { pullDeep }, heap }, { plan, channels }) {
    const settle = createDeepPuller(plan);
    const one = new Uint16Array(4);
    if (!pullDeep) return (input, _results, count) => settleAll(settle, heap.u16, input, count, channels);
    return (input, results, count) => {
      const { u16, u32 } = heap;
      const [from, originals] = [input / 2, (results + ORIGINALS) / 2];
      u16.copyWithin(originals, from, from + count * channels);
      const doubts = pullDeep(input, count, channels * 2, results);
      for (let n = 0; n < doubts; n++) {
        const at = (u32[results / 4 + n] as number) * channels;
        for (let k = 0; k < 3; k++) one[k] = u16[originals + at + k] as number;
        settle(one, 4);
        for (let k = 0; k < 3; k++) u16[from + at + k] = one[k] as number;
      }
      return doubts;
    };
  },

  sortDeep(thread, { targets, gamut, channels }) {
    const { heap, index } = thread;
    const { bucketDeep } = thread.exports;
    return (input, results, count) => {
      const { u16, u32 } = heap;
      const counts = sortCounts(u32, index);
      const samples = u16.subarray(input / 2, input / 2 + count * channels);
      const out = targets.map((_, t) => ({
        buckets: u16.subarray(results / 2 + t * CHUNK, results / 2 + t * CHUNK + count),
        counts: counts[t] as Uint32Array,
      }));
      if (!bucketDeep) {
        sortPixels(samples, channels, targets, gamut, out);
        return 0;
      }
      bucketDeep(input, count, channels * 2, targets.length, results);
      for (const { buckets, counts: own } of out) {
        for (let n = 0; n < count; n++) {
          if (channels === 4 && samples[n * 4 + 3] === 0) {
            buckets[n] = NO_BUCKET;
            continue;
          }
          const bucket = buckets[n] as number;
          own[bucket] = (own[bucket] as number) + 1;
        }
      }
      return 0;
    };
  },

  lookUp({ exports: { lookUp } }, { channels, last }) {
    return (input, results, count) => {
      lookUp?.(input, count, channels, last, results);
      return 0;
    };
  },

  sample({ heap }, { table, channels }) {
    const sampler = samplerFor(table);
    return (input, _results, count) => {
      const { u8, u16 } = heap;
      const samples: Samples =
        table.maxCode === 255
          ? u8.subarray(input, input + count * channels)
          : u16.subarray(input / 2, input / 2 + count * channels);
      sampler.apply(samples, channels);
      return 0;
    };
  },

  grid({ heap }, { axis, plan }) {
    const fill = createGridFiller(axis, plan);
    const length = axis.length * 3;
    return (_input, results, count, block) => {
      for (let n = 0, at = results / 4; n < count; n++, at += length)
        fill(block * GRID_ROWS + n, heap.f32.subarray(at, at + length));
      return 0;
    };
  },
};

/** The counts of a thread, by target. */
export function sortCounts(u32: Uint32Array, thread: number): Uint32Array[] {
  const first = (THREADS + thread * THREAD_BYTES + SORT_COUNTS) / 4;
  return Array.from({ length: SORTED_TARGETS }, (_, t) =>
    u32.subarray(first + t * PIXEL_BUCKETS, first + (t + 1) * PIXEL_BUCKETS),
  );
}

/** The pull of a chunk of colors, with those that float32 is not sure of in float64. @returns pulls; returns how many those were */
function createSettledPull(
  { exports, heap }: Thread,
  plan: Plan,
): (colors: number, count: number, to: number, doubts: number) => number {
  const settle = createColorPuller(plan);
  const one = new Uint32Array(1);
  return (colors, count, to, doubts) => {
    const found = exports.pullColors(colors, count, to, doubts);
    const { u32 } = heap;
    for (let n = 0; n < found; n++) {
      const at = u32[doubts / 4 + n] as number;
      one[0] = u32[colors / 4 + at] as number;
      settle(one, one);
      u32[to / 4 + at] = one[0] as number;
    }
    return found;
  };
}

function settleAll(
  pull: ReturnType<typeof createDeepPuller>,
  u16: Uint16Array,
  input: number,
  count: number,
  channels: 3 | 4,
): number {
  pull(u16.subarray(input / 2, input / 2 + count * channels), channels);
  return 0;
}

let last: { readonly id: number; readonly sampler: ReturnType<typeof createSampler> } | undefined;

/** Its tables of 65,536 codes take as long to make as a million pixels. */
function samplerFor({ id, lut, interpolation, maxCode }: SampledLut): ReturnType<typeof createSampler> {
  if (last?.id !== id) last = { id, sampler: createSampler(lut, interpolation, maxCode) };
  return last.sampler;
}
