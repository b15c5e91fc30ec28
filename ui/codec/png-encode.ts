import { concatBytes } from '../../src/codec/bytes.js';
import { makePngChunk, PNG_SIGNATURE } from '../../src/codec/png-chunks.js';
import type { Pacer } from './pacer.js';
import { paeth } from './png-decode.js';
import { deflate } from './zlib.js';

/** Chunks that keep their meaning when colors change; others (histogram, EXIF, times) would lie. */
const KEPT_CHUNKS = new Set(['cICP', 'iCCP', 'sRGB', 'gAMA', 'cHRM', 'mDCV', 'cLLI', 'pHYs', 'tEXt', 'zTXt', 'iTXt']);

/**
 * Encodes RGBA as PNG, byte for byte: RGB when all is opaque, a palette when there are at most 256 colors.
 *
 * @param data RGBA, 8 bits, unpremultiplied
 * @param kept chunks of the source file; those that describe the color space, size and texts are written again
 */
export async function encodePng(
  data: Uint8Array,
  width: number,
  height: number,
  kept: readonly { type: string; data: Uint8Array }[],
  pacer: Pacer,
): Promise<Uint8Array> {
  const words = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const survey = await surveyPixels(words, pacer);
  const { colorType, rows } = survey.palette
    ? { colorType: 3, rows: await packIndexed(words, width, height, survey.palette, pacer) }
    : { colorType: survey.opaque ? 2 : 6, rows: await filterRows(data, width, height, survey.opaque ? 3 : 4, pacer) };

  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, colorType], 8);
  const parts = [PNG_SIGNATURE, makePngChunk('IHDR', header)];
  for (const chunk of kept) if (KEPT_CHUNKS.has(chunk.type)) parts.push(makePngChunk(chunk.type, chunk.data));
  if (survey.palette) parts.push(...paletteChunks(survey.palette));
  const packed = await deflate(rows, pacer);
  await pacer.pause();
  for (let at = 0; at < packed.length; at += 1 << 20) {
    parts.push(makePngChunk('IDAT', packed.subarray(at, at + (1 << 20))));
    await pacer.pause();
  }
  parts.push(makePngChunk('IEND', new Uint8Array(0)));
  return concatBytes(parts);
}

interface Survey {
  readonly opaque: boolean;
  /** RGBA words, translucent ones first, when there are at most 256. */
  readonly palette: Uint32Array | undefined;
}

async function surveyPixels(words: Uint32Array, pacer: Pacer): Promise<Survey> {
  const seen = new Set<number>();
  let opaque = true;
  let last = -1;
  for (let i = 0; i < words.length; i++) {
    if ((i & 0x3ffff) === 0x3ffff) await pacer.pause();
    const word = words[i] as number;
    if (word === last) continue;
    last = word;
    if (word < 0xff000000) opaque = false;
    if (seen.size <= 256) seen.add(word);
    else if (!opaque) break;
  }
  if (seen.size > 256) return { opaque, palette: undefined };
  // Translucent first, so that tRNS, which may be shorter than the palette, is short.
  return { opaque, palette: Uint32Array.from(seen).sort() };
}

function paletteChunks(palette: Uint32Array): Uint8Array[] {
  const colors = new Uint8Array(palette.length * 3);
  const alphas: number[] = [];
  palette.forEach((word, i) => {
    colors.set([word & 255, (word >>> 8) & 255, (word >>> 16) & 255], i * 3);
    if (word < 0xff000000) alphas.push(word >>> 24);
  });
  const chunks = [makePngChunk('PLTE', colors)];
  if (alphas.length > 0) chunks.push(makePngChunk('tRNS', Uint8Array.from(alphas)));
  return chunks;
}

async function packIndexed(
  words: Uint32Array,
  width: number,
  height: number,
  palette: Uint32Array,
  pacer: Pacer,
): Promise<Uint8Array> {
  const index = new Map<number, number>();
  palette.forEach((word, i) => {
    index.set(word, i);
  });
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0, from = 0, to = 0; y < height; y++) {
    rows[to++] = 0;
    for (let x = 0; x < width; x++) rows[to++] = index.get(words[from++] as number) as number;
    if (y % 64 === 63) await pacer.pause();
  }
  return rows;
}

/** Rows judged for a filter before one is kept for the next rows too: judging costs five times the writing. */
const FILTERS = [0, 1, 2, 3, 4] as const;
/** Judge with every 4th pixel: the same choice almost always, at a quarter of the time. */
const JUDGE_STRIDE = 4;

/** Gives each row the filter with the smallest sum of absolute residuals (the PNG specification's heuristic). */
async function filterRows(
  data: Uint8Array,
  width: number,
  height: number,
  samples: 3 | 4,
  pacer: Pacer,
): Promise<Uint8Array> {
  const rowBytes = width * samples;
  const out = new Uint8Array((rowBytes + 1) * height);
  let line = new Uint8Array(rowBytes);
  let above = new Uint8Array(rowBytes);
  for (let y = 0; y < height; y++) {
    copyRow(data, y * width * 4, line, samples);
    const at = y * (rowBytes + 1);
    const filter = chooseFilter(line, above, samples);
    out[at] = filter;
    writeFiltered(filter, line, above, samples, out, at + 1);
    [line, above] = [above, line];
    if (y % 16 === 15) await pacer.pause();
  }
  return out;
}

function copyRow(data: Uint8Array, from: number, line: Uint8Array, samples: 3 | 4): void {
  if (samples === 4) {
    line.set(data.subarray(from, from + line.length));
    return;
  }
  for (let i = 0, at = from; i < line.length; i += 3, at += 4) {
    line[i] = data[at] as number;
    line[i + 1] = data[at + 1] as number;
    line[i + 2] = data[at + 2] as number;
  }
}

function chooseFilter(line: Uint8Array, above: Uint8Array, step: number): number {
  let none = 0;
  let sub = 0;
  let up = 0;
  let average = 0;
  let nearest = 0;
  const skip = step * (JUDGE_STRIDE - 1);
  for (let i = step; i < line.length; i += skip) {
    for (let k = 0; k < step && i < line.length; k++, i++) {
      const x = line[i] as number;
      const a = line[i - step] as number;
      const b = above[i] as number;
      const c = above[i - step] as number;
      none += magnitude(x);
      sub += magnitude(x - a);
      up += magnitude(x - b);
      average += magnitude(x - ((a + b) >> 1));
      nearest += magnitude(x - paeth(a, b, c));
    }
  }
  const costs = [none, sub, up, average, nearest];
  return FILTERS.reduce((best, f) => ((costs[f] as number) < (costs[best] as number) ? f : best), 0 as number);
}

/** A residual modulo 256, as a distance from 0. */
function magnitude(residual: number): number {
  const byte = residual & 255;
  return byte < 128 ? byte : 256 - byte;
}

function writeFiltered(
  filter: number,
  line: Uint8Array,
  above: Uint8Array,
  step: number,
  out: Uint8Array,
  at: number,
): void {
  const n = line.length;
  if (filter === 0) {
    out.set(line, at);
    return;
  }
  for (let i = 0; i < n; i++) {
    const a = i < step ? 0 : (line[i - step] as number);
    const b = above[i] as number;
    const c = i < step ? 0 : (above[i - step] as number);
    const guess = filter === 1 ? a : filter === 2 ? b : filter === 3 ? (a + b) >> 1 : paeth(a, b, c);
    out[at + i] = (line[i] as number) - guess;
  }
}
