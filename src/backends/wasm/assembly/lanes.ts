/**
 * The lanes a kernel computes on. The build of the scalar kernel reads lanes-scalar.ts in this file's place
 * (scripts/build/wasm.mjs), so that both kernels are one source.
 */
export * from './lanes-simd';
