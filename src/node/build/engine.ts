import { checkOptions, whole } from '../../core/check-options.js';
import { THREADS_RANGE } from '../../core/options.js';
import type { Engine, EngineOptions, Selection } from '../engine.js';
import { openWasm } from '../open-wasm.js';

/**
 * An engine whose bytes do not depend on the machine: the wasm backend and nothing behind it. Share one among jobs and
 * dispose of it at the end.
 *
 * @param threads that one picture may use; no influence on the bytes. Default: up to all cores
 */
export function createBuildEngine(options: Pick<EngineOptions, 'threads'> = {}): Engine {
  checkOptions(options, { threads: whole(THREADS_RANGE) });
  const { threads } = options;
  let selection: Promise<Selection> | undefined;
  return {
    warmUp() {
      (selection ??= start(threads)).catch(() => undefined); // whoever awaits it hears of it
    },
    /** @throws BACKEND_FAILED where WebAssembly is missing */
    select: () => (selection ??= start(threads)),
    dispose() {
      selection?.then(({ backend }) => backend.dispose()).catch(() => undefined);
    },
  };
}

async function start(threads: number | undefined): Promise<Selection> {
  const backend = await openWasm(threads);
  return { chosen: 'wasm', sentence: 'Using wasm, as every build does.', candidates: [], backend };
}
