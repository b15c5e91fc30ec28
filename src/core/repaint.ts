import { type ColorTable, wordView } from './analysis/census.js';

/**
 * Gives each pixel its new color, in place. Alpha is left alone.
 *
 * @param table for every color that occurs, its slot holds the packed new color (`fillTable`)
 */
export function repaint(data: Uint8Array | Uint8ClampedArray, channels: 3 | 4, table: ColorTable): void {
  const { slots } = table;
  const words = wordView(data, channels);
  let done = 0; // bytes
  if (words) {
    if (channels === 4) repaintRgbaWords(words, slots);
    else repaintRgbWords(words, slots);
    done = words.byteLength;
  }
  for (let i = done; i < data.length; i += channels) {
    const color = slots[
      (data[i] as number) | ((data[i + 1] as number) << 8) | ((data[i + 2] as number) << 16)
    ] as number;
    data[i] = color & 255;
    data[i + 1] = (color >>> 8) & 255;
    data[i + 2] = color >>> 16;
  }
}

/** Puts each color's new color into its slot. */
export function fillTable(table: ColorTable, colors: Uint32Array, newColors: Uint32Array): void {
  const { slots } = table;
  for (let i = 0; i < colors.length; i++) slots[colors[i] as number] = newColors[i] as number;
}

function repaintRgbaWords(words: Uint32Array, slots: Uint32Array): void {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number;
    words[i] = (word & 0xff000000) | (slots[word & 0xffffff] as number);
  }
}

/** Four pixels in three words, as in `countColors`. */
function repaintRgbWords(words: Uint32Array, slots: Uint32Array): void {
  for (let i = 0; i < words.length; i += 3) {
    const w0 = words[i] as number;
    const w1 = words[i + 1] as number;
    const w2 = words[i + 2] as number;
    const c0 = slots[w0 & 0xffffff] as number;
    const c1 = slots[(w0 >>> 24) | ((w1 & 0xffff) << 8)] as number;
    const c2 = slots[(w1 >>> 16) | ((w2 & 0xff) << 16)] as number;
    const c3 = slots[w2 >>> 8] as number;
    words[i] = c0 | (c1 << 24);
    words[i + 1] = (c1 >>> 8) | (c2 << 16);
    words[i + 2] = (c2 >>> 16) | (c3 << 8);
  }
}
