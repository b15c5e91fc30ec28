import type { StripCensus } from '../../core/analysis/strip-census.js';
import { ColorMemo } from '../../core/color-memo.js';
import type {
  Backend,
  Cancel,
  ColorTable,
  LutOptions,
  LutReport,
  Pixels,
  Plan,
  Samples,
  Strategy,
} from '../../core/index.js';
import { MAX_DEEP_SAMPLES, measureByteError, measureDeepError } from '../../core/lut/error.js';
import type { LutSampler } from '../../core/lut/lut.js';
import type { LutError } from '../../core/lut/lut-options.js';
import { applyLut, openLut } from '../../core/lut/open-lut.js';
import { pullPixels } from '../../core/pull-pixels.js';
import { repaint } from '../../core/repaint.js';
import type { SpoolFile } from './spool-file.js';
import type { StripRunner } from './strips.js';

/** Colors evaluated at once: enough to wake worker threads for. */
const BLOCK_COLORS = 1 << 19;
/** A table's error is measured on this many of the image's colors at most, evenly spread. */
const MAX_BYTE_SAMPLES = 1 << 21;

export interface PaintRequest {
  readonly spool: SpoolFile;
  readonly strips: StripRunner;
  readonly strategy: Strategy;
  readonly plan: Plan;
  readonly backend: Backend;
  /** A whole census, whose colors are known; without one they are computed as they come. */
  readonly census?: StripCensus | undefined;
  /** Of the census, or all zero. */
  readonly table?: ColorTable | undefined;
  readonly lut: LutOptions;
  /** Sees each strip before it is recolored. */
  readonly onStrip?: ((samples: Samples) => void) | undefined;
  readonly signal?: Cancel | undefined;
  readonly now: () => number;
  readonly onShare?: (share: number) => void;
}

export interface Painted {
  /** Milliseconds of both stages. */
  readonly pull: number;
  readonly repaint: number;
  /** The table of the strategy `lut`. */
  readonly lut?: LutReport;
  /** Where colors were computed as they came. */
  readonly distinctColors?: number;
}

/** Recolors a spooled image in place, each strip as soon as the decoder has written it. */
export async function paintSpool(request: PaintRequest): Promise<Painted> {
  const { spool, strips, strategy, plan, backend, census, table, signal, now, onStrip, onShare } = request;
  const { channels } = spool;
  const options = { write: true, signal, onShare };
  const t0 = now();
  if (strategy === 'table' && census && table) {
    await census.recolor(BLOCK_COLORS, (colors, newColors) => backend.evaluate(colors, plan, newColors, signal));
    const t1 = now();
    await strips.run(options, (samples) => repaint(samples as Uint8Array, channels, table));
    return { pull: t1 - t0, repaint: now() - t1 };
  }
  if (strategy === 'lut') {
    const { sampler, report } = await openLut(plan, spool.is16Bit ? 65535 : 255, backend, request.lut, now, signal);
    const error = request.lut.measureError === false ? undefined : await measureError(request, sampler);
    const t1 = now();
    await strips.run(options, (samples) => applyLut(sampler, samples, channels, signal));
    return { pull: t1 - t0, repaint: now() - t1, lut: { ...report, ...(error && { error }) } };
  }
  const isTable = strategy === 'table' && table !== undefined;
  const memo = isTable && new ColorMemo(table, (colors, to) => backend.evaluate(colors, plan, to, signal));
  await strips.run(options, (samples) => {
    onStrip?.(samples);
    if (memo) return memo.recolor(samples as Uint8Array, channels);
    return pullPixels(asPicture(samples, channels, spool.width), plan, backend, signal);
  });
  return { pull: now() - t0, repaint: 0, ...(memo && { distinctColors: memo.distinctColors }) };
}

function asPicture(data: Samples, channels: 3 | 4, width = data.length / channels): Pixels {
  return { data, width, height: data.length / channels / width, channels };
}

async function measureError(request: PaintRequest, sampler: LutSampler): Promise<LutError | undefined> {
  const { spool, plan, backend, census, signal } = request;
  if (spool.is16Bit) {
    const { picked, step } = await pickPixels(request);
    const error = await measureDeepError(picked, plan, backend, sampler, signal);
    return { ...error, exhaustive: step === 1 };
  }
  if (!census) return undefined;
  const distinct = census.countDistinct();
  const step = Math.ceil(distinct / MAX_BYTE_SAMPLES);
  const colors = new Uint32Array(Math.ceil(distinct / step));
  let seen = 0;
  for (const block of census.blocks(1 << 12)) {
    for (const color of block) {
      if (seen % step === 0) colors[seen / step] = color;
      seen++;
    }
  }
  const counts = Float64Array.from(colors, (color) => census.countOf(color));
  const exact = new Uint32Array(colors.length);
  await backend.evaluate(colors, plan, exact, signal);
  return { ...(await measureByteError(colors, counts, exact, sampler, signal)), exhaustive: step === 1 };
}

/** The pixels that `measureDeepError` would take from an image in memory. */
async function pickPixels({ spool, strips, signal }: PaintRequest): Promise<{ picked: Pixels; step: number }> {
  const { width, height, channels } = spool;
  const step = Math.max(1, Math.ceil((width * height) / MAX_DEEP_SAMPLES));
  const data = new Uint16Array(Math.ceil((width * height) / step) * channels);
  let first = 0; // of the strip, in pixels
  await strips.run({ signal }, (samples) => {
    const pixels = samples.length / channels;
    for (let i = (step - (first % step)) % step; i < pixels; i += step) {
      const to = ((first + i) / step) * channels;
      for (let k = 0; k < channels; k++) data[to + k] = samples[i * channels + k] as number;
    }
    first += pixels;
  });
  return { picked: asPicture(data, channels), step };
}
