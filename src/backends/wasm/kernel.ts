import {
  BUCKETS,
  CHUNK_COLORS,
  COLORS,
  DOUBT_BIT,
  LINEAR,
  MEASURED_ATTRACTORS,
  MEMORY_BYTES,
  OUT,
  PARAMETERS,
} from './assembly/layout.js';
import { writeTables } from './tables.js';

/** Set in an output word when float32 could not decide; the low 24 bits are then only a guess. */
export const DOUBT = (1 << DOUBT_BIT) >>> 0;

/** An instance of the compiled kernel with a memory of its own. */
export interface Kernel {
  /** Sets the plan of the following calls. @param block from `packParameters` */
  setParameters(block: Float32Array): void;
  /**
   * Evaluates up to CHUNK_COLORS colors.
   *
   * @param out same length; a word with the DOUBT bit set is to be evaluated again in float64
   * @returns how many words have it
   */
  run(colors: Uint32Array, out: Uint32Array): number;
  /**
   * Sorts up to CHUNK_COLORS colors into buckets by their Oklab distance to each target of `packTargets`.
   *
   * @returns per target a view of one bucket number a color, good until the next call
   */
  measure(colors: Uint32Array, targets: number): readonly Uint16Array[];
}

export async function createKernel(module: WebAssembly.Module): Promise<Kernel> {
  const pages = Math.ceil(MEMORY_BYTES / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const instance = await WebAssembly.instantiate(module, {
    env: {
      memory,
      abort: () => {
        throw new Error('the wasm kernel aborted');
      },
    },
  });
  const evaluate = instance.exports.evaluate as (count: number) => void;
  const measure = instance.exports.measure as (count: number, attractors: number) => void;
  writeTables(memory.buffer);
  const input = new Uint32Array(memory.buffer, COLORS, CHUNK_COLORS);
  const output = new Uint32Array(memory.buffer, OUT, CHUNK_COLORS);
  const parameters = new Float32Array(memory.buffer, PARAMETERS, (LINEAR - PARAMETERS) / 4);

  const buckets = Array.from(
    { length: MEASURED_ATTRACTORS },
    (_, i) => new Uint16Array(memory.buffer, BUCKETS + i * CHUNK_COLORS * 2, CHUNK_COLORS),
  );

  return {
    setParameters(block) {
      parameters.set(block);
    },
    run(colors, out) {
      input.set(colors);
      evaluate(colors.length);
      out.set(output.subarray(0, colors.length));
      return countDoubts(out);
    },
    measure(colors, targets) {
      input.set(colors);
      measure(colors.length, targets);
      return buckets;
    },
  };
}

function countDoubts(out: Uint32Array): number {
  let doubts = 0;
  for (let i = 0; i < out.length; i++) doubts += (out[i] as number) >>> DOUBT_BIT;
  return doubts;
}
