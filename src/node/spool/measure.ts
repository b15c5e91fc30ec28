import { type LabStream, planFromStream } from '../../core/analysis/stream-plan.js';
import type { StripCensus } from '../../core/analysis/strip-census.js';
import { gamutMatrices, writeOklab } from '../../core/color/oklab.js';
import { linearTable } from '../../core/color/srgb.js';
import type { Cancel, Gamut, Plan, Recipe } from '../../core/index.js';
import { checkGamut, isPlan } from '../../core/recipe.js';
import type { CoarsePass } from '../hierarchical/coarse-pass.js';
import type { PixelRows } from '../hierarchical/sample.js';
import { VIPS_HEADER_BYTES } from '../image/vips-file.js';
import type { SpoolFile } from './spool-file.js';
import type { StripRunner } from './strips.js';

/** 16-bit colors converted at once: their Oklab values stay within a core's cache. */
const BLOCK_PIXELS = 4096;

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
    const stream = census ? census.toStream(gamut) : streamDeepColors(request);
    const plan = await planFromStream(stream, recipe, gamut);
    return { plan, milliseconds: now() - began };
  };
  const settled = coarse ? await coarse.settle(rowsOfSpool(request), measureExactly) : request.recipeOrPlan;
  const plan = isPlan(settled) ? checkGamut(settled, gamut) : (await measureExactly(settled)).plan;
  return { plan, countedAt, plannedAt: now() };
}

/** Single rows, as soon as the decoder has written them. */
export function rowsOfSpool({ spool, gamut, signal }: Pick<MeasureRequest, 'spool' | 'gamut' | 'signal'>): PixelRows {
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

/** The visible pixels of a 16-bit image, read anew each time. */
function streamDeepColors({ spool, strips, gamut, signal, onLook }: MeasureRequest): LabStream {
  const { channels } = spool;
  const { toLms } = gamutMatrices(gamut);
  const linear = linearTable(65535);
  const lab = new Float64Array(BLOCK_PIXELS * 3);
  return {
    each: (visit) =>
      strips.run({ signal, onShare: onLook }, (samples) => {
        let filled = 0;
        for (let i = 0; i < samples.length; i += channels) {
          if (channels === 4 && samples[i + 3] === 0) continue;
          const red = linear[samples[i] as number] as number;
          const green = linear[samples[i + 1] as number] as number;
          writeOklab(lab, filled * 3, red, green, linear[samples[i + 2] as number] as number, toLms);
          if (++filled < BLOCK_PIXELS) continue;
          visit(lab, undefined, filled);
          filled = 0;
        }
        if (filled > 0) visit(lab, undefined, filled);
      }),
  };
}
