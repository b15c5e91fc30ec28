import type { BandSource } from '../../core/analysis/bands.js';
import { radiiFromBands } from '../../core/analysis/plan-from-bands.js';
import { makePlan } from '../../core/analysis/radius.js';
import { SAMPLE_PIXELS, sampleColors } from '../../core/analysis/sample-colors.js';
import type { Targets } from '../../core/analysis/targets.js';
import type { Backend, TableReport } from '../../core/backend.js';
import type { Gamut, Plan } from '../../core/types.js';
import { collectColors } from './collect-jobs.js';
import { compilePictureKernel } from './compile.js';
import { evaluateChunks, settleDoubts } from './evaluate.js';
import type { Kernel } from './kernel.js';
import { bucketScale, packParameters } from './parameters.js';
import { bucketColors } from './sample.js';

/**
 * Up to this many pixels one thread with a list of its colors is as soon done as two that go through a table of all colors,
 * and takes half their time together.
 */
export const LONE_PIXELS = 1 << 22;
/** The list still pays where other pictures take the other threads. It is as long as a picture has pixels, at worst. */
export const MAX_LONE_PIXELS = 1 << 24;

const PAGE_BYTES = 65536;
/** Pixels a call of the kernel takes; they lie in a core's cache meanwhile. */
const CHUNK_PIXELS = 16384;

/** Where things lie, in bytes; multiples of a page. Untouched pages cost nothing. */
const STAGE = PAGE_BYTES;
const TABLE = STAGE + CHUNK_PIXELS * 4;
const HIDDEN = TABLE + 2 ** 24;
const SLOTS = HIDDEN + 2 ** 21;
const LISTS = SLOTS + 2 ** 26;
/** Of a pixel: a note (each color once, again for 255 pixels more, and once under alpha 0), color, new color, count. */
const LIST_BYTES = 16;

interface Exports {
  noteRgb(from: number, pixels: number, table: number, list: number): number;
  noteRgba(from: number, pixels: number, table: number, hidden: number, list: number): number;
  collect(
    list: number,
    notes: number,
    table: number,
    hidden: number,
    slots: number,
    colors: number,
    counts: number,
  ): number;
  fill(colors: number, newColors: number, count: number, slots: number): void;
  paintRgb(from: number, pixels: number, slots: number): void;
  paintRgba(from: number, pixels: number, slots: number): void;
}

/** What to do to a picture; goes to workers as it is. */
export interface LoneWork {
  readonly channels: 3 | 4;
  readonly gamut: Gamut;
  /** Radii to be measured, or a plan that has them. */
  readonly settled: Targets | Plan;
  /** Of the picture, says where the radii lie about. Default: taken when it is needed. */
  readonly sample?: Uint32Array | undefined;
}

/** Recolors pictures on one thread. */
export interface LonePicture {
  /**
   * @param data 8 bits, at most MAX_LONE_PIXELS; changed in place, alpha excepted
   * @param check called between the stages; what it throws leaves `data` as it was
   */
  recolor(data: Uint8Array, work: LoneWork, now: () => number, check?: () => void): Promise<TableReport>;
}

/**
 * The bytes and the plan are those of the core's table strategy.
 *
 * @param kernel of the calling thread
 * @param js settles doubtful colors
 */
export async function createLonePicture(kernel: Kernel, js: Backend): Promise<LonePicture> {
  const pagesFor = (pixels: number): number => Math.ceil((LISTS + pixels * LIST_BYTES) / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pagesFor(LONE_PIXELS), maximum: pagesFor(MAX_LONE_PIXELS) });
  const abort = (): never => {
    throw new Error('the picture kernel aborted');
  };
  const module = await compilePictureKernel(false);
  const own = new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as Exports;

  function eachChunk(data: Uint8Array, channels: 3 | 4, work: (pixels: number) => void, isKept = false): void {
    const stage = new Uint8Array(memory.buffer, STAGE, CHUNK_PIXELS * channels);
    for (let start = 0; start < data.length; start += stage.length) {
      const chunk = data.subarray(start, start + stage.length);
      stage.set(chunk);
      work(chunk.length / channels);
      if (isKept) chunk.set(chunk.length === stage.length ? stage : stage.subarray(0, chunk.length));
    }
  }

  /** @returns the census, and room for its new colors, until the next picture */
  function count(data: Uint8Array, channels: 3 | 4) {
    const pixels = data.length / channels;
    const missing = pagesFor(pixels) - memory.buffer.byteLength / PAGE_BYTES;
    if (missing > 0) memory.grow(missing);
    const [counts, colors, newColors, list] = [0, 4, 8, 12].map((bytes) => LISTS + bytes * pixels) as [
      number,
      number,
      number,
      number,
    ];
    let notes = 0;
    eachChunk(data, channels, (some) => {
      const at = list + notes * 4;
      notes += channels === 3 ? own.noteRgb(STAGE, some, TABLE, at) : own.noteRgba(STAGE, some, TABLE, HIDDEN, at);
    });
    const found = own.collect(list, notes, TABLE, HIDDEN, SLOTS, colors, counts);
    const { buffer } = memory;
    return {
      counts: new Uint32Array(buffer, counts, found),
      colors: new Uint32Array(buffer, colors, found),
      newColors: new Uint32Array(buffer, newColors, found),
    };
  }

  async function measurePlan(
    sample: Uint32Array,
    census: { readonly colors: Uint32Array; readonly counts: Uint32Array },
    targets: Targets,
    gamut: Gamut,
  ): Promise<Plan> {
    const source: BandSource = {
      sample: (wanted) => bucketColors(kernel, sample, wanted, gamut),
      scaleOf: bucketScale,
      collect: async (bands) => collectColors(kernel, { kind: 'collect-colors', ...census, bands, gamut }),
    };
    const { total, radii } = await radiiFromBands(source, targets.targets, gamut);
    return makePlan(targets, gamut, total, radii);
  }

  return {
    async recolor(data, { channels, gamut, settled, sample }, now, check) {
      const t0 = now();
      const { colors, counts, newColors } = count(data, channels);
      const t1 = now();
      check?.();
      const plan =
        'targets' in settled
          ? await measurePlan(
              sample ?? sampleColors({ data, channels }, SAMPLE_PIXELS),
              { colors, counts },
              settled,
              gamut,
            )
          : settled;
      const t2 = now();
      check?.();
      kernel.setParameters(packParameters(plan));
      const doubts = evaluateChunks(kernel, colors, newColors);
      await settleDoubts(js, colors, plan, newColors, doubts);
      own.fill(colors.byteOffset, newColors.byteOffset, colors.length, SLOTS);
      const t3 = now();
      check?.();
      const paint = channels === 3 ? own.paintRgb : own.paintRgba;
      eachChunk(data, channels, (pixels) => paint(STAGE, pixels, SLOTS), true);
      const timings = { census: t1 - t0, radii: t2 - t1, pull: t3 - t2, repaint: now() - t3 };
      return { plan, distinctColors: colors.length, timings };
    },
  };
}
