import type { PngRows } from './png-rows.js';

/** A palette holds at most so many. */
const MAX_COLORS = 256;
/** Rows looked at, or packed, at once: about so many bytes of pixels. */
const BLOCK_BYTES = 1 << 20;
const OPAQUE = 255;

/** The distinct colors of a picture as PNG wants them. */
export interface Palette {
  /** r | g << 8 | b << 16 | alpha << 24; those with alpha below 255 first, else in the order in which they occur. */
  readonly colors: readonly number[];
  /** Bits of a pixel's place in the palette. */
  readonly bitDepth: 1 | 2 | 4 | 8;
}

/**
 * @param pause lets others have their turn between blocks
 * @returns undefined when there are more than 256 colors, alpha counted as part of a color
 */
export async function findPalette(picture: PngRows, pause?: () => Promise<void>): Promise<Palette | undefined> {
  const found = new Set<number>();
  let last = -1;
  for (const { data } of eachBlock(picture)) {
    for (let i = 0; i < data.length; i += picture.channels) {
      const color = colorAt(data, i, picture.channels);
      if (color === last) continue;
      last = color;
      found.add(color);
      if (found.size > MAX_COLORS) return undefined;
    }
    await pause?.();
  }
  const isOpaque = (color: number): number => Number(color >>> 24 === OPAQUE);
  const colors = [...found].sort((p, q) => isOpaque(p) - isOpaque(q)); // a stable sort
  const { length } = colors;
  return { colors, bitDepth: length <= 2 ? 1 : length <= 4 ? 2 : length <= 16 ? 4 : 8 };
}

/** Bytes of a row of places in a palette. */
export function indexedRowBytes({ width }: PngRows, { bitDepth }: Palette): number {
  return Math.ceil((width * bitDepth) / 8);
}

/** Places in the palette, packed, leftmost pixel in the high bits, each row from a byte of its own on. */
export async function indexRows(
  picture: PngRows,
  { colors, bitDepth }: Palette,
  pause?: () => Promise<void>,
): Promise<Uint8Array> {
  const { width, height, channels } = picture;
  const stride = indexedRowBytes(picture, { colors, bitDepth });
  const packed = new Uint8Array(stride * height);
  const places = new Map(colors.map((color, place) => [color, place]));
  let last = -1;
  let place = 0;
  for (const { data, first, count } of eachBlock(picture)) {
    for (let row = first, i = 0; row < first + count; row++) {
      let at = row * stride;
      let left = 8;
      for (let x = 0; x < width; x++, i += channels) {
        const color = colorAt(data, i, channels);
        if (color !== last) {
          last = color;
          place = places.get(color) as number;
        }
        left -= bitDepth;
        packed[at] = (packed[at] as number) | (place << left);
        if (left === 0) {
          at++;
          left = 8;
        }
      }
    }
    await pause?.();
  }
  return packed;
}

/** What the chunks PLTE and tRNS hold; tRNS is empty where all is opaque. @see PNG third edition, sections 11.2.2 and 11.3.1.1 */
export function writePalette({ colors }: Palette): { readonly plte: Uint8Array; readonly trns: Uint8Array } {
  return {
    plte: Uint8Array.from(colors.flatMap((color) => [color, color >>> 8, color >>> 16])),
    trns: Uint8Array.from(colors.map((color) => color >>> 24).filter((alpha) => alpha !== OPAQUE)),
  };
}

function* eachBlock({ width, height, channels, read }: PngRows) {
  const rows = Math.max(1, Math.floor(BLOCK_BYTES / (width * channels)));
  for (let row = 0; row < height; row += rows) {
    const count = Math.min(rows, height - row);
    yield { data: read(row, count), first: row, count };
  }
}

function colorAt(data: Uint8Array | Uint8ClampedArray, at: number, channels: 3 | 4): number {
  const alpha = channels === 4 ? (data[at + 3] as number) : OPAQUE;
  return (
    ((data[at] as number) | ((data[at + 1] as number) << 8) | ((data[at + 2] as number) << 16) | (alpha << 24)) >>> 0
  );
}
