/**
 * Census of 8-bit pixels by one thread that has a picture of few megapixels to itself: it keeps a list of the colors it meets.
 * Going through a table of 16 MiB to find a hundred thousand of them would take longer than counting.
 */
import { Step } from './step';

/** Flags of a note, above the color: it stands for 255 pixels more; it was met under alpha 0. */
const SPILLED_BIT: u32 = 24;
const HIDDEN: u32 = 1 << 25;
const COLOR: u32 = 0xffffff;

class Note {
  /** `Step.count`, which also notes a color that is met for the first time: both are rare, so one test finds them. */
  @inline static add(table: usize, color: u32, list: usize): usize {
    const at = table + color;
    const next = <u32>load<u8>(at) + 1;
    if (next - 2 < 254) {
      store<u8>(at, next);
      return list;
    }
    store<u8>(at, 1);
    store<u32>(list, color | ((next >> 8) << SPILLED_BIT));
    return list + 4;
  }
}

/**
 * `countRgb`, which also lists the colors.
 *
 * @param list where notes go: each color once, and again for every 255 pixels more
 * @returns notes written
 */
export function noteRgb(from: usize, pixels: i32, table: usize, list: usize): i32 {
  let to = list;
  const half: usize = (pixels >> 3) * 12;
  const middle = from + half;
  for (; from < middle; from += 12) {
    const a0 = load<u32>(from);
    const a1 = load<u32>(from, 4);
    const a2 = load<u32>(from, 8);
    const b0 = load<u32>(from + half);
    const b1 = load<u32>(from + half, 4);
    const b2 = load<u32>(from + half, 8);
    to = Note.add(table, a0 & COLOR, to);
    to = Note.add(table, b0 & COLOR, to);
    to = Note.add(table, (a0 >> 24) | ((a1 & 0xffff) << 8), to);
    to = Note.add(table, (b0 >> 24) | ((b1 & 0xffff) << 8), to);
    to = Note.add(table, (a1 >> 16) | ((a2 & 0xff) << 16), to);
    to = Note.add(table, (b1 >> 16) | ((b2 & 0xff) << 16), to);
    to = Note.add(table, a2 >> 8, to);
    to = Note.add(table, b2 >> 8, to);
  }
  from += half;
  for (let rest = pixels & 7; rest > 0; rest--, from += 3) to = Note.add(table, Step.color3(from), to);
  return <i32>((to - list) >> 2);
}

/** `countRgba`, which also lists the colors; those under alpha 0 once more, with a flag. */
export function noteRgba(from: usize, pixels: i32, table: usize, hidden: usize, list: usize): i32 {
  let to = list;
  const end = from + (pixels << 2);
  for (; from < end; from += 4) {
    const word = load<u32>(from);
    if (word > COLOR) {
      to = Note.add(table, word & COLOR, to);
      continue;
    }
    const at = hidden + (word >> 3);
    const bit: u8 = (<u8>1) << (<u8>(word & 7));
    const marks = load<u8>(at);
    if (marks & bit) continue;
    store<u8>(at, marks | bit);
    store<u32>(to, word | HIDDEN);
    to += 4;
  }
  return <i32>((to - list) >> 2);
}

/**
 * Turns notes into a census and clears the tables.
 *
 * @param slots scratch: a word for each color
 * @param colors receives packed colors as they were met, `counts` their visible pixels (u32 each)
 * @returns colors written
 */
export function collect(
  list: usize,
  notes: i32,
  table: usize,
  hidden: usize,
  slots: usize,
  colors: usize,
  counts: usize,
): i32 {
  const end = list + ((<usize>notes) << 2);
  let found = 0;
  let flagged = 0;
  for (let at = list; at < end; at += 4) {
    const color = load<u32>(at);
    if (color > COLOR) {
      flagged++;
      continue;
    }
    store<u32>(colors + (found << 2), color);
    store<u32>(counts + (found << 2), load<u8>(table + color));
    store<u32>(slots + (color << 2), found);
    found++;
  }
  const seen = found;
  for (let at = list; flagged > 0 && at < end; at += 4) {
    const note = load<u32>(at);
    if (note <= COLOR) continue;
    flagged--;
    const color = note & COLOR;
    if (note & HIDDEN) {
      store<u8>(hidden + (color >> 3), 0);
      if (load<u8>(table + color) !== 0) continue;
      store<u32>(colors + (found << 2), color);
      store<u32>(counts + (found << 2), 0);
      found++;
    } else {
      const count = counts + (load<u32>(slots + (color << 2)) << 2);
      store<u32>(count, load<u32>(count) + 255);
    }
  }
  for (let i = 0; i < seen; i++) store<u8>(table + load<u32>(colors + (i << 2)), 0);
  return found;
}

/** Gives the slots of some colors their new colors. */
export function fill(colors: usize, newColors: usize, count: i32, slots: usize): void {
  for (let i = 0; i < count; i++) {
    store<u32>(slots + (load<u32>(colors + (i << 2)) << 2), load<u32>(newColors + (i << 2)));
  }
}
