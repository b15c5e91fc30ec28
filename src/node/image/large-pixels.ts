/**
 * Pixels of a large image (16-bit ones count twice). Its encoder must not need the whole image: JPEG then gets the
 * standard Huffman tables, which cost a few percent of the size, and neither JPEG nor PNG is interlaced. By the size alone,
 * so that an image gives the same bytes whether it is recolored in memory or through a file.
 */
export const LARGE_PIXELS = 2 ** 25;

/** Pixels over all pages that are decoded unless more are asked for; a 38-byte WebP can claim 268 million. */
export const DEFAULT_MAX_PIXELS = 100_000_000;

export const MAX_PIXELS_RANGE = { min: 1, max: Number.MAX_SAFE_INTEGER } as const;
