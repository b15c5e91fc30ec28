/**
 * Reads the .cube format: Adobe's specification 1.0 (TITLE, DOMAIN_MIN and _MAX, LUT_1D_SIZE, LUT_3D_SIZE) with what DaVinci
 * Resolve adds (LUT_1D_INPUT_RANGE, LUT_3D_INPUT_RANGE, and a 1D shaper before the 3D table in one file).
 */
import { ColorshineError, quote } from '../errors.js';
import { eachLine, readPlainRow, toPlainText } from './cube-rows.js';
import { identityLut, type Lut, MAX_FILE_LUT_SIZE, type Shaper, uniformAxis } from './lut.js';

/** Longest 1D table, as the specification says. */
const MAX_1D_SIZE = 65536;
/** The specification allows 250 characters a line; some writers go further. */
const MAX_LINE = 4096;
const MAX_COMMENTS = 64;
/** Bytes of `0 0 0` and a line feed, less the last one. */
const SHORTEST_ROW = 5;
const TRUSTED_ROWS = 1 << 16;

/** What looks like a keyword and is the first row, without a number in it. */
const NO_NUMBER = /^(nan|inf|infinity)\b/i;

/** A table read from a file, with what the file says about itself. */
export interface LutFile {
  /** Grid and, where the file has one, shaper; components 0 to 1. */
  readonly lut: Lut;
  /** Whether the file has a grid; without one `lut` holds its curves before an identity. */
  readonly has3D: boolean;
  /** Its TITLE; undefined when it has none. */
  readonly title?: string;
  /** Lines that begin with #, without it. */
  readonly comments: readonly string[];
}

/** What the keywords said. */
interface Head {
  size1D?: number;
  size3D?: number;
  min?: Row;
  max?: Row;
  range1D?: Range;
  range3D?: Range;
  title?: string;
}

type Row = [number, number, number];
type Range = [number, number];

/**
 * Reads a .cube file.
 *
 * @param file ASCII, UTF-8 or UTF-16 text; lines may end in LF, CR LF or CR, the file in NUL or 0x1A
 * @param name how errors call it; they also give the line's number
 * @throws INVALID_LUT
 */
export function parseCube(file: Uint8Array, name: string): LutFile {
  const bytes = toPlainText(file);
  const head: Head = {};
  const comments: string[] = [];
  let data: Float32Array | undefined;
  let filled = 0;
  const fail = (line: number, message: string): never => {
    throw new ColorshineError('INVALID_LUT', `${name}:${line}: ${message}`);
  };
  eachLine(bytes, (start, end, line) => {
    if (data && filled < data.length && readPlainRow(bytes, start, end, data, filled)) {
      filled += 3;
      return;
    }
    if (end - start > MAX_LINE) fail(line, `expected lines of at most ${MAX_LINE} characters, got ${end - start}`);
    const text = String.fromCharCode(...bytes.subarray(start, end)).trim();
    if (text === '') return;
    if (text.startsWith('#')) {
      if (comments.length < MAX_COMMENTS) comments.push(decodeUtf8(text.slice(1).trim()));
      return;
    }
    if (/^[+\-.\d]/.test(text) || (!data && NO_NUMBER.test(text))) {
      data ??= allocate(head, bytes.length, (message) => fail(line, message));
      if (filled === data.length) fail(line, `expected ${data.length / 3} rows, got more`);
      const row = readNumbers(withoutComment(text), 3);
      if (!row) fail(line, `expected three finite numbers, got ${quote(text)}`);
      data.set(row as Row, filled);
      filled += 3;
      return;
    }
    if (data) fail(line, `expected a row of three numbers after the first one, got ${quote(text)}`);
    readKeyword(text, head, (message) => fail(line, message));
  });
  if (!data) throw new ColorshineError('INVALID_LUT', `${name}: expected rows of three numbers, got none`);
  if (filled < data.length) {
    throw new ColorshineError('INVALID_LUT', `${name}: expected ${data.length / 3} rows, got ${filled / 3}`);
  }
  const { title } = head;
  return { lut: assemble(head, data, name), has3D: head.size3D !== undefined, ...(title && { title }), comments };
}

function readKeyword(text: string, head: Head, fail: (message: string) => never): void {
  const [keyword = '', rest = ''] = text.split(/\s+(.*)/s);
  const numbers = <N extends number>(count: N): number[] => {
    const found = readNumbers(withoutComment(rest), count);
    return (
      found ?? fail(`${keyword}: expected ${count} finite ${count === 1 ? 'number' : 'numbers'}, got ${quote(rest)}`)
    );
  };
  const size = (max: number): number => {
    const [value = 0] = numbers(1);
    if (Number.isInteger(value) && value >= 2 && value <= max) return value;
    return fail(`${keyword}: expected a whole number from 2 to ${max}, got ${quote(rest)}`);
  };
  switch (keyword.toUpperCase()) {
    case 'TITLE':
      head.title = decodeUtf8(rest.replace(/^"|"$/g, ''));
      return;
    case 'LUT_1D_SIZE':
      head.size1D = size(MAX_1D_SIZE);
      return;
    case 'LUT_3D_SIZE':
      head.size3D = size(MAX_FILE_LUT_SIZE);
      return;
    case 'DOMAIN_MIN':
      head.min = numbers(3) as Row;
      return;
    case 'DOMAIN_MAX':
      head.max = numbers(3) as Row;
      return;
    case 'LUT_1D_INPUT_RANGE':
      head.range1D = numbers(2) as Range;
      return;
    case 'LUT_3D_INPUT_RANGE':
      head.range3D = numbers(2) as Range;
      return;
    case 'LUT_IN_VIDEO_RANGE':
    case 'LUT_OUT_VIDEO_RANGE':
      fail(`${keyword}: expected a table for full-range values, got one for video range`);
      break;
    default:
      // The specification lets readers skip what they do not know, if it looks like a keyword.
      if (!/^[A-Z_][A-Z0-9_]*$/i.test(keyword)) fail(`expected a keyword or three numbers, got ${quote(text)}`);
  }
}

/** What some writers put behind numbers. */
function withoutComment(text: string): string {
  return text.replace(/\s+#.*$/, '');
}

/** Of UTF-8 bytes that were read as a character each; other bytes stay as they are. */
function decodeUtf8(text: string): string {
  const hex = (byte: string): string => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
  try {
    return decodeURIComponent(text.replace(/[%\u0080-\u00ff]/g, hex));
  } catch {
    return text; // Latin-1, most likely
  }
}

function allocate({ size1D, size3D }: Head, bytes: number, fail: (message: string) => never): Float32Array {
  if (size1D === undefined && size3D === undefined) {
    return fail('expected LUT_1D_SIZE or LUT_3D_SIZE before the first row, got none');
  }
  const rows = (size1D ?? 0) + (size3D ?? 0) ** 3;
  // A few bytes must not make us take 200 MB.
  if (rows > TRUSTED_ROWS && bytes < rows * SHORTEST_ROW) {
    return fail(`expected ${rows} rows, got a file of ${bytes} bytes`);
  }
  return new Float32Array(rows * 3);
}

/** The 1D rows come first. DOMAIN belongs to the first table of the file, an INPUT_RANGE to the one it names. */
function assemble({ size1D, size3D, min, max, range1D, range3D }: Head, data: Float32Array, name: string): Lut {
  const domain = (range: Range | undefined, isFirst: boolean): [Row, Row] => {
    const low: Row = range ? [range[0], range[0], range[0]] : isFirst && min ? min : [0, 0, 0];
    const high: Row = range ? [range[1], range[1], range[1]] : isFirst && max ? max : [1, 1, 1];
    if (low.every((x, k) => x < (high[k] as number))) return [low, high];
    throw new ColorshineError(
      'INVALID_LUT',
      `${name}: expected an input domain that rises, got ${low.join(' ')} to ${high.join(' ')}`,
    );
  };
  let shaper: Shaper | undefined;
  if (size1D !== undefined) {
    const [low, high] = domain(range1D, true);
    shaper = { size: size1D, min: low, max: high, values: data.slice(0, size1D * 3) };
  }
  if (size3D === undefined) return { ...identityLut(2), ...(shaper && { shaper }) };
  const [low, high] = domain(range3D, size1D === undefined);
  const axis = (k: 0 | 1 | 2): Float64Array => uniformAxis(size3D, low[k], high[k]);
  const nodes = size1D === undefined ? data : data.slice(size1D * 3);
  return { size: size3D, axes: [axis(0), axis(1), axis(2)], nodes, ...(shaper && { shaper }) };
}

/** @returns undefined unless there are exactly `count` finite numbers */
function readNumbers(text: string, count: number): number[] | undefined {
  const words = text.split(/\s+/);
  if (words.length !== count) return undefined;
  const numbers = words.map((word) => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : Number.NaN));
  // Float32 must hold it too: 1e300 would become infinite.
  return numbers.every((x) => Number.isFinite(Math.fround(x))) ? numbers : undefined;
}
