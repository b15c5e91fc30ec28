import { constants, deflateRawSync } from 'node:zlib';
import { adler32 } from './adler32.js';
import { filterRow } from './filter-row.js';
import type { KernelOptions, PngKernel } from './kernel-types.js';

/** For engines without SIMD in WebAssembly. */
export function createScalarKernel({ rowBytes, pixelBytes, rows, slots }: KernelOptions): PngKernel {
  const stride = rowBytes + 1;
  const memory = Array.from({ length: slots }, () => new Uint8Array(rows * stride));
  const last = new Uint8Array(rowBytes);
  let turn = 0;
  return {
    begin(above) {
      if (above) last.set(above);
      else last.fill(0);
    },
    filter(data, filter) {
      const filtered = memory[turn++ % slots] as Uint8Array;
      const count = data.length / rowBytes;
      for (let i = 0; i < count; i++) {
        const above = i === 0 ? last : data.subarray((i - 1) * rowBytes, i * rowBytes);
        const row = data.subarray(i * rowBytes, (i + 1) * rowBytes);
        filterRow(row, above, pixelBytes, filter, filtered.subarray(i * stride, (i + 1) * stride));
      }
      last.set(data.subarray((count - 1) * rowBytes, count * rowBytes));
      return filtered.subarray(0, count * stride);
    },
    checksum: adler32,
    deflateRuns: (filtered, isLast) =>
      deflateRawSync(filtered, {
        strategy: constants.Z_RLE,
        finishFlush: isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
      }),
  };
}
