/**
 * READ FIRST. An 8-bit picture is a bag of colors: recolor the distinct colors, then repaint the pixels.
 *
 *     pixels --census--> distinct colors + counts --percentiles--> plan (radii frozen)
 *     plan + backend: distinct colors -> new colors;  repaint: each pixel looks its new color up
 *
 * This file owns the order of the stages, their timings, what a cancel leaves behind and the check of the gamut, for every strategy and
 * backend; who does a stage, and how fast, is the backend's (picture.ts).
 */
import { CENSUS_MIN_PIXELS, countColors, createColorTable } from './analysis/census.js';
import { estimateColors } from './analysis/estimate-colors.js';
import { planFromPixels } from './analysis/pixel-plan.js';
import { planFromCensus } from './analysis/plan.js';
import { fixedPlan } from './analysis/radius.js';
import { SAMPLE_PIXELS, sampleColors } from './analysis/sample-colors.js';
import type { Backend } from './backend.js';
import {
  type Checks,
  callback,
  cancelSignal,
  checkOptions,
  flag,
  having,
  nested,
  oneOf,
  within,
} from './check-options.js';
import { type ChoiceFacts, chooseStrategy } from './choose-strategy.js';
import { ColorshineError, throwIfCanceled } from './errors.js';
import { LUT_CHECKS, type LutOptions, type LutReport } from './lut/lut-options.js';
import { applyLut, measureLutError, openLut } from './lut/open-lut.js';
import { settleReaches } from './measure-plan.js';
import { DEFAULT_LUT_SIZE, STRATEGIES, type StrategyChoice } from './options.js';
import { openPicture } from './picture.js';
import { checkGamut, isPlan } from './plan-file.js';
import type { RecolorReport } from './report.js';
import type { Cancel, Pixels, Plan, Recipe } from './types.js';

export type { RecolorReport } from './report.js';

export interface RecolorOptions {
  /** Computes; `createJsBackend()` runs everywhere. */
  readonly backend: Backend;
  /** Default `auto`: by the picture, explained in the report. */
  readonly strategy?: StrategyChoice;
  /** Aborting it ends the work with CANCELED. */
  readonly signal?: Cancel;
  /** For the strategy `lut`. */
  readonly lut?: LutOptions;
  /** Lets `auto` take a lookup table, of `lut.size` nodes, where it expects that to be faster. Default false. */
  readonly approximate?: boolean;
  /** Speed of the backend on this machine, if it was timed; helps `auto`. */
  readonly colorsPerSecond?: number | undefined;
  /** Other pictures are under way: a backend with threads then gives each picture one. */
  readonly isOneOfMany?: boolean;
  /** Clock in milliseconds for the report; the core has none of its own better than Date. */
  readonly now?: () => number;
}

const CHECKS: Checks<RecolorOptions> = {
  backend: having('name', 'a backend (createJsBackend)'),
  strategy: oneOf(STRATEGIES),
  signal: cancelSignal,
  lut: nested(LUT_CHECKS),
  approximate: flag,
  colorsPerSecond: within({ min: 0, max: Number.POSITIVE_INFINITY }),
  isOneOfMany: flag,
  now: callback,
};

/**
 * Recolors a picture in place.
 *
 * @param pixels `data` is changed, alpha excepted
 * @param recipeOrPlan a recipe's radii are measured on this picture; a plan's, and fixed reaches, are used as they are
 * @throws CANCELED, INVALID_PIXELS, INVALID_PLAN when the plan's gamut is not the picture's, NO_ROWS when none is enabled,
 *   INVALID_OPTION for a strategy or table size that cannot be, and what the backend throws; the strategies `table` and `lut` leave
 *   `data` untouched if the signal was aborted before repainting began, `direct` changes it block by block
 */
export async function recolorPixels(
  pixels: Pixels,
  recipeOrPlan: Recipe | Plan,
  options: RecolorOptions,
): Promise<RecolorReport> {
  checkPixels(pixels);
  checkOptions(options, CHECKS);
  const { backend, signal, isOneOfMany = false, now = Date.now } = options;
  const { data, channels, gamut = 'srgb' } = pixels;
  const given = isPlan(recipeOrPlan) ? checkGamut(recipeOrPlan, gamut) : fixedPlan(recipeOrPlan, gamut);
  const sample = canEstimate(pixels) ? sampleColors(pixels, SAMPLE_PIXELS) : undefined;
  const facts = choiceFacts(pixels, given ?? recipeOrPlan, { ...options, sample });
  const choice = chooseStrategy(facts, options.strategy ?? 'auto');
  const { strategy, reason } = choice;
  const about = { strategy, reason, choice, pixels: pixels.width * pixels.height };
  throwIfCanceled(signal);
  // A table may come from a store, which only this thread has.
  if (isOneOfMany && strategy !== 'lut') {
    const report = await backend.recolorApart?.(pixels, given ?? recipeOrPlan, strategy, signal);
    if (report) return { ...report, ...about, backend: backend.name };
  }

  const recipe = given ? undefined : await settleReaches(pixels, recipeOrPlan as Recipe, { backend, signal });
  const frozen = given ?? fixedPlan(recipe as Recipe, gamut);

  const measuresError = strategy === 'lut' && (options.lut?.measureError ?? true);
  const is8Bit = !(data instanceof Uint16Array);
  const needsCensus = strategy === 'table' || (strategy === 'lut' && is8Bit && (measuresError || !frozen));
  const picture = await openPicture(pixels, backend, { wantsCensus: needsCensus, sample, signal });
  try {
    const t0 = now();
    const census = needsCensus ? await picture.census() : undefined;
    const t1 = now();
    throwIfCanceled(signal);
    const plan = frozen ?? (await picture.plan(recipe as Recipe));
    const t2 = now();
    throwIfCanceled(signal);
    let lut: LutReport | undefined;
    let t3: number;
    if (strategy === 'direct') {
      await picture.pull(plan);
      t3 = now();
    } else if (strategy === 'lut') {
      const opened = await openLut(plan, is8Bit ? 255 : 65535, backend, options.lut ?? {}, now, signal);
      const { sampler, report } = opened;
      const error = measuresError && (await measureLutError(pixels, census, plan, backend, sampler, signal));
      lut = { ...report, ...(error && { error }) };
      t3 = now();
      throwIfCanceled(signal);
      await applyLut(sampler, data, channels, signal);
    } else {
      const { colors, newColors } = census as NonNullable<typeof census>;
      await backend.evaluate(colors, plan, newColors, signal);
      t3 = now();
      throwIfCanceled(signal);
      await picture.paint(newColors);
    }
    const timings = { census: t1 - t0, radii: t2 - t1, pull: t3 - t2, repaint: now() - t3 };
    const counted = census && { distinctColors: census.colors.length };
    return { plan, ...counted, timings, ...(lut && { lut }), ...about, backend: backend.name };
  } finally {
    picture.close();
  }
}

/** Smaller pictures are done before it matters. */
const ESTIMATED_FROM = 1 << 18;

/** Not where the pixels are on disk. */
function canEstimate({ data, width, height }: Pixels): boolean {
  return !(data instanceof Uint16Array) && data.length > 0 && width * height >= ESTIMATED_FROM;
}

type Facts = Pick<RecolorOptions, 'backend' | 'colorsPerSecond' | 'approximate' | 'lut'>;

/**
 * What the choice of a strategy depends on.
 *
 * @param pixels `data` may be empty: then its colors are not estimated
 * @param options with a `sample` of the picture, if it was taken
 */
export function choiceFacts(
  pixels: Pixels,
  recipeOrPlan: Recipe | Plan,
  { backend, colorsPerSecond, approximate, lut, sample }: Facts & { readonly sample?: Uint32Array | undefined },
): ChoiceFacts {
  const count = pixels.width * pixels.height;
  const is16Bit = pixels.data instanceof Uint16Array;
  return {
    pixels: count,
    is16Bit,
    estimatedColors: canEstimate(pixels) ? estimateColors(pixels, sample) : undefined,
    rows: recipeOrPlan.rows.length,
    hasPlan: isPlan(recipeOrPlan),
    backend: backend.name,
    colorsPerSecond,
    measuresError: lut?.measureError,
    approximateSize: approximate ? (lut?.size ?? DEFAULT_LUT_SIZE) : undefined,
  };
}

/** Measures a picture without changing it. @throws INVALID_PIXELS, NO_ROWS */
export function planFor(pixels: Pixels, recipe: Recipe): Plan {
  checkPixels(pixels);
  const { data, channels, gamut = 'srgb' } = pixels;
  if (data instanceof Uint16Array || data.length / channels < CENSUS_MIN_PIXELS) return planFromPixels(pixels, recipe);
  return planFromCensus(countColors(data, channels, createColorTable()), recipe, gamut);
}

function checkPixels({ data, width, height, channels }: Pixels): void {
  const isWhole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (isWhole && (channels === 3 || channels === 4) && data.length === width * height * channels) return;
  throw new ColorshineError(
    'INVALID_PIXELS',
    `pixels: expected width x height x channels (3 or 4) samples, got ${data.length} for ${width} x ${height} x ${channels}`,
  );
}
