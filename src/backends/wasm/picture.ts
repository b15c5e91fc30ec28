import type { Census } from '../../core/analysis/census.js';
import type { Backend, TableOptions, TableReport } from '../../core/backend.js';
import { throwIfCanceled } from '../../core/errors.js';
import { checkGamut, isPlan } from '../../core/recipe.js';
import { fillTable } from '../../core/repaint.js';
import type { Cancel, Gamut, Pixels, Plan, Recipe } from '../../core/types.js';
import { compilePictureKernel } from './compile.js';
import type { JobResult, JobRunner, StageJob } from './jobs.js';
import type { DistanceBuckets } from './measure.js';
import { packParameters } from './parameters.js';
import { createPictureHand, createPictureMemory, GROUP_COUNT, slotsOf, tablesOf } from './picture-hand.js';
import { planFromBuckets } from './plan.js';
import type { Pool } from './pool.js';

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

/** A picture cut into one part a thread; the calling thread works on the caller's memory, the workers on shared copies. */
interface Parts {
  readonly own: Uint8Array;
  /** Views of the caller's memory, and their shared copies. */
  readonly theirs: readonly { readonly original: Uint8Array; readonly copy: Uint8Array }[];
}

/** A census and room for its new colors; in shared memory when there are workers. */
interface Palette extends Census {
  readonly newColors: Uint32Array;
}

/** Memory of one color: packed color, new color, visible pixels (float64). */
const BYTES_A_COLOR = 16;
/** What a spilled color stands for. */
const SPILLED_PIXELS = 255;
/** More threads than this would each want a table of 18 MiB for ever smaller parts. */
const MAX_PAINTERS = 16;

/**
 * @param evaluate of the backend: settles doubtful colors, and does all of them when there is no pool
 * @param pool workers that share memory; undefined: the calling thread does all
 */
export async function createPictureRecolorer(
  runner: JobRunner,
  evaluate: Backend['evaluate'],
  pool?: Pool,
): Promise<PictureRecolorer> {
  const workers = pool?.size ?? 0;
  /** Workers that take a part of the pixels. */
  const painters = Math.min(workers, MAX_PAINTERS - 1);
  const isShared = workers > 0;
  const picture = createPictureMemory(await compilePictureKernel(isShared), painters + 1, isShared);
  const slots = slotsOf(picture);
  const ownHand = createPictureHand(picture, 0);
  // Kept between pictures: a fresh page costs more to touch than to use.
  const kept = { picture: new ArrayBuffer(0), colors: new ArrayBuffer(0) } as Record<
    'picture' | 'colors',
    ArrayBufferLike
  >;
  /** Whether the counting tables are all zero. */
  let isClear = true;

  function makeMemory(bytes: number): ArrayBufferLike {
    return isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  }

  function reserve(name: keyof typeof kept, bytes: number): ArrayBufferLike {
    if (kept[name].byteLength < bytes) kept[name] = makeMemory(bytes);
    return kept[name];
  }

  async function runAll(jobs: readonly StageJob[], own: () => void): Promise<JobResult[]> {
    if (pool) return pool.run(jobs, own);
    own();
    return [];
  }

  function cut(data: Uint8Array, channels: 3 | 4): Parts {
    // Parts begin at multiples of 8 bytes: elsewhere the engine copies to shared memory byte by byte.
    const groupBytes = 8 * channels;
    const partBytes = Math.ceil(data.length / (painters + 1) / groupBytes) * groupBytes;
    if (painters === 0) return { own: data, theirs: [] };
    const memory = reserve('picture', partBytes * painters);
    const theirs = Array.from({ length: painters }, (_, i) => {
      const original = data.subarray((i + 1) * partBytes, (i + 2) * partBytes);
      const copy = new Uint8Array(memory, i * partBytes, original.length);
      copy.set(original);
      return { original, copy };
    });
    return { own: data.subarray(0, partBytes), theirs };
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
    const memory = reserve('colors', length * BYTES_A_COLOR);
    const palette = {
      counts: new Float64Array(memory, 0, length),
      colors: new Uint32Array(memory, length * 8, length),
      newColors: new Uint32Array(memory, length * 12, length),
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

  async function measurePlan(census: Census, recipe: Recipe, gamut: Gamut): Promise<Plan> {
    return planFromBuckets(census, recipe, gamut, async ({ colors, counts }, targets) => {
      const share = Math.ceil(colors.length / (workers + 1));
      const jobs = Array.from({ length: workers + 1 }, (_, i) => {
        const [from, to] = [i * share, (i + 1) * share];
        return {
          kind: 'measure',
          colors: colors.subarray(from, to),
          counts: counts.subarray(from, to),
          targets,
          gamut,
        } as const;
      });
      const [own, ...theirs] = jobs;
      let first: JobResult | undefined;
      const results = await runAll(theirs, () => {
        first = own && runner.run(own);
      });
      return joinMeasured([first, ...results].map((result) => result?.measured ?? []));
    });
  }

  /** Fills the slots of all colors. */
  async function pull({ colors, newColors }: Palette, plan: Plan, signal: Cancel | undefined): Promise<void> {
    if (workers === 0) {
      await evaluate(colors, plan, newColors, signal);
      fillTable({ slots }, colors, newColors);
      return;
    }
    const next = new Int32Array(makeMemory(4));
    const parameters = packParameters(plan);
    const job = { kind: 'pull-shared', parameters, colors, out: newColors, next, slots } as const;
    let own: JobResult | undefined;
    const results = await runAll(new Array(workers).fill(job), () => {
      own = runner.run(job);
    });
    const doubtful = Uint32Array.from([own, ...results].flatMap((result) => result?.doubtful ?? []));
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
    async recolor(pixels, recipeOrPlan, { signal, now = Date.now }) {
      const { channels, gamut = 'srgb' } = pixels;
      const data = new Uint8Array(pixels.data.buffer, pixels.data.byteOffset, pixels.data.byteLength);
      const t0 = now();
      const parts = cut(data, channels);
      const palette = await count(parts, channels);
      const t1 = now();
      throwIfCanceled(signal);
      const plan = isPlan(recipeOrPlan)
        ? checkGamut(recipeOrPlan, gamut)
        : await measurePlan(palette, recipeOrPlan, gamut);
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

function joinMeasured(parts: readonly (readonly DistanceBuckets[])[]): DistanceBuckets[] {
  const [first = []] = parts;
  return first.map((_, target) => {
    const pieces = parts.map((part) => part[target] as DistanceBuckets);
    const buckets = new Uint16Array(pieces.reduce((sum, piece) => sum + piece.buckets.length, 0));
    const pixels = new Float64Array(pieces[0]?.pixels.length ?? 0);
    let at = 0;
    for (const piece of pieces) {
      buckets.set(piece.buckets, at);
      at += piece.buckets.length;
      for (let i = 0; i < pixels.length; i++) pixels[i] = (pixels[i] as number) + (piece.pixels[i] as number);
    }
    return { buckets, pixels };
  });
}
