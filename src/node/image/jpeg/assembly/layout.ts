/** Where the kernel's memory holds what; read by the kernel and by its host. Bytes. */

/** The first bits of a code are looked up at once; few codes are longer. */
export const LOOKUP_BITS = 9;
/** Longest code. */
export const MAX_CODE_BITS = 16;
/** Pairs of tables for DC and AC that a scan may use: one for lightness and one for color. */
export const PAIRS = 2;
/** Blocks an MCU may have. */
export const MCU_BLOCKS = 10;
/** Components a scan may have. */
export const COMPONENTS = 4;

/**
 * A token is `pair << 15 | key << 7 | bits of the coefficient`, in 16 bits. The key of an AC symbol is the symbol, whose low
 * 4 bits are at most 10; symbols of DC have the keys that this leaves free. Bits that do not fit take a second word.
 */
export const PAIR_SHIFT = 15;
export const KEY_SHIFT = 7;
/** Most bits of a coefficient that fit into its token. */
export const SHORT_BITS = 7;
/** Symbol n of DC: `n << 4 | DC_KEY`. */
export const DC_KEY = 15;
/** The same of a component's first block, which may be changed: its bits always take a second word. */
export const FIRST_DC_KEY = 14;

/** Decoding tables, for each pair DC and AC. Lookup: `bits << 8 | symbol` (u16) for each beginning, 0 for that of a longer code; bits of code and coefficient. */
export const DECODERS = 1024;
/** For each length 0 to 16 the first 16 bits that no code so short begins (u32). */
export const DECODER_LIMITS = 1024;
/** For each length what is added to a code to get its place among the symbols (i32). */
export const DECODER_STARTS = 1024 + 128;
/** Symbols in the order of their codes (u8). */
export const DECODER_SYMBOLS = 1024 + 256;
export const DECODER_BYTES = 1536;

/** How often each key of each pair occurs (u32). */
export const COUNTS = DECODERS + PAIRS * 2 * DECODER_BYTES;
/** What each key of each pair is written as: the code with room for the coefficient (u32), bits of both (u8), whether there is a second word (u8). */
export const CODES = COUNTS + PAIRS * 1024;
export const CODE_BYTES = 8;

/** The MCU: component and pair of each block (u32 each). */
export const MCU = CODES + PAIRS * 256 * CODE_BYTES;
export const MCU_BLOCK_BYTES = 8;

/** DC of each component (i32), of its first block and of its last one so far; where the token of the first one is (u32). */
export const FIRST_DC = MCU + MCU_BLOCKS * MCU_BLOCK_BYTES;
export const LAST_DC = FIRST_DC + COMPONENTS * 4;
export const FIRST_TOKENS = LAST_DC + COMPONENTS * 4;

/** Here the tokens begin. A multiple of 8. */
export const DATA = (FIRST_TOKENS + COMPONENTS * 4 + 63) & ~63;
/** The reader takes so many bytes more than it needs. */
export const READ_AHEAD = 16;
