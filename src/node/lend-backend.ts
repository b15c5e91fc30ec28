import { createJsBackend } from '../backends/js/index.js';
import { createWasmBackend } from '../backends/wasm/index.js';
import type { Backend } from '../core/index.js';
import type { Engine } from './engine.js';

/**
 * Lends a backend to what has to count or measure pictures.
 *
 * @param engine whose backend it is; undefined: wasm on this thread, js where there is no WebAssembly, for this call
 */
export async function lendBackend<T>(
  engine: Pick<Engine, 'select'> | undefined,
  work: (backend: Backend) => Promise<T>,
): Promise<T> {
  if (engine) return work((await engine.select()).backend);
  const backend = await createWasmBackend().catch(() => createJsBackend());
  try {
    return await work(backend);
  } finally {
    backend.dispose();
  }
}
