import type { BackendCandidate } from '../../src/backends/fallback.js';
import { createGpuBackend, type GpuMode } from '../../src/backends/gpu/index.js';
import { selectBackend } from '../../src/backends/select.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import type { Backend } from '../../src/core/backend.js';

/** A backend and one sentence that says why it was chosen, for the window's backend line. */
export interface ChosenBackend {
  readonly backend: Backend;
  readonly reason: string;
}

/**
 * From so many distinct colors on it is worth trying what a GPU can do. Wasm takes 30 ms for them, and photographs have
 * a tenth; opening a GPU and compiling its kernel takes longer than that, seconds where it is software.
 */
export const GPU_MIN_COLORS = 1_000_000;

function listCandidates(withGpu: boolean): BackendCandidate[] {
  const wasm = { name: 'wasm', create: () => createWasmBackend() };
  // Not on the page: compiling would hold it up.
  if (!withGpu || typeof document !== 'undefined') return [wasm];
  const gpu = (mode: GpuMode): BackendCandidate => ({ name: mode, create: () => createGpuBackend({ mode }) });
  return [wasm, gpu('webgl2'), gpu('webgpu')];
}

/** The one place where the window's backend is chosen. @param withGpu tries the GPU too */
export async function createBackend(withGpu: boolean): Promise<ChosenBackend> {
  const { backend, sentence } = await selectBackend(listCandidates(withGpu));
  const later = withGpu ? '' : ' A GPU is tried for images of over a million colors.';
  return { backend, reason: sentence + later };
}
