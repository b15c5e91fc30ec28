import {
  type Census,
  type ColorTable,
  clearTable,
  countColors,
  createColorTable,
  PRESENT,
} from '../../core/analysis/census.js';
import type { Backend, TableOptions, TableReport } from '../../core/backend.js';
import { throwIfCanceled } from '../../core/errors.js';
import { checkGamut, isPlan } from '../../core/recipe.js';
import { fillTable, repaint } from '../../core/repaint.js';
import type { Cancel, Gamut, Pixels, Plan, Recipe } from '../../core/types.js';
import type { Job, JobResult, JobRunner } from './jobs.js';
import { DOUBT } from './kernel.js';
import type { DistanceBuckets } from './measure.js';
import { packParameters } from './parameters.js';
import { planFromBuckets } from './plan.js';
import type { Pool } from './pool.js';

/** Below this many pixels one thread is done before the workers have their parts. */
export const THREADED_MIN_PIXELS = 1 << 18;

/** Recolors whole pictures; the bytes are those of the core's table strategy. One at a time. */
export interface PictureRecolorer {
  /**
   * @param pixels 8 bits; `data` is changed in place, alpha excepted
   * @throws CANCELED, INVALID_PLAN, NO_ATTRACTORS, BACKEND_FAILED; `data` is then as it was
   */
  recolor(pixels: Pixels, recipeOrPlan: Recipe | Plan, options: TableOptions): Promise<TableReport>;
}

/**
 * With fewer workers the calling thread counts and repaints alone. Both stages wait for memory, not for arithmetic, and a
 * worker's part must be copied there and back and its census merged: on two cores that cost 40 ms of 200 at 16.8 Mpx and
 * 100 ms in a fresh process, whose pages are untouched.
 */
const MIN_PAINTERS = 2;

/** A picture cut into one part a thread; the calling thread works on the caller's memory, the workers on shared copies. */
interface Parts {
  readonly own: Uint8Array;
  /** Views of the caller's memory, and their shared copies. */
  readonly theirs: readonly { readonly original: Uint8Array; readonly copy: Uint8Array }[];
}

/**
 * @param evaluate of the backend: settles doubtful colors, and does all of them when there is no pool
 * @param pool workers that share memory; undefined: the calling thread counts, measures and repaints
 * @param freshTable all zero, the recolorer's own from now on; in shared memory if there is a pool
 */
export function createPictureRecolorer(
  runner: JobRunner,
  evaluate: Backend['evaluate'],
  pool?: Pool,
  freshTable?: ColorTable,
): PictureRecolorer {
  const workers = pool?.size ?? 0;
  /** Workers that take a part of the pixels. */
  const painters = workers >= MIN_PAINTERS ? workers : 0;
  // Kept between pictures: a fresh page costs more to touch than to use.
  const shared = { picture: undefined, colors: undefined } as Record<
    'picture' | 'colors',
    SharedArrayBuffer | undefined
  >;
  let table = freshTable;
  /** Colors whose slots are not 0; cleared when the next picture comes, since often none does. */
  let touched: Uint32Array | undefined;

  function reserve(name: keyof typeof shared, bytes: number): SharedArrayBuffer {
    const kept = shared[name];
    return kept && kept.byteLength >= bytes ? kept : (shared[name] = new SharedArrayBuffer(bytes));
  }

  async function runAll(jobs: readonly Job[], own: () => void): Promise<JobResult[]> {
    if (pool) return pool.run(jobs, own);
    own();
    return [];
  }

  function cut(data: Uint8Array, channels: 3 | 4): Parts {
    // Whole groups of four pixels, so that every part can be read as 32-bit words.
    const groupBytes = 4 * channels;
    const partBytes = Math.ceil(data.length / (painters + 1) / groupBytes) * groupBytes;
    const memory = painters > 0 ? reserve('picture', partBytes * painters) : undefined;
    const theirs = Array.from({ length: painters }, (_, i) => {
      const original = data.subarray((i + 1) * partBytes, (i + 2) * partBytes);
      const copy = new Uint8Array(memory as SharedArrayBuffer, i * partBytes, original.length);
      copy.set(original);
      return { original, copy };
    });
    return { own: data.subarray(0, partBytes), theirs };
  }

  async function count({ own, theirs }: Parts, channels: 3 | 4, known: ColorTable): Promise<Palette> {
    let first: Census | undefined;
    const jobs = theirs.map(({ copy }) => ({ kind: 'census', data: copy, channels }) as const);
    const results = await runAll(jobs, () => {
      first = countColors(own, channels, known);
    });
    const parts = [first as Census, ...results.map(({ census }) => census as Census)];
    const length = parts.reduce((sum, { colors }) => sum + colors.length, 0);
    if (workers === 0) return { ...(first as Census), newColors: new Uint32Array(length) };
    if (parts.length === 1) return shareCensus(first as Census, reserve('colors', length * BYTES_A_COLOR));
    return mergeParts(parts, known.slots, reserve('colors', length * BYTES_A_COLOR), length);
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
  async function pull(palette: Palette, plan: Plan, slots: Uint32Array, signal: Cancel | undefined): Promise<void> {
    const { colors, newColors } = palette;
    if (workers === 0) {
      await evaluate(colors, plan, newColors, signal);
      fillTable({ slots }, colors, newColors);
      return;
    }
    const next = new Int32Array(new SharedArrayBuffer(4));
    const parameters = packParameters(plan);
    const job = { kind: 'pull-shared', parameters, colors, out: newColors, next, slots } as const;
    let doubts = 0;
    const results = await runAll(new Array(workers).fill(job), () => {
      doubts = runner.run(job).doubts;
    });
    for (const result of results) doubts += result.doubts;
    if (doubts === 0) return;
    const doubtful = Uint32Array.from(colors.filter((_, i) => (newColors[i] as number) >= DOUBT));
    const settled = new Uint32Array(doubtful.length);
    await evaluate(doubtful, plan, settled, signal);
    fillTable({ slots }, doubtful, settled);
  }

  async function paint({ own, theirs }: Parts, channels: 3 | 4, slots: Uint32Array): Promise<void> {
    const jobs = theirs.map(({ copy }) => ({ kind: 'repaint', data: copy, channels, slots }) as const);
    try {
      await runAll(jobs, () => repaint(own, channels, { slots }));
      for (const { original, copy } of theirs) original.set(copy);
    } catch {
      // A worker was lost this late: the originals of its part are untouched, and the table is complete.
      for (const { original } of theirs) repaint(original, channels, { slots });
    }
  }

  return {
    async recolor(pixels, recipeOrPlan, { signal, now = Date.now }) {
      const { channels, gamut = 'srgb' } = pixels;
      const data = new Uint8Array(pixels.data.buffer, pixels.data.byteOffset, pixels.data.byteLength);
      const t0 = now();
      if (table && touched) clearTable(table, touched);
      const known = table ?? createColorTable(workers > 0);
      table = undefined; // until its slots are known again: a failed census leaves it half counted
      const parts = cut(data, channels);
      const palette = await count(parts, channels, known);
      table = known;
      touched = palette.colors;
      const t1 = now();
      throwIfCanceled(signal);
      const plan = isPlan(recipeOrPlan)
        ? checkGamut(recipeOrPlan, gamut)
        : await measurePlan(palette, recipeOrPlan, gamut);
      const t2 = now();
      throwIfCanceled(signal);
      await pull(palette, plan, known.slots, signal);
      const t3 = now();
      throwIfCanceled(signal);
      await paint(parts, channels, known.slots);
      const timings = { census: t1 - t0, radii: t2 - t1, pull: t3 - t2, repaint: now() - t3 };
      return { plan, distinctColors: palette.colors.length, timings };
    },
  };
}

/** A census and room for its new colors; in shared memory when there are workers. */
interface Palette extends Census {
  readonly newColors: Uint32Array;
}

/** Shared memory of one color: packed color, new color, visible pixels (float64). */
const BYTES_A_COLOR = 16;

/** Copies a census into shared memory. */
function shareCensus({ colors, counts }: Census, memory: SharedArrayBuffer): Palette {
  const { length } = colors;
  const shared = { colors: new Uint32Array(memory, 0, length), counts: new Float64Array(memory, length * 8, length) };
  shared.colors.set(colors);
  shared.counts.set(counts);
  return { ...shared, newColors: new Uint32Array(memory, length * 4, length) };
}

/**
 * Adds the parts of a census into shared memory.
 *
 * @param slots of the table that counted the first part; afterwards the sums, as `countColors` leaves them
 * @param memory for as many colors as all parts have together
 */
function mergeParts(parts: readonly Census[], slots: Uint32Array, memory: SharedArrayBuffer, length: number): Palette {
  const colors = new Uint32Array(memory, 0, length);
  const counts = new Float64Array(memory, length * 8, length);
  let found = 0;
  for (const [index, part] of parts.entries()) {
    if (index === 0) {
      colors.set(part.colors);
      found = part.colors.length;
      continue;
    }
    for (let i = 0; i < part.colors.length; i++) {
      const color = part.colors[i] as number;
      const slot = slots[color] as number;
      if (slot === 0) colors[found++] = color;
      slots[color] = (slot | PRESENT) + (part.counts[i] as number);
    }
  }
  for (let i = 0; i < found; i++) counts[i] = (slots[colors[i] as number] as number) & ~PRESENT;
  return {
    colors: colors.subarray(0, found),
    counts: counts.subarray(0, found),
    newColors: new Uint32Array(memory, length * 4, found),
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
