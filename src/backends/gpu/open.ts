import { createGpuBackend, type GpuBackend, type GpuBackendOptions } from './backend.js';
import { createWorkerGpuBackend, type WorkerGpuBackendOptions } from './worker-backend.js';

export interface OpenGpuOptions extends GpuBackendOptions {
  /** Without it the backend runs where it is opened, which is right inside a worker. */
  readonly worker?: WorkerGpuBackendOptions['worker'];
}

export interface OpenedGpu {
  readonly backend: GpuBackend;
  /** True when it runs in a worker of its own. */
  readonly inWorker: boolean;
  /** Why not, when a worker was asked for. */
  readonly reason?: string;
}

/**
 * Opens the GPU in a worker where the page and the browser allow it, else on the page.
 *
 * @throws BACKEND_FAILED when the mode works in neither
 */
export async function openGpuBackend({ worker, ...options }: OpenGpuOptions): Promise<OpenedGpu> {
  if (worker === undefined) return { backend: await createGpuBackend(options), inWorker: false };
  let reason: string;
  try {
    return { backend: await createWorkerGpuBackend({ ...options, worker }), inWorker: true };
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  return { backend: await createGpuBackend(options), inWorker: false, reason };
}
