import type { Backend } from '../../core/backend.js';
import { ColorshineError } from '../../core/errors.js';
import { isInGamut } from '../../core/lut/sample.js';
import { createJsBackend } from '../js/index.js';
import { compileKernel, hasWasmSimd, type Variant } from './compile.js';
import { evaluateChunks, settleDoubts } from './evaluate.js';
import { createKernel } from './kernel.js';
import { createWasmSampler } from './lut-sampler.js';
import { packParameters } from './parameters.js';
import type { Pool, StartPool } from './pool.js';
import { createPooledEvaluator, POOLED_MIN_COLORS } from './pooled.js';

export interface WasmOptions {
  /** Default: SIMD where the engine has it. */
  readonly variant?: Variant;
  /** Threads, the calling one included. Default 1; more need `startPool`. */
  readonly threads?: number;
  /** `startNodePool` (node-threads.ts) or `startBrowserPool` (browser-threads.ts). */
  readonly startPool?: StartPool;
  /** Receives one sentence, once, when worker threads fail and the work goes on without them. */
  readonly onNotice?: (sentence: string) => void;
}

export interface WasmBackend extends Backend {
  readonly name: 'wasm';
  readonly variant: Variant;
  /** Threads at work, the calling one included; falls to 1 when a worker fails. */
  readonly threads: number;
}

/**
 * The pull in float32 SIMD WebAssembly; colors at a jump of the model are settled in float64 by the js backend, which
 * also does 16-bit pictures (float32 is too coarse for them). Any number of threads gives the same bytes.
 * Reference: `pull`.
 *
 * @throws BACKEND_FAILED where WebAssembly is missing or forbidden
 */
export async function createWasmBackend(options: WasmOptions = {}): Promise<WasmBackend> {
  const { variant = hasWasmSimd() ? 'simd' : 'scalar', threads = 1, startPool, onNotice } = options;
  const { module, kernel } = await startKernel(variant);
  const js = createJsBackend();
  let pool: Pool | undefined;
  let isPoolBusy = false;

  function giveUpThreads(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    pool?.dispose();
    pool = undefined;
    onNotice?.(`The wasm backend goes on with one thread: ${reason}.`);
  }

  if (threads > 1 && startPool) pool = await startPool(module, threads - 1).catch(noPool);
  function noPool(error: unknown): undefined {
    giveUpThreads(error);
    return undefined;
  }
  const pooled = pool && createPooledEvaluator(kernel, pool);

  /** @returns undefined when there are no threads to spare, or they failed */
  async function tryPooled(colors: Uint32Array, parameters: Float32Array, out: Uint32Array) {
    if (!pool || !pooled || isPoolBusy || colors.length < POOLED_MIN_COLORS) return undefined;
    isPoolBusy = true;
    try {
      return await pooled.evaluate(colors, parameters, out);
    } catch (error) {
      if (pool) giveUpThreads(error);
      return undefined;
    } finally {
      isPoolBusy = false;
    }
  }

  return {
    name: 'wasm',
    variant,
    get threads() {
      return pool ? pool.size + 1 : 1;
    },
    async evaluate(colors, plan, out, signal) {
      const parameters = packParameters(plan);
      let doubts = await tryPooled(colors, parameters, out);
      if (doubts === undefined) {
        kernel.setParameters(parameters);
        doubts = evaluateChunks(kernel, colors, out, signal);
      }
      await settleDoubts(js, colors, plan, out, doubts, signal);
    },
    async evaluate16(samples, channels, plan, signal) {
      await js.evaluate16?.(samples, channels, plan, signal);
    },
    async createSampler(lut, interpolation, maxCode) {
      const isFit = variant === 'simd' && interpolation === 'tetrahedral' && maxCode === 255 && isInGamut(lut.nodes);
      return isFit ? createWasmSampler(lut) : undefined;
    },
    async evaluateGrid(axis, plan, out, signal) {
      await js.evaluateGrid?.(axis, plan, out, signal);
    },
    dispose() {
      pool?.dispose();
      pool = undefined;
    },
  };
}

async function startKernel(variant: Variant) {
  try {
    const module = await compileKernel(variant);
    return { module, kernel: await createKernel(module) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ColorshineError('BACKEND_FAILED', `backend wasm: the ${variant} kernel did not start: ${reason}`, {
      cause,
    });
  }
}
