/** The gpu backend: the pull on gpu.js, webgl2 or webgpu. Node's part is node.ts. */
export { createGpuBackend } from './backend.js';
export type { GpuMode } from './engine.js';
export type { GpuBackend, GpuBackendOptions, GpuStats } from './options.js';
export { createWorkerGpuBackend, type OpenedGpu, type OpenGpuOptions, openGpuBackend } from './remote.js';
