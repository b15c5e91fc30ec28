import type { Backend } from '../../core/backend.js';
import { ColorshineError } from '../../core/errors.js';
import { createJsBackend } from '../js/index.js';
import { evaluateChunks, settleDoubts } from './evaluate.js';
import { compileKernel, createKernel, hasWasmSimd, type Variant } from './kernel.js';
import { packParameters } from './parameters.js';

export interface WasmOptions {
  /** Default: SIMD where the engine has it. */
  readonly variant?: Variant;
}

/**
 * The pull in float32 SIMD WebAssembly; colors at a jump of the model are settled in float64 by the js backend, which
 * also does 16-bit pictures (float32 is too coarse for them). Reference: `pull`.
 *
 * @throws BACKEND_FAILED where WebAssembly is missing or forbidden
 */
export async function createWasmBackend(options: WasmOptions = {}): Promise<Backend> {
  const variant = options.variant ?? (hasWasmSimd() ? 'simd' : 'scalar');
  const kernel = await compileKernel(variant)
    .then(createKernel)
    .catch((cause: unknown) => {
      throw new ColorshineError('BACKEND_FAILED', `backend wasm: this engine refused the ${variant} kernel`, { cause });
    });
  const js = createJsBackend();

  return {
    name: 'wasm',
    async evaluate(colors, plan, out, signal) {
      kernel.setParameters(packParameters(plan));
      const doubts = evaluateChunks(kernel, colors, out, signal);
      await settleDoubts(js, colors, plan, out, doubts, signal);
    },
    async evaluate16(samples, channels, plan, signal) {
      await js.evaluate16?.(samples, channels, plan, signal);
    },
    dispose() {},
  };
}
