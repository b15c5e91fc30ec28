import { constants } from 'node:zlib';
import { ADAPTIVE, NONE, UP } from './assembly/layout.js';
import { compress, type Effort, WINDOW_BYTES } from './deflate.js';
import type { PngKernel } from './kernel-types.js';
import type { PngRows } from './png-rows.js';

type Bytes = Uint8Array | Uint8ClampedArray;

/** How a picture's pixels are made small. */
export interface Way {
  /** A filter type of PNG, or ADAPTIVE. */
  readonly filter: number;
  /** Of zlib; or the kernel's own compression, which looks for runs alone. */
  readonly effort: Effort | 'runs';
}

/** Photographs: what filters leave of them repeats by chance only. The fastest by far. */
const RUNS: Way = { filter: ADAPTIVE, effort: 'runs' };
/** Enlarged and smooth graphics. What is filtered is not tried harder: level 6 takes up to five times PLAIN's time for it. */
const UPWARD: Way = { filter: UP, effort: { level: 4 } };
/** Windows, text, drawings. */
const FLAT: Way = { filter: ADAPTIVE, effort: { level: 4, strategy: constants.Z_FILTERED } };
/** Dithered pictures and some flat ones are smallest without filters. What sharp does by default. */
export const PLAIN: Way = { filter: NONE, effort: { level: 6 } };

/** A faster way may give a file so much larger. */
const ALLOWANCE = 1.03;

/** Bytes that a way is tried on, after as many as deflate looks back on. */
const SLICE_BYTES = 1 << 14;
/** A slice for each so many bytes of the picture, so that trying takes a small share of the time. */
const BYTES_PER_SLICE = 1_500_000;
/** Bounds of their number: enough to see a photograph, and to weigh the parts of a picture that has several kinds. */
const FEW: readonly [number, number] = [4, 8];
const MANY: readonly [number, number] = [8, 32];
/** The kernel's empty block at the end, of which a whole piece has one as well. */
const END_BYTES = 5;
/** By which RUNS may lose besides and still be taken without a closer look: flat skies are small in every way. */
const SLACK_BYTES = 48;
/** The golden section: slices of wide rows begin all over the width. */
const SPREAD = 0.618;

/**
 * Finds out which way suits a picture, on slices spread over it: the fastest that is nearly as small as the smallest, and no
 * larger than PLAIN. Depends on the pixels alone.
 *
 * @param kernel for at least `countSliceRows` rows; what it returned before is lost, and it is to `begin` again
 */
export async function chooseWay(picture: PngRows, kernel: PngKernel): Promise<Way> {
  const [runs, ...others] = await tryWays(picture, kernel, [RUNS, UPWARD, PLAIN], FEW);
  const isSure = runs.every((size, i) =>
    others.every((sizes) => size <= (sizes[i] as number) * ALLOWANCE + SLACK_BYTES),
  );
  if (isSure) return RUNS;
  const ways = [RUNS, UPWARD, FLAT, PLAIN] as const; // the fastest first
  const sizes = (await tryWays(picture, kernel, ways, MANY)).map(add);
  const limit = Math.min(sizes.at(-1) as number, Math.min(...sizes) * ALLOWANCE);
  return ways.find((_, i) => (sizes[i] as number) <= limit) ?? PLAIN;
}

/** @returns for each way the size of each slice */
async function tryWays<const Ways extends readonly Way[]>(
  picture: PngRows,
  kernel: PngKernel,
  ways: Ways,
  bounds: readonly [number, number],
): Promise<{ [Index in keyof Ways]: number[] }> {
  const trials = ways.map((): (() => number | Promise<number>)[] => []);
  for (const { row, share } of placeSlices(picture, bounds)) {
    const rows = readRows(picture, row);
    ways.forEach(({ filter, effort }, i) => {
      kernel.begin(rows.above);
      const { before, data } = cutSlice(kernel.filter(rows.data, filter), share);
      trials[i]?.push(effort === 'runs' ? tryRuns(kernel, data) : tryZlib(effort, data, before));
    });
  }
  return (await Promise.all(trials.map(runInOrder))) as { [Index in keyof Ways]: number[] };
}

function tryRuns(kernel: PngKernel, data: Uint8Array): () => number {
  const size = kernel.deflateRuns(data, true).length - END_BYTES;
  return () => size;
}

function tryZlib(effort: Effort, data: Uint8Array, before: Uint8Array): () => Promise<number> {
  // Copied: the kernel's memory goes round.
  const slices = [data.slice(), before.slice()] as const;
  return async () => (await compress(slices[0], effort, constants.Z_FINISH, slices[1])).length;
}

/** One after the other, so that few of zlib's states are alive; the ways go side by side. */
async function runInOrder(trials: readonly (() => number | Promise<number>)[]): Promise<number[]> {
  const sizes: number[] = [];
  for (const trial of trials) sizes.push(await trial());
  return sizes;
}

/** Rows that are filtered for a slice. */
export function countSliceRows({ width, height, channels }: PngRows): number {
  return Math.min(height, Math.ceil((WINDOW_BYTES + SLICE_BYTES) / (width * channels + 1)));
}

interface Place {
  readonly row: number;
  /** Where between the first possible place in those rows and the last, 0 to 1. */
  readonly share: number;
}

function placeSlices(picture: PngRows, [least, most]: readonly [number, number]): Place[] {
  const { width, height, channels } = picture;
  const wanted = Math.round((width * height * channels) / BYTES_PER_SLICE);
  const count = Math.max(least, Math.min(most, wanted));
  const room = height - countSliceRows(picture);
  return Array.from({ length: count }, (_, i) => ({
    row: Math.floor(((i + 0.5) / count) * room),
    share: ((i + 1) * SPREAD) % 1,
  }));
}

function readRows(picture: PngRows, row: number): { above?: Bytes; data: Bytes } {
  const data = picture.read(Math.max(0, row - 1), countSliceRows(picture) + Math.min(row, 1));
  const rowBytes = picture.width * picture.channels;
  return row === 0 ? { data } : { above: data.subarray(0, rowBytes), data: data.subarray(rowBytes) };
}

/** A part of filtered rows, and as much before it as deflate looks back on. */
function cutSlice(filtered: Uint8Array, share: number): { before: Uint8Array; data: Uint8Array } {
  const begin = Math.floor(Math.max(0, filtered.length - WINDOW_BYTES - SLICE_BYTES) * share);
  const end = Math.min(filtered.length, begin + WINDOW_BYTES + SLICE_BYTES);
  const middle = Math.max(begin, end - SLICE_BYTES);
  return { before: filtered.subarray(begin, middle), data: filtered.subarray(middle, end) };
}

function add(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
