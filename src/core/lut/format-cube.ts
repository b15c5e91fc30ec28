import { ColorshineError } from '../errors.js';
import { type Lut, uniformAxis } from './lut.js';

/** Rows handed over at once, some 440 KB: 129 nodes make 58 MB. */
const CHUNK_ROWS = 1 << 14;
/** `-999999984306749440000.000000` and a blank: from 1e21 on numbers are written with an exponent, which is shorter. */
const MAX_NUMBER_BYTES = 30;
/** Values below this are written digit by digit: in millionths they are whole numbers of 31 bits. */
const DIGITS_LIMIT = 2000;
const ASCII_0 = 48;

/** The digits of 0 to 999, three bytes each. */
const TRIPLES = Uint8Array.from({ length: 3000 }, (_, i) => {
  const number = Math.floor(i / 3);
  return ASCII_0 + ([Math.floor(number / 100), Math.floor(number / 10) % 10, number % 10][i % 3] as number);
});

/**
 * Text of a .cube file: evenly spaced nodes over [0, 1], six decimals (finer than 16 bits).
 *
 * @param title and comments may hold anything; what is not printable ASCII becomes `?`
 * @throws INVALID_LUT for a table with a shaper or uneven axes, which the format cannot hold
 */
export function formatCube(lut: Lut, title: string, comments: readonly string[]): string {
  const parts: string[] = [];
  for (const chunk of cubeChunks(lut, title, comments)) {
    // A call takes some ten thousand arguments.
    for (let at = 0; at < chunk.length; at += 1 << 13) {
      // Spreading would go through an iterator, which takes four times as long.
      parts.push(Reflect.apply(String.fromCharCode, null, chunk.subarray(at, at + (1 << 13))));
    }
  }
  return parts.join('');
}

/**
 * The same in pieces, ASCII, so that neither time nor memory is taken at once.
 *
 * @returns the first step throws; a chunk is valid until the next step, which uses its memory again
 */
export function* cubeChunks(
  { size, axes, nodes, shaper }: Lut,
  title: string,
  comments: readonly string[],
): Generator<Uint8Array, void> {
  const even = uniformAxis(size);
  const isEven = axes.every((axis) => axis.every((x, i) => Math.abs(x - (even[i] as number)) < 1e-9));
  if (shaper || !isEven) throw new ColorshineError('INVALID_LUT', 'lut: expected an even grid over [0, 1] to write');
  const head = [
    `TITLE "${toAscii(title).replaceAll('"', "'").slice(0, 240)}"`,
    ...comments.map((comment) => `# ${toAscii(comment).slice(0, 240)}`),
    `LUT_3D_SIZE ${size}`,
    'DOMAIN_MIN 0.0 0.0 0.0',
    'DOMAIN_MAX 1.0 1.0 1.0',
  ];
  yield Uint8Array.from(`${head.join('\n')}\n`, (character) => character.charCodeAt(0));
  const chunk = new Uint8Array(CHUNK_ROWS * 3 * MAX_NUMBER_BYTES);
  for (let start = 0; start < nodes.length; start += CHUNK_ROWS * 3) {
    const end = Math.min(nodes.length, start + CHUNK_ROWS * 3);
    let filled = 0;
    for (let i = start; i < end; i += 3) {
      filled = writeNumber(nodes[i] as number, chunk, filled);
      chunk[filled++] = 32;
      filled = writeNumber(nodes[i + 1] as number, chunk, filled);
      chunk[filled++] = 32;
      filled = writeNumber(nodes[i + 2] as number, chunk, filled);
      chunk[filled++] = 10;
    }
    yield chunk.subarray(0, filled);
  }
}

/** Writes `value.toFixed(6)`. @param value a float32: its millionths are exact in float64, so that rounding is too. @returns the end */
function writeNumber(value: number, out: Uint8Array, start: number): number {
  let at = start;
  const size = Math.abs(value);
  if (!(size < DIGITS_LIMIT)) {
    const text = value.toFixed(6);
    for (let k = 0; k < text.length; k++) out[at++] = text.charCodeAt(k);
    return at;
  }
  if (value < 0) out[at++] = 45;
  const millionths = (size * 1e6 + 0.5) | 0;
  const thousandths = (millionths / 1000) | 0;
  const whole = (thousandths / 1000) | 0;
  if (whole < 10) {
    out[at++] = ASCII_0 + whole;
  } else {
    const text = String(whole);
    for (let k = 0; k < text.length; k++) out[at++] = text.charCodeAt(k);
  }
  const upper = 3 * (thousandths - whole * 1000);
  const lower = 3 * (millionths - thousandths * 1000);
  out[at] = 46;
  out[at + 1] = TRIPLES[upper] as number;
  out[at + 2] = TRIPLES[upper + 1] as number;
  out[at + 3] = TRIPLES[upper + 2] as number;
  out[at + 4] = TRIPLES[lower] as number;
  out[at + 5] = TRIPLES[lower + 1] as number;
  out[at + 6] = TRIPLES[lower + 2] as number;
  return at + 7;
}

/** Readers of .cube files choke on anything else. */
function toAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
