import { selectBackend } from '../../src/backends/select.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import type { Backend } from '../../src/core/backend.js';

/** A backend and one sentence that says why it was chosen, for the window's backend line. */
export interface ChosenBackend {
  readonly backend: Backend;
  readonly reason: string;
}

/** The one place where the window's backend is chosen. @param onNotice receives a sentence when a backend fails */
export async function createBackend(onNotice?: (sentence: string) => void): Promise<ChosenBackend> {
  const { backend, sentence } = await selectBackend([{ name: 'wasm', create: () => createWasmBackend() }], {
    onNotice,
  });
  return { backend, reason: sentence };
}
