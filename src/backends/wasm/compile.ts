import {
  DEEP_KERNEL,
  LUT_KERNEL,
  PICTURE_KERNEL,
  SCALAR_KERNEL,
  SHARED_PICTURE_KERNEL,
  SIMD_KERNEL,
} from './kernels.generated.js';

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

export function compileKernel(variant: Variant): Promise<WebAssembly.Module> {
  return WebAssembly.compile(decodeBase64(variant === 'simd' ? SIMD_KERNEL : SCALAR_KERNEL));
}

/** The kernel of lookup tables; SIMD only. */
export function compileLutKernel(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(decodeBase64(LUT_KERNEL));
}

/** The kernel of 16-bit pixels; SIMD only. */
export function compileDeepKernel(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(decodeBase64(DEEP_KERNEL));
}

/** The kernel of census and repaint. @param isShared its memory is shared with workers */
export function compilePictureKernel(isShared: boolean): Promise<WebAssembly.Module> {
  return WebAssembly.compile(decodeBase64(isShared ? SHARED_PICTURE_KERNEL : PICTURE_KERNEL));
}

/** `atob` is in every engine that has WebAssembly; Buffer is not. */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
