import type { BandFind } from '../../core/analysis/bands.js';
import { BAND_DISTANCES, BAND_POSITIONS, BAND_STRIDE, CHUNK, FOUND } from './assembly/layout.js';
import type { Heap } from './heap.js';

/** Colors in a band of distances, gathered from many blocks. All is copied out of the heap. */
export class BandList {
  private below = 0;
  private length = 0;
  private colors = new Uint32Array(CHUNK);
  private counts = new Uint32Array(CHUNK);
  private distances = new Float32Array(CHUNK);

  /**
   * Takes what `collectColors` or `collectPixels` found for one row.
   *
   * @param colors packed colors of the block
   * @param counts their pixels; undefined: one each. Colors of no visible pixel are left out.
   */
  add({ u32, f32 }: Heap, results: number, row: number, colors: Uint32Array, counts: Uint32Array | undefined): void {
    const found = (results + FOUND) / 4 + row * 2;
    this.below += u32[found] as number;
    const listed = u32[found + 1] as number;
    this.reserve(listed);
    const positions = (results + BAND_POSITIONS + row * BAND_STRIDE) / 4;
    const distances = (results + BAND_DISTANCES + row * BAND_STRIDE) / 4;
    for (let i = 0; i < listed; i++) {
      const at = u32[positions + i] as number;
      const count = counts ? (counts[at] as number) : 1;
      if (count === 0) continue;
      this.colors[this.length] = colors[at] as number;
      this.counts[this.length] = count;
      this.distances[this.length++] = f32[distances + i] as number;
    }
  }

  toFind(): BandFind {
    const { below, length } = this;
    return {
      below,
      colors: this.colors.subarray(0, length),
      counts: this.counts.subarray(0, length),
      distances: this.distances.subarray(0, length),
    };
  }

  private reserve(more: number): void {
    const least = this.length + more;
    if (least <= this.colors.length) return;
    const size = Math.max(least, 2 * this.colors.length);
    const { colors, counts, distances } = this;
    this.colors = new Uint32Array(size);
    this.counts = new Uint32Array(size);
    this.distances = new Float32Array(size);
    this.colors.set(colors);
    this.counts.set(counts);
    this.distances.set(distances);
  }
}
