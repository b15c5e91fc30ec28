import { NONE, PAETH } from '../../src/codec/png/assembly/layout.js';
import type { KernelOptions, PngKernel } from '../../src/codec/png/kernel.js';
import { paeth } from './unfilter-row.js';

export type RowFilter = Pick<PngKernel, 'begin' | 'filter'>;

/**
 * A PNG's rows filtered in JavaScript: for palettes, which are not filtered, and where there is no kernel, since a host may forbid
 * WebAssembly by its policy. The best of five filters for each row would cost five times as much; all that are filtered get Paeth's.
 */
export function openPlainFilter({ rowBytes, pixelBytes }: Omit<KernelOptions, 'rows'>): RowFilter {
  let above = new Uint8Array(rowBytes);
  return {
    begin: () => above.fill(0),
    filter(rows, kind) {
      const count = rows.length / rowBytes;
      const out = new Uint8Array(count * (rowBytes + 1));
      for (let row = 0, at = 0; row < count; row++) {
        const line = rows.subarray(row * rowBytes, (row + 1) * rowBytes);
        out[at++] = kind === NONE ? NONE : PAETH;
        if (kind === NONE) out.set(line, at);
        else {
          for (let i = 0; i < rowBytes; i++) {
            const left = i < pixelBytes ? 0 : (line[i - pixelBytes] as number);
            const upLeft = i < pixelBytes ? 0 : (above[i - pixelBytes] as number);
            out[at + i] = (line[i] as number) - paeth(left, above[i] as number, upLeft);
          }
        }
        at += rowBytes;
        above = new Uint8Array(line);
      }
      return out;
    },
  };
}
