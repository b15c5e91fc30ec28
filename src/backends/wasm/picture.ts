import type { BandSource, Collected } from '../../core/analysis/bands.js';
import { planFromBands } from '../../core/analysis/plan-from-bands.js';
import { SAMPLE_PIXELS, sampleColors } from '../../core/analysis/sample-colors.js';
import type { Backend, TableOptions, TableReport } from '../../core/backend.js';
import { throwIfCanceled } from '../../core/errors.js';
import { checkGamut, isPlan } from '../../core/recipe.js';
import { fillTable } from '../../core/repaint.js';
import type { Cancel, Gamut, Pixels, Plan, Recipe } from '../../core/types.js';
import { joinCollected } from './collect-jobs.js';
import { compilePictureKernel } from './compile.js';
import type { JobResult, JobRunner, StageJob } from './jobs.js';
import { bucketScale, packParameters } from './parameters.js';
import type { Cut, Parts } from './parts.js';
import { createPictureHand, createPictureMemory, GROUP_COUNT, slotsOf, tablesOf } from './picture-hand.js';
import type { Pool } from './pool.js';
import { bucketColors } from './sample.js';

/** Below this many pixels one thread is done before the workers have their parts. */
export const THREADED_MIN_PIXELS = 1 << 18;
/** Below this many pixels going through a table of all colors costs more than the core's list of those that occur. */
export const PICTURE_MIN_PIXELS = 1 << 17;

/** Recolors whole pictures; the bytes are those of the core's table strategy. One at a time. */
export interface PictureRecolorer {
  /** The large tables, all zero before the first picture. */
  readonly tables: Uint8Array;
  /**
   * @param pixels 8 bits; `data` is changed in place, alpha excepted
   * @throws CANCELED, INVALID_PLAN, NO_ATTRACTORS, BACKEND_FAILED; `data` is then as it was
   */
  recolor(pixels: Pixels, recipeOrPlan: Recipe | Plan, options: TableOptions): Promise<TableReport>;
}

/** A census of one picture, in the order of the colors; in shared memory when there are workers. */
interface Palette {
  readonly colors: Uint32Array;
  /** Visible pixels of each. */
  readonly counts: Uint32Array;
}

/** Fewer colors are measured before a worker would have heard of them. */
const MEASURED_TOGETHER = 1 << 17;
/** Memory of one color: packed color, visible pixels. */
const BYTES_A_COLOR = 8;
/** What a spilled color stands for. */
const SPILLED_PIXELS = 255;
/** More threads than this would each want a table of 18 MiB for ever smaller parts. */
const MAX_PAINTERS = 16;

/**
 * @param evaluate of the backend: settles doubtful colors, and does all of them when there is no pool
 * @param cut makes the parts; shared with others who recolor pictures, since only one does at a time
 * @param pool workers that share memory; undefined: the calling thread does all
 */
export async function createPictureRecolorer(
  runner: JobRunner,
  evaluate: Backend['evaluate'],
  cut: Cut,
  pool?: Pool,
): Promise<PictureRecolorer> {
  const workers = pool?.size ?? 0;
  /** Workers that take a part of the pixels. */
  const painters = Math.min(workers, MAX_PAINTERS - 1);
  const isShared = workers > 0;
  const picture = createPictureMemory(await compilePictureKernel(isShared), painters + 1, isShared);
  const slots = slotsOf(picture);
  const ownHand = createPictureHand(picture, 0);
  /** Of the palette; kept between pictures: a fresh page costs more to touch than to use. */
  let kept: ArrayBufferLike = new ArrayBuffer(0);
  /** Whether the counting tables are all zero. */
  let isClear = true;

  function makeMemory(bytes: number): ArrayBufferLike {
    return isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  }

  function reserve(bytes: number): ArrayBufferLike {
    if (kept.byteLength < bytes) kept = makeMemory(bytes);
    return kept;
  }

  async function runAll(jobs: readonly StageJob[], own: () => void): Promise<JobResult[]> {
    if (pool) return pool.run(jobs, own);
    own();
    return [];
  }

  async function count({ own, theirs }: Parts, channels: 3 | 4): Promise<Palette> {
    const hasAlpha = channels === 4;
    if (!isClear) ownHand.clear();
    isClear = false;
    let ownSpilled: Uint32Array | undefined;
    const jobs = theirs.map(({ copy }, i) => ({ kind: 'count', picture, index: i + 1, data: copy, channels }) as const);
    const results = await runAll(jobs, () => {
      ownSpilled = ownHand.count(own, channels);
    });
    const totals = new Int32Array(makeMemory(GROUP_COUNT * 4));
    await together((next, index) => ({ kind: 'merge', picture, index, next, totals, hasAlpha }));

    const bases = new Int32Array(makeMemory((GROUP_COUNT + 1) * 4));
    for (let group = 0; group < GROUP_COUNT; group++) {
      bases[group + 1] = (bases[group] as number) + (totals[group] as number);
    }
    const length = bases[GROUP_COUNT] as number;
    const memory = reserve(length * BYTES_A_COLOR);
    const palette = {
      colors: new Uint32Array(memory, 0, length),
      counts: new Uint32Array(memory, length * 4, length),
    };
    await together((next, index) => ({ kind: 'emit', picture, index, next, bases, hasAlpha, ...palette }));
    isClear = true;
    for (const spilled of [ownSpilled, ...results.map((result) => result.spilled)]) {
      for (const color of spilled ?? []) {
        const at = ownHand.rank(color);
        palette.counts[at] = (palette.counts[at] as number) + SPILLED_PIXELS;
      }
    }
    return palette;
  }

  /** A stage whose work the threads take piece by piece. */
  async function together(makeJob: (next: Int32Array, index: number) => StageJob): Promise<void> {
    const next = new Int32Array(makeMemory(4));
    const jobs = Array.from({ length: painters }, (_, i) => makeJob(next, i + 1));
    await runAll(jobs, () => runner.run(makeJob(next, 0)));
  }

  async function measurePlan(
    sample: Uint32Array,
    { colors, counts }: Palette,
    recipe: Recipe,
    gamut: Gamut,
  ): Promise<Plan> {
    const source: BandSource = {
      sample: (targets) => bucketColors(runner.kernel, sample, targets, gamut),
      scaleOf: bucketScale,
      async collect(bands) {
        const threads = colors.length < MEASURED_TOGETHER ? 1 : workers + 1;
        const share = Math.ceil(colors.length / threads);
        const [own, ...theirs] = Array.from({ length: threads }, (_, i): StageJob => {
          const [from, to] = [i * share, (i + 1) * share];
          const part = { colors: colors.subarray(from, to), counts: counts.subarray(from, to) };
          return { kind: 'collect-colors', ...part, bands, gamut };
        });
        const found: JobResult[] = [];
        const results = await runAll(theirs, () => found.push(runner.run(own as StageJob)));
        return joinCollected([...found, ...results].map(({ collected }) => collected as Collected));
      },
    };
    return planFromBands(source, recipe, gamut);
  }

  /** Fills the slots of all colors. */
  async function pull({ colors }: Palette, plan: Plan, signal: Cancel | undefined): Promise<void> {
    if (workers === 0) {
      const newColors = new Uint32Array(colors.length);
      await evaluate(colors, plan, newColors, signal);
      fillTable({ slots }, colors, newColors);
      return;
    }
    const next = new Int32Array(makeMemory(4));
    const job = { kind: 'pull-slots', parameters: packParameters(plan), colors, next, slots } as const;
    const found: JobResult[] = [];
    const results = await runAll(new Array(workers).fill(job), () => found.push(runner.run(job)));
    const doubtful = Uint32Array.from([...found, ...results].flatMap((result) => result.doubtful ?? []));
    if (doubtful.length === 0) return;
    const settled = new Uint32Array(doubtful.length);
    await evaluate(doubtful, plan, settled, signal);
    fillTable({ slots }, doubtful, settled);
  }

  async function paint({ own, theirs }: Parts, channels: 3 | 4): Promise<void> {
    const jobs = theirs.map(({ copy }, i) => ({ kind: 'paint', picture, index: i + 1, data: copy, channels }) as const);
    try {
      await runAll(jobs, () => ownHand.paint(own, channels));
      for (const { original, copy } of theirs) original.set(copy);
    } catch {
      // A worker was lost this late: the originals of its part are untouched, and the slots are complete.
      for (const { original } of theirs) ownHand.paint(original, channels);
    }
  }

  return {
    tables: tablesOf(picture),
    async recolor(pixels, recipeOrPlan, { signal, sample, now = Date.now }) {
      const { channels, gamut = 'srgb' } = pixels;
      const data = new Uint8Array(pixels.data.buffer, pixels.data.byteOffset, pixels.data.byteLength);
      const t0 = now();
      const parts = cut(data, channels, painters);
      const palette = await count(parts, channels);
      const t1 = now();
      throwIfCanceled(signal);
      const plan = isPlan(recipeOrPlan)
        ? checkGamut(recipeOrPlan, gamut)
        : await measurePlan(sample ?? sampleColors(pixels, SAMPLE_PIXELS), palette, recipeOrPlan, gamut);
      const t2 = now();
      throwIfCanceled(signal);
      await pull(palette, plan, signal);
      const t3 = now();
      throwIfCanceled(signal);
      await paint(parts, channels);
      const timings = { census: t1 - t0, radii: t2 - t1, pull: t3 - t2, repaint: now() - t3 };
      return { plan, distinctColors: palette.colors.length, timings };
    },
  };
}
