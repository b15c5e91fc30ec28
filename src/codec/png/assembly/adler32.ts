/** Adler-32, sixteen bytes at a time: the number of `../adler32.ts`, its reference. @see RFC 1950, section 8.2 */
import { Bytes } from './bytes';
import { VECTOR } from './layout';

/** Largest prime below 2^16. */
const BASE: u32 = 65_521;
/** Bytes after which the second sum could leave 32 bits; whole vectors. */
const BLOCK: usize = 5_552;

/** @param start 1 at the beginning, else what the part before gave */
export function adler32(from: usize, length: usize, start: u32): u32 {
  let a = start & 0xffff;
  let b = start >>> 16;
  const end = from + length;
  const vectors = from + (length & ~(VECTOR - 1));
  const early = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const late = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  while (from < vectors) {
    const stop = min(from + BLOCK, vectors);
    b += a * <u32>(stop - from);
    let sums = i32x4.splat(0); // of bytes
    let before = sums; // of what `sums` was before each vector
    let weighted = sums; // of bytes, each times its distance from the vector's end
    for (; from < stop; from += VECTOR) {
      const x = v128.load(from);
      before = i32x4.add(before, sums);
      sums = i32x4.add(sums, Bytes.widen(i16x8.extadd_pairwise_i8x16_u(x)));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(x), early));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(x), late));
    }
    a = (a + Bytes.total(sums)) % BASE;
    b = (b + VECTOR * Bytes.total(before) + Bytes.total(weighted)) % BASE;
  }
  for (; from < end; from++) {
    a += load<u8>(from);
    b += a;
  }
  return ((b % BASE) << 16) | (a % BASE);
}
