import { HASTY, selectBackend } from '../../src/backends/select.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import type { Backend } from '../../src/core/backend.js';

/** A backend and one sentence that says why it was chosen, for the window's backend line. */
export interface ChosenBackend {
  readonly backend: Backend;
  readonly reason: string;
}

/**
 * The window's backend to start with: wasm where it runs, at once, since the first picture waits for it. Whether a GPU beats it is found
 * out later, when nobody waits.
 *
 * @param onNotice receives a sentence when a backend fails
 */
export async function createBackend(onNotice?: (sentence: string) => void): Promise<ChosenBackend> {
  const { backend, chosen, candidates } = await selectBackend([{ name: 'wasm', create: () => createWasmBackend() }], {
    onNotice,
    budget: HASTY,
  });
  const why = candidates.map(({ name, why: reason }) => (name === chosen ? reason : `${name}: ${reason}`)).reverse();
  return { backend, reason: `Using ${chosen}: ${why.join('; ')}.` };
}
