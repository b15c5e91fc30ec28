import { constants } from 'node:zlib';
import { ADAPTIVE, NONE, UP } from './assembly/layout.js';
import { compress, type Effort, WINDOW_BYTES } from './deflate.js';
import type { PngRows } from './encode-png.js';
import type { PngKernel } from './kernel.js';

type Bytes = Uint8Array | Uint8ClampedArray;

/** How a picture's pixels are made small. */
export interface Way {
  /** A filter type of PNG, or ADAPTIVE. */
  readonly filter: number;
  /** Of zlib; or the kernel's own compression, which looks for runs alone. */
  readonly effort: Effort | 'runs';
}

/** Without filters, which flat pictures and dithered ones are smallest with. sharp's default, and as slow. */
const PLAIN: Way = { filter: NONE, effort: { level: 6 } };

/** The fastest first. What is filtered is not tried harder: level 6 takes up to five times PLAIN's time for it. */
const WAYS: readonly Way[] = [
  // Photographs: what filters leave of them repeats by chance only.
  { filter: ADAPTIVE, effort: 'runs' },
  // Enlarged and smooth graphics.
  { filter: UP, effort: { level: 4 } },
  // Windows, text, drawings.
  { filter: ADAPTIVE, effort: { level: 4, strategy: constants.Z_FILTERED } },
  PLAIN,
];

/** A faster way may give a file so much larger. */
const ALLOWANCE = 1.03;

/** Bytes that a way is tried on, after as many as deflate looks back on. */
const SLICE_BYTES = 1 << 14;
/** A slice for each so many bytes of the picture, so that trying takes a small share of the time. */
const BYTES_PER_SLICE = 1_500_000;
const LEAST_SLICES = 4;
const MOST_SLICES = 16;
/** The kernel's empty block at the end, of which a whole piece has one as well. */
const END_BYTES = 5;
/** The golden section: slices of wide rows begin all over the width. */
const SPREAD = 0.618;

/**
 * Finds out which way suits a picture, on slices spread over it. Depends on the pixels alone.
 *
 * @param kernel for at least `countSliceRows` rows; what it returned before is lost, and it is to `begin` again
 */
export async function chooseWay(picture: PngRows, kernel: PngKernel): Promise<Way> {
  const trials = WAYS.map(({ effort }) => ({ effort, size: 0, slices: [] as Slice[] }));
  for (const place of placeSlices(picture)) {
    const rows = readRows(picture, place.row);
    WAYS.forEach(({ filter, effort }, i) => {
      const trial = trials[i] as (typeof trials)[number];
      kernel.begin(rows.above);
      const { before, data } = cutSlice(kernel.filter(rows.data, filter), place.share);
      if (effort === 'runs') trial.size += kernel.deflateRuns(data, true).length - END_BYTES;
      // Copied: the kernel's memory goes round.
      else trial.slices.push({ before: before.slice(), data: data.slice() });
    });
  }
  const sizes = await Promise.all(
    trials.map(async ({ effort, size, slices }) => size + (await measure(slices, effort))),
  );
  const limit = Math.min(sizes.at(-1) as number, Math.min(...sizes) * ALLOWANCE);
  return WAYS[sizes.findIndex((size) => size <= limit)] as Way;
}

/** Rows that are filtered for a slice. */
export function countSliceRows({ width, height, channels }: PngRows): number {
  return Math.min(height, Math.ceil((WINDOW_BYTES + SLICE_BYTES) / (width * channels + 1)));
}

interface Slice {
  readonly data: Uint8Array;
  /** As much of what comes before as deflate looks back on. */
  readonly before: Uint8Array;
}

interface Place {
  readonly row: number;
  /** Where between the first possible place in those rows and the last, 0 to 1. */
  readonly share: number;
}

function placeSlices(picture: PngRows): Place[] {
  const { width, height, channels } = picture;
  const wanted = Math.round((width * height * channels) / BYTES_PER_SLICE);
  const count = Math.max(LEAST_SLICES, Math.min(MOST_SLICES, wanted));
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

function cutSlice(filtered: Uint8Array, share: number): Slice {
  const begin = Math.floor(Math.max(0, filtered.length - WINDOW_BYTES - SLICE_BYTES) * share);
  const end = Math.min(filtered.length, begin + WINDOW_BYTES + SLICE_BYTES);
  const middle = Math.max(begin, end - SLICE_BYTES);
  return { before: filtered.subarray(begin, middle), data: filtered.subarray(middle, end) };
}

/** One slice after the other, so that few of zlib's states are alive; the ways go side by side. */
async function measure(slices: readonly Slice[], effort: Way['effort']): Promise<number> {
  let bytes = 0;
  if (effort === 'runs') return bytes;
  for (const { before, data } of slices) bytes += (await compress(data, effort, constants.Z_FINISH, before)).length;
  return bytes;
}
