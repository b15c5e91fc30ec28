import { gamutMatrices, writeOklab } from '../color/oklab.js';
import { COLOR_COUNT } from '../color/packed.js';
import { linearTable } from '../color/srgb.js';
import { fillTable } from '../repaint.js';
import type { Gamut } from '../types.js';
import { ColorList, type ColorTable, countStrip, PRESENT } from './census.js';
import type { LabStream } from './lab-stream.js';

/** Colors a block: their Oklab values stay within a core's cache. */
const BLOCK_COLORS = 4096;
/** Slots in one page of the table; going through it leaves out pages without a color. */
const PAGE_BITS = 8;
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
  /** Colors that no strip before had. */
  private readonly fresh = new ColorList();
  /** 1 for each page of the table that has a color. */
  private readonly pages = new Uint8Array(COLOR_COUNT >>> PAGE_BITS);

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
    const { fresh, pages } = this;
    fresh.clear();
    countStrip(data, channels, this.table, fresh);
    for (const color of fresh.toArray()) pages[color >>> PAGE_BITS] = 1;
  }

  /** Colors that occur, under alpha 0 too. */
  countDistinct(): number {
    const { slots } = this.table;
    let distinct = 0;
    this.forEachPage((first, end) => {
      for (let color = first; color < end; color++) if (slots[color] !== 0) distinct++;
    });
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
        for (const colors of this.blocks(BLOCK_COLORS)) {
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
        }
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
    const newBlock = new Uint32Array(blockColors);
    for (const colors of this.blocks(blockColors)) {
      const newColors = newBlock.subarray(0, colors.length);
      await evaluate(colors, newColors);
      fillTable(this.table, colors, newColors);
    }
  }

  /** Goes over all colors that occur, in rising order. The blocks share their memory. */
  *blocks(blockColors: number): Generator<Uint32Array> {
    const { slots } = this.table;
    const block = new Uint32Array(blockColors);
    let length = 0;
    for (let page = 0; page < this.pages.length; page++) {
      if (this.pages[page] === 0) continue;
      const end = (page + 1) << PAGE_BITS;
      for (let color = page << PAGE_BITS; color < end; color++) {
        if (slots[color] === 0) continue;
        block[length++] = color;
        if (length < blockColors) continue;
        yield block;
        length = 0;
      }
    }
    if (length > 0) yield block.subarray(0, length);
  }

  /** Makes the table all zero again. */
  clear(): void {
    this.forEachPage((first, end) => this.table.slots.fill(0, first, end));
  }

  private forEachPage(visit: (first: number, end: number) => void): void {
    for (let page = 0; page < this.pages.length; page++) {
      if (this.pages[page] === 1) visit(page << PAGE_BITS, (page + 1) << PAGE_BITS);
    }
  }

  private moveUnits(): void {
    const { slots } = this.table;
    this.units ??= new Uint8Array(COLOR_COUNT);
    const { units } = this;
    this.forEachPage((first, end) => {
      for (let color = first; color < end; color++) {
        const count = (slots[color] as number) & ~PRESENT;
        if (count < this.unit) continue;
        const whole = Math.floor(count / this.unit);
        units[color] = (units[color] as number) + whole;
        slots[color] = (PRESENT + (count - whole * this.unit)) >>> 0;
      }
    });
    this.sinceMoved = 0;
  }
}
