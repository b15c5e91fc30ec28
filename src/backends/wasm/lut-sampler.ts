import { makeAxisTables } from '../../core/lut/axis-table.js';
import type { Lut } from '../../core/lut/lut.js';
import type { LutSampler } from '../../core/lut/sample.js';
import { makeByteTables } from '../../core/lut/tetrahedral-bytes.js';
import type { Samples } from '../../core/types.js';
import {
  AXES,
  AXIS_BYTES,
  CHUNK_PIXELS,
  NODE_BIAS,
  NODES,
  PIXELS_IN,
  PIXELS_OUT,
  STEPS,
} from './assembly/lut-layout.js';
import { compileLutKernel } from './compile.js';

/** Bytes of a node in the kernel's memory. */
const NODE_BYTES = 8;

/**
 * Tetrahedral interpolation of 8-bit pixels in SIMD. Gives the bytes of `createByteTetrahedra`, its reference, about three
 * times as fast.
 *
 * @param lut nodes in [0, 1]
 */
export async function createWasmSampler(lut: Lut): Promise<LutSampler> {
  const { nodes, axes, first, second, last } = makeByteTables(lut, makeAxisTables(lut, 255), NODE_BYTES);
  const pages = Math.ceil((NODES + (nodes.length / 3) * NODE_BYTES) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { exports } = await WebAssembly.instantiate(await compileLutKernel(), { env: { memory } });
  const applyLut = exports.applyLut as (count: number, step: number, last: number) => void;

  axes.forEach(({ base, weight }, k) => {
    const table = new Uint32Array(memory.buffer, AXES + k * AXIS_BYTES, AXIS_BYTES / 4);
    for (let code = 0; code < 256; code++) table.set([base[code] as number, weight[code] as number], code * 2);
  });
  const steps = new Uint32Array(memory.buffer, STEPS, 16);
  for (let order = 0; order < 8; order++) steps.set([first[order] as number, second[order] as number], order * 2);
  const grid = new Int16Array(memory.buffer, NODES, (nodes.length / 3) * 4);
  for (let from = 0, at = 0; from < nodes.length; from += 3, at += 4) {
    grid[at] = (nodes[from] as number) - NODE_BIAS;
    grid[at + 1] = (nodes[from + 1] as number) - NODE_BIAS;
    grid[at + 2] = (nodes[from + 2] as number) - NODE_BIAS;
    grid[at + 3] = -NODE_BIAS;
  }
  const input = new Uint8Array(memory.buffer, PIXELS_IN, CHUNK_PIXELS * 4);
  const output = new Uint8Array(memory.buffer, PIXELS_OUT, CHUNK_PIXELS * 4);

  return {
    apply(data: Samples, channels: 3 | 4): void {
      const chunk = CHUNK_PIXELS * channels;
      for (let start = 0; start < data.length; start += chunk) {
        const part = data.subarray(start, start + chunk);
        input.set(part);
        applyLut(part.length / channels, channels, last);
        part.set(output.subarray(0, part.length));
      }
    },
  };
}
