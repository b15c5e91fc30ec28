import { decodeBase64 } from '../decode-base64.js';
import { SCALAR_KERNELS, SIMD_KERNELS } from './kernels.generated.js';

export type Variant = 'simd' | 'scalar';

/** The smallest module that holds a SIMD instruction: one function, `i32.const 0, i8x16.splat, drop`. */
const SIMD_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0], // magic, version
  ...[1, 4, 1, 96, 0, 0], // type () -> ()
  ...[3, 2, 1, 0], // one function of that type
  ...[10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11], // its body
);

/** Whether this engine runs WebAssembly SIMD; false also where there is no WebAssembly. */
export function hasWasmSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(SIMD_PROBE);
}

/** The kernels for one thread. */
export function compileKernels(variant: Variant): Promise<WebAssembly.Module> {
  return compileText(variant === 'simd' ? SIMD_KERNELS : SCALAR_KERNELS);
}

/** @param text base64 */
export function compileText(text: string): Promise<WebAssembly.Module> {
  return WebAssembly.compile(decodeBase64(text));
}
