import { concatBytes } from '../../src/codec/bytes.js';
import { ADAPTIVE, NONE } from '../../src/codec/png/assembly/layout.js';
import { chooseWay, type Packers, type PngSlice } from '../../src/codec/png/choose-way.js';
import { countPieceRows, deflateRows } from '../../src/codec/png/deflate-rows.js';
import { openKernel, type PngKernel } from '../../src/codec/png/kernel.js';
import { findPalette, indexedRowBytes, indexRows, type Palette, writePalette } from '../../src/codec/png/palette.js';
import type { PngRows } from '../../src/codec/png/png-rows.js';
import { makePngChunk, PNG_SIGNATURE } from '../../src/codec/png-chunks.js';
import { openPlainFilter, type RowFilter } from './filter-plainly.js';
import type { Pacer } from './pacer.js';
import { cut, deflate } from './zlib.js';

/** Chunks that keep their meaning when colors change; others (histogram, EXIF, times) would lie. */
const KEPT_CHUNKS = new Set(['cICP', 'iCCP', 'sRGB', 'gAMA', 'cHRM', 'mDCV', 'cLLI', 'pHYs', 'tEXt', 'zTXt', 'iTXt']);
const INDEXED = 3;
const IDAT_BYTES = 1 << 20;

export interface PngSource {
  /** RGBA, 8 bits, unpremultiplied. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Whether each alpha is 255. */
  readonly opaque: boolean;
}

/**
 * Encodes RGBA as PNG, byte for byte: RGB when all is opaque, a palette when there are at most 256 colors; else in the way that
 * suits the pixels (src/codec/png/choose-way.ts).
 *
 * @param kept chunks of the source file; those that describe the color space, size and texts are written again
 */
export async function encodePng(
  source: PngSource,
  kept: readonly { type: string; data: Uint8Array }[],
  pacer: Pacer,
): Promise<Uint8Array> {
  const picture = readRows(source);
  const palette = await findPalette(picture, () => pacer.pause());
  const parts = [PNG_SIGNATURE, makeHeader(picture, palette)];
  for (const chunk of kept) if (KEPT_CHUNKS.has(chunk.type)) parts.push(makePngChunk(chunk.type, chunk.data));
  if (palette) {
    const { plte, trns } = writePalette(palette);
    parts.push(makePngChunk('PLTE', plte));
    if (trns.length > 0) parts.push(makePngChunk('tRNS', trns));
  }
  const packed = palette ? await packIndexed(picture, palette, pacer) : await packPixels(picture, pacer);
  for (const piece of cut([concatBytes(packed)], IDAT_BYTES)) {
    parts.push(makePngChunk('IDAT', piece));
    await pacer.pause();
  }
  parts.push(makePngChunk('IEND', new Uint8Array(0)));
  return concatBytes(parts);
}

function makeHeader({ width, height, channels }: PngRows, palette: Palette | undefined): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set(palette ? [palette.bitDepth, INDEXED] : [8, channels === 3 ? 2 : 6], 8);
  return makePngChunk('IHDR', header);
}

function readRows({ data, width, height, opaque }: PngSource): PngRows {
  if (!opaque) {
    return {
      ...{ width, height, channels: 4 },
      read: (row, count) => data.subarray(row * width * 4, (row + count) * width * 4),
    };
  }
  let rgb = new Uint8Array(0);
  return {
    ...{ width, height, channels: 3 },
    read(row, count) {
      const length = count * width * 3;
      if (rgb.length < length) rgb = new Uint8Array(length);
      for (let at = 0, from = row * width * 4; at < length; at += 3, from += 4) {
        rgb[at] = data[from] as number;
        rgb[at + 1] = data[from + 1] as number;
        rgb[at + 2] = data[from + 2] as number;
      }
      return rgb.subarray(0, length);
    },
  };
}

async function packIndexed(picture: PngRows, palette: Palette, pacer: Pacer): Promise<Uint8Array[]> {
  const rowBytes = indexedRowBytes(picture, palette);
  const places = await indexRows(picture, palette, () => pacer.pause());
  const indexed: PngRows = {
    ...picture,
    read: (row, count) => places.subarray(row * rowBytes, (row + count) * rowBytes),
  };
  return deflate(filterRows(indexed, openPlainFilter({ rowBytes, pixelBytes: 1 }), NONE, pacer));
}

async function packPixels(picture: PngRows, pacer: Pacer): Promise<Uint8Array[]> {
  const way = await chooseWay(picture, PACKERS);
  const shape = { rowBytes: picture.width * picture.channels, pixelBytes: picture.channels };
  const kernel = openKernel({ ...shape, rows: countPieceRows(picture) });
  if (way !== 'runs' || !kernel) {
    const filter = kernel ?? openPlainFilter(shape);
    return deflate(filterRows(picture, filter, way === 'plain' ? NONE : ADAPTIVE, pacer));
  }
  const packed: Uint8Array[] = [];
  for await (const part of deflateRows(picture, kernel, () => pacer.pause())) packed.push(part.slice());
  return packed;
}

async function* filterRows(
  picture: PngRows,
  filter: RowFilter,
  kind: number,
  pacer: Pacer,
): AsyncGenerator<Uint8Array> {
  const rows = countPieceRows(picture);
  filter.begin();
  for (let row = 0; row < picture.height; row += rows) {
    const count = Math.min(rows, picture.height - row);
    const filtered = filter.filter(picture.read(row, count), kind);
    for (const piece of cut([filtered])) {
      yield piece;
      await pacer.pause();
    }
  }
}

/** By the browser's zlib. */
const PACKERS: Packers = {
  filtered: (slice, kernel) => packSlice(slice, ADAPTIVE, kernel),
  plain: (slice, kernel) => packSlice(slice, NONE, kernel),
};

async function packSlice({ data, width, channels }: PngSlice, kind: number, kernel?: PngKernel): Promise<number> {
  const filter = kernel ?? openPlainFilter({ rowBytes: width * channels, pixelBytes: channels });
  filter.begin();
  const packed = await deflate([filter.filter(data, kind).slice()]); // the kernel filters the next slice meanwhile
  return packed.reduce((sum, { length }) => sum + length, 0);
}
