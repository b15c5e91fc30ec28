import { createJsBackend } from '../../src/backends/js/index.js';
import type { Backend } from '../../src/core/backend.js';

/** A backend and one sentence that says why it was chosen, for the window's backend line. */
export interface ChosenBackend {
  readonly backend: Backend;
  readonly reason: string;
}

/** The one place where the window's backend is chosen. */
export async function createBackend(): Promise<ChosenBackend> {
  return { backend: createJsBackend(), reason: 'plain JavaScript runs everywhere' };
}
