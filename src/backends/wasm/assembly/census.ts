/**
 * Census and repaint of 8-bit pixels. Every thread counts into a table of its own with one byte a color: 16 MiB stay near the processor
 * where 64 MiB would not. A flag tells which blocks of 64 neighboring colors it has touched, so that all that follows takes as long as
 * there are colors: emitting them as dense arrays, and clearing. New colors lie in a table with a word for each color: finding
 * them in less memory took twice as long.
 */
import { BLOCK_COLORS, COLOR_BLOCKS, FLAGS, HAS_MORE, HIDDEN, IS_TOUCHED, TABLE_BYTES } from './layout';
import { SCRATCH } from './thread';

const COLOR: u32 = 0xffffff;

/** What the loops over pixels share; inlined into them. */
class Step {
  /**
   * Counts one pixel. A color met for the first time and a byte that is full are both rare, so one test finds them, and a note is all that is
   * made of it: more would cost the loop its registers. A full byte starts again at 1, the note stands for 255 pixels.
   */
  @inline static count(table: usize, color: u32, notes: usize): usize {
    const at = table + color;
    const next = <u32>load<u8>(at) + 1;
    if (next - 2 < 254) {
      store<u8>(at, next);
      return notes;
    }
    store<u8>(at, 1);
    store<u32>(notes, color | ((next >> 8) << FULL_BIT));
    return notes + 4;
  }
  @inline static look(color: u32, slots: usize): u32 {
    return load<u32>(slots + (color << 2));
  }
  @inline static color3(at: usize): u32 {
    return <u32>load<u16>(at) | ((<u32>load<u8>(at, 2)) << 16);
  }
}

/** Of a note, above the color: its byte was full. */
const FULL_BIT: u32 = 24;

/**
 * Counts RGB pixels. Two streams side by side: neighbors often have one color, and a byte that was just stored has to arrive
 * before it can be counted up again; the other stream fills the wait.
 *
 * @param from a multiple of 4
 * @param table of this thread
 * @param more a word a color, for what does not fit into its byte
 * @param notes room for a word a pixel
 */
export function countRgb(from: usize, pixels: i32, table: usize, more: usize, notes: usize): void {
  let to = notes;
  const half: usize = (pixels >> 3) * 12;
  const middle = from + half;
  for (; from < middle; from += 12) {
    const a0 = load<u32>(from);
    const a1 = load<u32>(from, 4);
    const a2 = load<u32>(from, 8);
    const b0 = load<u32>(from + half);
    const b1 = load<u32>(from + half, 4);
    const b2 = load<u32>(from + half, 8);
    to = Step.count(table, a0 & COLOR, to);
    to = Step.count(table, b0 & COLOR, to);
    to = Step.count(table, (a0 >> 24) | ((a1 & 0xffff) << 8), to);
    to = Step.count(table, (b0 >> 24) | ((b1 & 0xffff) << 8), to);
    to = Step.count(table, (a1 >> 16) | ((a2 & 0xff) << 16), to);
    to = Step.count(table, (b1 >> 16) | ((b2 & 0xff) << 16), to);
    to = Step.count(table, a2 >> 8, to);
    to = Step.count(table, b2 >> 8, to);
  }
  from += half;
  for (let rest = pixels & 7; rest > 0; rest--, from += 3) to = Step.count(table, Step.color3(from), to);
  readNotes(notes, to, table, more);
}

/** Counts RGBA pixels; a color under alpha 0 is only marked. */
export function countRgba(from: usize, pixels: i32, table: usize, more: usize, notes: usize): void {
  let to = notes;
  const end = from + (pixels << 2);
  for (; from < end; from += 4) {
    const word = load<u32>(from);
    if (word > COLOR) {
      to = Step.count(table, word & COLOR, to);
      continue;
    }
    const at = table + HIDDEN + (word >> 3);
    const bit: u8 = (<u8>1) << (<u8>(word & 7));
    const marks = load<u8>(at);
    if (marks & bit) continue;
    store<u8>(at, marks | bit);
    store<u32>(to, word);
    to += 4;
  }
  readNotes(notes, to, table, more);
}

/** Flags the blocks of noted colors, and adds what their bytes did not hold. */
function readNotes(notes: usize, end: usize, table: usize, more: usize): void {
  for (; notes < end; notes += 4) {
    const note = load<u32>(notes);
    const color = note & COLOR;
    const isFull = note >> FULL_BIT;
    const flag = table + FLAGS + (color >> 6);
    store<u8>(flag, load<u8>(flag) | <u8>IS_TOUCHED | ((<u8>isFull) << 1));
    // All threads add to the same table.
    if (isFull) atomic.add<u32>(more + (color << 2), 255);
  }
}

/** Blocks that are listed at once. */
const LISTED_BLOCKS: i32 = 512;
/** Of a listed block, in the scratch: its number and flags (u32 each), and a bit for each of its colors. */
const BITS: usize = 8;
const LISTED_BYTES: usize = 16;

/**
 * Appends the colors of some blocks to a census, with their counts, and makes the tables zero there while they are near the processor.
 * Each step is a loop of its own, without branches where it waits for memory: so it waits for many blocks at once.
 *
 * @param first block, a multiple of 8
 * @param count blocks, a multiple of LISTED_BLOCKS
 * @param hasAlpha whether there may be colors under alpha 0
 * @param emitted address of the number of colors in the census; threads add to it
 * @param colors of the census: receives packed colors, `counts` their visible pixels (u32 each)
 */
export function emit(
  first: usize,
  count: i32,
  tables: usize,
  threads: i32,
  hasAlpha: bool,
  more: usize,
  emitted: usize,
  colors: usize,
  counts: usize,
): void {
  const end = first + count;
  for (let start = first; start < end; start += LISTED_BLOCKS) {
    const listed = listTouched(start, tables, threads);
    if (listed === 0) continue;
    const found = findColors(listed, tables, threads, hasAlpha);
    const at: usize = atomic.add<u32>(emitted, found) << 2;
    writeColors(listed, tables, threads, more, colors + at, counts + at);
    for (let t = 0; t < threads; t++) clearListed(listed, tables + <usize>t * TABLE_BYTES, hasAlpha, more);
    // Last: what was left half done is still flagged.
    for (let t = 0; t < threads; t++) memory.fill(tables + <usize>t * TABLE_BYTES + FLAGS + start, 0, LISTED_BLOCKS);
  }
}

/** Lists those of LISTED_BLOCKS that some thread has touched. @returns bytes of the list */
function listTouched(first: usize, tables: usize, threads: i32): usize {
  let list = SCRATCH;
  for (let eight = first; eight < first + LISTED_BLOCKS; eight += 8) {
    let flags = load<u64>(tables + FLAGS + eight);
    for (let t = 1; t < threads; t++) flags |= load<u64>(tables + <usize>t * TABLE_BYTES + FLAGS + eight);
    if (flags === 0) continue;
    for (let place: usize = 0; place < 8; place++) {
      const flag = <u32>(flags >> ((<u64>place) << 3)) & 255;
      store<u32>(list, <u32>(eight + place));
      store<u32>(list, flag, 4);
      list += flag !== 0 ? LISTED_BYTES : 0;
    }
  }
  return list - SCRATCH;
}

/** Finds the colors of the listed blocks. @returns how many */
function findColors(listed: usize, tables: usize, threads: i32, hasAlpha: bool): u32 {
  let found: u32 = 0;
  for (let list = SCRATCH; list < SCRATCH + listed; list += LISTED_BYTES) {
    const block: usize = load<u32>(list);
    let bits = bitsOf(tables, block, hasAlpha);
    for (let t = 1; t < threads; t++) bits |= bitsOf(tables + <usize>t * TABLE_BYTES, block, hasAlpha);
    store<u64>(list, bits, BITS);
    found += <u32>popcnt(bits);
  }
  return found;
}

/** A bit for each color of a block that a thread has met. */
function bitsOf(table: usize, block: usize, hasAlpha: bool): u64 {
  let bits: u64 = hasAlpha ? load<u64>(table + HIDDEN + (block << 3)) : 0;
  const at = table + block * BLOCK_COLORS;
  for (let k = 0; k < 64; k += 8) bits |= flagsOf(load<u64>(at + k)) << k;
  return bits;
}

function writeColors(listed: usize, tables: usize, threads: i32, more: usize, colors: usize, counts: usize): void {
  for (let list = SCRATCH; list < SCRATCH + listed; list += LISTED_BYTES) {
    const block: usize = load<u32>(list);
    const hasMore = load<u32>(list, 4) & HAS_MORE;
    for (let bits = load<u64>(list, BITS); bits !== 0; bits &= bits - 1) {
      const color = (block << 6) | <usize>ctz(bits);
      let sum: u32 = load<u8>(tables + color);
      for (let t = 1; t < threads; t++) sum += load<u8>(tables + <usize>t * TABLE_BYTES + color);
      if (hasMore) sum += load<u32>(more + (color << 2));
      store<u32>(colors, <u32>color);
      store<u32>(counts, sum);
      colors += 4;
      counts += 4;
    }
  }
}

function clearListed(listed: usize, table: usize, hasAlpha: bool, more: usize): void {
  for (let list = SCRATCH; list < SCRATCH + listed; list += LISTED_BYTES) {
    clearBlock(table, load<u32>(list), load<u32>(list, 4), hasAlpha, more);
  }
}

/** Makes a thread's table all zero, and `more` where it was used: after a census that did not come to its end. */
export function clear(table: usize, more: usize): void {
  for (let block: usize = 0; block < <usize>COLOR_BLOCKS; block++) {
    const flag = load<u8>(table + FLAGS + block);
    if (flag === 0) continue;
    clearBlock(table, block, flag, true, more);
    store<u8>(table + FLAGS + block, 0);
  }
}

function clearBlock(table: usize, block: usize, flag: u32, hasAlpha: bool, more: usize): void {
  const at = table + block * BLOCK_COLORS;
  for (let k = 0; k < 64; k += 8) store<u64>(at + k, 0);
  if (hasAlpha) store<u64>(table + HIDDEN + (block << 3), 0);
  if (flag & HAS_MORE) memory.fill(more + block * BLOCK_COLORS * 4, 0, BLOCK_COLORS * 4);
}

/** Sets bit i for each byte i that is not 0. */
function flagsOf(bytes: u64): u64 {
  const low: u64 = ((<u64>0x7f7f7f7f) << 32) | 0x7f7f7f7f;
  const high = (((bytes & low) + low) | bytes) & ~low;
  return ((high >> 7) * 0x0102040810204080) >> 56;
}

/** Gives the slots of some colors their new colors. */
export function fill(colors: usize, newColors: usize, count: i32, slots: usize): void {
  for (let i = 0; i < count; i++) {
    store<u32>(slots + (load<u32>(colors + (i << 2)) << 2), load<u32>(newColors + (i << 2)));
  }
}

/** Repaints RGB pixels in place. @param from a multiple of 4 @param slots a word for each color: its new color */
export function paintRgb(from: usize, pixels: i32, slots: usize): void {
  const end = from + (pixels & ~3) * 3;
  for (; from < end; from += 12) {
    const w0 = load<u32>(from);
    const w1 = load<u32>(from, 4);
    const w2 = load<u32>(from, 8);
    const c0 = Step.look(w0 & COLOR, slots);
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
    store<u32>(from, (word & 0xff000000) | Step.look(word & COLOR, slots));
  }
}
