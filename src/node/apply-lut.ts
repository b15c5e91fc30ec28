import { type Checks, callback, cancelSignal, checkOptions, flag, whole } from '../core/check-options.js';
import { throwIfCanceled } from '../core/errors.js';
import { type Cancel, createSampler, type Interpolation, type Lut, type LutSampler } from '../core/index.js';
import { applyLut } from '../core/lut/open-lut.js';
import { checkChoice, INTERPOLATIONS, THREADS_RANGE } from '../core/options.js';
import { refuseInput, writeWhole } from './files/output.js';
import { fileTarget } from './image/encode-target.js';
import { checkFits } from './image/format-limits.js';
import { FORMAT_CHECKS, formatForOutput, type OutputFormat } from './image/format-names.js';
import { openImage } from './image/open-image.js';
import { READING_OPTION_CHECKS, type ReadingOptions } from './image/reading-options.js';
import { openWasm } from './open-wasm.js';
import { openPixelSource, type PixelWork } from './pipeline/pixel-source.js';
import { listNotices } from './pipeline/recolor-image.js';
import type { Stage } from './pipeline/stage.js';
import { chooseFormat } from './recolor-options.js';
import { SPOOL_CHECKS, type SpoolOptions } from './spool/options.js';

export interface ApplyLutOptions extends Omit<ReadingOptions, 'profile'>, SpoolOptions {
  /** Default: by the output's extension, else the input's. */
  readonly format?: OutputFormat;
  /** 1 to 100 for lossy formats. Default: that of a JPEG or lossy WebP input, else sharp's default. */
  readonly quality?: number;
  /** Allows the output to replace the input. Default false. */
  readonly force?: boolean;
  /** Aborting it ends the work with CANCELED; nothing is written then. */
  readonly signal?: Cancel;
  /** Called as each stage begins. */
  readonly onStage?: (stage: Stage) => void;
}

// A table's numbers are as they are, whatever the profile.
const { profile: _, ...READING } = READING_OPTION_CHECKS;
const CHECKS: Checks<ApplyLutOptions> = {
  ...READING,
  ...SPOOL_CHECKS,
  ...FORMAT_CHECKS,
  force: flag,
  signal: cancelSignal,
  onStage: callback,
};

/** A table ready for images of both bit depths. */
export interface PreparedLut {
  samplerFor(is16Bit: boolean): Promise<LutSampler>;
  /** Ends its threads, if any. */
  dispose(): void;
}

export interface PrepareLutOptions {
  /** Threads an image may use, 1 to 256. Default: up to all cores. */
  readonly threads?: number;
}

/**
 * @param lut or its promise: threads start while it is read
 * @throws INVALID_OPTION
 */
export function prepareLut(
  lut: Lut | Promise<Lut>,
  interpolation: Interpolation,
  options: PrepareLutOptions = {},
): PreparedLut {
  checkChoice(interpolation, 'interpolation', INTERPOLATIONS);
  checkOptions(options, { threads: whole(THREADS_RANGE) });
  const { threads } = options;
  const samplers = new Map<boolean, Promise<LutSampler>>();
  Promise.resolve(lut).catch(() => undefined); // whoever asks for a sampler hears of it
  // SIMD and threads give the same bytes sooner; without them the core's own loop does the work.
  const starting = openWasm(threads).catch(() => undefined);
  async function create(maxCode: 255 | 65535): Promise<LutSampler> {
    const [table, wasm] = await Promise.all([lut, starting]);
    const fast = await wasm?.createSampler?.(table, interpolation, maxCode);
    return fast ?? createSampler(table, interpolation, maxCode);
  }
  return {
    dispose() {
      starting.then((wasm) => wasm?.dispose()).catch(() => undefined);
    },
    samplerFor(is16Bit) {
      let sampler = samplers.get(is16Bit);
      if (!sampler) samplers.set(is16Bit, (sampler = create(is16Bit ? 65535 : 255)));
      return sampler;
    },
  };
}

/**
 * Applies a table to an image file; metadata, profile and format are kept as by `recolorFile`. The table sees the file's own
 * encoded numbers.
 *
 * @returns size, and what was changed on the way
 * @throws ColorshineError
 */
export async function applyLutFile(
  input: string,
  output: string,
  prepared: PreparedLut,
  options: ApplyLutOptions = {},
): Promise<{ width: number; height: number; pages: number; notices: readonly string[] }> {
  checkOptions(options, CHECKS);
  const { format: asked = formatForOutput(output, input), quality, force, signal } = options;
  const image = await openImage(input, { ...options, profile: 'numbers' });
  const source = openPixelSource(image, options);
  try {
    if (!force) await refuseInput(output, input);
    const described = image.describe();
    const { format } = chooseFormat(described, asked);
    checkFits(described, format, output);
    const worked = await source.work(lookUpWork(prepared, signal));
    throwIfCanceled(signal);
    await writeWhole(output, async (temp) => {
      await worked.encode({ format, ...(quality && { quality }) }, fileTarget(temp));
    });
    const notices = [...listNotices(described, { format }), ...worked.notices];
    return { width: described.pixels.width, height: described.pageHeight, pages: described.pages, notices };
  } finally {
    await source.close();
    await image.close();
  }
}

/** Gives pixels their new colors from a table. */
function lookUpWork(prepared: PreparedLut, signal: Cancel | undefined): PixelWork<void> {
  return {
    async inMemory({ pixels: { data, channels } }) {
      await applyLut(await prepared.samplerFor(data instanceof Uint16Array), data, channels, signal);
    },
    async onDisk({ spool, strips }, onShare) {
      const sampler = await prepared.samplerFor(spool.is16Bit);
      await strips.run({ write: true, signal, onShare }, (data) => applyLut(sampler, data, spool.channels, signal));
    },
  };
}
