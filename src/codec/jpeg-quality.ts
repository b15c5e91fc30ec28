/** The example tables of ITU-T T.81 Annex K, in zigzag order; at quality 50 encoders write them as they stand. */
const LUMA = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61,
  60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121,
  112, 100, 120, 92, 101, 103, 99,
];
const CHROMA = [
  17, 18, 18, 24, 21, 24, 47, 26, 26, 47, 99, 66, 56, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99,
];
/** For a file without tables, and for pictures that become JPEG. */
export const DEFAULT_JPEG_QUALITY = 90;

/**
 * The quality at which the common encoders would have written tables nearest to these (sum of absolute differences).
 *
 * @param tables luminance first, zigzag order, 8- or 16-bit values
 * @returns 1 to 100; `DEFAULT_JPEG_QUALITY` when there are none
 */
export function estimateJpegQuality(tables: readonly (readonly number[])[]): number {
  const [luma, chroma] = tables;
  if (!luma) return DEFAULT_JPEG_QUALITY;
  let best = DEFAULT_JPEG_QUALITY;
  let bestError = Number.POSITIVE_INFINITY;
  for (let quality = 100; quality >= 1; quality--) {
    const error = tableError(luma, LUMA, quality) + (chroma ? tableError(chroma, CHROMA, quality) : 0);
    if (error < bestError) {
      best = quality;
      bestError = error;
    }
  }
  return best;
}

function tableError(given: readonly number[], standard: readonly number[], quality: number): number {
  const scale = quality < 50 ? 5000 / quality : 200 - quality * 2;
  let error = 0;
  for (let i = 0; i < 64; i++) {
    const value = Math.min(255, Math.max(1, Math.floor(((standard[i] as number) * scale + 50) / 100)));
    error += Math.abs((given[i] ?? 0) - value);
  }
  return error;
}
