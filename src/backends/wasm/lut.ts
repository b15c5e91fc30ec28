import { makeAxisTables } from '../../core/lut/axis-table.js';
import type { Lut, LutSampler } from '../../core/lut/lut.js';
import { createSampler, isInGamut } from '../../core/lut/sample.js';
import { makeByteTables } from '../../core/lut/tetrahedral-bytes.js';
import type { Interpolation } from '../../core/options.js';
import { AXES, AXIS_BYTES, CHUNK, MAX_GRID, NODE_BIAS, NODE_BYTES, NODES, STEPS } from './assembly/layout.js';
import type { Engine } from './engine.js';
import type { Heap } from './heap.js';
import { flowOf } from './samples.js';

let nextId = 1;
/** The table that each heap holds. */
const held = new WeakMap<Heap, number>();

/**
 * A sampler on all threads, with the bytes of `createSampler`, its reference: in SIMD for 8-bit tetrahedral interpolation, else by the core's own
 * code.
 *
 * @returns undefined where nothing would be gained
 */
export function createEngineSampler(
  engine: Engine,
  lut: Lut,
  interpolation: Interpolation,
  maxCode: 255 | 65535,
): LutSampler | undefined {
  const isFit = maxCode === 255 && interpolation === 'tetrahedral' && lut.size <= MAX_GRID && isInGamut(lut.nodes);
  const own = createSampler(lut, interpolation, maxCode);
  const id = nextId++;
  if (engine.hasSimd && isFit) {
    const image = makeImage(lut);
    return {
      apply: own.apply,
      applyTogether: (data, channels, signal) =>
        engine.run({
          kernel: 'lookUp',
          setup: { channels, last: image.last },
          ...flowOf(bytesOf(data), channels, CHUNK, 'results'),
          prepare(heap) {
            if (held.get(heap) === id) return;
            held.set(heap, id);
            writeImage(heap, image);
          },
          signal,
        }),
    };
  }
  if (engine.threads === 1) return undefined;
  const table = { id, lut: shareLut(lut), interpolation, maxCode };
  return {
    apply: own.apply,
    applyTogether: (data, channels, signal) =>
      engine.run({
        kernel: 'sample',
        setup: { table, channels },
        ...flowOf(data instanceof Uint16Array ? data : bytesOf(data), channels, CHUNK, 'input'),
        signal,
      }),
  };
}

interface LutImage {
  readonly axes: readonly Uint32Array[];
  readonly steps: Uint32Array;
  readonly nodes: Int16Array;
  /** Byte step from a cell's low corner to its far one. */
  readonly last: number;
}

function makeImage(lut: Lut): LutImage {
  const { nodes, axes, first, second, last } = makeByteTables(lut, makeAxisTables(lut, 255), NODE_BYTES);
  const steps = new Uint32Array(16);
  for (let order = 0; order < 8; order++) steps.set([first[order] as number, second[order] as number], order * 2);
  const grid = new Int16Array((nodes.length / 3) * 4);
  for (let from = 0, at = 0; from < nodes.length; from += 3, at += 4) {
    grid[at] = (nodes[from] as number) - NODE_BIAS;
    grid[at + 1] = (nodes[from + 1] as number) - NODE_BIAS;
    grid[at + 2] = (nodes[from + 2] as number) - NODE_BIAS;
    grid[at + 3] = -NODE_BIAS;
  }
  const pairs = axes.map(({ base, weight }) => {
    const pair = new Uint32Array(512);
    for (let code = 0; code < 256; code++) pair.set([base[code] as number, weight[code] as number], code * 2);
    return pair;
  });
  return { axes: pairs, steps, nodes: grid, last };
}

function writeImage({ u8, u32 }: Heap, { axes, steps, nodes }: LutImage): void {
  for (const [k, pair] of axes.entries()) u32.set(pair, (AXES + k * AXIS_BYTES) / 4);
  u32.set(steps, STEPS / 4);
  new Int16Array(u8.buffer, NODES, nodes.length).set(nodes);
}

/** Structured cloning would copy the values for each thread and leg. */
function shareLut({ shaper, nodes, ...rest }: Lut): Lut {
  const share = (values: Float32Array): Float32Array => {
    const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
    shared.set(values);
    return shared;
  };
  return { ...rest, nodes: share(nodes), ...(shaper && { shaper: { ...shaper, values: share(shaper.values) } }) };
}

function bytesOf(samples: Uint8Array | Uint8ClampedArray | Uint16Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}
