/** The loops over all bytes of one picture, with memory that goes round: a fresh page costs more than they do. */
export interface PngKernel {
  /** Says what lies above the row that comes next. @param above its bytes; undefined where the picture begins */
  begin(above?: Uint8Array | Uint8ClampedArray): void;
  /**
   * Filters the next rows.
   *
   * @param filter a filter type of PNG for all of them, or ADAPTIVE for the best of each row
   * @returns each row with its filter type in front; good for `slots` calls, this one included
   */
  filter(rows: Uint8Array | Uint8ClampedArray, filter: number): Uint8Array;
  /** Adler-32 of what `filter` returned. @param start as in `adler32` */
  checksum(filtered: Uint8Array, start: number): number;
  /**
   * Compresses what `filter` returned, or a part of it, with literals and runs of one byte alone.
   *
   * @returns deflate blocks that end on a byte border, the last one of the stream if asked; good until the next call
   */
  deflateRuns(filtered: Uint8Array, isLast: boolean): Uint8Array;
}

export interface KernelOptions {
  readonly rowBytes: number;
  readonly pixelBytes: number;
  /** Most rows a call. */
  readonly rows: number;
  readonly slots: number;
}
