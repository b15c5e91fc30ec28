import { linearTableFor } from '../../core/color/linear-tables.js';
import { linearFromEncoded, linearTable } from '../../core/color/srgb.js';
import {
  CELL_GUESSES,
  CELL_LIMITS,
  CURVE,
  CURVE_INTERVALS,
  DEEP_LINEAR,
  GUESS_CELLS,
  LINEAR,
  THREAD_BYTES,
  THREADS,
} from './assembly/layout.js';
import type { Heap } from './heap.js';

/** The functions of assembly/simd.ts; those of assembly/scalar.ts alone where there is no SIMD. Numbers are addresses and counts. */
export interface Exports {
  countRgb(from: number, pixels: number, table: number, more: number, notes: number): void;
  countRgba(from: number, pixels: number, table: number, more: number, notes: number): void;
  emit(
    first: number,
    count: number,
    tables: number,
    threads: number,
    hasAlpha: boolean,
    more: number,
    emitted: number,
    colors: number,
    counts: number,
  ): void;
  clear(table: number, more: number): void;
  fill(colors: number, newColors: number, count: number, slots: number): void;
  paintRgb(from: number, pixels: number, slots: number): void;
  paintRgba(from: number, pixels: number, slots: number): void;
  pullColors(colors: number, count: number, to: number, doubts: number): number;
  pullPixels(pixels: number, count: number, channels: number, doubts: number): number;
  bucket(colors: number, count: number, rows: number, out: number): void;
  collectColors(colors: number, counts: number, count: number, rows: number, out: number): void;
  collectPixels(pixels: number, count: number, channels: number, rows: number, out: number): number;
  pullDeep?(pixels: number, count: number, step: number, doubts: number): number;
  bucketDeep?(pixels: number, count: number, step: number, targets: number, to: number): void;
  lookUp?(from: number, count: number, step: number, last: number, to: number): void;
}

/** One thread's hold on a heap: its instance of the kernels. */
export interface Thread {
  /** 0 is the calling one. */
  readonly index: number;
  readonly heap: Heap;
  readonly exports: Exports;
}

/** Makes an instance of the kernels. @throws what WebAssembly throws */
export function openThread(heap: Heap, index: number): Thread {
  const { exports } = new WebAssembly.Instance(heap.module, {
    env: {
      memory: heap.memory,
      abort: () => {
        throw new Error('a wasm kernel aborted');
      },
    },
    thread: { SCRATCH: THREADS + index * THREAD_BYTES },
  });
  return { index, heap, exports: exports as unknown as Exports };
}

/**
 * Fills the tables of the 8-bit kernels: linear values of the codes, and the encoder's guesses.
 *
 * A linear value falls, rounded, into one of 4096 cells. A cell holds the code at its lower end and the linear value
 * where the next code begins; one cell spans 0.8 codes where the curve is steepest, so one comparison settles it.
 */
export function writeTables({ f32, u8 }: Heap): void {
  f32.set(linearTable(255), LINEAR / 4);
  for (let cell = 0, code = 0; cell <= GUESS_CELLS; cell++) {
    while (code < 255 && nextCodeBegins(code) <= (cell - 0.5) / GUESS_CELLS) code++;
    u8[CELL_GUESSES + cell] = code;
    f32[CELL_LIMITS / 4 + cell] = code < 255 ? nextCodeBegins(code) : Number.POSITIVE_INFINITY;
  }
}

function nextCodeBegins(code: number): number {
  return linearFromEncoded((code + 0.5) / 255);
}

/** Fills the tables of the 16-bit kernels: linear values of the codes, and the encoder's curve. */
export function writeDeepTables({ f64 }: Heap): void {
  f64.set(linearTableFor(new Uint16Array(0)), DEEP_LINEAR / 8);
  // The curve's upper part, continued below its end, so that no interval has a kink.
  for (let i = 0; i < CURVE_INTERVALS + 2; i++) {
    f64[CURVE / 8 + i] = (1.055 * ((i / CURVE_INTERVALS) ** 2) ** (1 / 2.4) - 0.055) * 65535;
  }
}
