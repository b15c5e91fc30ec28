import {
  CENSUS_MIN_PIXELS,
  ColorList,
  type ColorTable,
  clearTable,
  countStrip,
  readCounts,
} from './analysis/census.js';
import type { LabStream } from './analysis/lab-stream.js';
import { oklabOfColors } from './analysis/oklab-of-colors.js';
import { planFromPixels, planFromSorted, type SortPixels } from './analysis/pixel-plan.js';
import { makeBuckets, sortDeepPixels } from './analysis/sort-deep.js';
import { planFromStream } from './analysis/stream-plan.js';
import type { Backend } from './backend.js';
import { createBreath } from './breath.js';
import { throwIfCanceled } from './errors.js';
import type { OpenPicture, PictureCensus, PictureOptions } from './open-picture.js';
import { pullBlocks } from './pull-pixels.js';
import { fillTable, repaint } from './repaint.js';
import { borrowTable, giveBackTable } from './spare-table.js';
import type { Cancel, Pixels } from './types.js';

/** Opens a picture: with the backend's own stages where it has them, else with the core's. @throws CANCELED */
export async function openPicture(pixels: Pixels, backend: Backend, options: PictureOptions): Promise<OpenPicture> {
  throwIfCanceled(options.signal);
  return (await backend.openPicture?.(pixels, options)) ?? openInCore(pixels, backend, options.signal);
}

/** Pixels a strip: a millisecond of a photograph, ten of noise, whose every color is another page of the table. */
const STRIP_PIXELS = 1 << 17;

/** Colors measured, and colors looked up in the table, between two looks at the event loop. */
const BLOCK_COLORS = 1 << 14;
const TABLE_COLORS = 1 << 17;

/** A table of more colors is cleared as a whole. */
const CLEARED_COLORS = 1 << 20;

/** The stages in typed arrays, on one thread. Reference of every other. */
export function openInCore(pixels: Pixels, backend: Backend, signal?: Cancel): OpenPicture {
  const { data, channels, width, height, gamut = 'srgb' } = pixels;
  const breathe = createBreath();
  let table: ColorTable | undefined;
  const found = new ColorList();
  let colors: Uint32Array | undefined;

  async function eachStrip(visit: (strip: Uint8Array | Uint8ClampedArray) => void): Promise<void> {
    const bytes = data as Uint8Array | Uint8ClampedArray;
    const step = STRIP_PIXELS * channels;
    for (let at = 0; at < bytes.length; at += step) {
      throwIfCanceled(signal);
      visit(bytes.subarray(at, at + step));
      await breathe();
    }
    throwIfCanceled(signal);
  }

  async function eachBlock(length: number, visit: (first: number, end: number) => void): Promise<void> {
    for (let first = 0; first < length; first += TABLE_COLORS) {
      throwIfCanceled(signal);
      visit(first, Math.min(length, first + TABLE_COLORS));
      await breathe();
    }
  }

  async function census(): Promise<PictureCensus> {
    table ??= borrowTable();
    const counted = table;
    await eachStrip((strip) => countStrip(strip, channels, counted, found));
    const joined = found.toArray();
    colors = joined;
    return {
      colors: joined,
      newColors: new Uint32Array(joined.length),
      async counts() {
        const counts = new Float64Array(joined.length);
        await eachBlock(joined.length, (first, end) =>
          counts.set(readCounts(counted, joined.subarray(first, end)), first),
        );
        return counts;
      },
    };
  }

  /** The colors, in blocks between which others have their turn. */
  function streamOf(counted: Uint32Array, filled: ColorTable): LabStream {
    const blocks: { readonly lab: Float64Array; readonly counts: Float64Array }[] = [];
    return {
      async each(visit) {
        for (let first = 0, n = 0; first < counted.length; first += BLOCK_COLORS, n++) {
          const part = counted.subarray(first, first + BLOCK_COLORS);
          const block = (blocks[n] ??= { lab: oklabOfColors(part, gamut), counts: readCounts(filled, part) });
          visit(block.lab, block.counts, part.length);
          await breathe();
          throwIfCanceled(signal);
        }
      },
    };
  }

  return {
    census,
    async plan(recipe) {
      if (data instanceof Uint16Array) {
        const sort: SortPixels = async (_, centers) => {
          const sorted = centers.map(() => makeBuckets(width * height));
          await sortDeepPixels(data, channels, centers, gamut, sorted, { backend, signal });
          return sorted;
        };
        return planFromSorted(pixels, recipe, sort, signal);
      }
      if (!colors && width * height < CENSUS_MIN_PIXELS) return planFromPixels(pixels, recipe);
      if (!colors) await census();
      const counted = colors as unknown as Uint32Array;
      return planFromStream(streamOf(counted, table as ColorTable), recipe, gamut);
    },
    async paint(newColors) {
      const filled = table as ColorTable;
      const old = colors as Uint32Array;
      await eachBlock(old.length, (first, end) =>
        fillTable(filled, old.subarray(first, end), newColors.subarray(first, end)),
      );
      await eachStrip((strip) => repaint(strip, channels, filled));
    },
    pull: (plan) => pullBlocks(pixels, plan, backend, signal),
    close() {
      if (!table) return;
      const met = found.toArray();
      const isLong = met.length > CLEARED_COLORS;
      // A canceled picture is closed at once: the next one makes a table of its own.
      if (!isLong || !signal?.aborted) {
        if (isLong) table.slots.fill(0);
        else clearTable(table, met);
        giveBackTable(table);
      }
      table = undefined;
    },
  };
}
