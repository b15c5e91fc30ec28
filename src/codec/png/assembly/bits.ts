/** Where compressed bits are written: the low bits of a byte first. @see RFC 1951, section 3.1.1 */

/** The next byte; a whole word behind it may be overwritten. */
let to: usize = 0;
/** Bits that are not yet whole bytes. */
let open: u64 = 0;
/** How many: 0 to 7 between calls. */
let openBits: u32 = 0;

export function startBits(at: usize): void {
  to = at;
  open = 0;
  openBits = 0;
}

/** @param bits with zeros above. @param count at most 56 */
export function writeBits(bits: u64, count: u32): void {
  open |= bits << openBits;
  openBits += count;
  store<u64>(to, open);
  to += openBits >> 3;
  open >>= openBits & 56;
  openBits &= 7;
}

/** Fills the byte that is begun with zeros. */
export function alignBits(): void {
  writeBits(0, (8 - openBits) & 7);
}

/** Copies bytes; the bits before them must be aligned. */
export function writeBytes(from: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) store<u8>(to + i, load<u8>(from + i));
  to += count;
}

/** Writes a code for each token, three at a time: 7 open bits and three codes of 18 at most fit a word. */
export function writeTokens(tokens: usize, count: i32, codes: usize): void {
  let word = open;
  let bits = openBits;
  let out = to;
  const end = tokens + (count << 1);
  const triples = tokens + <usize>(count / 3) * 6;
  for (; tokens < triples; tokens += 6) {
    const first = load<u32>(codes + ((<usize>load<u16>(tokens)) << 2));
    const second = load<u32>(codes + ((<usize>load<u16>(tokens, 2)) << 2));
    const third = load<u32>(codes + ((<usize>load<u16>(tokens, 4)) << 2));
    word |= (<u64>(first & 0xffffff)) << bits;
    bits += first >> 24;
    word |= (<u64>(second & 0xffffff)) << bits;
    bits += second >> 24;
    word |= (<u64>(third & 0xffffff)) << bits;
    bits += third >> 24;
    store<u64>(out, word);
    out += bits >> 3;
    word >>= bits & 56;
    bits &= 7;
  }
  to = out;
  open = word;
  openBits = bits;
  for (; tokens < end; tokens += 2) {
    const code = load<u32>(codes + ((<usize>load<u16>(tokens)) << 2));
    writeBits(code & 0xffffff, code >> 24);
  }
}

/** The byte behind the last whole one. */
export function endOfBits(): usize {
  return to;
}
