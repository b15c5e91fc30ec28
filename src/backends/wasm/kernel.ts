import { CHUNK_COLORS, COLORS, DOUBT_BIT, LINEAR, MEMORY_BYTES, OUT, PARAMETERS } from './assembly/layout.js';
import { SCALAR_KERNEL, SIMD_KERNEL } from './kernels.generated.js';
import { writeTables } from './tables.js';

/** Set in an output word when float32 could not decide; the low 24 bits are then only a guess. */
export const DOUBT = (1 << DOUBT_BIT) >>> 0;

export type Variant = 'simd' | 'scalar';

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
}

/** The smallest module that holds a SIMD instruction: one function, `i32.const 0, i8x16.splat, drop`. */
const SIMD_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0], // magic, version
  ...[1, 4, 1, 96, 0, 0], // type () -> ()
  ...[3, 2, 1, 0], // one function of that type
  ...[10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11], // its body
);

/** Whether this engine runs WebAssembly SIMD; false also where there is no WebAssembly. */
export function hasWasmSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(SIMD_PROBE);
}

export function compileKernel(variant: Variant): Promise<WebAssembly.Module> {
  return WebAssembly.compile(decodeBase64(variant === 'simd' ? SIMD_KERNEL : SCALAR_KERNEL));
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
  writeTables(memory.buffer);
  const input = new Uint32Array(memory.buffer, COLORS, CHUNK_COLORS);
  const output = new Uint32Array(memory.buffer, OUT, CHUNK_COLORS);
  const parameters = new Float32Array(memory.buffer, PARAMETERS, (LINEAR - PARAMETERS) / 4);

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
  };
}

function countDoubts(out: Uint32Array): number {
  let doubts = 0;
  for (let i = 0; i < out.length; i++) doubts += (out[i] as number) >>> DOUBT_BIT;
  return doubts;
}

/** `atob` is in every engine that has WebAssembly; Buffer is not. */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
