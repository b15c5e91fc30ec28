/**
 * Where things lie in the kernel's memory, in bytes unless said otherwise. Plain TypeScript and AssemblyScript at once:
 * the kernel compiles these constants in, the host imports the same file, so neither can drift.
 */

/** Colors one call of `evaluate` takes at most; a multiple of 4. Input, output and both queues fit a core's cache. */
export const CHUNK_COLORS = 4096;
/** A chunk of 4-byte items, and a spare group that pads the last one and takes what padding lanes write. */
const CHUNK_BYTES = CHUNK_COLORS * 4 + 16;

/** The parameter block: float32 numbers, at the indexes below. */
export const PARAMETERS = 1024;
/** 256 float32: linear value of every 8-bit code. */
export const LINEAR = 9216;
/** Cells of the guess table of the encoder, see `encode` in color-math.ts. */
export const GUESS_CELLS = 4096;
/** 4097 float32: linear value where the code after a cell's guess begins. */
export const CELL_LIMITS = 10240;
/** 4097 bytes: the code at the lower end of each cell. */
export const CELL_GUESSES = 26640;
/** Packed colors, in. */
export const COLORS = 30752;
/** Packed colors, out, with the DOUBT bit. */
export const OUT = COLORS + CHUNK_BYTES;
/** Colors outside the gamut: L, a, b (float32) and position in the chunk. */
export const OUTSIDE_L = OUT + CHUNK_BYTES;
export const OUTSIDE_A = OUTSIDE_L + CHUNK_BYTES;
export const OUTSIDE_B = OUTSIDE_A + CHUNK_BYTES;
export const OUTSIDE_AT = OUTSIDE_B + CHUNK_BYTES;
/** Attractors one call of `measure` takes at most. */
export const MEASURED_ATTRACTORS = 8;
/** 16-bit bucket numbers of `measure`: CHUNK_COLORS for the first attractor, then for the next. */
export const BUCKETS = OUTSIDE_AT + CHUNK_BYTES;
/** A chunk of pixels as they lie in a picture, RGB or RGBA; in and out. */
export const PIXELS = BUCKETS + MEASURED_ATTRACTORS * CHUNK_COLORS * 2;
/** Positions in the chunk (u32) of pixels that `repaint` left to the host. */
export const DOUBTS = PIXELS + CHUNK_BYTES;
/** Pixels of each color of the chunk (u32). */
export const COUNTS = DOUBTS + CHUNK_BYTES;
/** What `collect` found: for each attractor pixels nearer than the band, colors in the band (u32 each). */
export const FOUND = COUNTS + CHUNK_BYTES;
/** The colors in the band: for each attractor a chunk of positions in the chunk (u32), and one of distances (f32). */
export const BAND_POSITIONS = FOUND + MEASURED_ATTRACTORS * 8;
export const BAND_DISTANCES = BAND_POSITIONS + MEASURED_ATTRACTORS * CHUNK_BYTES;
/** Bytes from one attractor's chunk to the next one's. */
export const BAND_STRIDE = CHUNK_BYTES;
export const MEMORY_BYTES = BAND_DISTANCES + MEASURED_ATTRACTORS * CHUNK_BYTES;

/** Bit that is set in an output word when float32 cannot be sure: the host evaluates that color in float64. */
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
export const P_ATTRACTOR_COUNT = 43;
export const P_ATTRACTORS = 48;

// Numbers of one attractor.
export const A_L = 0;
export const A_A = 1;
export const A_B = 2;
export const A_CHROMA = 3;
export const A_VOTE_X = 4;
export const A_VOTE_Y = 5;
export const A_RADIUS = 6;
export const A_INVERSE_RADIUS = 7;
export const A_FLOOR = 8;
export const A_GAIN = 9;
/** Distances between these two are too close to a jump for float32. */
export const A_DOUBT_FROM = 10;
export const A_DOUBT_TO = 11;
/** Buckets per unit of Oklab distance, for `measure`. */
export const A_BUCKET_SCALE = 12;
/** The band of distances whose pixels `collect` wants: from this one to below that one. */
export const A_BAND_FROM = 13;
export const A_BAND_TO = 14;
export const ATTRACTOR_NUMBERS = 15;

/** Distances are sorted into this many buckets by `measure`; the last one takes all beyond. */
export const BUCKET_COUNT = 4096;
