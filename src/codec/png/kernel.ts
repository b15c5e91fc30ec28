import { bytesOf } from '../bytes.js';
import { BLOCK_TOKENS, FREE, MASK, PADDING, VECTOR } from './assembly/layout.js';
import { PNG_KERNEL } from './kernels.generated.js';

/** The loops over all bytes of one picture, in WebAssembly, with memory that goes round: a fresh page costs more than they do. */
export interface PngKernel {
  /** Says what lies above the row that comes next. @param above its bytes; undefined where the picture begins */
  begin(above?: Uint8Array | Uint8ClampedArray): void;
  /**
   * Filters the next rows.
   *
   * @param filter a filter type of PNG for all of them, or ADAPTIVE for the best of each row
   * @returns each row with its filter type in front; good until the next call
   */
  filter(rows: Uint8Array | Uint8ClampedArray, filter: number): Uint8Array;
  /** Adler-32 of what `filter` returned. @param start 1 at the beginning, else what the part before gave */
  checksum(filtered: Uint8Array, start: number): number;
  /**
   * Compresses what `filter` returned, or a part of it, with literals and runs of one byte alone.
   *
   * @returns deflate blocks that end on a byte border, the last one of the stream if asked; good until the next call
   */
  deflateRuns(filtered: Uint8Array, isLast: boolean): Uint8Array;
}

export interface KernelOptions {
  readonly rowBytes: number;
  readonly pixelBytes: number;
  /** Most rows a call. */
  readonly rows: number;
}

interface Exports {
  filterRows(
    from: number,
    rows: number,
    stride: number,
    length: number,
    step: number,
    filter: number,
    to: number,
  ): void;
  adler32(from: number, length: number, start: number): number;
  deflateRuns(from: number, length: number, isLast: number, to: number): number;
}

const PAGE = 65_536;

let compiled: WebAssembly.Module | undefined;
let isRefused = false;

/**
 * @returns undefined where there is no WebAssembly, where it has no SIMD, and where a page's policy forbids it
 * @throws RangeError where address space is limited (`ulimit -v`): the memory is reserved generously
 */
export function openKernel({ rowBytes, pixelBytes, rows }: KernelOptions): PngKernel | undefined {
  const module = compile();
  if (!module) return undefined;
  // In memory: the row above, the rows, what is filtered, what is compressed.
  const stride = PADDING + roundUp(rowBytes, VECTOR);
  const firstRow = FREE + stride;
  const filteredBytes = rows * (rowBytes + 1);
  const filtered = firstRow + rows * stride;
  const packed = filtered + roundUp(filteredBytes, VECTOR) + VECTOR;
  const end = packed + filteredBytes + 8 * Math.ceil(filteredBytes / BLOCK_TOKENS) + 32;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE) });
  const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports;
  const bytes = new Uint8Array(memory.buffer);
  bytes.fill(255, MASK, MASK + VECTOR);
  const above = FREE + PADDING;
  return {
    begin(data) {
      if (data) bytes.set(data, above);
      else bytes.fill(0, above, above + rowBytes);
    },
    filter(data, filter) {
      const count = data.length / rowBytes;
      for (let i = 0; i < count; i++) {
        bytes.set(data.subarray(i * rowBytes, (i + 1) * rowBytes), firstRow + i * stride + PADDING);
      }
      kernel.filterRows(firstRow + PADDING, count, stride, rowBytes, pixelBytes, filter, filtered);
      const last = firstRow + (count - 1) * stride + PADDING;
      bytes.copyWithin(above, last, last + rowBytes);
      return bytes.subarray(filtered, filtered + count * (rowBytes + 1));
    },
    checksum: ({ byteOffset, length }, start) => kernel.adler32(byteOffset, length, start) >>> 0,
    deflateRuns({ byteOffset, length }, isLast) {
      return bytes.subarray(packed, kernel.deflateRuns(byteOffset, length, isLast ? 1 : 0, packed) >>> 0);
    },
  };
}

/** Once; 10 ms at most, and what refuses it once will again. */
function compile(): WebAssembly.Module | undefined {
  if (isRefused) return undefined;
  try {
    compiled ??= new WebAssembly.Module(bytesOf(atob(PNG_KERNEL)));
  } catch {
    isRefused = true;
  }
  return compiled;
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
