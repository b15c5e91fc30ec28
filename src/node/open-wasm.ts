import { availableParallelism } from 'node:os';
import { createWasmBackend, type WasmBackend, type WasmOptions } from '../backends/wasm/index.js';
import { NODE_THREADS } from '../backends/wasm/node-threads.js';

/**
 * The wasm backend with the threads of Node.
 *
 * @param threads all of them take part; undefined: up to one a core, as many as the clock finds to pay
 * @throws BACKEND_FAILED where WebAssembly is missing
 */
export function openWasm(
  threads: number | undefined,
  options: Pick<WasmOptions, 'startsAtOnce' | 'onNotice'> = {},
): Promise<WasmBackend> {
  return createWasmBackend({
    ...options,
    threads: threads ?? availableParallelism(),
    support: NODE_THREADS,
    isAdaptive: threads === undefined,
  });
}
