import { ADAPTIVE } from './assembly/layout.js';
import { openKernel, type PngKernel } from './kernel.js';
import type { PngRows } from './png-rows.js';

/**
 * How a picture's pixels are made small: `runs` by the kernel, the fastest by far, for photographs; the others by a zlib that searches for
 * repeats: `filtered`, for smooth and enlarged graphics and for windows; `plain` without filters, for dithered pictures and some flat ones.
 */
export type PngWay = 'runs' | 'filtered' | 'plain';

/** A part of a picture, or a small one whole. */
export interface PngSlice extends Pick<PngRows, 'width' | 'height' | 'channels'> {
  readonly data: Uint8Array;
}

/**
 * How many bytes the pixels of a slice take, by each way that goes through the platform's own zlib. The kernel, for slices of this shape, may
 * filter for them.
 */
export type Packers = Readonly<
  Record<Exclude<PngWay, 'runs'>, (slice: PngSlice, kernel: PngKernel | undefined) => Promise<number>>
>;

/** The fastest first. */
const WAYS = ['runs', 'filtered', 'plain'] as const;
/** A faster way may give a file so much larger: for photographs `runs` takes a third to a seventh of the time. */
const ALLOWANCE = 1.05;
/** A slice is a picture of whole rows, as far as they are not longer than this, and of about so many bytes: twice what deflate looks back on. */
const SLICE_WIDTH = 8192;
const SLICE_BYTES = 1 << 16;
/** A slice for each so many bytes of the picture, so that trying takes a small share of the time. */
const BYTES_PER_SLICE = 1_500_000;
/** Bounds of their number: enough to see a photograph, and to weigh the parts of a picture that has several kinds. */
const FEW: readonly [number, number] = [4, 8];
const MANY: readonly [number, number] = [8, 24];
/** By which `runs` may lose besides and still be taken without a closer look: flat skies are small in every way. */
const SLACK_BYTES = 48;
/** The golden section: slices of wide rows begin all over the width. */
const SPREAD = 0.618;

/**
 * Finds out which way suits a picture, on slices spread over it: the fastest that is nearly as small as the smallest, and no larger
 * than `plain`. Depends on the pixels and on the packers alone.
 */
export async function chooseWay(picture: PngRows, packers: Packers): Promise<PngWay> {
  const { width, height, channels } = measureSlice(picture);
  // One for all: each reserves gigabytes of addresses.
  const kernel = openKernel({ rowBytes: width * channels, pixelBytes: channels, rows: height });
  const few = await trySlices(picture, FEW, packers, kernel);
  const isSure = few.every(({ runs, filtered, plain }) => runs <= Math.min(filtered, plain) * ALLOWANCE + SLACK_BYTES);
  if (isSure) return 'runs';
  const sizes = await trySlices(picture, MANY, packers, kernel);
  const total = (way: PngWay): number => sizes.reduce((sum, size) => sum + size[way], 0);
  const limit = Math.min(total('plain'), Math.min(...WAYS.map(total)) * ALLOWANCE);
  return WAYS.find((way) => total(way) <= limit) ?? 'plain';
}

type Sizes = Readonly<Record<PngWay, number>>;

async function trySlices(
  picture: PngRows,
  bounds: readonly [number, number],
  packers: Packers,
  kernel: PngKernel | undefined,
): Promise<Sizes[]> {
  return Promise.all(
    cutSlices(picture, bounds).map(async (slice) => {
      const runs = kernel ? tryRuns(slice, kernel) : Number.POSITIVE_INFINITY;
      const [filtered, plain] = await Promise.all([packers.filtered(slice, kernel), packers.plain(slice, kernel)]);
      return { runs, filtered, plain };
    }),
  );
}

function tryRuns({ data }: PngSlice, kernel: PngKernel): number {
  kernel.begin();
  return kernel.deflateRuns(kernel.filter(data, ADAPTIVE), true).length;
}

function measureSlice({ width: whole, height, channels }: PngRows): Omit<PngSlice, 'data'> {
  const width = Math.min(whole, SLICE_WIDTH);
  return { width, height: Math.min(height, Math.ceil(SLICE_BYTES / (width * channels))), channels };
}

function cutSlices(picture: PngRows, [least, most]: readonly [number, number]): PngSlice[] {
  const { width, height, channels } = measureSlice(picture);
  const wanted = Math.round((picture.width * picture.height * channels) / BYTES_PER_SLICE);
  const isWhole = width === picture.width && height === picture.height;
  const count = isWhole ? 1 : Math.max(least, Math.min(most, wanted));
  return Array.from({ length: count }, (_, i) => {
    const top = Math.floor(((i + 0.5) / count) * (picture.height - height));
    const left = Math.floor((((i + 1) * SPREAD) % 1) * (picture.width - width + 1));
    return { data: copyPart(picture, top, height, left, width), width, height, channels };
  });
}

function copyPart(picture: PngRows, top: number, height: number, left: number, width: number): Uint8Array {
  const { channels } = picture;
  const rows = picture.read(top, height);
  const part = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const from = (y * picture.width + left) * channels;
    part.set(rows.subarray(from, from + width * channels), y * width * channels);
  }
  return part;
}
