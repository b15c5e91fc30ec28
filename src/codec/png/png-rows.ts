/** Rows of an 8-bit RGB or RGBA picture, wherever they are. */
export interface PngRows {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** @returns the bytes of `count` rows from `row` on, good until the next call */
  read(row: number, count: number): Uint8Array | Uint8ClampedArray;
}
