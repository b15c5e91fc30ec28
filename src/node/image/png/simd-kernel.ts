import { BLOCK_TOKENS, FREE, MASK, PADDING, VECTOR } from './assembly/layout.js';
import type { KernelOptions, PngKernel } from './kernel-types.js';
import { PNG_KERNEL } from './kernels.generated.js';

const PAGE = 65_536;

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

let compiled: WebAssembly.Module | undefined;

/** In WebAssembly, 16 bytes at a time. `filterRow` and `adler32` are its references. */
export function createSimdKernel({ rowBytes, pixelBytes, rows, slots }: KernelOptions): PngKernel {
  // In memory: the row above, the rows, the slots, what is compressed.
  const stride = PADDING + roundUp(rowBytes, VECTOR);
  const firstRow = FREE + stride;
  const filteredBytes = rows * (rowBytes + 1);
  const slotBytes = roundUp(filteredBytes, VECTOR) + VECTOR;
  const firstSlot = firstRow + rows * stride;
  const packed = firstSlot + slots * slotBytes;
  const end = packed + filteredBytes + 8 * Math.ceil(filteredBytes / BLOCK_TOKENS) + 32;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE) });
  compiled ??= new WebAssembly.Module(Buffer.from(PNG_KERNEL, 'base64'));
  const kernel = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Exports;
  const bytes = new Uint8Array(memory.buffer);
  bytes.fill(255, MASK, MASK + VECTOR);
  const above = FREE + PADDING;
  let turn = 0;
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
      const to = firstSlot + (turn++ % slots) * slotBytes;
      kernel.filterRows(firstRow + PADDING, count, stride, rowBytes, pixelBytes, filter, to);
      const last = firstRow + (count - 1) * stride + PADDING;
      bytes.copyWithin(above, last, last + rowBytes);
      return bytes.subarray(to, to + count * (rowBytes + 1));
    },
    checksum: ({ byteOffset, length }, start) => kernel.adler32(byteOffset, length, start) >>> 0,
    deflateRuns({ byteOffset, length }, isLast) {
      return bytes.subarray(packed, kernel.deflateRuns(byteOffset, length, isLast ? 1 : 0, packed) >>> 0);
    },
  };
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
