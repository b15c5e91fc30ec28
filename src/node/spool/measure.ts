import { planFromSortedStream, type SortedStream } from '../../core/analysis/deep-stream-plan.js';
import type { LabStream } from '../../core/analysis/lab-stream.js';
import { SORT_TARGETS } from '../../core/analysis/pixel-buckets.js';
import { oklabBlocks, settleOnStream } from '../../core/analysis/settle-reaches.js';
import { makeBuckets, sortDeepPixels } from '../../core/analysis/sort-deep.js';
import { planFromStream } from '../../core/analysis/stream-plan.js';
import type { StripCensus } from '../../core/analysis/strip-census.js';
import type { Backend, Cancel, Gamut, Plan, Recipe } from '../../core/index.js';
import { checkGamut, isPlan } from '../../core/plan-file.js';
import type { CoarsePass } from '../hierarchical/coarse-pass.js';
import type { PixelRows } from '../hierarchical/sample.js';
import { VIPS_HEADER_BYTES } from '../image/vips-file.js';
import type { SpoolFile } from './spool-file.js';
import type { StripRunner } from './strips.js';

export interface Measured {
  readonly plan: Plan;
  /** When the colors were counted and when the radii stood, milliseconds. */
  readonly countedAt: number;
  readonly plannedAt: number;
}

export interface MeasureRequest {
  readonly spool: SpoolFile;
  readonly strips: StripRunner;
  readonly gamut: Gamut;
  readonly recipeOrPlan: Recipe | Plan;
  /** Sorts the pixels of a 16-bit image; without one this thread does, by the core's own code. */
  readonly backend?: Backend | undefined;
  /** Counts an 8-bit image; without one it is not counted. */
  readonly census?: StripCensus | undefined;
  /** Settles the plan by a shrunken copy, if asked to. */
  readonly coarse?: CoarsePass | undefined;
  readonly signal?: Cancel | undefined;
  /** Called with the share of a look over all pixels. */
  readonly onLook?: (share: number) => void;
  readonly now: () => number;
}

/** Counts the colors and freezes the radii, beside the decoder: each strip is counted as soon as it is written. */
export async function measureSpool(request: MeasureRequest): Promise<Measured> {
  const { spool, strips, gamut, census, coarse, signal, now } = request;
  if (census) await strips.run({ signal }, (samples) => census.add(samples as Uint8Array, spool.channels));
  const countedAt = now();
  const measureExactly = async (recipe: Recipe): Promise<{ plan: Plan; milliseconds: number }> => {
    const began = now();
    const plan = census
      ? await planFromStream(census.toStream(gamut), recipe, gamut)
      : await planFromSortedStream(sortDeepStrips(request), await settleOnStream(recipe, deepStream(request)), gamut);
    return { plan, milliseconds: now() - began };
  };
  const settled = coarse
    ? await coarse.settle(rowsOfSpool(spool, gamut, signal), measureExactly)
    : request.recipeOrPlan;
  const plan = isPlan(settled) ? checkGamut(settled, gamut) : (await measureExactly(settled)).plan;
  return { plan, countedAt, plannedAt: now() };
}

/** Single rows, as soon as the decoder has written them. */
export function rowsOfSpool(spool: SpoolFile, gamut: Gamut, signal?: Cancel): PixelRows {
  const { width, height, channels, rowBytes, is16Bit, file } = spool;
  const row = new Uint8Array(rowBytes);
  return {
    width,
    height,
    channels,
    gamut,
    async readRow(at) {
      await spool.whenRow(at, signal);
      await file.read(row, 0, rowBytes, VIPS_HEADER_BYTES + at * rowBytes);
      return is16Bit ? new Uint16Array(row.buffer) : row;
    },
  };
}

/** A 16-bit image, read and converted anew each time. */
export function deepStream({ spool, strips, gamut, signal, onLook }: MeasureRequest): LabStream {
  return {
    each: (visit) =>
      strips.run({ signal, onShare: onLook }, (samples) => {
        for (const lab of oklabBlocks(samples, spool.channels, gamut)) visit(lab, undefined, lab.length / 3);
      }),
  };
}

/** A 16-bit image, read and sorted anew each time. */
function sortDeepStrips({ spool, strips, gamut, backend, signal, onLook }: MeasureRequest): SortedStream {
  const { channels, width } = spool;
  const room = Array.from({ length: SORT_TARGETS }, () => makeBuckets(strips.rows * width));
  return {
    each: (targets, visit) =>
      strips.run({ signal, onShare: onLook }, async (strip) => {
        const samples = strip as Uint16Array;
        for (let first = 0; first < targets.length; first += SORT_TARGETS) {
          const group = targets.slice(first, first + SORT_TARGETS);
          const sorted = room.slice(0, group.length).map(({ buckets, counts }) => ({
            buckets: buckets.subarray(0, samples.length / channels),
            counts: counts.fill(0),
          }));
          await sortDeepPixels(samples, channels, group, gamut, sorted, { backend, signal });
          visit({ samples, channels, first, sorted });
        }
      }),
  };
}
