import { performance } from 'node:perf_hooks';
import { fixedPlan } from '../../core/analysis/radius.js';
import { StripCensus } from '../../core/analysis/strip-census.js';
import { chooseStrategy } from '../../core/choose-strategy.js';
import { throwIfCanceled } from '../../core/errors.js';
import { type ColorTable, createColorTable, type Plan, type Recipe } from '../../core/index.js';
import { isPlan } from '../../core/plan-file.js';
import { choiceFacts } from '../../core/recolor.js';
import type { CoarsePass } from '../hierarchical/coarse-pass.js';
import { checkFits } from '../image/format-limits.js';
import { chooseFormat, engineFor, type NodeRecolorOptions } from '../recolor-buffer.js';
import { makeReport, type Report } from '../report.js';
import { startSpooling } from './decode-spool.js';
import { openSpoolEncoder, type SpoolEncoder } from './encode-spool.js';
import { freeMemory } from './free-memory.js';
import type { LargeFile } from './large-file.js';
import { type Measured, measureSpool } from './measure.js';
import { memoryNotices } from './memory-notices.js';
import type { SpoolOptions } from './options.js';
import { paintSpool } from './paint.js';
import { type EarlyResult, recolorEarly } from './paint-decoding.js';
import { repeatEvery } from './repeat.js';

const now = (): number => performance.now();
/** Of the stage between decoder and encoder: what a 16-bit image's further looks take. */
const LOOKS_SHARE = 0.25;

/**
 * Recolors a file that is too large for memory: decoded to a temporary file, counted in strips while it is written, repainted
 * there in place, and encoded from it. The same bytes as in memory.
 *
 * @param target where the encoder writes; `output` is how the report calls it
 * @throws ColorshineError; the temporary file is gone then too
 */
export async function recolorSpooled(
  large: LargeFile,
  target: string,
  output: string,
  recipeOrPlan: Recipe | Plan,
  options: NodeRecolorOptions & SpoolOptions,
  coarse?: CoarsePass,
): Promise<Report> {
  const { signal, onStage, onProgress, quality, threads } = options;
  const engine = options.engine ?? engineFor(options);
  let spooling: Awaited<ReturnType<typeof startSpooling>> | undefined;
  let census: StripCensus | undefined;
  const tables: ColorTable[] = [];
  const freeTables = (): void => {
    for (const { slots } of tables.splice(0)) freeMemory(slots.buffer as ArrayBuffer);
  };
  try {
    const t0 = now();
    onStage?.('decode');
    const described = large.describe();
    const { chosen, backend, sentence: backendReason, candidates: backends } = await engine.select();
    const colorsPerSecond = backends.find(({ name }) => name === chosen)?.colorsPerSecond;
    const facts = choiceFacts(described.pixels, recipeOrPlan, { ...options, backend, colorsPerSecond });
    const choice = chooseStrategy(facts, options.strategy ?? 'auto');
    const { strategy, reason } = choice;
    const { format, notices } = chooseFormat(described, options.format);
    checkFits(described, format, output);
    spooling = await startSpooling(large, options);
    const { spool, strips, image, folder } = spooling;
    const { gamut = 'srgb' } = image.pixels;
    const given = isPlan(recipeOrPlan) ? recipeOrPlan : (fixedPlan(recipeOrPlan, gamut) ?? recipeOrPlan);
    const fitting = options.anyGamut && isPlan(given) ? { ...given, gamut } : given;
    // The decoder is the slowest: with a plan that is known by now, or soon, each strip is recolored as it comes.
    const early = isPlan(fitting) ? async () => fitting : coarse?.early;
    const isEarly = early !== undefined && strategy !== 'lut';
    const isCounted = isEarly
      ? coarse?.measuresError === true
      : strategy === 'table' || !isPlan(fitting) || (strategy === 'lut' && options.lut?.measureError !== false);
    const makeTable = (): ColorTable => {
      const made = createColorTable();
      tables.push(made);
      return made;
    };
    const table = isCounted && !spool.is16Bit ? makeTable() : undefined;
    census = table && new StripCensus(table);

    let t1 = t0;
    let isDecoded = false;
    const onDecoded = (): void => {
      t1 = now();
      isDecoded = true;
      onStage?.('recolor');
    };
    const tellShare = (from: number, to: number) => (share: number) => {
      if (isDecoded) onProgress?.('recolor', from + (to - from) * share);
    };
    const shared = { spool, strips, gamut, backend, signal, now };
    let settled: EarlyResult & Partial<Measured> & { readonly painted?: Awaited<ReturnType<typeof paintSpool>> };
    if (isEarly) {
      const memo = strategy === 'table' ? makeTable() : undefined;
      const work = recolorEarly({ ...shared, early, table: memo, census, coarse, onShare: tellShare(0, 1) });
      settled = await spooling.settle(work, onDecoded);
    } else {
      const request = { ...shared, recipeOrPlan: fitting, census, coarse, onLook: tellShare(0, LOOKS_SHARE) };
      const measured = await spooling.settle(measureSpool(request), onDecoded);
      const distinctColors = strategy === 'direct' ? undefined : census?.countDistinct();
      throwIfCanceled(signal);
      const onShare = tellShare(LOOKS_SHARE, 1);
      const { plan } = measured;
      const painted = await paintSpool({ ...shared, strategy, plan, census, table, lut: options.lut ?? {}, onShare });
      settled = { ...measured, distinctColors, painted };
    }
    const { plan, distinctColors, painted, countedAt = t1, plannedAt = t1, paintedAt = t1 } = settled;

    const t2 = now();
    throwIfCanceled(signal);
    freeTables(); // a wide picture's encoder wants the memory
    onStage?.('encode');
    const encoder = await openSpoolEncoder(spool, image, {
      format,
      ...(quality && { quality }),
      ...(threads && { threads }),
    });
    await encode(encoder, target, options);
    const t3 = now();
    // What happened beside the decoder took no time of its own.
    const timings = {
      census: Math.max(0, countedAt - t1),
      radii: Math.max(0, plannedAt - Math.max(t1, countedAt)),
      pull: painted?.pull ?? 0,
      repaint: painted?.repaint ?? Math.max(0, paintedAt - t1),
    };
    return makeReport({
      input: large.name,
      output,
      outputFormat: format,
      image,
      recolored: {
        plan,
        backend: backend.name,
        strategy,
        reason,
        choice,
        pixels: spool.width * spool.height,
        ...(distinctColors !== undefined && { distinctColors }),
        timings,
        ...(painted?.lut && { lut: painted.lut }),
      },
      backendReason,
      backends,
      device: backend.stats?.(),
      hierarchical: coarse?.report(),
      spool: { bytes: spool.bytes, folder, stripRows: strips.rows, strips: strips.count, isEarly },
      decode: t1 - t0,
      encode: t3 - t2,
      total: t3 - t0,
      notices: [...notices, ...memoryNotices(image, format), ...(coarse?.notices ?? [])],
    });
  } finally {
    freeTables();
    await spooling?.release();
    if (!options.engine) engine.dispose();
  }
}

async function encode(
  encoder: SpoolEncoder,
  target: string,
  { signal, onProgress }: NodeRecolorOptions & SpoolOptions,
): Promise<void> {
  let isStopped = false;
  const look = async (): Promise<number | undefined> => {
    if (signal?.aborted && !isStopped) {
      isStopped = true;
      await encoder.stop();
    }
    return encoder.share();
  };
  const stopLooking = repeatEvery(look, (share) => share !== undefined && onProgress?.('encode', share));
  try {
    await encoder.run(target);
    throwIfCanceled(signal); // it may have been stopped so late that it did not notice
  } catch (error) {
    throwIfCanceled(signal); // stopped: its own error would blame the temporary file
    throw error;
  } finally {
    stopLooking();
    await encoder.release();
  }
}
