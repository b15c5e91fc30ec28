import { ColorshineError, messageOf } from '../../core/errors.js';
import { createAdaptiveBackend } from './adaptive.js';
import { createBackendOn, type WasmBackend } from './backend.js';
import { compileKernels, hasWasmSimd, type Variant } from './compile.js';
import type { ThreadSupport } from './worker-seat.js';
import { createWorkers } from './workers.js';

export type { WasmBackend } from './backend.js';

export interface WasmOptions {
  /** Default: SIMD where the engine has it. */
  readonly variant?: Variant;
  /** Threads that take part, the calling one included. Default 1; more need `support`, and SIMD. */
  readonly threads?: number;
  /** How threads are started: `NODE_THREADS`. */
  readonly support?: ThreadSupport;
  /** Lets the clock decide how many of the threads take part, kernel by kernel, and starts them when work pays for it. Default: all do. */
  readonly isAdaptive?: boolean;
  /** Starts the workers at once, since large pictures are expected or many. Default: when there is work for them. */
  readonly startsAtOnce?: boolean;
  /** Receives one sentence, once, when a worker is lost and the work goes on without it. */
  readonly onNotice?: (sentence: string) => void;
  /** Milliseconds after which large memory that nobody uses is given back. Default 30 s. */
  readonly idleMs?: number;
}

/**
 * The pull in float32 SIMD WebAssembly; colors at a jump of the model are settled in float64 by the js code. 16-bit pictures,
 * for which float32 is too coarse, have a float64 kernel. Any number of threads gives the same bytes.
 * Reference: `pull`.
 *
 * @throws BACKEND_FAILED where WebAssembly is missing or forbidden
 */
export async function createWasmBackend(options: WasmOptions = {}): Promise<WasmBackend> {
  const {
    variant = hasWasmSimd() ? 'simd' : 'scalar',
    threads = 1,
    support,
    isAdaptive,
    startsAtOnce,
    idleMs,
  } = options;
  try {
    const kernels = compileKernels(variant);
    const hasSimd = variant === 'simd';
    if (threads === 1 || !support || !hasSimd) {
      return createBackendOn(await kernels, { hasSimd, ...(idleMs !== undefined && { idleMs }) });
    }
    const module = await kernels;
    const workers = createWorkers(module, threads, support.startWorker, options.onNotice);
    if (startsAtOnce) void workers.start();
    const idle = idleMs !== undefined && { idleMs };
    const openAlone = (): WasmBackend => createBackendOn(module, { hasSimd, ...idle });
    const openTogether = async (): Promise<WasmBackend> =>
      createBackendOn(await support.compileShared(), { hasSimd, workers, isAdaptive: isAdaptive ?? false, ...idle });
    // Shared memory takes more room than other, where the system counts addresses (`ulimit -v`).
    const orAlone = (alone: () => WasmBackend) => (error: unknown) => {
      workers.giveUp(messageOf(error));
      return alone();
    };
    if (!isAdaptive) return await openTogether().catch(orAlone(openAlone));
    const alone = openAlone();
    const open = (): Promise<WasmBackend> => openTogether().catch(orAlone(() => alone));
    return createAdaptiveBackend(alone, workers, open, startsAtOnce ?? false);
  } catch (cause) {
    if (cause instanceof ColorshineError) throw cause;
    const reason = messageOf(cause);
    throw new ColorshineError('BACKEND_FAILED', `backend wasm: the ${variant} kernels did not start: ${reason}`, {
      cause,
    });
  }
}
