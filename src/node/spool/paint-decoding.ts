import { planFromStream } from '../../core/analysis/stream-plan.js';
import type { StripCensus } from '../../core/analysis/strip-census.js';
import { ColorMemo } from '../../core/color-memo.js';
import type { Backend, Cancel, ColorTable, Gamut, Plan } from '../../core/index.js';
import { pullPixels } from '../../core/pull-pixels.js';
import { checkGamut } from '../../core/recipe.js';
import type { Samples } from '../../core/types.js';
import type { CoarsePass } from '../hierarchical/coarse-pass.js';
import { rowsOfSpool } from './measure.js';
import type { SpoolFile } from './spool-file.js';
import type { StripRunner } from './strips.js';

export interface EarlyRequest {
  readonly spool: SpoolFile;
  readonly strips: StripRunner;
  readonly gamut: Gamut;
  readonly backend: Backend;
  /** The plan, as soon as it is known. */
  readonly early: () => Promise<Plan>;
  /** All zero; undefined: every pixel is computed. */
  readonly table: ColorTable | undefined;
  /** Counts too; only where exact radii are asked for. */
  readonly census: StripCensus | undefined;
  readonly coarse: CoarsePass | undefined;
  readonly signal: Cancel | undefined;
  /** Called after each strip with the share that is done. */
  readonly onShare: (share: number) => void;
  readonly now: () => number;
}

export interface EarlyResult {
  readonly plan: Plan;
  readonly distinctColors: number | undefined;
  /** When the last strip was recolored, milliseconds. */
  readonly paintedAt: number;
}

/**
 * Recolors a spooled image in place with a plan that is known before the decoder is done: each strip as soon as it is written. No
 * census has to end first, and no second look at the file is needed.
 */
export async function recolorEarly({ early, census, coarse, now, ...work }: EarlyRequest): Promise<EarlyResult> {
  const { spool, gamut, signal } = work;
  const plan = checkGamut(await early(), gamut);
  const onStrip = census && ((samples: Samples) => census.add(samples as Uint8Array, spool.channels));
  const distinctColors = await paintBehindDecoder({ ...work, plan, ...(onStrip && { onStrip }) });
  const paintedAt = now();
  await coarse?.settle(rowsOfSpool({ spool, gamut, signal }), async (recipe) => {
    if (!census) throw new TypeError('recolorEarly: exact radii were asked for without a census');
    const began = now();
    const exact = await planFromStream(census.toStream(gamut), recipe, gamut);
    return { plan: exact, milliseconds: now() - began };
  });
  return { plan, distinctColors, paintedAt };
}

interface PaintRequest {
  readonly spool: SpoolFile;
  readonly strips: StripRunner;
  readonly plan: Plan;
  readonly backend: Backend;
  readonly table: ColorTable | undefined;
  /** Sees each strip before it is recolored. */
  readonly onStrip?: (samples: Samples) => void;
  readonly signal: Cancel | undefined;
  readonly onShare: (share: number) => void;
}

/** @returns the distinct colors, where they are known */
async function paintBehindDecoder(request: PaintRequest): Promise<number | undefined> {
  const { spool, strips, plan, backend, table, onStrip, signal, onShare } = request;
  const { channels, width } = spool;
  const memo = table && new ColorMemo(table, (colors, newColors) => backend.evaluate(colors, plan, newColors, signal));
  await strips.run({ write: true, signal, onShare }, (samples) => {
    onStrip?.(samples);
    if (memo) return memo.recolor(samples as Uint8Array, channels);
    const height = samples.length / channels / width;
    return pullPixels({ data: samples, width, height, channels }, plan, backend, signal);
  });
  return memo?.distinctColors;
}
