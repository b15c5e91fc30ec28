/**
 * Where things lie in the memory of the 16-bit kernel, in bytes. Plain TypeScript and AssemblyScript at once: compiled into the
 * kernel and imported by the host.
 */

/** Pixels one call takes at most. */
export const DEEP_CHUNK = 4096;
/** The parameter block: float64 numbers, at the indexes below. */
export const DEEP_PARAMETERS = 1024;
/** 65,536 float64: linear value of every code. */
export const DEEP_LINEAR = DEEP_PARAMETERS + 8 * 2560;
/** Intervals of the encoder's table over the square root of light. */
export const CURVE_INTERVALS = 8192;
/** Their ends in 16-bit codes, float64, one more to spare. */
export const CURVE = DEEP_LINEAR + 8 * 65536;
/** Samples, 3 or 4 to a pixel, 16 bits each; changed in place. */
export const SAMPLES = CURVE + 8 * (CURVE_INTERVALS + 2);
/** Indexes of the pixels that the host has to evaluate, 32 bits each; a pixel may be there several times. */
export const DOUBTS = SAMPLES + DEEP_CHUNK * 8;
/** Pixels whose chroma is searched: L, a, b (float64) and index. */
export const FAR_L = DOUBTS + DEEP_CHUNK * 16;
export const FAR_A = FAR_L + DEEP_CHUNK * 8 + 16;
export const FAR_B = FAR_A + DEEP_CHUNK * 8 + 16;
export const FAR_AT = FAR_B + DEEP_CHUNK * 8 + 16;
/** 16-bit bucket numbers: DEEP_CHUNK for the first target, then for the next. */
export const DEEP_BUCKETS = FAR_AT + DEEP_CHUNK * 4 + 16;
/** Targets one call measures at most. */
export const DEEP_TARGETS = 8;
export const DEEP_MEMORY_BYTES = DEEP_BUCKETS + DEEP_TARGETS * DEEP_CHUNK * 2;

// Indexes into the parameter block.
export const D_TO_LMS = 0; // 9 numbers each, row major
export const D_TO_OKLAB = 9;
export const D_FROM_OKLAB = 18;
export const D_FROM_LMS = 27;
/** 1 or 0 each. */
export const D_LUMINANCE = 36;
export const D_SATURATION = 37;
export const D_HUE = 38;
export const D_JUST_NOTICEABLE = 39;
export const D_POWERLESS_CHROMA = 40;
export const D_HUELESS_LENGTH = 41;
export const D_LIGHTNESS_EPSILON = 42;
export const D_GAMUT_EPSILON = 43;
export const D_SEARCH_EPSILON = 44;
export const D_COUNT = 45;
export const D_ATTRACTORS = 48;

// Numbers of one attractor, in the order of a compiled plan, and one more.
export const DA_L = 0;
export const DA_A = 1;
export const DA_B = 2;
export const DA_CHROMA = 3;
export const DA_VOTE_X = 4;
export const DA_VOTE_Y = 5;
export const DA_RADIUS = 6;
export const DA_FLOOR = 7;
export const DA_GAIN = 8;
/** Buckets per unit of distance, when measuring. */
export const DA_SCALE = 9;
export const DEEP_ATTRACTOR_NUMBERS = 10;
/** Attractors that the block has room for. */
export const DEEP_MAX_ATTRACTORS = 250;
