import { type ColorTable, PRESENT, wordView } from './analysis/census.js';
import { COLOR_COUNT } from './color/packed.js';
import { repaint } from './repaint.js';

/** Colors evaluated at once at most. */
const BLOCK_COLORS = 1 << 16;

/**
 * Recolors a picture that comes strip by strip with a plan that is known beforehand: each color is computed when it is first
 * met, so no census has to come first. Memory does not grow with the picture or its colors.
 */
export class ColorMemo {
  private distinct = 0;
  /** A bit for each color that became black: its slot looks as if it had not been met. */
  private readonly black = new Uint8Array(COLOR_COUNT >>> 3);
  private readonly fresh = new Uint32Array(BLOCK_COLORS);
  private readonly newColors = new Uint32Array(BLOCK_COLORS);

  /**
   * @param table all zero; holds new colors from then on, and has no further use
   * @param evaluate receives packed colors and writes the new ones, same length
   */
  constructor(
    private readonly table: ColorTable,
    private readonly evaluate: (colors: Uint32Array, newColors: Uint32Array) => Promise<void>,
  ) {}

  /** Colors met so far, under alpha 0 too. */
  get distinctColors(): number {
    return this.distinct;
  }

  /** Recolors a strip in place, alpha excepted. @param data 8-bit RGB or RGBA */
  async recolor(data: Uint8Array, channels: 3 | 4): Promise<void> {
    for (let at = 0; at < data.length; ) {
      const { count, end } = this.listFresh(data, at, channels);
      if (count > 0) await this.learn(count);
      at = end;
    }
    repaint(data, channels, this.table);
  }

  /** Lists colors that were not met before, until there is no more room. @returns how many, and the byte where it ended */
  private listFresh(data: Uint8Array, from: number, channels: 3 | 4): { count: number; end: number } {
    const { fresh } = this;
    const { slots } = this.table;
    let count = 0;
    let at = from;
    const step = channels === 3 ? 3 : 1;
    const words = at % (step * 4) === 0 ? wordView(data, channels) : undefined;
    if (words && at < words.byteLength) {
      let i = at / 4;
      // A group brings four colors at most.
      for (; i < words.length && count <= BLOCK_COLORS - 4; i += step) {
        const w0 = words[i] as number;
        const c0 = w0 & 0xffffff;
        if (slots[c0] === 0) count = mark(c0, slots, fresh, count);
        if (step === 1) continue;
        const w1 = words[i + 1] as number;
        const w2 = words[i + 2] as number;
        const c1 = (w0 >>> 24) | ((w1 & 0xffff) << 8);
        const c2 = (w1 >>> 16) | ((w2 & 0xff) << 16);
        const c3 = w2 >>> 8;
        if (slots[c1] === 0) count = mark(c1, slots, fresh, count);
        if (slots[c2] === 0) count = mark(c2, slots, fresh, count);
        if (slots[c3] === 0) count = mark(c3, slots, fresh, count);
      }
      at = i * 4;
    }
    if (words && at < words.byteLength) return { count, end: at }; // the list is full
    for (; at < data.length && count < BLOCK_COLORS; at += channels) {
      const color = (data[at] as number) | ((data[at + 1] as number) << 8) | ((data[at + 2] as number) << 16);
      if (slots[color] === 0) count = mark(color, slots, fresh, count);
    }
    return { count, end: at };
  }

  private async learn(count: number): Promise<void> {
    const { slots } = this.table;
    const { black } = this;
    const colors = this.fresh.subarray(0, count);
    const newColors = this.newColors.subarray(0, count);
    await this.evaluate(colors, newColors);
    for (let i = 0; i < count; i++) {
      const color = colors[i] as number;
      const newColor = newColors[i] as number;
      slots[color] = newColor;
      if (newColor !== 0) {
        this.distinct++;
        continue;
      }
      const bit = 1 << (color & 7);
      const marks = black[color >>> 3] as number;
      if ((marks & bit) === 0) this.distinct++;
      black[color >>> 3] = marks | bit;
    }
  }
}

/** Only until its new color is known: no strip is painted before. */
function mark(color: number, slots: Uint32Array, fresh: Uint32Array, count: number): number {
  slots[color] = PRESENT;
  fresh[count] = color;
  return count + 1;
}
