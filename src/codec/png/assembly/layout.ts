/** What the kernel and its host agree on. Compiled into the kernel and imported by the host. */

/** Bytes of a vector. */
export const VECTOR = 16;
/** Zeros before each row of pixels: they stand for the pixel left of the first. */
export const PADDING = 16;

/** Sixteen bytes of ones, then sixteen zeros: where a row's last vector ends is masked with a part of them. */
export const MASK = 1024;
/** Four counters of each byte, side by side so that equal neighbors do not wait for each other; uint32. */
export const COUNTS = 1056;
/** How often there was a run of each length, from 3 on; uint32. */
export const RUN_COUNTS = COUNTS + 4 * 256 * 4;
/** Of each symbol: how often, uint32, and the length of its code, a byte. */
export const FREQUENCIES = RUN_COUNTS + 256 * 4;
export const LENGTHS = FREQUENCIES + 320 * 4;
/** Room for sorting symbols and for their tree; uint32. */
export const SORTED = LENGTHS + 320;
export const TREE = SORTED + 320 * 4;
/** How many codes of each length there are; uint32. */
export const DEPTHS = TREE + 320 * 4;
/** Of each symbol of the tree's own code: the same again. */
export const TREE_FREQUENCIES = DEPTHS + 16 * 4;
export const TREE_LENGTHS = TREE_FREQUENCIES + 32 * 4;
export const TREE_CODES = TREE_LENGTHS + 32;
/** The lengths of all codes as they are written: symbol in the low byte, extra bits in the next. */
export const TREE_TOKENS = TREE_CODES + 32 * 4;
/** Of each symbol: bits in the low 24, how many of them in the upper 8; uint32. */
export const SYMBOL_CODES = TREE_TOKENS + 320 * 2;
/** The same of each token: a run's holds all that belongs to it; uint32. */
export const CODES = SYMBOL_CODES + 320 * 4;
/** A block before it is written: a byte, or 256 + the length of a run - 3; uint16. */
export const TOKENS = CODES + 512 * 4;
export const BLOCK_TOKENS = 32_768;
/** Where the host may begin. */
export const FREE = TOKENS + (BLOCK_TOKENS + 32) * 2;

/** The filter types of a PNG, and behind them the wish to have the best of them for each row. */
export const NONE = 0;
export const SUB = 1;
export const UP = 2;
export const AVERAGE = 3;
export const PAETH = 4;
export const ADAPTIVE = 5;
