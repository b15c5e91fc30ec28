/**
 * Exchanges the Huffman codes of baseline JPEGs. Scans are read into tokens of two bytes, and their symbols counted; when
 * all are counted the tokens are written with other codes. Reading waits for one code before it finds the next; tokens do
 * not wait for each other, so writing takes a third of the time that reading again would.
 *
 * All addresses come from the host (recoder.ts).
 */
import {
  CODES,
  COUNTS,
  DC_KEY,
  DECODER_BYTES,
  DECODER_LIMITS,
  DECODER_STARTS,
  DECODER_SYMBOLS,
  DECODERS,
  FIRST_DC,
  FIRST_DC_KEY,
  FIRST_TOKENS,
  KEY_SHIFT,
  LAST_DC,
  LOOKUP_BITS,
  MAX_CODE_BITS,
  MCU,
  MCU_BLOCK_BYTES,
  PAIR_SHIFT,
  SHORT_BITS,
} from './layout';

/** Takes the place of a 16-bit entry out of LOOKUP_BITS + 1 bits. */
const LOOKUP_MASK: u32 = ((1 << LOOKUP_BITS) - 1) << 1;
const ALL_COMPONENTS: u32 = 15;

/** Where the last read, or the last token, ended. */
let readEnd: usize = 0;
let tokenEnd: usize = 0;
/** Bits that are not yet written, and how many: under 8. */
let waiting: u64 = 0;
let waitingBits: u32 = 0;

class Step {
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
    if (Step.hasMarker(word)) return readSlowly(from);
    readEnd = from + 4;
    return Step.swap(word);
  }

  /**
   * `bits << 8 | symbol` of the code that the lowest `held` bits of `bits` begin with; its bits include those of the
   * coefficient, which follow it. Everything waits for this, so the table has the sum ready.
   */
  @inline static decode(table: usize, bits: u64, held: u32): u32 {
    const entry = <u32>load<u16>(table + (<u32>(bits >> (held - LOOKUP_BITS - 1)) & LOOKUP_MASK));
    return entry !== 0 ? entry : decodeLong(table, <u32>(bits >> (held - MAX_CODE_BITS)) & 0xffff);
  }

  @inline static countUp(at: usize): void {
    store<u32>(at, load<u32>(at, COUNTS) + 1, COUNTS);
  }

  @inline static write(word: u32, to: usize): usize {
    if (Step.hasMarker(word)) return writeSlowly(word, to);
    store<u32>(to, Step.swap(word));
    return to + 4;
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

/** Writes the token of a DC difference and keeps account of the component's DC. */
function tokenizeDc(component: u32, pair: u32, size: u32, extra: u32, isFirst: bool, to: usize): void {
  // A value whose first bit is 0 is negative.
  const difference = <i32>(extra << 1 < (<u32>1) << size ? extra + 1 - (1 << size) : extra);
  const dc = load<i32>(component << 2, LAST_DC) + difference;
  store<i32>(component << 2, dc, LAST_DC);
  if (isFirst) {
    store<i32>(component << 2, dc, FIRST_DC);
    store<u32>(component << 2, <u32>to, FIRST_TOKENS);
  }
  const key = (pair << 8) | (size << 4) | (isFirst ? FIRST_DC_KEY : DC_KEY);
  Step.countUp(key << 2);
  if (isFirst || size > <u32>SHORT_BITS) {
    store<u16>(to, key << KEY_SHIFT);
    store<u16>(to, extra, 2);
    tokenEnd = to + 4;
  } else {
    store<u16>(to, (key << KEY_SHIFT) | extra);
    tokenEnd = to + 2;
  }
}

/**
 * Reads a scan into tokens, counts their keys up and notes the first and last DC of the components. LAST_DC has to be 0
 * before. The reader holds 32 to 63 bits before each symbol, which with its coefficient has at most 27.
 *
 * @returns the end of the tokens
 */
export function tokenize(from: usize, mcus: i32, blocks: i32, to: usize): usize {
  let bits: u64 = 0;
  let held: u32 = 0;
  let first = ALL_COMPONENTS;
  const mcuEnd: usize = MCU + blocks * MCU_BLOCK_BYTES;
  for (; mcus > 0; mcus--) {
    for (let block: usize = MCU; block < mcuEnd; block += MCU_BLOCK_BYTES) {
      const component = load<u32>(block);
      const pair = load<u32>(block, 4);
      const dcTable: usize = DECODERS + pair * 2 * DECODER_BYTES;
      if (held < 32) {
        bits = (bits << 32) | Step.read(from);
        from = readEnd;
        held += 32;
      }
      const entry = Step.decode(dcTable, bits, held);
      held -= entry >> 8;
      const size = entry & 15;
      const isFirst = ((first >> component) & 1) !== 0;
      tokenizeDc(component, pair, size, <u32>(bits >> held) & ((1 << size) - 1), isFirst, to);
      first &= ~(1 << component);
      to = tokenEnd;

      const acTable: usize = dcTable + DECODER_BYTES;
      const counts: usize = pair << 10;
      let place: u32 = 1;
      do {
        if (held < 32) {
          bits = (bits << 32) | Step.read(from);
          from = readEnd;
          held += 32;
        }
        const entry = Step.decode(acTable, bits, held);
        const symbol = entry & 255;
        const size = entry & 15;
        held -= entry >> 8;
        Step.countUp(counts + (symbol << 2));
        const extra = <u32>(bits >> held) & ((1 << size) - 1);
        const head = (pair << PAIR_SHIFT) | (symbol << KEY_SHIFT);
        if (size <= <u32>SHORT_BITS) {
          store<u16>(to, head | extra);
          to += 2;
        } else {
          store<u16>(to, head);
          store<u16>(to, extra, 2);
          to += 4;
        }
        if (symbol === 0) break;
        place += (symbol >> 4) + 1;
      } while (place < 64);
    }
  }
  return to;
}

/**
 * Writes tokens with the codes of CODES, behind what was written before, of which some bits may wait. They are first packed
 * backward, so that words with the first bit highest lie in memory as they are.
 *
 * @param packEnd end of room for all bits and 8 bytes; a multiple of 8
 * @param to where the bytes go, each 255 with a 0 behind it
 * @returns the end of the bytes
 */
export function write(from: usize, end: usize, packEnd: usize, to: usize): usize {
  let bits = waiting;
  let held = waitingBits;
  let at = packEnd;
  while (from < end) {
    const token = <u32>load<u16>(from);
    const code = load<u64>((token >> KEY_SHIFT) << 3, CODES);
    let extra = token & ((1 << SHORT_BITS) - 1);
    from += 2;
    if (code >> 40 !== 0) {
      extra = <u32>load<u16>(from);
      from += 2;
    }
    const length = <u32>(code >> 32) & 63;
    bits = (bits << length) | <u64>(<u32>code | extra);
    held += length;
    store<u64>(at - 8, bits << (64 - held));
    at -= held >> 3;
    held &= 7;
  }
  waiting = bits;
  waitingBits = held;
  let rest = packEnd;
  for (; rest >= at + 4; rest -= 4) to = Step.write(load<u32>(rest - 4), to);
  for (; rest > at; rest--) to = writeByte(<u32>load<u8>(rest - 1), to);
  return to;
}

function writeByte(byte: u32, to: usize): usize {
  store<u8>(to++, byte);
  if (byte === 255) store<u8>(to++, 0);
  return to;
}

/** Writes the bits that wait, filled up with ones to a whole byte. @returns the end of the bytes */
export function finish(to: usize): usize {
  if (waitingBits > 0) {
    const missing = 8 - waitingBits;
    to = writeByte(<u32>((waiting << missing) | ((1 << missing) - 1)) & 255, to);
  }
  waiting = 0;
  waitingBits = 0;
  return to;
}
