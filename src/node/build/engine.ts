import { availableParallelism } from 'node:os';
import { createEngine, type Engine } from '../engine.js';

/**
 * An engine whose bytes do not depend on the machine: the wasm backend and nothing behind it. Share one among jobs and
 * dispose of it at the end.
 *
 * @param threads that one picture may use; no influence on the bytes. Default: all cores
 */
export function createBuildEngine({ threads = availableParallelism() }: { readonly threads?: number } = {}): Engine {
  return createEngine({ backend: 'wasm', threads });
}
