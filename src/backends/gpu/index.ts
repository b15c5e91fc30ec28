/** The gpu backend: the pull on gpu.js, webgl2 or webgpu. */
export { createGpuBackend, type GpuBackend, type GpuBackendOptions, type GpuStats } from './backend.js';
export type { GpuMode } from './engine.js';
