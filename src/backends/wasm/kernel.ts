import {
  BAND_DISTANCES,
  BAND_POSITIONS,
  BAND_STRIDE,
  BUCKETS,
  CHUNK_COLORS,
  COLORS,
  COUNTS,
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

/** Of the widest kernel: so many places behind the last color are read, too. */
const LANES = 4;

/** An instance of the compiled kernel with a memory of its own. */
export interface Kernel {
  /** Sets the plan of the following calls. @param block from `packParameters` */
  setParameters(block: Float32Array): void;
  /**
   * Evaluates up to CHUNK_COLORS colors.
   *
   * @param out same length; a word with the DOUBT bit is only a guess, to be evaluated again in float64
   * @returns positions of the words that have it; good until the next call
   */
  run(colors: Uint32Array, out: Uint32Array): Uint32Array;
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
  /** Takes up to CHUNK_COLORS pixels in for `collect`. @returns the packed colors of those that are visible */
  takePixels(pixels: Uint8Array, channels: 3 | 4): Uint32Array;
  /** Takes up to CHUNK_COLORS colors in, each for a number of pixels. @returns the pixels of all */
  takeColors(colors: Uint32Array, counts: Uint32Array): number;
  /** Looks through what was taken in for the colors in the bands of `packBands`. */
  collect(bands: number): readonly ChunkFind[];
}

/** Colors of a chunk in a band of distances around a target; views, good until the next call of the kernel. */
export interface ChunkFind {
  /** Pixels nearer than the band. */
  readonly below: number;
  /** Of the colors in the band: positions in what was taken in, and float32 distances. */
  readonly positions: Uint32Array;
  readonly distances: Float32Array;
}

interface Exports {
  evaluate(count: number): void;
  listDoubts(count: number): number;
  sumCounts(count: number): number;
  measure(count: number, attractors: number): void;
  unpack(count: number, channels: number): void;
  unpackVisible(count: number): number;
  repaint(count: number, channels: number): number;
  collect(count: number, attractors: number, isCounted: boolean): void;
}

/** Instantiates the kernel with memory of its own, its tables filled. @throws what WebAssembly throws */
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
  const { evaluate, listDoubts, sumCounts, measure, unpack, unpackVisible, repaint, collect } =
    instance.exports as unknown as Exports;
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
  const countsIn = new Uint32Array(memory.buffer, COUNTS, CHUNK_COLORS + LANES);
  let taken = { count: 0, isCounted: false };
  const found = new Uint32Array(memory.buffer, FOUND, MEASURED_ATTRACTORS * 2);

  return {
    setParameters(block) {
      parameters.set(block);
    },
    run(colors, out) {
      input.set(colors);
      evaluate(colors.length);
      out.set(output.subarray(0, colors.length));
      return doubts.subarray(0, listDoubts(colors.length));
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
    takePixels(pixels, channels) {
      let count = pixels.length / channels;
      pixelBytes.set(pixels);
      if (channels === 4) count = unpackVisible(count);
      else unpack(count, channels);
      taken = { count, isCounted: false };
      return input.subarray(0, count);
    },
    takeColors(colors, counts) {
      input.set(colors);
      countsIn.set(counts);
      countsIn.fill(0, counts.length, counts.length + LANES);
      taken = { count: colors.length, isCounted: true };
      return sumCounts(colors.length) >>> 0;
    },
    collect(bands) {
      collect(taken.count, bands, taken.isCounted);
      return Array.from({ length: bands }, (_, i) => {
        const listed = found[2 * i + 1] as number;
        return {
          below: found[2 * i] as number,
          positions: new Uint32Array(memory.buffer, BAND_POSITIONS + i * BAND_STRIDE, listed),
          distances: new Float32Array(memory.buffer, BAND_DISTANCES + i * BAND_STRIDE, listed),
        };
      });
    },
  };
}
