/** Where the kernel's memory holds what; read by the kernel and by its host. Bytes. */

/** The first bits of a code are looked up at once; few codes are longer. */
export const LOOKUP_BITS = 9;
/** Longest code. */
export const MAX_CODE_BITS = 16;
/** Tables a scan may have. */
export const TABLES = 8;
/** Blocks an MCU may have. */
export const MCU_BLOCKS = 10;
/** Components a scan may have. */
export const COMPONENTS = 4;

/** Decoding tables. Lookup: `bits << 8 | symbol` (u16) for each beginning, 0 for that of a longer code; bits of code and coefficient. */
export const DECODERS = 1024;
/** Limits: for each length 0 to 16 the first 16 bits that no code so short begins (u32). */
export const DECODER_LIMITS = 1024;
/** Starts: what is added to a code of that length to get its place among the symbols (i32). */
export const DECODER_STARTS = 1024 + 128;
/** Symbols in the order of their codes (u8). */
export const DECODER_SYMBOLS = 1024 + 256;
export const DECODER_BYTES = 1536;

/** Encoding tables: `code << 8 | length` (u32) for each of 256 symbols. */
export const ENCODERS = DECODERS + TABLES * DECODER_BYTES;
/** How often each symbol occurs (u32). */
export const COUNTS = ENCODERS + TABLES * 1024;

/** The MCU: for each block component, and addresses of its decoder, encoder and counts for DC, then for AC (u32 each). */
export const MCU = COUNTS + TABLES * 1024;
export const MCU_BLOCK_BYTES = 32;

/** DC of each component (i32): of its first block, and of its last one so far. */
export const FIRST_DC = MCU + MCU_BLOCKS * MCU_BLOCK_BYTES;
export const LAST_DC = FIRST_DC + COMPONENTS * 4;
/** The difference that each component's first block is written with (i32). */
export const FIRST_DIFFERENCES = LAST_DC + COMPONENTS * 4;

/** The coded blocks that are read, then those that are written. A multiple of 8. */
export const DATA = (FIRST_DIFFERENCES + COMPONENTS * 4 + 63) & ~63;
/** The reader takes so many bytes more than it needs. */
export const READ_AHEAD = 16;
