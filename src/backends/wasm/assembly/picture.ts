/**
 * Census and repaint of 8-bit pixels. Every thread counts into a table of its own with one byte a color: 16 MiB stay near
 * the processor where 64 MiB would not. Blocks of 64 neighboring colors are then merged into a bitmap each and numbered,
 * so that all that follows works on dense arrays in the order of the colors. New colors lie in a table with a word for each
 * color: finding them by counting bits in the bitmaps would touch less memory, and took twice as long.
 *
 * One thread that has a picture of few megapixels to itself keeps a list of the colors it meets instead: lone.ts.
 *
 * All addresses come from the host (picture-hand.ts), which lays the memory out.
 */
import { Step } from './step';

export { collect, fill, noteRgb, noteRgba } from './lone';

/** Bytes of a table, as a power of two: one a color. */
const TABLE_BITS: i32 = 24;
/** Bytes of a bitmap of hidden colors: one bit a color. */
const HIDDEN_BITS: i32 = 21;
/** A record of 16 bytes for each block: bitmap (u64), number of its first color less one (u32). */
const RECORD_BITS: i32 = 4;
const RECORD_BASE: usize = 8;

/**
 * Counts RGB pixels. Two streams side by side: neighbors often have one color, and a byte that was just stored has to arrive
 * before it can be counted up again; the other stream fills the wait.
 *
 * @param from a multiple of 4
 * @param spill room for `pixels` colors
 * @returns spilled colors
 */
export function countRgb(from: usize, pixels: i32, table: usize, spill: usize): i32 {
  let to = spill;
  const half: usize = (pixels >> 3) * 12;
  const middle = from + half;
  for (; from < middle; from += 12) {
    const a0 = load<u32>(from);
    const a1 = load<u32>(from, 4);
    const a2 = load<u32>(from, 8);
    const b0 = load<u32>(from + half);
    const b1 = load<u32>(from + half, 4);
    const b2 = load<u32>(from + half, 8);
    to = Step.count(table, a0 & 0xffffff, to);
    to = Step.count(table, b0 & 0xffffff, to);
    to = Step.count(table, (a0 >> 24) | ((a1 & 0xffff) << 8), to);
    to = Step.count(table, (b0 >> 24) | ((b1 & 0xffff) << 8), to);
    to = Step.count(table, (a1 >> 16) | ((a2 & 0xff) << 16), to);
    to = Step.count(table, (b1 >> 16) | ((b2 & 0xff) << 16), to);
    to = Step.count(table, a2 >> 8, to);
    to = Step.count(table, b2 >> 8, to);
  }
  from += half;
  for (let rest = pixels & 7; rest > 0; rest--, from += 3) to = Step.count(table, Step.color3(from), to);
  return <i32>((to - spill) >> 2);
}

/** Counts RGBA pixels; a color under alpha 0 is only marked. */
export function countRgba(from: usize, pixels: i32, table: usize, hidden: usize, spill: usize): i32 {
  let to = spill;
  const end = from + (pixels << 2);
  for (; from < end; from += 4) {
    const word = load<u32>(from);
    if (word > 0xffffff) {
      to = Step.count(table, word & 0xffffff, to);
    } else {
      const at = hidden + (word >> 3);
      store<u8>(at, load<u8>(at) | ((<u8>1) << (<u8>(word & 7))));
    }
  }
  return <i32>((to - spill) >> 2);
}

/**
 * Joins the tables of all threads block by block: writes the bitmaps.
 *
 * @param hidden 0 when no pixel had alpha
 * @returns distinct colors in the blocks
 */
export function merge(tables: usize, threads: i32, hidden: usize, records: usize, first: i32, end: i32): i32 {
  let total = 0;
  for (let block = first; block < end; block++) {
    const at = tables + (block << 6);
    let bits: u64 = 0;
    for (let k = 0; k < 64; k += 8) {
      let bytes = load<u64>(at + k);
      for (let t = 1; t < threads; t++) bytes |= load<u64>(at + k + ((<usize>t) << TABLE_BITS));
      if (bytes !== 0) bits |= Step.flags(bytes) << k;
    }
    if (hidden !== 0) {
      for (let t = 0; t < threads; t++) bits |= load<u64>(hidden + (block << 3) + ((<usize>t) << HIDDEN_BITS));
    }
    store<u64>(records + (block << RECORD_BITS), bits);
    total += <i32>popcnt(bits);
  }
  return total;
}

/**
 * Writes the colors of some blocks with their counts, numbers them, and clears the tables.
 *
 * @param base number of the first color
 * @param colors receives packed colors, `counts` their pixels (u32 each)
 * @returns colors written
 */
export function emit(
  tables: usize,
  threads: i32,
  hidden: usize,
  records: usize,
  first: i32,
  end: i32,
  base: i32,
  colors: usize,
  counts: usize,
): i32 {
  let found = 0;
  for (let block = first; block < end; block++) {
    const record = records + (block << RECORD_BITS);
    let bits = load<u64>(record);
    if (bits === 0) continue;
    store<u32>(record, base + found - 1, RECORD_BASE);
    const at = tables + (block << 6);
    for (; bits !== 0; bits &= bits - 1) {
      const place = <i32>ctz(bits);
      let sum: u32 = 0;
      for (let t = 0; t < threads; t++) sum += load<u8>(at + place + ((<usize>t) << TABLE_BITS));
      store<u32>(colors + (found << 2), (block << 6) | place);
      store<u32>(counts + (found << 2), sum);
      found++;
    }
    for (let t = 0; t < threads; t++) {
      const table = at + ((<usize>t) << TABLE_BITS);
      for (let k = 0; k < 64; k += 8) store<u64>(table + k, 0);
      if (hidden !== 0) store<u64>(hidden + (block << 3) + ((<usize>t) << HIDDEN_BITS), 0);
    }
  }
  return found;
}

/** Number of a color that occurs. */
export function rank(color: u32, records: usize): u32 {
  const record = records + ((color >> 6) << RECORD_BITS);
  // Shifts take their distance modulo 64: ~color leaves the color's own bit and those below it.
  return load<u32>(record, RECORD_BASE) + <u32>popcnt(load<u64>(record) << ~(<u64>color));
}

/** Repaints RGB pixels in place. @param from a multiple of 4 @param slots a word for each color: its new color */
export function paintRgb(from: usize, pixels: i32, slots: usize): void {
  const end = from + (pixels & ~3) * 3;
  for (; from < end; from += 12) {
    const w0 = load<u32>(from);
    const w1 = load<u32>(from, 4);
    const w2 = load<u32>(from, 8);
    const c0 = Step.look(w0 & 0xffffff, slots);
    const c1 = Step.look((w0 >> 24) | ((w1 & 0xffff) << 8), slots);
    const c2 = Step.look((w1 >> 16) | ((w2 & 0xff) << 16), slots);
    const c3 = Step.look(w2 >> 8, slots);
    store<u32>(from, c0 | (c1 << 24));
    store<u32>(from, (c1 >> 8) | (c2 << 16), 4);
    store<u32>(from, (c2 >> 16) | (c3 << 8), 8);
  }
  for (let rest = pixels & 3; rest > 0; rest--, from += 3) {
    const color = Step.look(Step.color3(from), slots);
    store<u16>(from, <u16>color);
    store<u8>(from, <u8>(color >> 16), 2);
  }
}

/** Repaints RGBA pixels in place; alpha is left alone. */
export function paintRgba(from: usize, pixels: i32, slots: usize): void {
  const end = from + (pixels << 2);
  for (; from < end; from += 4) {
    const word = load<u32>(from);
    store<u32>(from, (word & 0xff000000) | Step.look(word & 0xffffff, slots));
  }
}
