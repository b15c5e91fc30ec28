import {
  BAND_COLORS,
  BAND_DISTANCES,
  BAND_STRIDE,
  BUCKETS,
  CHUNK_COLORS,
  COLORS,
  DOUBT_BIT,
  DOUBTS,
  FOUND,
  LINEAR,
  MEASURED_ATTRACTORS,
  MEMORY_BYTES,
  OUT,
  PARAMETERS,
  PIXELS,
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
  /**
   * Recolors up to CHUNK_COLORS pixels in place, alpha excepted.
   *
   * @returns positions of the pixels that are to be evaluated in float64, and are as they were; good until the next call
   */
  recolor(pixels: Uint8Array, channels: 3 | 4): Uint32Array;
  /** Takes up to CHUNK_COLORS pixels in for `collect`. @returns how many of them are visible */
  takeVisible(pixels: Uint8Array, channels: 3 | 4): number;
  /**
   * Looks through the pixels taken in for those in the bands of `packBands`.
   *
   * @param count what `takeVisible` returned
   */
  collect(count: number, bands: number): readonly BandFind[];
}

/** Pixels in a band of distances around a target; views, good until the next call of the kernel. */
export interface BandFind {
  /** Pixels nearer than the band. */
  readonly below: number;
  /** Of the pixels in the band: packed colors, and float32 distances. */
  readonly colors: Uint32Array;
  readonly distances: Float32Array;
}

interface Exports {
  evaluate(count: number): void;
  measure(count: number, attractors: number): void;
  unpack(count: number, channels: number): void;
  unpackVisible(count: number): number;
  repaint(count: number, channels: number): number;
  collect(count: number, attractors: number): void;
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
  const { evaluate, measure, unpack, unpackVisible, repaint, collect } = instance.exports as unknown as Exports;
  writeTables(memory.buffer);
  const input = new Uint32Array(memory.buffer, COLORS, CHUNK_COLORS);
  const output = new Uint32Array(memory.buffer, OUT, CHUNK_COLORS);
  const parameters = new Float32Array(memory.buffer, PARAMETERS, (LINEAR - PARAMETERS) / 4);

  const buckets = Array.from(
    { length: MEASURED_ATTRACTORS },
    (_, i) => new Uint16Array(memory.buffer, BUCKETS + i * CHUNK_COLORS * 2, CHUNK_COLORS),
  );

  const pixelBytes = new Uint8Array(memory.buffer, PIXELS, CHUNK_COLORS * 4);
  const doubts = new Uint32Array(memory.buffer, DOUBTS, CHUNK_COLORS);
  const found = new Uint32Array(memory.buffer, FOUND, MEASURED_ATTRACTORS * 2);

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
    recolor(pixels, channels) {
      const count = pixels.length / channels;
      pixelBytes.set(pixels);
      unpack(count, channels);
      evaluate(count);
      const left = repaint(count, channels);
      pixels.set(pixelBytes.subarray(0, pixels.length));
      return doubts.subarray(0, left);
    },
    takeVisible(pixels, channels) {
      const count = pixels.length / channels;
      pixelBytes.set(pixels);
      if (channels === 4) return unpackVisible(count);
      unpack(count, channels);
      return count;
    },
    collect(count, bands) {
      collect(count, bands);
      return Array.from({ length: bands }, (_, i) => {
        const listed = found[2 * i + 1] as number;
        return {
          below: found[2 * i] as number,
          colors: new Uint32Array(memory.buffer, BAND_COLORS + i * BAND_STRIDE, listed),
          distances: new Float32Array(memory.buffer, BAND_DISTANCES + i * BAND_STRIDE, listed),
        };
      });
    },
  };
}

function countDoubts(out: Uint32Array): number {
  let doubts = 0;
  for (let i = 0; i < out.length; i++) doubts += (out[i] as number) >>> DOUBT_BIT;
  return doubts;
}
