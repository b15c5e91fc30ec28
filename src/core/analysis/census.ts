import { COLOR_COUNT } from '../color/packed.js';
import { ColorshineError } from '../errors.js';

/**
 * The distinct colors of a picture with a pixel count for each.
 *
 * Merging adds counts, so tiles, threads, frames and files of a batch give the same census in any split; only the
 * order of the colors differs, and nothing depends on it.
 */
export interface Census {
  /** Packed colors (color/packed.ts), each once. */
  readonly colors: Uint32Array;
  /** Visible pixels (alpha > 0) of each color; 0 for a color that occurs only under alpha 0. Same length. */
  readonly counts: Float64Array;
}

/** From this many pixels on, counting colors pays for its table of 64 MiB. */
export const CENSUS_MIN_PIXELS = 1 << 17;

/** Set in a table slot when the color occurs; the 31 bits below count its visible pixels. */
export const PRESENT = 0x80000000;
/** All of a picture's pixels may have one color; more than this would run over into PRESENT. */
export const MAX_COUNTED_PIXELS = PRESENT - 1;

/** @throws INVALID_PIXELS for more pixels than a slot can count; `StripCensus` counts those */
export function checkCountable(pixels: number): void {
  if (pixels <= MAX_COUNTED_PIXELS) return;
  throw new ColorshineError('INVALID_PIXELS', `pixels: expected at most ${MAX_COUNTED_PIXELS} at once, got ${pixels}`);
}

/**
 * A 64 MiB table with one slot per color, all zero between uses. Kept by a caller that recolors many pictures, since
 * clearing the touched slots is far cheaper than a fresh table.
 */
export interface ColorTable {
  readonly slots: Uint32Array;
}

export function createColorTable(): ColorTable {
  return { slots: new Uint32Array(COLOR_COUNT) };
}

/**
 * Counts colors.
 *
 * @param data 8-bit RGB or RGBA; its byte offset may be anything
 * @param table all zero on entry; on return each present color's slot is nonzero. Hand it to `repaint`, or to `clearTable`.
 * @throws INVALID_PIXELS for more than MAX_COUNTED_PIXELS
 */
export function countColors(data: Uint8Array | Uint8ClampedArray, channels: 3 | 4, table: ColorTable): Census {
  const found = new ColorList();
  countStrip(data, channels, table, found);
  const colors = found.toArray();
  return { colors, counts: readCounts(table, colors) };
}

/**
 * Counts a part of a picture.
 *
 * @param found receives the colors that no part before had
 */
export function countStrip(
  data: Uint8Array | Uint8ClampedArray,
  channels: 3 | 4,
  table: ColorTable,
  found: ColorList,
): void {
  const { slots } = table;
  const pixels = data.length / channels;
  checkCountable(pixels);
  const words = wordView(data, channels);
  let done = 0; // pixels
  if (channels === 4) {
    if (words) {
      countRgbaWords(words, slots, found);
      done = words.length;
    }
    for (let i = done * 4; i < data.length; i += 4) {
      const color = (data[i] as number) | ((data[i + 1] as number) << 8) | ((data[i + 2] as number) << 16);
      countOne(color, data[i + 3] !== 0, slots, found);
    }
  } else {
    if (words) {
      countRgbWords(words, slots, found);
      done = (words.length / 3) * 4;
    }
    for (let i = done * 3; i < pixels * 3; i += 3) {
      countOne(
        (data[i] as number) | ((data[i + 1] as number) << 8) | ((data[i + 2] as number) << 16),
        true,
        slots,
        found,
      );
    }
  }
}

/**
 * Visible pixels of each color, from a table that `countColors` has filled. For a picture counted in strips: the
 * colors that the calls found, one list after the other, are the picture's, and these are their counts.
 */
export function readCounts({ slots }: ColorTable, colors: Uint32Array): Float64Array {
  const counts = new Float64Array(colors.length);
  for (let i = 0; i < colors.length; i++) counts[i] = (slots[colors[i] as number] as number) & ~PRESENT;
  return counts;
}

/** Zeroes the slots of the colors of a census. */
export function clearTable(table: ColorTable, colors: Uint32Array): void {
  const { slots } = table;
  for (let i = 0; i < colors.length; i++) slots[colors[i] as number] = 0;
}

/** Adds censuses: one for all frames, tiles or files. */
export function mergeCensuses(parts: readonly Census[]): Census {
  const [first, ...rest] = parts;
  if (first && rest.length === 0) return first;
  const index = new Map<number, number>();
  const counts: number[] = [];
  for (const part of parts) {
    for (let i = 0; i < part.colors.length; i++) {
      const color = part.colors[i] as number;
      const at = index.get(color);
      if (at === undefined) {
        index.set(color, counts.length);
        counts.push(part.counts[i] as number);
      } else {
        counts[at] = (counts[at] as number) + (part.counts[i] as number);
      }
    }
  }
  return { colors: Uint32Array.from(index.keys()), counts: Float64Array.from(counts) };
}

/**
 * The picture as 32-bit words: one pixel each (4 channels) or three words to four pixels (3 channels). Undefined on a
 * big-endian machine or at an odd byte offset; a tail that fills no whole group is left to the byte loop.
 */
export function wordView(data: Uint8Array | Uint8ClampedArray, channels: 3 | 4): Uint32Array | undefined {
  if (!LITTLE_ENDIAN || data.byteOffset % 4 !== 0) return undefined;
  const groupBytes = channels === 4 ? 4 : 12;
  const groups = Math.floor(data.length / groupBytes);
  return new Uint32Array(data.buffer as ArrayBuffer, data.byteOffset, groups * (groupBytes / 4));
}

const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

function countRgbaWords(words: Uint32Array, slots: Uint32Array, found: ColorList): void {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number;
    const color = word & 0xffffff;
    const slot = slots[color] as number;
    if (slot === 0) {
      found.push(color);
      slots[color] = word > 0xffffff ? PRESENT + 1 : PRESENT;
    } else if (word > 0xffffff) {
      slots[color] = slot + 1;
    }
  }
}

/** Four RGB pixels lie in three words: r0 g0 b0 r1 | g1 b1 r2 g2 | b2 r3 g3 b3. */
function countRgbWords(words: Uint32Array, slots: Uint32Array, found: ColorList): void {
  for (let i = 0; i < words.length; i += 3) {
    const w0 = words[i] as number;
    const w1 = words[i + 1] as number;
    const w2 = words[i + 2] as number;
    countVisible(w0 & 0xffffff, slots, found);
    countVisible((w0 >>> 24) | ((w1 & 0xffff) << 8), slots, found);
    countVisible((w1 >>> 16) | ((w2 & 0xff) << 16), slots, found);
    countVisible(w2 >>> 8, slots, found);
  }
}

function countVisible(color: number, slots: Uint32Array, found: ColorList): void {
  const slot = slots[color] as number;
  if (slot === 0) {
    found.push(color);
    slots[color] = PRESENT + 1;
  } else {
    slots[color] = slot + 1;
  }
}

function countOne(color: number, visible: boolean, slots: Uint32Array, found: ColorList): void {
  if (visible) countVisible(color, slots, found);
  else if (slots[color] === 0) {
    found.push(color);
    slots[color] = PRESENT;
  }
}

/** A list of so many colors gets room for all at once: to copy more would hold up the event loop, and memory costs once it is touched. */
const LONG_LIST = 1 << 20;

/** Colors in the order they were met: a Uint32Array that doubles as it fills. */
export class ColorList {
  private items = new Uint32Array(1 << 16);
  private length = 0;

  push(color: number): void {
    if (this.length === this.items.length) {
      const larger = new Uint32Array(this.items.length < LONG_LIST ? this.items.length * 2 : COLOR_COUNT);
      larger.set(this.items);
      this.items = larger;
    }
    this.items[this.length++] = color;
  }

  /** A view, good until the next `push` or `clear`. */
  toArray(): Uint32Array {
    return this.items.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }
}
