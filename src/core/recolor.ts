/**
 * READ FIRST. An 8-bit picture is a bag of colors: recolor the distinct colors, then repaint the pixels.
 *
 *     pixels --census--> distinct colors + counts --percentiles--> plan (radii frozen)
 *     plan + backend: distinct colors -> new colors;  repaint: each pixel looks its new color up
 */
import { type Census, type ColorTable, clearTable, countColors, createColorTable } from './analysis/census.js';
import { estimateColors } from './analysis/estimate-colors.js';
import { planFromPixels } from './analysis/pixel-plan.js';
import { planFromCensus } from './analysis/plan.js';
import { SAMPLE_PIXELS, sampleColors } from './analysis/sample-colors.js';
import type { Backend } from './backend.js';
import { type Choice, type ChoiceFacts, chooseStrategy, type Strategy } from './choice.js';
import { evaluateDirect } from './direct.js';
import { ColorshineError, throwIfCanceled } from './errors.js';
import { type LutOptions, type LutReport, recolorByLut } from './lut/recolor-by-lut.js';
import { measurePlan } from './measure-plan.js';
import { DEFAULT_LUT_SIZE, type StrategyChoice } from './options.js';
import { checkGamut, isPlan } from './recipe.js';
import { fillTable, repaint } from './repaint.js';
import type { Cancel, Pixels, Plan, Recipe, RecolorTimings } from './types.js';

export interface RecolorOptions {
  readonly backend: Backend;
  /** Default `auto`: by the picture, explained in the report. */
  readonly strategy?: StrategyChoice;
  readonly signal?: Cancel;
  /** For the strategy `lut`. */
  readonly lut?: LutOptions;
  /** Lets `auto` take a lookup table, of `lut.size` nodes, where it expects that to be faster. Default false. */
  readonly approximate?: boolean;
  /** Speed of the backend on this machine, if it was timed; helps `auto`. */
  readonly colorsPerSecond?: number | undefined;
  /** Kept between pictures it saves a 64 MiB allocation each; made on demand otherwise. */
  readonly table?: ColorTable;
  /** Other pictures are under way: a backend with threads then gives each picture one. */
  readonly isOneOfMany?: boolean;
  /** Clock in milliseconds for the report; the core has none of its own better than Date. */
  readonly now?: () => number;
}

/** What was done, for `--verbose`, `--json` and the plugin's backend line. */
export interface RecolorReport {
  readonly plan: Plan;
  readonly backend: string;
  readonly strategy: Strategy;
  /** One sentence: why this strategy. */
  readonly reason: string;
  /** The decision with the expected cost of every strategy. */
  readonly choice: Choice;
  readonly pixels: number;
  /** Undefined when no census was taken. */
  readonly distinctColors?: number;
  readonly timings: RecolorTimings;
  /** Of the strategy `lut`: the table and its measured error. */
  readonly lut?: LutReport;
}

/**
 * Recolors a picture in place.
 *
 * @param pixels `data` is changed, alpha excepted
 * @param recipeOrPlan a recipe's radii are measured on this picture; a plan's are used as they are
 * @throws CANCELED, INVALID_PIXELS, INVALID_PLAN when the plan's gamut is not the picture's, NO_ATTRACTORS when none is enabled,
 *   INVALID_OPTION for a strategy or table size that cannot be, and what the backend throws; the strategies `table` and `lut` leave
 *   `data` untouched if the signal was aborted before repainting began, `direct` changes it block by block
 */
export async function recolorPixels(
  pixels: Pixels,
  recipeOrPlan: Recipe | Plan,
  options: RecolorOptions,
): Promise<RecolorReport> {
  checkPixels(pixels);
  const sample = canEstimate(pixels) ? sampleColors(pixels, SAMPLE_PIXELS) : undefined;
  const facts = choiceFacts(pixels, recipeOrPlan, { ...options, sample });
  const choice = chooseStrategy(facts, options.strategy ?? 'auto');
  const { strategy, reason } = choice;
  throwIfCanceled(options.signal);
  const run = { table: recolorByTable, direct: recolorDirectly, lut: recolorByLut }[strategy];
  const partial = await run(pixels, recipeOrPlan, { ...options, sample });
  return { ...partial, backend: options.backend.name, strategy, reason, choice, pixels: pixels.width * pixels.height };
}

/** Smaller pictures are done before it matters. */
const ESTIMATED_FROM = 1 << 18;

/** Not where the pixels are on disk. */
function canEstimate({ data, width, height }: Pixels): boolean {
  return !(data instanceof Uint16Array) && data.length > 0 && width * height >= ESTIMATED_FROM;
}

/** What the choice of a strategy depends on. @param pixels `data` may be empty: then its colors are not estimated */
export function choiceFacts(
  pixels: Pixels,
  recipeOrPlan: Recipe | Plan,
  {
    backend,
    colorsPerSecond,
    approximate,
    lut,
    sample,
  }: Pick<SampledOptions, 'backend' | 'colorsPerSecond' | 'approximate' | 'lut' | 'sample'>,
): ChoiceFacts {
  const count = pixels.width * pixels.height;
  const is16Bit = pixels.data instanceof Uint16Array;
  return {
    pixels: count,
    is16Bit,
    estimatedColors: canEstimate(pixels) ? estimateColors(pixels, sample) : undefined,
    attractors: recipeOrPlan.attractors.length,
    hasPlan: isPlan(recipeOrPlan),
    backend: backend.name,
    colorsPerSecond,
    measuresError: lut?.measureError,
    approximateSize: approximate ? (lut?.size ?? DEFAULT_LUT_SIZE) : undefined,
  };
}

/** Measures a picture without changing it. @throws INVALID_PIXELS, NO_ATTRACTORS */
export function planFor(pixels: Pixels, recipe: Recipe): Plan {
  checkPixels(pixels);
  const { data, channels, gamut = 'srgb' } = pixels;
  if (data instanceof Uint16Array) return planFromPixels(pixels, recipe);
  return planFromCensus(countColors(data, channels, createColorTable()), recipe, gamut);
}

type PartialReport = Pick<RecolorReport, 'plan' | 'distinctColors' | 'timings' | 'lut'>;

interface SampledOptions extends RecolorOptions {
  readonly sample?: Uint32Array | undefined;
}

async function recolorByTable(
  pixels: Pixels,
  recipeOrPlan: Recipe | Plan,
  options: SampledOptions,
): Promise<PartialReport> {
  const { backend, signal, isOneOfMany, sample, now = Date.now } = options;
  const report = await backend.recolorTable?.(pixels, recipeOrPlan, { signal, now, isOneOfMany, sample });
  if (report) return report;
  const table = options.table ?? createColorTable();
  const data = pixels.data as Uint8Array;
  const { channels, gamut = 'srgb' } = pixels;
  const t0 = now();
  const census: Census = countColors(data, channels, table);
  try {
    const t1 = now();
    throwIfCanceled(signal);
    const plan = isPlan(recipeOrPlan) ? checkGamut(recipeOrPlan, gamut) : planFromCensus(census, recipeOrPlan, gamut);
    const t2 = now();
    throwIfCanceled(signal);
    const newColors = new Uint32Array(census.colors.length);
    await backend.evaluate(census.colors, plan, newColors, signal);
    const t3 = now();
    throwIfCanceled(signal);
    fillTable(table, census.colors, newColors);
    repaint(data, channels, table);
    const timings = { census: t1 - t0, radii: t2 - t1, pull: t3 - t2, repaint: now() - t3 };
    return { plan, distinctColors: census.colors.length, timings };
  } finally {
    clearTable(table, census.colors);
  }
}

async function recolorDirectly(
  pixels: Pixels,
  recipeOrPlan: Recipe | Plan,
  options: RecolorOptions,
): Promise<PartialReport> {
  const { backend, signal, now = Date.now } = options;
  const report = await backend.recolorDirect?.(pixels, recipeOrPlan, { signal, now });
  if (report) return report;
  const t0 = now();
  const plan = isPlan(recipeOrPlan)
    ? checkGamut(recipeOrPlan, pixels.gamut ?? 'srgb')
    : await measurePlan(pixels, recipeOrPlan, options);
  const t1 = now();
  throwIfCanceled(signal);
  await evaluateDirect(pixels, plan, backend, signal);
  return { plan, timings: { census: 0, radii: t1 - t0, pull: now() - t1, repaint: 0 } };
}

function checkPixels({ data, width, height, channels }: Pixels): void {
  const isWhole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (isWhole && (channels === 3 || channels === 4) && data.length === width * height * channels) return;
  throw new ColorshineError(
    'INVALID_PIXELS',
    `pixels: expected width x height x channels (3 or 4) samples, got ${data.length} for ${width} x ${height} x ${channels}`,
  );
}
