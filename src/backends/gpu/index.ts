/** The gpu backend: the pull on gpu.js, webgl2 or webgpu. */
export { createGpuBackend, type GpuBackend, type GpuBackendOptions, type GpuStats } from './backend.js';
export type { GpuMode } from './engine.js';
export { type OpenedGpu, type OpenGpuOptions, openGpuBackend } from './open.js';
export { createWorkerGpuBackend, type WorkerGpuBackendOptions } from './worker-backend.js';
