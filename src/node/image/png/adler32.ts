/** Largest prime below 2^16. */
const BASE = 65_521;
/** Bytes after which the sums could leave 32 bits (RFC 1950's reference code: 5552), in whole groups of eight. */
const BLOCK = 5_544;

/**
 * Adler-32 of bytes, continued from an earlier part. Node has crc32 but not this one.
 *
 * @param start 1 at the beginning, else what the part before gave
 * @see RFC 1950, section 8.2
 */
export function adler32(data: Uint8Array, start = 1): number {
  let a = start & 0xffff;
  let b = start >>> 16;
  const { length } = data;
  let i = 0;
  while (i < length) {
    const end = Math.min(i + BLOCK, length);
    // Eight at a time: b grows by each of the eight running values of a.
    for (; i + 8 <= end; i += 8) {
      const d0 = data[i] as number;
      const d1 = data[i + 1] as number;
      const d2 = data[i + 2] as number;
      const d3 = data[i + 3] as number;
      const d4 = data[i + 4] as number;
      const d5 = data[i + 5] as number;
      const d6 = data[i + 6] as number;
      const d7 = data[i + 7] as number;
      b += 8 * a + 8 * d0 + 7 * d1 + 6 * d2 + 5 * d3 + 4 * d4 + 3 * d5 + 2 * d6 + d7;
      a += d0 + d1 + d2 + d3 + d4 + d5 + d6 + d7;
    }
    for (; i < end; i++) {
      a += data[i] as number;
      b += a;
    }
    a %= BASE;
    b %= BASE;
  }
  return ((b << 16) | a) >>> 0;
}
