/** Lines and rows of numbers out of a text that may be hundreds of megabytes, without a string of it. */

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** Of CP/M and MS-DOS. */
const END_OF_FILE = 0x1a;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
/** A whole number of 15 digits divided by one of these powers is the decimal's nearest double: both are exact. */
const MAX_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: MAX_DIGITS + 1 }, (_, i) => 10 ** i);

/** UTF-8 without what old systems put at a file's end. @param file also UTF-16 that says so by its byte order mark */
export function toPlainText(file: Uint8Array): Uint8Array {
  const isLittle = file[0] === 0xff && file[1] === 0xfe;
  const text = isLittle || (file[0] === 0xfe && file[1] === 0xff) ? fromUtf16(file.subarray(2), isLittle) : file;
  let end = text.length;
  while (end > 0 && (text[end - 1] === 0 || text[end - 1] === END_OF_FILE)) end--;
  return text.subarray(0, end);
}

function fromUtf16(units: Uint8Array, isLittle: boolean): Uint8Array {
  const out = new Uint8Array((units.length >> 1) * 3);
  let end = 0;
  for (let i = 0; i + 1 < units.length; i += 2) {
    const [first, second] = [units[i] as number, units[i + 1] as number];
    const code = isLittle ? first | (second << 8) : (first << 8) | second;
    // Each half of a pair alone: no name or comment is worth more.
    if (code < 0x80) out[end++] = code;
    else if (code < 0x800) out.set([0xc0 | (code >> 6), 0x80 | (code & 63)], (end += 2) - 2);
    else out.set([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)], (end += 3) - 3);
  }
  return out.subarray(0, end);
}

/** Calls back with the bytes of each line, [start, end), and its number from 1. Lines end in LF, CR LF or CR. */
export function eachLine(bytes: Uint8Array, visit: (start: number, end: number, line: number) => void): void {
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0; // a byte order mark
  for (let line = 1; start < bytes.length; line++) {
    let end = start;
    while (end < bytes.length && bytes[end] !== LINE_FEED && bytes[end] !== CARRIAGE_RETURN) end++;
    visit(start, end, line);
    start = bytes[end] === CARRIAGE_RETURN && bytes[end + 1] === LINE_FEED ? end + 2 : end + 1;
  }
}

/**
 * Reads a row of three plain decimals, such as `0.25 -1 .5`. Nearly all rows of nearly all files are that; regular
 * expressions took 4 s for the two million rows of 129 nodes, this takes half a second.
 *
 * @param out receives the three numbers at `at`
 * @returns false for anything else, good or bad; `out` may then hold a part
 */
export function readPlainRow(bytes: Uint8Array, start: number, end: number, out: Float32Array, at: number): boolean {
  let i = start;
  for (let k = 0; k < 3; k++) {
    while (i < end && isBlank(bytes[i] as number)) i++;
    const isNegative = bytes[i] === 45;
    if (isNegative || bytes[i] === 43) i++;
    let mantissa = 0;
    let digits = 0;
    let point = -1;
    for (; i < end; i++) {
      const byte = bytes[i] as number;
      if (byte >= DIGIT_0 && byte <= DIGIT_9) {
        mantissa = mantissa * 10 + byte - DIGIT_0;
        digits++;
      } else if (byte === 46 && point < 0) point = digits;
      else break;
    }
    if (digits === 0 || digits > MAX_DIGITS || (i < end && !isBlank(bytes[i] as number))) return false;
    const value = mantissa / (POWERS_OF_TEN[point < 0 ? 0 : digits - point] as number);
    out[at + k] = isNegative ? -value : value;
  }
  while (i < end && isBlank(bytes[i] as number)) i++;
  return i === end;
}

function isBlank(byte: number): boolean {
  return byte === 32 || byte === 9;
}
