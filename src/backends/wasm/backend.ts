import type { Backend } from '../../core/backend.js';
import { ColorshineError, messageOf } from '../../core/errors.js';
import type { Cancel, Plan } from '../../core/types.js';
import { createJsBackend } from '../js/index.js';
import { createApart } from './apart.js';
import { CHUNK, MAX_GRID } from './assembly/layout.js';
import { GRID_ROWS } from './block-kernels.js';
import { createDeepStages } from './deep.js';
import { createEngine, type EngineOptions } from './engine.js';
import type { Heap } from './heap.js';
import { createEngineSampler } from './lut.js';
import { createCensusMeasurer } from './measure-census.js';
import { SINGLE, writePlan } from './parameters.js';
import { openWasmPicture } from './picture.js';
import { flowInHeap } from './samples.js';
import { createTurn } from './turn.js';

export interface WasmBackend extends Backend {
  readonly name: 'wasm';
  /** Threads it may use, the calling one included; falls as workers are lost. */
  readonly threads: number;
}

/** A backend on compiled kernels: of one thread, unless there are workers. @throws BACKEND_FAILED */
export function createBackendOn(module: WebAssembly.Module, options: Partial<EngineOptions> = {}): WasmBackend {
  const { workers } = options;
  const engine = createEngine({ module, hasSimd: true, ...options });
  try {
    engine.own();
  } catch (cause) {
    throw new ColorshineError('BACKEND_FAILED', `backend wasm: the kernels did not start: ${messageOf(cause)}`, {
      cause,
    });
  }
  const js = createJsBackend();
  const { measureCensus, pictureTables } = createCensusMeasurer(engine, createTurn());
  const deep = createDeepStages(engine);

  async function evaluate(colors: Uint32Array, plan: Plan, out: Uint32Array, signal?: Cancel): Promise<void> {
    const { buffer } = engine.heap().memory;
    const prepare = (heap: Heap): void => writePlan(heap, plan, SINGLE);
    if (colors.buffer === buffer && out.buffer === buffer) {
      const setup = { plan, colors: colors.byteOffset, newColors: out.byteOffset };
      await engine.run({ kernel: 'pullCensus', setup, ...flowInHeap(colors.length, CHUNK), prepare, signal });
      return;
    }
    await engine.run({
      kernel: 'pull',
      setup: { plan },
      ...flowInHeap(colors.length, CHUNK),
      put(block, input, heap) {
        const part = colors.subarray(block * CHUNK, (block + 1) * CHUNK);
        heap.u32.set(part, input / 4);
        return part.length;
      },
      take(block, { results }, _result, heap) {
        const part = out.subarray(block * CHUNK, (block + 1) * CHUNK);
        part.set(heap.u32.subarray(results / 4, results / 4 + part.length));
      },
      prepare,
      signal,
    });
  }

  return {
    name: 'wasm',
    get threads() {
      return engine.threads;
    },
    evaluate,
    ...deep,
    async createSampler(lut, interpolation, maxCode) {
      return createEngineSampler(engine, lut, interpolation, maxCode);
    },
    async evaluateGrid(axis, plan, out, signal) {
      if (axis.length > MAX_GRID) return js.evaluateGrid?.(axis, plan, out, signal);
      const size = axis.length * 3 * GRID_ROWS;
      await engine.run({
        kernel: 'grid',
        setup: { axis, plan },
        ...flowInHeap(axis.length ** 2, GRID_ROWS),
        take(block, { results }, _result, heap) {
          const target = out.subarray(block * size, (block + 1) * size);
          target.set(heap.f32.subarray(results / 4, results / 4 + target.length));
        },
        signal,
      });
    },
    async openPicture(pixels, pictureOptions) {
      if (pixels.data instanceof Uint16Array) return undefined;
      try {
        return await openWasmPicture(engine, pictureTables, pixels, pictureOptions);
      } catch (error) {
        if (error instanceof RangeError) return undefined; // memory is short: typed arrays need less
        throw error;
      }
    },
    measureCensus,
    ...(workers && { recolorApart: createApart(workers, engine.hold) }),
    dispose: () => engine.dispose(),
  };
}
