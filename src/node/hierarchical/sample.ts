import type { Gamut, Pixels } from '../../core/index.js';

/** Decoded pixels, wherever they are. */
export interface PixelRows {
  readonly width: number;
  /** Of all pages together. */
  readonly height: number;
  readonly channels: 3 | 4;
  readonly gamut: Gamut;
  /** @returns the samples of one row, good until the next call */
  readRow(row: number): Promise<Uint8Array | Uint16Array>;
}

/** Rows of a picture in memory. */
export function rowsOf({ data, width, height, channels, gamut = 'srgb' }: Pixels): PixelRows {
  const rowSamples = width * channels;
  return {
    width,
    height,
    channels,
    gamut,
    readRow: async (row) => data.subarray(row * rowSamples, (row + 1) * rowSamples) as Uint8Array | Uint16Array,
  };
}

/**
 * Every n-th pixel of every n-th row: unlike an average of neighbors it keeps the distribution of colors, which is what radii
 * come from.
 *
 * @param side the longer side has at most this many pixels
 * @param height rows from the top to look at; default: all
 */
export async function samplePixels(rows: PixelRows, side: number, height = rows.height): Promise<Pixels> {
  const { width, channels, gamut } = rows;
  const step = Math.max(1, Math.ceil(Math.max(width, height) / side));
  const [columns, lines] = [Math.ceil(width / step), Math.ceil(height / step)];
  let data: Uint8Array | Uint16Array | undefined;
  for (let line = 0, to = 0; line < lines; line++) {
    const row = await rows.readRow(line * step);
    data ??=
      row instanceof Uint16Array
        ? new Uint16Array(columns * lines * channels)
        : new Uint8Array(columns * lines * channels);
    for (let column = 0; column < columns; column++) {
      const from = column * step * channels;
      for (let k = 0; k < channels; k++) data[to++] = row[from + k] as number;
    }
  }
  return { data: data ?? new Uint8Array(0), width: columns, height: lines, channels, gamut };
}
