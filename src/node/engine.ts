import { createJsBackend } from '../backends/js/index.js';
import { BACKENDS, type Backend, type BackendChoice, type ColorTable, createColorTable } from '../core/index.js';
import { checkChoice } from '../core/options.js';

/** What many images share: a backend and the color table. Reuse one for a batch; `dispose` it at the end. */
export interface Engine {
  readonly backend: Backend;
  /** One sentence: why this backend. */
  readonly reason: string;
  /** Lends the table to one image at a time; a second image meanwhile gets one of its own. */
  borrowTable(): { table: ColorTable; giveBack(): void };
  dispose(): void;
}

export function createEngine(choice: BackendChoice = 'auto'): Engine {
  checkChoice(choice, 'backend', BACKENDS);
  const backend = createJsBackend();
  const idle: ColorTable[] = [];
  return {
    backend,
    reason: choice === 'auto' ? 'the only backend in this build' : 'as asked',
    borrowTable() {
      const table = idle.pop() ?? createColorTable();
      return { table, giveBack: () => void idle.push(table) };
    },
    dispose() {
      idle.length = 0;
      backend.dispose();
    },
  };
}
