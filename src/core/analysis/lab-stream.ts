/** The visible colors of a picture that is too large to keep, as often as they are asked for. */
export interface LabStream {
  /**
   * Goes once over all visible pixels, in any order.
   *
   * @param visit receives blocks: Oklab L, a, b of color i at 3 i, how many pixels each stands for (undefined: one), and
   *   the number of colors; the arrays are reused
   */
  each(visit: (lab: Float64Array, counts: Float64Array | undefined, length: number) => void): Promise<void>;
}
