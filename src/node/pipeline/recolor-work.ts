import { performance } from 'node:perf_hooks';
import { fixedPlan } from '../../core/analysis/radius.js';
import { planFromStream } from '../../core/analysis/stream-plan.js';
import { StripCensus } from '../../core/analysis/strip-census.js';
import { chooseStrategy } from '../../core/choose-strategy.js';
import { throwIfCanceled } from '../../core/errors.js';
import {
  type ColorTable,
  createColorTable,
  type Gamut,
  type Plan,
  type Recipe,
  type RecolorReport,
  recolorPixels,
} from '../../core/index.js';
import { checkGamut, isPlan } from '../../core/plan-file.js';
import { choiceFacts } from '../../core/recolor.js';
import type { Engine, Selection } from '../engine.js';
import type { CoarsePass } from '../hierarchical/coarse-pass.js';
import { measureExactly } from '../hierarchical/measure-exactly.js';
import { rowsOf } from '../hierarchical/sample.js';
import type { DecodedImage } from '../image/decode.js';
import type { NodeRecolorOptions } from '../recolor-options.js';
import type { SpoolingImage } from '../spool/decode-spool.js';
import type { Measured } from '../spool/measure.js';
import { imagesUnderWay } from '../under-way.js';
import type { PixelWork } from './pixel-source.js';

const now = (): number => performance.now();
/** Of the work on disk: what a 16-bit image's further looks take. */
const LOOKS_SHARE = 0.25;

/** What recoloring says of itself. */
export interface Recolored {
  readonly selection: Selection;
  /** On disk what happened beside the decoder took no time of its own. */
  report(decodedAt: number): RecolorReport;
  /** On disk: whether each strip was recolored as soon as it was decoded, because the radii were known by then. */
  readonly isEarly: boolean;
}

export type RecolorWorkOptions = Pick<
  NodeRecolorOptions,
  'strategy' | 'lut' | 'approximate' | 'anyGamut' | 'signal'
> & {
  /** Settles the plan by a shrunken copy, if asked to. */
  readonly coarse?: CoarsePass | undefined;
};

/** Recolors pixels in place, in memory or on disk. */
export function recolorWork(recipe: Recipe | Plan, engine: Engine, options: RecolorWorkOptions): PixelWork<Recolored> {
  return {
    async inMemory(image) {
      const { coarse, signal } = options;
      const selection = await engine.select();
      const { backend } = selection;
      const exactly = measureExactly(image.pixels, { backend, signal });
      const settled = coarse ? await coarse.settle(rowsOf(image.pixels), exactly) : recipe;
      const report = await recolorDecoded(image, settled, engine, selection, options);
      return { selection, report: () => report, isEarly: false };
    },
    async onDisk(spooling, onShare) {
      const selection = await engine.select();
      return recolorSpooled(spooling, recipe, selection, options, onShare);
    },
  };
}

/** Recolors a decoded image's pixels in place. */
export async function recolorDecoded(
  { pixels }: Pick<DecodedImage, 'pixels'>,
  recipe: Recipe | Plan,
  engine: Engine,
  { backend, ...selection }: Selection,
  { strategy, lut, approximate, anyGamut, signal }: RecolorWorkOptions,
): Promise<RecolorReport> {
  return recolorPixels(pixels, fitGamut(recipe, pixels.gamut, anyGamut), {
    backend,
    now,
    ...(strategy && { strategy }),
    ...(lut && { lut }),
    ...(approximate && { approximate }),
    colorsPerSecond: speedOf(selection),
    isOneOfMany: imagesUnderWay(engine) > 1,
    ...(signal && { signal }),
  });
}

/**
 * Counted in strips while the decoder writes them, and repainted in place. With a plan that is known before the decoder is done, which is
 * the slowest, each strip is recolored as it comes.
 */
async function recolorSpooled(
  { spool, strips, image }: SpoolingImage,
  recipe: Recipe | Plan,
  selection: Selection,
  options: RecolorWorkOptions,
  onShare: (share: number) => void,
): Promise<Recolored> {
  const { signal, coarse, lut = {} } = options;
  const { backend } = selection;
  const { gamut = 'srgb' } = image.pixels;
  const fitting = fitGamut(recipe, gamut, options.anyGamut);
  const facts = choiceFacts(image.pixels, fitting, { ...options, backend, colorsPerSecond: speedOf(selection) });
  const choice = chooseStrategy(facts, options.strategy ?? 'auto');
  const { strategy, reason } = choice;
  const early = isPlan(fitting) ? async () => fitting : coarse?.early;
  const isEarly = early !== undefined && strategy !== 'lut';
  const isCounted = isEarly
    ? coarse?.measuresError === true
    : strategy === 'table' || !isPlan(fitting) || (strategy === 'lut' && lut.measureError !== false);
  const { freeMemory, measureSpool, paintSpool, rowsOfSpool } = await import('../spool/index.js');
  const tables: ColorTable[] = [];
  const makeTable = (): ColorTable => {
    const made = createColorTable();
    tables.push(made);
    return made;
  };
  try {
    const table = isCounted && !spool.is16Bit ? makeTable() : undefined;
    const census = table && new StripCensus(table);
    const shared = { spool, strips, gamut, backend, signal, now };
    const onLook = (share: number): void => onShare(LOOKS_SHARE * share);
    const onPaint = (share: number): void => onShare(LOOKS_SHARE + (1 - LOOKS_SHARE) * share);
    const measured = isEarly
      ? { plan: checkGamut(await early(), gamut) }
      : await measureSpool({ ...shared, census, coarse, recipeOrPlan: fitting, onLook });
    const counted = isEarly || strategy === 'direct' ? undefined : census?.countDistinct();
    throwIfCanceled(signal);
    const { plan, countedAt = 0, plannedAt = 0 } = measured as { plan: Plan } & Partial<Measured>;
    const painted = await paintSpool({
      ...shared,
      strategy,
      plan,
      lut,
      ...(isEarly
        ? {
            table: strategy === 'table' ? makeTable() : undefined,
            onStrip: census && ((samples) => census.add(samples as Uint8Array, spool.channels)),
            onShare,
          }
        : { table, census, onShare: onPaint }),
    });
    const paintedAt = now();
    if (isEarly) await coarse?.settle(rowsOfSpool(spool, gamut, signal), measureCounted(census, gamut));
    const { distinctColors = counted } = painted;
    return {
      selection,
      isEarly,
      report: (decodedAt) => ({
        plan,
        backend: backend.name,
        strategy,
        reason,
        choice,
        pixels: spool.width * spool.height,
        ...(distinctColors !== undefined && { distinctColors }),
        timings: {
          census: Math.max(0, countedAt - decodedAt),
          radii: Math.max(0, plannedAt - Math.max(decodedAt, countedAt)),
          pull: isEarly ? 0 : painted.pull,
          repaint: isEarly ? Math.max(0, paintedAt - decodedAt) : painted.repaint,
        },
        ...(painted.lut && { lut: painted.lut }),
      }),
    };
  } finally {
    // A wide picture's encoder wants the memory.
    for (const { slots } of tables) freeMemory(slots.buffer as ArrayBuffer);
  }
}

/** Exact radii of a census, where a coarse pass is to say how far off it was. */
function measureCounted(census: StripCensus | undefined, gamut: Gamut) {
  return async (recipe: Recipe): Promise<{ plan: Plan; milliseconds: number }> => {
    if (!census) throw new TypeError('recolorWork: exact radii were asked for without a census');
    const began = now();
    const plan = await planFromStream(census.toStream(gamut), recipe, gamut);
    return { plan, milliseconds: now() - began };
  };
}

/** What is frozen of a recipe already: a plan, or fixed reaches alone, which are known before the first pixel. */
function fitGamut(recipe: Recipe | Plan, gamut: Plan['gamut'] = 'srgb', anyGamut = false): Recipe | Plan {
  if (!isPlan(recipe)) return fixedPlan(recipe, gamut) ?? recipe;
  return anyGamut ? { ...recipe, gamut } : recipe;
}

/** Where it was timed. */
function speedOf({ chosen, candidates }: Omit<Selection, 'backend'>): number | undefined {
  return candidates.find(({ name }) => name === chosen)?.colorsPerSecond;
}
