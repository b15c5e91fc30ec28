import { concatBytes } from '../../src/codec/bytes.js';
import { corrupt } from '../../src/codec/corrupt.js';
import { type PngChunk, type PngHeader, readPngHeader } from '../../src/codec/png-chunks.js';
import { throwIfCanceled } from '../../src/core/errors.js';
import type { Pacer } from './pacer.js';
import { inflate } from './zlib.js';

/**
 * Decodes a PNG without the browser's canvas, which damages translucent pixels: the way where WebGL2 is missing.
 *
 * @returns RGBA, 8 bits, unpremultiplied; 16-bit samples are scaled and rounded
 * @throws INPUT_CORRUPT
 */
export async function decodePng(chunks: readonly PngChunk[], pacer: Pacer): Promise<Uint8Array> {
  const header = readPngHeader(chunks);
  const data = (type: string): Uint8Array[] => chunks.filter((chunk) => chunk.type === type).map((chunk) => chunk.data);
  let packed: Uint8Array;
  try {
    packed = await inflate(concatBytes(data('IDAT')), pacer);
  } catch (cause) {
    throwIfCanceled(pacer.signal);
    throw corrupt("the PNG's pixels are broken", cause);
  }
  const expand = createExpander(header, data('PLTE')[0], data('tRNS')[0]);
  const out = new Uint8Array(header.width * header.height * 4);
  let at = 0;
  for (const pass of header.interlaced ? ADAM7 : [[0, 0, 1, 1] as const]) {
    const [x0, y0, dx, dy] = pass;
    const width = Math.ceil((header.width - x0) / dx);
    const height = Math.ceil((header.height - y0) / dy);
    if (width <= 0 || height <= 0) continue;
    const rowBytes = Math.ceil((width * bitsPerPixel(header)) / 8);
    if (at + (rowBytes + 1) * height > packed.length) throw corrupt('the PNG has too few pixels');
    const step = Math.max(1, bitsPerPixel(header) >> 3);
    let above: Uint8Array = new Uint8Array(rowBytes);
    for (let row = 0; row < height; row++) {
      const line = packed.subarray(at + 1, at + 1 + rowBytes);
      unfilter(packed[at] as number, line, above, step);
      expand(line, width, out, ((y0 + row * dy) * header.width + x0) * 4, dx * 4);
      above = line;
      at += rowBytes + 1;
      if (row % 64 === 63) await pacer.pause();
    }
  }
  return out;
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

const SAMPLES = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

function bitsPerPixel({ colorType, bitDepth }: PngHeader): number {
  return SAMPLES[colorType] * bitDepth;
}

/** Undoes one row's filter, in place. */
function unfilter(filter: number, line: Uint8Array, above: Uint8Array, step: number): void {
  const n = line.length;
  const get = (i: number): number => (i < 0 ? 0 : (line[i] as number));
  if (filter === 1) for (let i = step; i < n; i++) line[i] = (line[i] as number) + (line[i - step] as number);
  else if (filter === 2) for (let i = 0; i < n; i++) line[i] = (line[i] as number) + (above[i] as number);
  else if (filter === 3) {
    for (let i = 0; i < n; i++) line[i] = (line[i] as number) + ((get(i - step) + (above[i] as number)) >> 1);
  } else if (filter === 4) {
    for (let i = 0; i < n; i++) {
      const left = i < step ? 0 : (line[i - step] as number);
      const upLeft = i < step ? 0 : (above[i - step] as number);
      line[i] = (line[i] as number) + paeth(left, above[i] as number, upLeft);
    }
  } else if (filter !== 0) throw corrupt('the PNG has an unknown filter');
}

/** The neighbor nearest to left + up - upLeft; ties go to left, then up. */
export function paeth(left: number, up: number, upLeft: number): number {
  const dLeft = Math.abs(up - upLeft);
  const dUp = Math.abs(left - upLeft);
  const dUpLeft = Math.abs(left + up - 2 * upLeft);
  return dLeft <= dUp && dLeft <= dUpLeft ? left : dUp <= dUpLeft ? up : upLeft;
}

type Expand = (line: Uint8Array, width: number, out: Uint8Array, at: number, step: number) => void;

/** Turns one row of packed samples into RGBA pixels that lie `step` bytes apart from `at` on. */
function createExpander({ colorType, bitDepth }: PngHeader, plte?: Uint8Array, trns?: Uint8Array): Expand {
  const samples = SAMPLES[colorType];
  const max = (1 << bitDepth) - 1;
  const sample = (line: Uint8Array, i: number): number => {
    if (bitDepth === 8) return line[i] as number;
    if (bitDepth === 16) return ((line[2 * i] as number) << 8) | (line[2 * i + 1] as number);
    const bit = i * bitDepth;
    return ((line[bit >> 3] as number) >> (8 - bitDepth - (bit & 7))) & max;
  };
  const to8 = (x: number): number => (bitDepth === 8 ? x : Math.round((x * 255) / max));
  const key = (i: number): number =>
    trns && trns.length > 2 * i + 1 ? ((trns[2 * i] ?? 0) << 8) | (trns[2 * i + 1] ?? 0) : -1;

  return (line, width, out, start, step) => {
    for (let x = 0, at = start; x < width; x++, at += step) {
      const first = sample(line, x * samples);
      if (colorType === 3) {
        out[at] = plte?.[first * 3] ?? 0;
        out[at + 1] = plte?.[first * 3 + 1] ?? 0;
        out[at + 2] = plte?.[first * 3 + 2] ?? 0;
        out[at + 3] = trns?.[first] ?? 255;
        continue;
      }
      const grey = samples < 3;
      const second = grey ? first : sample(line, x * samples + 1);
      const third = grey ? first : sample(line, x * samples + 2);
      out[at] = to8(first);
      out[at + 1] = to8(second);
      out[at + 2] = to8(third);
      const isKey = first === key(0) && (grey || (second === key(1) && third === key(2)));
      out[at + 3] = colorType >= 4 ? to8(sample(line, x * samples + samples - 1)) : isKey ? 0 : 255;
    }
  };
}
