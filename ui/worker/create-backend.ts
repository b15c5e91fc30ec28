import { selectBackend } from '../../src/backends/select.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import type { Backend } from '../../src/core/backend.js';

/** A backend and one sentence that says why it was chosen, for the window's backend line. */
export interface ChosenBackend {
  readonly backend: Backend;
  readonly reason: string;
  /** Colors per second of what runs on the processor, for a later race (race-gpu.ts). */
  readonly measured: ReadonlyMap<string, number>;
}

/**
 * The window's backend to start with: wasm or js, whichever is faster, at once. Whether a GPU beats it is found out
 * later, when nobody waits.
 *
 * @param onNotice receives a sentence when a backend fails
 */
export async function createBackend(onNotice?: (sentence: string) => void): Promise<ChosenBackend> {
  const { backend, sentence, candidates } = await selectBackend([{ name: 'wasm', create: () => createWasmBackend() }], {
    onNotice,
  });
  const measured = new Map<string, number>();
  for (const { name, colorsPerSecond } of candidates) {
    if (colorsPerSecond !== undefined) measured.set(name, colorsPerSecond);
  }
  return { backend, reason: sentence, measured };
}
