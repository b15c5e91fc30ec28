import { hasWasmSimd } from '../../../backends/wasm/compile.js';
import type { KernelOptions, PngKernel } from './kernel-types.js';
import { createScalarKernel } from './scalar-kernel.js';
import { createSimdKernel } from './simd-kernel.js';

/** The fastest one that runs here. Filtered bytes are the same in all, compressed ones are not. */
export function createKernel(options: KernelOptions): PngKernel {
  try {
    if (hasWasmSimd()) return createSimdKernel(options);
  } catch (error) {
    // Its memory is reserved generously: where address space is limited (`ulimit -v`) there may be none.
    if (!(error instanceof RangeError)) throw error;
  }
  return createScalarKernel(options);
}
