/**
 * The row filters of PNG, sixteen bytes at a time. The bytes of `../filter-row.ts`, its reference.
 *
 * Before each row lie PADDING zeros, and behind it is room for a whole vector; what is there does not count.
 *
 * @see PNG third edition, section 9
 */
import { Bytes } from './bytes';
import { ADAPTIVE, AVERAGE, MASK, PAETH, SUB, UP, VECTOR } from './layout';

/** Vectors whose sums of pairs, 256 at most each, fit 16 bits. */
const FLUSH: usize = 255 * VECTOR;

/**
 * @param from the first row; the one above it lies a stride before
 * @param stride from row to row, PADDING included
 * @param length bytes of a row
 * @param step bytes of a pixel
 * @param filter for all rows, or ADAPTIVE
 * @param to each row with its filter in front, without gaps; up to 15 bytes behind the last one are overwritten
 */
export function filterRows(
  from: usize,
  rows: i32,
  stride: usize,
  length: usize,
  step: usize,
  filter: i32,
  to: usize,
): void {
  for (let row = 0; row < rows; row++) {
    const best = filter === ADAPTIVE ? chooseFilter(from, from - stride, length, step) : filter;
    store<u8>(to, <u8>best);
    writeRow(from, from - stride, length, step, best, to + 1);
    from += stride;
    to += length + 1;
  }
}

/** The filter whose row has the least sum of absolute differences; the first of equals. */
function chooseFilter(row: usize, above: usize, length: usize, step: usize): i32 {
  let none = i32x4.splat(0);
  let sub = none;
  let up = none;
  let average = none;
  let paeth = none;
  for (let begin: usize = 0; begin < length; begin += FLUSH) {
    const end = min(begin + FLUSH, length);
    let none16 = i16x8.splat(0);
    let sub16 = none16;
    let up16 = none16;
    let average16 = none16;
    let paeth16 = none16;
    for (let i = begin; i < end; i += VECTOR) {
      const rest = end - i;
      const mask = v128.load(MASK + VECTOR - min(rest, VECTOR));
      const x = v128.load(row + i);
      const a = v128.load(row + i - step);
      const b = v128.load(above + i);
      const c = v128.load(above + i - step);
      none16 = i16x8.add(none16, Bytes.weigh(v128.and(mask, x)));
      sub16 = i16x8.add(sub16, Bytes.weigh(v128.and(mask, i8x16.sub(x, a))));
      up16 = i16x8.add(up16, Bytes.weigh(v128.and(mask, i8x16.sub(x, b))));
      average16 = i16x8.add(average16, Bytes.weigh(v128.and(mask, i8x16.sub(x, Bytes.average(a, b)))));
      paeth16 = i16x8.add(paeth16, Bytes.weigh(v128.and(mask, i8x16.sub(x, Bytes.paeth(a, b, c)))));
    }
    none = i32x4.add(none, Bytes.widen(none16));
    sub = i32x4.add(sub, Bytes.widen(sub16));
    up = i32x4.add(up, Bytes.widen(up16));
    average = i32x4.add(average, Bytes.widen(average16));
    paeth = i32x4.add(paeth, Bytes.widen(paeth16));
  }
  let best: i32 = 0;
  let least = Bytes.total(none);
  let sum = Bytes.total(sub);
  if (sum < least) {
    best = SUB;
    least = sum;
  }
  sum = Bytes.total(up);
  if (sum < least) {
    best = UP;
    least = sum;
  }
  sum = Bytes.total(average);
  if (sum < least) {
    best = AVERAGE;
    least = sum;
  }
  return Bytes.total(paeth) < least ? PAETH : best;
}

function writeRow(row: usize, above: usize, length: usize, step: usize, filter: i32, to: usize): void {
  if (filter === SUB) {
    for (let i: usize = 0; i < length; i += VECTOR) {
      v128.store(to + i, i8x16.sub(v128.load(row + i), v128.load(row + i - step)));
    }
  } else if (filter === UP) {
    for (let i: usize = 0; i < length; i += VECTOR) {
      v128.store(to + i, i8x16.sub(v128.load(row + i), v128.load(above + i)));
    }
  } else if (filter === AVERAGE) {
    for (let i: usize = 0; i < length; i += VECTOR) {
      const average = Bytes.average(v128.load(row + i - step), v128.load(above + i));
      v128.store(to + i, i8x16.sub(v128.load(row + i), average));
    }
  } else if (filter === PAETH) {
    for (let i: usize = 0; i < length; i += VECTOR) {
      const near = Bytes.paeth(v128.load(row + i - step), v128.load(above + i), v128.load(above + i - step));
      v128.store(to + i, i8x16.sub(v128.load(row + i), near));
    }
  } else {
    for (let i: usize = 0; i < length; i += VECTOR) v128.store(to + i, v128.load(row + i));
  }
}
