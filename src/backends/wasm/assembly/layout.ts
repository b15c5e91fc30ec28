/**
 * Where things lie in the heap, in bytes unless said otherwise. Plain TypeScript and AssemblyScript at once: the kernels compile these
 * constants in, the host imports the same file, so neither can drift.
 *
 *     control · parameters and tables of all kernels · lookup table | a region a thread: scratch, buffers | pictures
 *
 * Pages that nobody touches cost nothing.
 */

/** Items one call of a kernel takes at most, unless it says otherwise; a multiple of 4. Input, output and queues fit a core's cache. */
export const CHUNK = 4096;
/** A chunk of 4-byte items, and a spare group that pads the last one and takes what padding lanes write. */
const CHUNK_BYTES = CHUNK * 4 + 16;
/** A chunk of float64, with a spare pair. */
const WIDE_CHUNK_BYTES = CHUNK * 8 + 16;

/** Words that the threads share while a kernel runs (control.ts). */
export const CONTROL = 64;

/** The parameter block: float32 numbers, at the indexes below, for 99 rows; the recipe format allows 64. */
export const PARAMETERS = 1024;
/** 256 float32: linear value of every 8-bit code. */
export const LINEAR = 9216;
/** Cells of the guess table of the encoder, see `V.encode`. */
export const GUESS_CELLS = 4096;
/** 4097 float32: linear value where the code after a cell's guess begins. */
export const CELL_LIMITS = 10240;
/** 4097 bytes: the code at the lower end of each cell. */
export const CELL_GUESSES = 26640;

/** Of a lookup table: per axis 256 entries of two uint32: byte offset of the code's cell, and its weight on the way to the next node. */
export const AXES = 30752;
export const AXIS_BYTES = 2048;
/** Per order of the three weights (8 of them) two uint32: byte steps to the second and third corner. */
export const STEPS = AXES + 3 * AXIS_BYTES;

/** The parameter block of the 16-bit kernels: float64 numbers, at the same indexes. */
export const DEEP_PARAMETERS = STEPS + 96;
/** 65,536 float64: linear value of every 16-bit code. */
export const DEEP_LINEAR = DEEP_PARAMETERS + 8 * 2560;
/** Intervals of the 16-bit encoder's table over the square root of light. */
export const CURVE_INTERVALS = 8192;
/** Their ends in 16-bit codes, float64, one more to spare. */
export const CURVE = DEEP_LINEAR + 8 * 65536;

/** The grid of a lookup table: four int16 a node, in 1/256 of a code, less 32768; the fourth stands for 0. */
export const NODES = 655360;
export const NODE_BYTES = 8;
/** Nodes an axis that there is room for; larger tables come from files only, and are left to js. */
export const MAX_GRID = 129;
/** Where the threads' regions begin; a multiple of a page. */
export const THREADS = 655360 + 17235968;

// Scratch of one thread, from the start of its region.
/** Colors outside the gamut: L, a, b (float32) and position in the chunk. */
export const OUTSIDE_L = 0;
export const OUTSIDE_A = OUTSIDE_L + CHUNK_BYTES;
export const OUTSIDE_B = OUTSIDE_A + CHUNK_BYTES;
export const OUTSIDE_AT = OUTSIDE_B + CHUNK_BYTES;
/** Packed colors of a chunk of pixels, and new ones with the DOUBT bit. */
export const COLORS = OUTSIDE_AT + CHUNK_BYTES;
export const OUT = COLORS + CHUNK_BYTES;
/** 16-bit pixels whose chroma is searched: L, a, b (float64) and index. */
export const FAR_L = OUT + CHUNK_BYTES;
export const FAR_A = FAR_L + WIDE_CHUNK_BYTES;
export const FAR_B = FAR_A + WIDE_CHUNK_BYTES;
export const FAR_AT = FAR_B + WIDE_CHUNK_BYTES;
/** Of a 16-bit picture that is being sorted: pixels in each bucket (u32), for SORTED_TARGETS targets. */
export const SORT_COUNTS = FAR_AT + CHUNK_BYTES;
export const SORTED_TARGETS = 4;
const SORTED_BUCKETS = 16384;
/** One word: the last leg that the thread has left (control.ts). */
export const LEFT_LEG = SORT_COUNTS + SORTED_TARGETS * SORTED_BUCKETS * 4;
const SCRATCH_BYTES = LEFT_LEG + 32; // a multiple of 64, as all that follows: a line of the processor's cache

/** Buffers of a thread: blocks on their way to whoever takes them. */
export const BUFFERS = 4;
/** Four words ahead of a block's input: see control.ts. */
export const BUFFER_INPUT = 64;
/** Input of the largest block: 32,768 pixels of 4 bytes, and room for the last one to be read as a vector. */
export const BUFFER_RESULTS = BUFFER_INPUT + 131072 + 64;
/** Rows that one call of `bucket` or `collect` measures at most. */
export const MEASURED_ROWS = 8;
/** Of `collect`: visible pixels' colors, then for each row pixels nearer than the band and colors in the band (u32 each). */
export const FOUND = CHUNK_BYTES;
/** Then for each row a chunk of positions (u32) and one of distances (f32). */
export const BAND_POSITIONS = FOUND + MEASURED_ROWS * 8;
export const BAND_DISTANCES = BAND_POSITIONS + MEASURED_ROWS * CHUNK_BYTES;
/** Bytes from one row's chunk to the next one's. */
export const BAND_STRIDE = CHUNK_BYTES;
/** The largest result is that of `collect`. */
const RESULT_BYTES = BAND_DISTANCES + MEASURED_ROWS * CHUNK_BYTES;
export const BUFFER_BYTES = BUFFER_RESULTS + RESULT_BYTES + 48;
export const FIRST_BUFFER = SCRATCH_BYTES;
/** Of one thread, rounded up to whole pages. */
export const THREAD_BYTES = 65536 * 33;

/** A picture's colors are counted in blocks of so many neighbors; one block's bytes fill one line of the processor's cache. */
export const BLOCK_COLORS = 64;
export const COLOR_BLOCKS = 262144; // 2^24 / BLOCK_COLORS
// The counting table of one thread, from its start: a byte a color, a bit a color met under alpha 0, a flag a block.
export const HIDDEN = 16777216; // 2^24
export const FLAGS = HIDDEN + 2097152; // 2^21
export const TABLE_BYTES = FLAGS + 262144;
/** Bits of a block's flag. */
export const IS_TOUCHED = 1;
/** A color of the block has more pixels than its byte can say. */
export const HAS_MORE = 2;

/** Bit that is set in an output word when float32 cannot be sure: js evaluates that color in float64. */
export const DOUBT_BIT = 31;

// Indexes into the parameter block.
export const P_TO_LMS = 0; // 9 numbers each, row major
export const P_TO_OKLAB = 9;
export const P_FROM_OKLAB = 18;
export const P_FROM_LMS = 27;
/** 1 or 0 each. */
export const P_LUMINANCE = 36;
export const P_SATURATION = 37;
export const P_HUE = 38;
export const P_JUST_NOTICEABLE = 39;
export const P_POWERLESS_CHROMA = 40;
export const P_HUELESS_LENGTH = 41;
export const P_LIGHTNESS_EPSILON = 42;
/** Of the 16-bit kernels alone. */
export const P_GAMUT_EPSILON = 43;
export const P_SEARCH_EPSILON = 44;
export const P_SURFACE_LIGHTNESS = 45;
export const P_SURFACE_FLOOR = 46;
/** 1 where attractors blend straight. */
export const P_STRAIGHT = 47;
/** Keep rows come first, then repaint rows, then attractors. */
export const P_KEEP_COUNT = 48;
export const P_REPAINT_COUNT = 49;
export const P_ATTRACTOR_COUNT = 50;
export const P_ROWS = 52;

// Numbers of one row: first those of a compiled plan (src/core/compiled-plan.ts).
/** Its center. */
export const R_L = 0;
export const R_A = 1;
export const R_B = 2;
/** Of an attractor: what it gives to a blend by hue; to a straight one it gives its a and b in place of the vote. */
export const R_CHROMA = 3;
export const R_VOTE_X = 4;
export const R_VOTE_Y = 5;
/** Of a repaint row: the way from its center to its target. */
export const R_MOVE_L = 3;
export const R_MOVE_A = 4;
export const R_MOVE_B = 5;
export const R_RADIUS = 6;
/** Weight = floor + gain * falloff; of a keep row what it leaves to the others, 1 - weight. */
export const R_FLOOR = 7;
export const R_GAIN = 8;
/** Of a repaint row: its shade as two lines. */
export const R_DARKER_SLOPE = 9;
export const R_DARKER_OFFSET = 10;
export const R_LIGHTER_SLOPE = 11;
export const R_LIGHTER_OFFSET = 12;
/** Of a keep row in float64: between these distances rounding decides whether it leaves anything to the others. */
export const R_EDGE_FROM = 9;
export const R_EDGE_TO = 10;
export const R_INVERSE_RADIUS = 13;
/** Distances between these two are too close to a jump, or a falloff is too steep, for the kernel's precision. */
export const R_DOUBT_FROM = 14;
export const R_DOUBT_TO = 15;
// When measuring:
/** Whether the distance is that of surfaces, 1 or 0. */
export const R_IS_SURFACE = 16;
/** Buckets per unit of distance. */
export const R_BUCKET_SCALE = 17;
/** The band of distances whose pixels `collect` wants: from this one to below that one. */
export const R_BAND_FROM = 18;
export const R_BAND_TO = 19;
export const ROW_NUMBERS = 20;
/** Distances are sorted into this many buckets by `bucket`; the last one takes all beyond. */
export const BUCKET_COUNT = 4096;

/** Weights of the four corners of a lookup table's cell sum to 2^14. */
export const WEIGHT_BITS = 14;
/** Steps of a node's value in one code: 2^8. */
export const NODE_BITS = 8;
/** Taken off the nodes, so that they fit int16. */
export const NODE_BIAS = 32768;
