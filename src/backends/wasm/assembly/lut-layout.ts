/** Where things lie in the memory of the lookup-table kernel, in bytes. Compiled into the kernel and imported by the host. */

/** Pixels one call takes at most: input and output fit a core's cache beside the table. */
export const CHUNK_PIXELS = 8192;
/** Per axis 256 entries of two uint32: byte offset of the code's cell, and its weight on the way to the next node. */
export const AXES = 1024;
export const AXIS_BYTES = 2048;
/** Per order of the three weights (8 of them) two uint32: byte steps to the second and third corner. */
export const STEPS = 7168;
/** Pixels in, 3 or 4 bytes each, and room for the last one to be read as a word. */
export const PIXELS_IN = 7232;
export const PIXELS_OUT = PIXELS_IN + CHUNK_PIXELS * 4 + 16;
/** The grid: four int16 a node, in 1/256 of a code, less 32768; the fourth stands for 0. */
export const NODES = PIXELS_OUT + CHUNK_PIXELS * 4 + 16;

/** Weights of the four corners sum to 2^14. */
export const WEIGHT_BITS = 14;
/** Steps of a node's value in one code: 2^8. */
export const NODE_BITS = 8;
/** Taken off the nodes, so that they fit int16. */
export const NODE_BIAS = 32768;
