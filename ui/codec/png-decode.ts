import { corrupt } from '../../src/codec/corrupt.js';
import { type PngChunk, type PngHeader, readPngHeader } from '../../src/codec/png-chunks.js';
import { throwIfCanceled } from '../../src/core/errors.js';
import { createExpander, SAMPLES } from './expand-row.js';
import type { Pacer } from './pacer.js';
import { unfilter } from './unfilter-row.js';
import { inflateInto } from './zlib.js';

/**
 * Decodes a PNG without the browser's decoder and canvas: they take twice the time, convert colors and damage translucent pixels.
 *
 * @returns RGBA, 8 bits, unpremultiplied; 16-bit samples are scaled and rounded
 * @throws INPUT_CORRUPT
 */
export async function decodePng(chunks: readonly PngChunk[], pacer: Pacer): Promise<Uint8Array> {
  const header = readPngHeader(chunks);
  const data = (type: string): Uint8Array[] => chunks.filter((chunk) => chunk.type === type).map((chunk) => chunk.data);
  const passes = passesOf(header);
  const rows = await unpack(data('IDAT'), passes, pacer);
  const expand = createExpander(header, data('PLTE')[0], data('tRNS')[0]);
  const out = new Uint8Array(header.width * header.height * 4);
  const step = Math.max(1, bitsPerPixel(header) >> 3);
  let at = 0;
  for (const { x0, y0, dx, dy, width, height, rowBytes } of passes) {
    let above = new Uint8Array(rowBytes);
    for (let row = 0; row < height; row++) {
      const line = rows.subarray(at + 1, at + 1 + rowBytes);
      unfilter(rows[at] as number, line, above, step);
      expand(line, width, out, ((y0 + row * dy) * header.width + x0) * 4, dx * 4);
      above = line;
      at += rowBytes + 1;
      if (row % 64 === 63) await pacer.pause();
    }
  }
  return out;
}

/** @returns filtered rows of all passes. @throws INPUT_CORRUPT */
async function unpack(
  packed: readonly Uint8Array[],
  passes: readonly Pass[],
  pacer: Pacer,
): Promise<Uint8Array<ArrayBuffer>> {
  const rows = new Uint8Array(passes.reduce((sum, { rowBytes, height }) => sum + (rowBytes + 1) * height, 0));
  let filled: number;
  try {
    filled = await inflateInto(rows, packed, pacer);
  } catch (cause) {
    throwIfCanceled(pacer.signal);
    throw corrupt("the PNG's pixels are broken", cause);
  }
  if (filled < rows.length) throw corrupt('the PNG has too few pixels');
  return rows;
}

/** First column, first row, column step, row step of each pass. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const WHOLE = [[0, 0, 1, 1]] as const;

/** Where the pixels of one pass belong, and how many they are. */
interface Pass {
  readonly x0: number;
  readonly y0: number;
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  readonly height: number;
  readonly rowBytes: number;
}

function passesOf(header: PngHeader): Pass[] {
  return (header.interlaced ? ADAM7 : WHOLE).flatMap(([x0, y0, dx, dy]) => {
    const width = Math.ceil((header.width - x0) / dx);
    const height = Math.ceil((header.height - y0) / dy);
    const rowBytes = Math.ceil((width * bitsPerPixel(header)) / 8);
    return width <= 0 || height <= 0 ? [] : [{ x0, y0, dx, dy, width, height, rowBytes }];
  });
}

function bitsPerPixel({ colorType, bitDepth }: PngHeader): number {
  return SAMPLES[colorType] * bitDepth;
}
