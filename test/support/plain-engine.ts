import type { GpuEngine } from '../../src/backends/gpu/engine.js';
import { constantsFor } from '../../src/backends/gpu/parameters.js';
import { pullColor } from '../../src/backends/gpu/pull.kernel.js';
import { LARGE_TILE } from '../../src/backends/gpu/tiles.js';

/** The kernel's text as plain JavaScript, one color after the other. */
export function runInJavaScript(input: Float32Array, parameters: Float32Array): Float32Array {
  const out = new Float32Array(input.length);
  const thread = { x: 0 };
  const scope = { thread, constants: constantsFor(parameters) };
  for (thread.x = 0; thread.x < input.length; thread.x++) {
    out[thread.x] = pullColor.call(scope, input, parameters);
  }
  return out;
}

/** An engine without a GPU, for what happens around the kernel. @param change its parts that behave otherwise */
export function createPlainEngine(change: Partial<GpuEngine> = {}): GpuEngine {
  return {
    device: 'plain JavaScript',
    maxTile: LARGE_TILE,
    run: async (input, parameters) => runInJavaScript(input, parameters),
    release() {},
    dispose() {},
    ...change,
  };
}
