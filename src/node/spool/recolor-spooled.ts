import { performance } from 'node:perf_hooks';
import { StripCensus } from '../../core/analysis/strip-census.js';
import { chooseStrategy } from '../../core/choice.js';
import { throwIfCanceled } from '../../core/errors.js';
import type { Plan, Recipe } from '../../core/index.js';
import { isPlan } from '../../core/recipe.js';
import { choiceFacts } from '../../core/recolor.js';
import type { Engine } from '../engine.js';
import type { CoarsePass } from '../hierarchical/coarse-pass.js';
import { checkPages } from '../image/encode.js';
import { chooseFormat, engineFor, type NodeRecolorOptions } from '../recolor-buffer.js';
import { makeReport, type Report } from '../report.js';
import { startSpooling } from './decode-spool.js';
import { openSpoolEncoder, type SpoolEncoder } from './encode-spool.js';
import type { LargeFile } from './large-file.js';
import { measureSpool } from './measure.js';
import { memoryNotices } from './memory-notices.js';
import type { SpoolOptions } from './options.js';
import { paintSpool } from './paint.js';
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
  let borrowed: ReturnType<Engine['borrowTable']> | undefined;
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
    checkPages(described, format);
    spooling = await startSpooling(large, options);
    const { spool, strips, image, folder } = spooling;
    const { gamut = 'srgb' } = image.pixels;
    const fitting = options.anyGamut && isPlan(recipeOrPlan) ? { ...recipeOrPlan, gamut } : recipeOrPlan;
    const isCounted =
      strategy === 'table' || !isPlan(fitting) || (strategy === 'lut' && options.lut?.measureError !== false);
    if (isCounted && !spool.is16Bit) borrowed = engine.borrowTable();
    const table = borrowed?.table;
    census = table && new StripCensus(table);

    let t1 = t0;
    let isDecoded = false;
    const onLook = (share: number): void => {
      if (isDecoded) onProgress?.('recolor', LOOKS_SHARE * share);
    };
    const measuring = measureSpool({
      spool,
      strips,
      gamut,
      recipeOrPlan: fitting,
      census,
      coarse,
      signal,
      now,
      onLook,
    });
    const { plan, countedAt, plannedAt } = await spooling.settle(measuring, () => {
      t1 = now();
      isDecoded = true;
      onStage?.('recolor');
    });
    const distinctColors = strategy === 'direct' ? undefined : census?.countDistinct();
    throwIfCanceled(signal);
    const painted = await paintSpool({
      spool,
      strips,
      strategy,
      plan,
      backend,
      census,
      table,
      lut: options.lut ?? {},
      signal,
      now,
      onShare: (share) => onProgress?.('recolor', LOOKS_SHARE + (1 - LOOKS_SHARE) * share),
    });

    const t2 = now();
    throwIfCanceled(signal);
    onStage?.('encode');
    const encoder = await openSpoolEncoder(spool, image, {
      format,
      ...(quality && { quality }),
      ...(threads && { threads }),
    });
    await encode(encoder, target, options);
    const t3 = now();
    const timings = {
      census: Math.max(0, countedAt - t1),
      radii: Math.max(0, plannedAt - Math.max(t1, countedAt)),
      pull: painted.pull,
      repaint: painted.repaint,
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
        ...(painted.lut && { lut: painted.lut }),
      },
      backendReason,
      backends,
      device: backend.stats?.(),
      hierarchical: coarse?.report(),
      spool: { bytes: spool.bytes, folder, stripRows: strips.rows, strips: strips.count },
      decode: t1 - t0,
      encode: t3 - t2,
      total: t3 - t0,
      notices: [...notices, ...memoryNotices(image, format), ...(coarse?.notices ?? [])],
    });
  } finally {
    census?.clear();
    borrowed?.giveBack();
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
