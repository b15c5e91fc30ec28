/**
 * Reads the Huffman codes of a baseline JPEG's scan, to count the symbols and to write them again with other codes. What
 * follows a code, the bits of its coefficient, is copied. The reader holds 32 to 63 bits before each symbol, which with
 * its bits has at most 16 + 15.
 */
import {
  DECODER_LIMITS,
  DECODER_STARTS,
  DECODER_SYMBOLS,
  FIRST_DC,
  FIRST_DIFFERENCES,
  LAST_DC,
  LOOKUP_BITS,
  MAX_CODE_BITS,
  MCU,
  MCU_BLOCK_BYTES,
} from './layout';

/** Takes the place of a 16-bit entry out of LOOKUP_BITS + 1 bits. */
const LOOKUP_MASK: u32 = ((1 << LOOKUP_BITS) - 1) << 1;
const ALL_COMPONENTS: u32 = 15;

/** Where the last read ended. */
let readEnd: usize = 0;
/** Bits that are not yet written, and how many: under 32. */
let waiting: u64 = 0;
let waitingBits: i32 = 0;

class Bits {
  /** Whether a byte is 255, after which a JPEG has a 0. */
  @inline static hasMarker(word: u32): bool {
    return ((~word - 0x01010101) & word & 0x80808080) !== 0;
  }

  @inline static swap(word: u32): u32 {
    return (rotl<u32>(word, 8) & 0x00ff00ff) | (rotl<u32>(word, 24) & 0xff00ff00);
  }

  /** The next four bytes, without the zeros that follow a 255. They end at `readEnd`. */
  @inline static read(from: usize): u32 {
    const word = load<u32>(from);
    if (Bits.hasMarker(word)) return readSlowly(from);
    readEnd = from + 4;
    return Bits.swap(word);
  }

  /** @returns where the next byte goes */
  @inline static write(word: u32, to: usize): usize {
    if (Bits.hasMarker(word)) return writeSlowly(word, to);
    store<u32>(to, Bits.swap(word));
    return to + 4;
  }

  /**
   * `bits << 8 | symbol` of the code that the lowest `held` bits of `bits` begin with; its bits include those of the
   * coefficient, which follow it. Everything waits for this, so the table has the sum ready.
   */
  @inline static decode(table: usize, bits: u64, held: i32): u32 {
    const entry = <u32>load<u16>(table + (<u32>(bits >> (held - LOOKUP_BITS - 1)) & LOOKUP_MASK));
    return entry !== 0 ? entry : decodeLong(table, <u32>(bits >> (held - MAX_CODE_BITS)) & 0xffff);
  }
}

/** A code longer than the lookup. @param head the next 16 bits */
function decodeLong(table: usize, head: u32): u32 {
  let length: u32 = LOOKUP_BITS + 1;
  while (length < <u32>MAX_CODE_BITS && head >= load<u32>(table + (length << 2), DECODER_LIMITS)) length++;
  const code = head >> (MAX_CODE_BITS - length);
  const place = code + load<u32>(table + (length << 2), DECODER_STARTS);
  const symbol = <u32>load<u8>(table + (place & 255), DECODER_SYMBOLS);
  return ((length + (symbol & 15)) << 8) | symbol;
}

function readSlowly(from: usize): u32 {
  let word: u32 = 0;
  for (let i = 0; i < 4; i++) {
    const byte = <u32>load<u8>(from++);
    if (byte === 255) from++;
    word = (word << 8) | byte;
  }
  readEnd = from;
  return word;
}

function writeSlowly(word: u32, to: usize): usize {
  for (let shift = 24; shift >= 0; shift -= 8) {
    const byte = (word >> shift) & 255;
    store<u8>(to++, byte);
    if (byte === 255) store<u8>(to++, 0);
  }
  return to;
}

/** Counts the symbols of a scan up and notes the first and last DC of its components. LAST_DC has to be 0 before. */
export function count(from: usize, mcus: i32, blocks: i32): void {
  let bits: u64 = 0;
  let held: i32 = 0;
  let first = ALL_COMPONENTS;
  const mcuEnd: usize = MCU + blocks * MCU_BLOCK_BYTES;
  for (; mcus > 0; mcus--) {
    for (let block: usize = MCU; block < mcuEnd; block += MCU_BLOCK_BYTES) {
      if (held < 32) {
        bits = (bits << 32) | Bits.read(from);
        from = readEnd;
        held += 32;
      }
      const entry = Bits.decode(load<u32>(block, 4), bits, held);
      const size = entry & 15;
      held -= entry >> 8;
      const at: usize = load<u32>(block, 12) + ((entry & 255) << 2);
      store<u32>(at, load<u32>(at) + 1);
      const extra = <i32>(bits >> held) & ((1 << size) - 1);
      // A value whose first bit is 0 is negative.
      const difference = extra << 1 < 1 << size ? extra + 1 - (1 << size) : extra;
      const component = load<u32>(block);
      const dc = load<i32>(component << 2, LAST_DC) + difference;
      store<i32>(component << 2, dc, LAST_DC);
      if ((first >> component) & 1) {
        store<i32>(component << 2, dc, FIRST_DC);
        first &= ~(1 << component);
      }
      const table: usize = load<u32>(block, 16);
      const counts: usize = load<u32>(block, 24);
      let place: u32 = 1;
      do {
        if (held < 32) {
          bits = (bits << 32) | Bits.read(from);
          from = readEnd;
          held += 32;
        }
        const entry = Bits.decode(table, bits, held);
        const symbol = entry & 255;
        held -= entry >> 8;
        const at = counts + (symbol << 2);
        store<u32>(at, load<u32>(at) + 1);
        if (symbol === 0) break;
        place += (symbol >> 4) + 1;
      } while (place < 64);
    }
  }
}

/**
 * Writes a scan with the codes of the encoding tables, behind what was written before, less than 4 bytes of which may wait.
 *
 * @returns the end of what is written
 */
export function write(from: usize, mcus: i32, blocks: i32, to: usize): usize {
  let bits: u64 = 0;
  let held: i32 = 0;
  let out = waiting;
  let outHeld = waitingBits;
  let first = ALL_COMPONENTS;
  const mcuEnd: usize = MCU + blocks * MCU_BLOCK_BYTES;
  for (; mcus > 0; mcus--) {
    for (let block: usize = MCU; block < mcuEnd; block += MCU_BLOCK_BYTES) {
      if (held < 32) {
        bits = (bits << 32) | Bits.read(from);
        from = readEnd;
        held += 32;
      }
      const entry = Bits.decode(load<u32>(block, 4), bits, held);
      let symbol = entry & 255;
      held -= entry >> 8;
      let extra = <u32>(bits >> held) & ((1 << symbol) - 1);
      const component = load<u32>(block);
      if ((first >> component) & 1) {
        const difference = load<i32>(component << 2, FIRST_DIFFERENCES);
        symbol = 32 - <u32>clz(difference < 0 ? -difference : difference);
        extra = <u32>(difference < 0 ? difference - 1 : difference) & ((1 << symbol) - 1);
        first &= ~(1 << component);
      }
      const code = load<u32>(<usize>load<u32>(block, 8) + (symbol << 2));
      const length = (code & 255) + symbol;
      out = (out << length) | (((code >> 8) << symbol) | extra);
      outHeld += length;
      if (outHeld >= 32) {
        outHeld -= 32;
        to = Bits.write(<u32>(out >> outHeld), to);
      }
      const table: usize = load<u32>(block, 16);
      const codes: usize = load<u32>(block, 20);
      let place: u32 = 1;
      do {
        if (held < 32) {
          bits = (bits << 32) | Bits.read(from);
          from = readEnd;
          held += 32;
        }
        const entry = Bits.decode(table, bits, held);
        const symbol = entry & 255;
        const size = entry & 15;
        held -= entry >> 8;
        const extra = <u32>(bits >> held) & ((1 << size) - 1);
        const code = load<u32>(codes + (symbol << 2));
        const length = (code & 255) + size;
        out = (out << length) | (((code >> 8) << size) | extra);
        outHeld += length;
        if (outHeld >= 32) {
          outHeld -= 32;
          to = Bits.write(<u32>(out >> outHeld), to);
        }
        if (symbol === 0) break;
        place += (symbol >> 4) + 1;
      } while (place < 64);
    }
  }
  waiting = out;
  waitingBits = outHeld;
  return to;
}

/** Writes what waits, filled up with ones to a whole byte. @returns the end of what is written */
export function finish(to: usize): usize {
  waiting = (waiting << 7) | 0x7f;
  for (waitingBits += 7; waitingBits >= 8; ) {
    waitingBits -= 8;
    const byte = <u32>(waiting >> waitingBits) & 255;
    store<u8>(to++, byte);
    if (byte === 255) store<u8>(to++, 0);
  }
  waiting = 0;
  waitingBits = 0;
  return to;
}
