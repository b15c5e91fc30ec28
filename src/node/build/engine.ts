import { availableParallelism } from 'node:os';
import { createWasmBackend } from '../../backends/wasm/index.js';
import { startNodePool } from '../../backends/wasm/node-threads.js';
import { type ColorTable, createColorTable } from '../../core/index.js';
import type { Engine, Selection } from '../engine.js';

/**
 * An engine whose bytes do not depend on the machine: the wasm backend and nothing behind it. Share one among jobs and
 * dispose of it at the end.
 *
 * @param threads that one picture may use; no influence on the bytes. Default: all cores
 */
export function createBuildEngine({ threads = availableParallelism() }: { readonly threads?: number } = {}): Engine {
  const idle: ColorTable[] = [];
  let selection: Promise<Selection> | undefined;
  return {
    warmUp() {
      (selection ??= start(threads)).catch(() => undefined); // whoever awaits it hears of it
    },
    /** @throws BACKEND_FAILED where WebAssembly is missing */
    select: () => (selection ??= start(threads)),
    borrowTable() {
      const table = idle.pop() ?? createColorTable();
      return { table, giveBack: () => void idle.push(table) };
    },
    dispose() {
      idle.length = 0;
      selection?.then(({ backend }) => backend.dispose()).catch(() => undefined);
    },
  };
}

async function start(threads: number): Promise<Selection> {
  const backend = await createWasmBackend({ threads, startPool: startNodePool });
  return { chosen: 'wasm', sentence: 'Using wasm, as every build does.', candidates: [], backend };
}
