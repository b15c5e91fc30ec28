import type { Backend, TableReport } from '../../core/backend.js';
import { ColorshineError, throwIfCanceled } from '../../core/errors.js';
import { isInGamut } from '../../core/lut/sample.js';
import type { Cancel, Plan } from '../../core/types.js';
import { createJsBackend } from '../js/index.js';
import { reasonOf } from '../reason.js';
import { compileKernel, hasWasmSimd, type Variant } from './compile.js';
import { createDirectRecolorer } from './direct.js';
import { evaluateChunks, settleDoubts } from './evaluate.js';
import { createJobRunner } from './jobs.js';
import { createKernel } from './kernel.js';
import { LONE_PIXELS, MAX_LONE_PIXELS } from './lone-picture.js';
import { createWasmSampler } from './lut-sampler.js';
import { packParameters } from './parameters.js';
import { createCut } from './parts.js';
import { createPictureRecolorer, PICTURE_MIN_PIXELS, type PictureRecolorer, THREADED_MIN_PIXELS } from './picture.js';
import { createPixelWorks } from './pixels.js';
import type { Pool } from './pool.js';
import { createPooledEvaluator, POOLED_MIN_COLORS, type PooledEvaluator } from './pooled.js';
import { recolorLone, recolorOnFreeThread } from './recolor-lone.js';
import { createThreads, type ThreadsOptions } from './threads.js';

export interface WasmOptions extends ThreadsOptions {
  /** Default: SIMD where the engine has it. */
  readonly variant?: Variant;
  /**
   * If given, the memory for large pictures is made at once, and this is called to have its fresh pages touched beside the
   * calling thread. It may write zeros, nothing else.
   */
  readonly layOut?: (memory: Uint8Array) => Promise<void>;
  /** Makes what one picture on the calling thread needs at once: memory of 80 MiB, most of it never touched. Default false. */
  readonly expectsLone?: boolean;
}

export interface WasmBackend extends Backend {
  readonly name: 'wasm';
  readonly variant: Variant;
  /** Threads it may use, the calling one included; falls to 1 when a worker fails. */
  readonly threads: number;
}

type PictureArguments = Parameters<NonNullable<Backend['recolorTable']>>;

/** Smaller tables than this many nodes an axis are built before workers are awake (7 ms). */
const SHARED_MIN_AXIS = 33;

/** What one thread takes, in milliseconds: of a color, a node, a pixel with a table of colors or without one, measured roughly. */
const COST = { color: 25e-6, node: 150e-6, tablePixel: 6e-6, directPixel: 40e-6, otherPixel: 60e-6 } as const;

/**
 * The pull in float32 SIMD WebAssembly; colors at a jump of the model are settled in float64 by the js backend. 16-bit pictures,
 * for which float32 is too coarse, have a float64 kernel. Any number of threads gives the same bytes.
 * Reference: `pull`.
 *
 * @throws BACKEND_FAILED where WebAssembly is missing or forbidden
 */
export async function createWasmBackend(options: WasmOptions = {}): Promise<WasmBackend> {
  const { variant = hasWasmSimd() ? 'simd' : 'scalar' } = options;
  const { module, kernel } = await startKernel(variant);
  const runner = createJobRunner(kernel);
  const js = createJsBackend();
  const threads = createThreads(module, options);
  let pooled: { readonly pool: Pool; readonly evaluator: PooledEvaluator } | undefined;

  function pooledEvaluator(pool: Pool): PooledEvaluator {
    if (pooled?.pool !== pool) pooled = { pool, evaluator: createPooledEvaluator(runner, pool) };
    return pooled.evaluator;
  }

  // Shared buffers serve one caller at a time; a second one takes the way without them.
  const busy = { evaluate: false, picture: false, grid: false, pixels: false };

  /** @returns undefined when another caller is at it, or the threads failed */
  async function tryExclusively<T>(what: keyof typeof busy, work: () => Promise<T>): Promise<T | undefined> {
    if (busy[what]) return undefined;
    busy[what] = true;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ColorshineError) || error.code !== 'BACKEND_FAILED') throw error;
      threads.giveUp(error);
      return undefined;
    } finally {
      busy[what] = false;
    }
  }

  async function evaluate(colors: Uint32Array, plan: Plan, out: Uint32Array, signal?: Cancel): Promise<void> {
    throwIfCanceled(signal);
    const parameters = packParameters(plan);
    let doubts: readonly number[] | undefined;
    if (colors.length >= POOLED_MIN_COLORS) {
      const pool = await threads.take(colors.length * COST.color);
      const evaluator = pool && pooledEvaluator(pool);
      if (evaluator) doubts = await tryExclusively('evaluate', () => evaluator.evaluate(colors, parameters, out));
    }
    if (doubts === undefined) {
      kernel.setParameters(parameters);
      doubts = evaluateChunks(kernel, colors, out, signal);
    }
    await settleDoubts(js, colors, plan, out, doubts, signal);
  }

  /** Workers that see the memory of the calling thread. */
  async function takeSharing(milliseconds: number): Promise<Pool | undefined> {
    const pool = await threads.take(milliseconds);
    return pool?.sharesMemory ? pool : undefined;
  }

  const helpers = {
    async together<T>(pixels: number, work: (lent: Pool) => Promise<T>): Promise<T | undefined> {
      const pool = await takeSharing(pixels * COST.otherPixel);
      return pool && tryExclusively('pixels', () => work(pool));
    },
  };
  const pixelWorks = createPixelWorks(runner, helpers, variant === 'simd');

  let turn: Promise<unknown> = Promise.resolve();
  /** One large picture after the other: each has all threads, and the way without them takes longer than waiting. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  }

  /** @returns undefined when the threads failed */
  async function tryOnFreeThread(helpers: Pool, ...picture: PictureArguments): Promise<TableReport | undefined> {
    try {
      return await recolorOnFreeThread(helpers, ...picture);
    } catch (error) {
      if (!(error instanceof ColorshineError) || error.code !== 'BACKEND_FAILED') throw error;
      threads.giveUp(error);
      return undefined;
    }
  }

  if (options.expectsLone) runner.lone().catch(() => undefined); // who needs it will hear of it

  // Made on first use: their tables take 80 MiB and more.
  let alone: Promise<PictureRecolorer> | undefined;
  let together: Promise<PictureRecolorer> | undefined;

  const cut = createCut();

  function pictureRecolorer(pool: Pool | undefined): Promise<PictureRecolorer> {
    if (pool) return (together ??= createPictureRecolorer(runner, evaluate, cut, pool));
    return (alone ??= createPictureRecolorer(runner, evaluate, cut));
  }

  async function layOutTables(layOut: NonNullable<WasmOptions['layOut']>): Promise<void> {
    const { tables } = await pictureRecolorer(await takeSharing(0));
    await layOut(tables);
  }
  // What cannot be laid out early is touched later.
  const laidOut = options.layOut && layOutTables(options.layOut).catch(() => undefined);

  return {
    name: 'wasm',
    variant,
    get threads() {
      return threads.count;
    },
    evaluate,
    ...pixelWorks.backend,
    async createSampler(lut, interpolation, maxCode) {
      const isFit = variant === 'simd' && interpolation === 'tetrahedral' && maxCode === 255 && isInGamut(lut.nodes);
      const pool = await takeSharing(0);
      if (isFit) return createWasmSampler(lut, pool);
      return pool && pixelWorks.createSampler(lut, interpolation, maxCode);
    },
    async evaluateGrid(axis, plan, out, signal) {
      const isLarge = axis.length >= SHARED_MIN_AXIS;
      const helpers = isLarge ? await takeSharing(axis.length ** 3 * COST.node) : undefined;
      if (helpers) {
        throwIfCanceled(signal);
        const done = await tryExclusively('grid', async () => {
          const nodes = new Float32Array(new SharedArrayBuffer(out.byteLength));
          const next = new Int32Array(new SharedArrayBuffer(4));
          const job = { kind: 'grid', axis, plan, out: nodes, next } as const;
          await helpers.run(new Array(helpers.size).fill(job), () => runner.run(job));
          out.set(nodes);
          return true;
        });
        if (done) return;
      }
      await js.evaluateGrid?.(axis, plan, out, signal);
    },
    async recolorTable(pixels, recipeOrPlan, tableOptions) {
      const count = pixels.width * pixels.height;
      if (pixels.data instanceof Uint16Array || count < PICTURE_MIN_PIXELS) return undefined;
      const isLarge = count >= THREADED_MIN_PIXELS;
      const isOneOfMany = tableOptions.isOneOfMany && count <= MAX_LONE_PIXELS;
      const isLone = count <= LONE_PIXELS && !isOneOfMany;
      const work = isOneOfMany ? Number.POSITIVE_INFINITY : count * COST.tablePixel;
      const pool = isLarge && !isLone ? await threads.take(work) : undefined;
      if (isOneOfMany && pool) {
        const report = await tryOnFreeThread(pool, pixels, recipeOrPlan, tableOptions);
        if (report) return report;
      }
      if (isLone || isOneOfMany || (!pool && count <= MAX_LONE_PIXELS)) {
        return inTurn(() => recolorLone(runner, pixels, recipeOrPlan, tableOptions));
      }
      return inTurn(async () => {
        await laidOut;
        return tryExclusively('picture', async () => {
          const recolorer = await pictureRecolorer(threads.pool?.sharesMemory ? threads.pool : undefined);
          return recolorer.recolor(pixels, recipeOrPlan, tableOptions);
        });
      });
    },
    async recolorDirect(pixels, recipeOrPlan, tableOptions) {
      if (pixels.data instanceof Uint16Array) return undefined;
      const count = pixels.width * pixels.height;
      const isLarge = count >= THREADED_MIN_PIXELS;
      if (isLarge) await threads.take(count * COST.directPixel);
      const work = () => {
        const helpers = isLarge && threads.pool?.sharesMemory ? threads.pool : undefined;
        const recolor = createDirectRecolorer(runner, js.evaluate, cut, helpers);
        return recolor(pixels, recipeOrPlan, tableOptions);
      };
      return isLarge ? inTurn(() => tryExclusively('picture', work)) : work();
    },
    dispose() {
      threads.dispose();
    },
  };
}

async function startKernel(variant: Variant) {
  try {
    const module = await compileKernel(variant);
    return { module, kernel: await createKernel(module) };
  } catch (cause) {
    throw new ColorshineError(
      'BACKEND_FAILED',
      `backend wasm: the ${variant} kernel did not start: ${reasonOf(cause)}`,
      {
        cause,
      },
    );
  }
}
