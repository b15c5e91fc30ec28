import { gamutMatrices, writeOklab } from '../color/oklab.js';
import { COLOR_COUNT } from '../color/packed.js';
import { linearTable } from '../color/srgb.js';
import type { Gamut } from '../types.js';
import { type ColorTable, countColors, PRESENT } from './census.js';
import type { LabStream } from './stream-plan.js';

/** Colors a block: their Oklab values stay within a core's cache. */
const BLOCK_COLORS = 4096;
/** A slot counts to 2^31 - 1; before it can run over, whole units of this many pixels move out of it. */
const UNIT = 2 ** 30;

/**
 * The census of a picture that comes strip by strip and may have more pixels than a slot can count. The table is all it
 * keeps: colors are found by going through it, so its memory does not grow with the number of colors either.
 */
export class StripCensus {
  /** Whole units a color's count has beyond its slot; only for pictures that need them. */
  private units: Uint8Array | undefined;
  private sinceMoved = 0;

  /**
   * @param table all zero; holds counts while counting, new colors once `recolor` has run
   * @param unit pixels that may be counted before counts move out of the slots; a power of two, smaller in tests
   */
  constructor(
    private readonly table: ColorTable,
    private readonly unit = UNIT,
  ) {}

  /** Counts a strip. @param data 8-bit RGB or RGBA of at most 2^30 pixels */
  add(data: Uint8Array, channels: 3 | 4): void {
    const pixels = data.length / channels;
    if (this.sinceMoved + pixels > this.unit) this.moveUnits();
    this.sinceMoved += pixels;
    countColors(data, channels, this.table);
  }

  /** Colors that occur, under alpha 0 too. */
  countDistinct(): number {
    const { slots } = this.table;
    let distinct = 0;
    for (let color = 0; color < COLOR_COUNT; color++) if (slots[color] !== 0) distinct++;
    return distinct;
  }

  /** Visible pixels of a color. */
  countOf(color: number): number {
    const inSlot = (this.table.slots[color] as number) & ~PRESENT;
    return this.units ? inSlot + (this.units[color] as number) * this.unit : inSlot;
  }

  /** The visible colors with their counts, for `planFromStream`. */
  toStream(gamut: Gamut): LabStream {
    const { toLms } = gamutMatrices(gamut);
    const linear = linearTable(255);
    const lab = new Float64Array(BLOCK_COLORS * 3);
    const counts = new Float64Array(BLOCK_COLORS);
    return {
      each: async (visit) => {
        this.forEachBlock(BLOCK_COLORS, (colors) => {
          let visible = 0;
          for (const color of colors) {
            const count = this.countOf(color);
            if (count === 0) continue;
            const red = linear[color & 255] as number;
            const green = linear[(color >>> 8) & 255] as number;
            writeOklab(lab, visible * 3, red, green, linear[color >>> 16] as number, toLms);
            counts[visible++] = count;
          }
          visit(lab, counts, visible);
        });
      },
    };
  }

  /**
   * Puts each color's new color into its slot, block by block; the counts are gone afterwards and the table is ready for
   * `repaint`.
   *
   * @param evaluate receives packed colors and writes the new ones, same length
   */
  async recolor(
    blockColors: number,
    evaluate: (colors: Uint32Array, newColors: Uint32Array) => Promise<void>,
  ): Promise<void> {
    const { slots } = this.table;
    const block = new Uint32Array(blockColors);
    const newBlock = new Uint32Array(blockColors);
    for (let color = 0; color < COLOR_COUNT; ) {
      let length = 0;
      for (; color < COLOR_COUNT && length < blockColors; color++) if (slots[color] !== 0) block[length++] = color;
      if (length === 0) break;
      const [colors, newColors] = [block.subarray(0, length), newBlock.subarray(0, length)];
      await evaluate(colors, newColors);
      for (let i = 0; i < length; i++) slots[colors[i] as number] = newColors[i] as number;
    }
  }

  /** Goes over all colors that occur, in rising order. @param visit receives a view that is reused */
  forEachBlock(blockColors: number, visit: (colors: Uint32Array) => void): void {
    const { slots } = this.table;
    const block = new Uint32Array(blockColors);
    for (let color = 0; color < COLOR_COUNT; ) {
      let length = 0;
      for (; color < COLOR_COUNT && length < blockColors; color++) if (slots[color] !== 0) block[length++] = color;
      if (length > 0) visit(block.subarray(0, length));
    }
  }

  private moveUnits(): void {
    const { slots } = this.table;
    this.units ??= new Uint8Array(COLOR_COUNT);
    for (let color = 0; color < COLOR_COUNT; color++) {
      const slot = slots[color] as number;
      const count = slot & ~PRESENT;
      if (count < this.unit) continue;
      const whole = Math.floor(count / this.unit);
      this.units[color] = (this.units[color] as number) + whole;
      slots[color] = (PRESENT + (count - whole * this.unit)) >>> 0;
    }
    this.sinceMoved = 0;
  }
}
