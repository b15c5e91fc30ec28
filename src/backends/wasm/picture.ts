import { type Census, type ColorTable, clearTable, countColors } from '../../core/analysis/census.js';
import type { Backend, TableOptions, TableReport } from '../../core/backend.js';
import { COLOR_COUNT } from '../../core/color/packed.js';
import { throwIfCanceled } from '../../core/errors.js';
import { isPlan } from '../../core/recipe.js';
import { checkGamut } from '../../core/recolor.js';
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

/** A picture cut into one part a thread; the calling thread works on the caller's memory, the workers on shared copies. */
interface Parts {
  readonly own: Uint8Array;
  /** Views of the caller's memory, and their shared copies. */
  readonly theirs: readonly { readonly original: Uint8Array; readonly copy: Uint8Array }[];
}

/**
 * @param evaluate of the backend: settles doubtful colors, and does all of them when there is no pool
 * @param pool workers that share memory; undefined: the calling thread counts, measures and repaints
 */
export function createPictureRecolorer(
  runner: JobRunner,
  evaluate: Backend['evaluate'],
  pool?: Pool,
): PictureRecolorer {
  const workers = pool?.size ?? 0;
  // Kept between pictures: a fresh page costs more to touch than to use.
  const shared = { picture: undefined, colors: undefined } as Record<
    'picture' | 'colors',
    SharedArrayBuffer | undefined
  >;
  let table: ColorTable | undefined;

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
    const partBytes = Math.ceil(data.length / (workers + 1) / groupBytes) * groupBytes;
    const memory = workers > 0 ? reserve('picture', partBytes * workers) : undefined;
    const theirs = Array.from({ length: workers }, (_, i) => {
      const original = data.subarray((i + 1) * partBytes, (i + 2) * partBytes);
      const copy = new Uint8Array(memory as SharedArrayBuffer, i * partBytes, original.length);
      copy.set(original);
      return { original, copy };
    });
    return { own: data.subarray(0, partBytes), theirs };
  }

  async function count({ own, theirs }: Parts, channels: 3 | 4, known: ColorTable): Promise<Census> {
    let first: Census | undefined;
    const jobs = theirs.map(({ copy }) => ({ kind: 'census', data: copy, channels }) as const);
    const results = await runAll(jobs, () => {
      first = countColors(own, channels, known);
    });
    const parts = [first as Census, ...results.map(({ census }) => census as Census)];
    if (parts.length === 1) return parts[0] as Census;
    const length = parts.reduce((sum, { colors }) => sum + colors.length, 0);
    return mergeParts(parts, known.slots, reserve('colors', Math.min(length, COLOR_COUNT) * BYTES_A_COLOR));
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
  async function pull(census: Census, plan: Plan, slots: Uint32Array, signal: Cancel | undefined): Promise<void> {
    const { colors } = census;
    if (workers === 0) {
      const newColors = new Uint32Array(colors.length);
      await evaluate(colors, plan, newColors, signal);
      fillTable({ slots }, colors, newColors);
      return;
    }
    const out = new Uint32Array(colors.buffer, colors.length * 4, colors.length);
    const next = new Int32Array(new SharedArrayBuffer(4));
    const job = { kind: 'pull-shared', parameters: packParameters(plan), colors, out, next, slots } as const;
    let doubts = 0;
    const results = await runAll(new Array(workers).fill(job), () => {
      doubts = runner.run(job).doubts;
    });
    for (const result of results) doubts += result.doubts;
    if (doubts === 0) return;
    const doubtful = Uint32Array.from(colors.filter((_, i) => (out[i] as number) >= DOUBT));
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
      // Taken away until it is known to be all zero again.
      const known = table ?? {
        slots: new Uint32Array(workers > 0 ? new SharedArrayBuffer(TABLE_BYTES) : new ArrayBuffer(TABLE_BYTES)),
      };
      table = undefined;
      const t0 = now();
      const parts = cut(data, channels);
      const census = await count(parts, channels, known);
      try {
        const t1 = now();
        throwIfCanceled(signal);
        const plan = isPlan(recipeOrPlan)
          ? checkGamut(recipeOrPlan, gamut)
          : await measurePlan(census, recipeOrPlan, gamut);
        const t2 = now();
        throwIfCanceled(signal);
        await pull(census, plan, known.slots, signal);
        const t3 = now();
        throwIfCanceled(signal);
        await paint(parts, channels, known.slots);
        const timings = { census: t1 - t0, radii: t2 - t1, pull: t3 - t2, repaint: now() - t3 };
        return { plan, distinctColors: census.colors.length, timings };
      } finally {
        clearTable(known, census.colors);
        table = known;
      }
    },
  };
}

const TABLE_BYTES = COLOR_COUNT * 4;
/** Shared memory of one color: packed color, visible pixels (float64), new color. */
const BYTES_A_COLOR = 16;

/**
 * Adds the parts of a census into shared memory.
 *
 * @param slots of the table that counted the first part; afterwards no slot of a color is 0
 */
function mergeParts(parts: readonly Census[], slots: Uint32Array, memory: SharedArrayBuffer): Census {
  const [first, ...rest] = parts as [Census, ...Census[]];
  const length = parts.reduce((sum, { colors }) => sum + colors.length, 0);
  const colors = new Uint32Array(length);
  const counts = new Float64Array(length);
  let found = first.colors.length;
  colors.set(first.colors);
  counts.set(first.counts);
  for (let i = 0; i < found; i++) slots[colors[i] as number] = i + 1;
  for (const part of rest) {
    for (let i = 0; i < part.colors.length; i++) {
      const color = part.colors[i] as number;
      let slot = slots[color] as number;
      if (slot === 0) {
        slots[color] = slot = ++found;
        colors[slot - 1] = color;
      }
      counts[slot - 1] = (counts[slot - 1] as number) + (part.counts[i] as number);
    }
  }
  // colors, counts and, behind them, room for the new colors; counts must start at a multiple of 8.
  const sharedColors = new Uint32Array(memory, 0, found);
  const sharedCounts = new Float64Array(memory, memory.byteLength - found * 8, found);
  sharedColors.set(colors.subarray(0, found));
  sharedCounts.set(counts.subarray(0, found));
  return { colors: sharedColors, counts: sharedCounts };
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
