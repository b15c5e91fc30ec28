import { expect, it } from 'vitest';
import {
  BAND_DISTANCES,
  BUFFER_INPUT,
  BUFFER_RESULTS,
  CHUNK,
  FOUND,
} from '../../../src/backends/wasm/assembly/layout.js';
import { compileKernels } from '../../../src/backends/wasm/compile.js';
import { Heap } from '../../../src/backends/wasm/heap.js';
import { sampleScale, writeBands } from '../../../src/backends/wasm/parameters.js';
import { openThread, writeTables } from '../../../src/backends/wasm/thread.js';
import { DISTANCE_DOUBT } from '../../../src/core/analysis/bands.js';
import { oklabOfColors } from '../../../src/core/analysis/oklab-of-colors.js';
import { type Center, distanceTo, farthestFrom } from '../../../src/core/row/distance.js';
import type { Gamut } from '../../../src/index.js';
import { sampleColors } from '../../support/cases.js';

const heap = new Heap(await compileKernels('simd'), 1, false);
writeTables(heap);
const { exports } = openThread(heap, 0);
const colors = sampleColors(1 << 17);

/** What the kernel measures, color by color. */
function measure(center: Center, gamut: Gamut): Float64Array {
  const [input, results] = [heap.bufferAt(0) + BUFFER_INPUT, heap.bufferAt(0) + BUFFER_RESULTS];
  const distances = new Float64Array(colors.length);
  writeBands(heap, [{ center, from: -1, to: Number.POSITIVE_INFINITY }], gamut);
  for (let start = 0; start < colors.length; start += CHUNK) {
    const part = colors.subarray(start, start + CHUNK);
    const opaque = part.map((color) => (color | 0xff000000) >>> 0);
    heap.u32.set(opaque, input / 4);
    exports.collectPixels(input, part.length, 4, 1, results);
    expect(heap.u32[(results + FOUND) / 4 + 1]).toBe(part.length);
    const first = (results + BAND_DISTANCES) / 4;
    distances.set(heap.f32.subarray(first, first + part.length), start);
  }
  return distances;
}

// The surface distance magnifies the errors of a and b by L of the center over L of the color.
it.each(['srgb', 'display-p3'] as const)('float32 distances stay within a fifth of their doubt, %s', (gamut) => {
  const lab = oklabOfColors(colors, gamut);
  for (const isSurface of [false, true]) {
    for (const L of [0, 0.2, 0.45, 0.7, 1, 1.5]) {
      for (const [a, b] of [
        [0, 0],
        [0.3, 0.1],
        [-0.1, -0.31],
        [1.5, 1.5],
      ] as const) {
        const center: Center = { oklab: [L, a, b], isSurface };
        let [error, farthest] = [0, 0];
        measure(center, gamut).forEach((distance, i) => {
          const exact = distanceTo(center, lab[3 * i] as number, lab[3 * i + 1] as number, lab[3 * i + 2] as number);
          error = Math.max(error, Math.abs(distance - exact));
          farthest = Math.max(farthest, exact);
        });
        expect(error).toBeLessThan(DISTANCE_DOUBT / 5);
        // And no color lies beyond the last bucket.
        expect(farthest).toBeLessThan(farthestFrom(center));
        expect(farthest * sampleScale(center)).toBeLessThan(4096);
      }
    }
  }
});
