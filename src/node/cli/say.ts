/**
 * The only way by which words reach a terminal: names of files, tokens and recipes come from outside, and a terminal obeys
 * the control characters in them.
 */
import { escapeControls, formatJsonLine } from '../../core/plain-text.js';

/** Two columns of a color, as `createSwatch` paints them: nothing that they do outlasts them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the orders that are meant
const SWATCH = /(\u001b\[48;(?:2;\d{1,3};\d{1,3};\d{1,3}|5;\d{1,3})m {2}\u001b\[0m)/;

/** One line for people, on standard error. */
export function say(line: string): void {
  process.stderr.write(`${escapeControls(line)}\n`);
}

/** Text of several lines, on standard output unless told; swatches stay. A line feed is added. */
export function print(text: string, stream: NodeJS.WritableStream = process.stdout): void {
  stream.write(`${text.split('\n').map(escapeLine).join('\n')}\n`);
}

/** One object a line, for programs, on standard output unless told. */
export function printJson(value: object, stream: NodeJS.WritableStream = process.stdout): void {
  stream.write(`${formatJsonLine(value)}\n`);
}

function escapeLine(line: string): string {
  return line
    .split(SWATCH)
    .map((part, i) => (i % 2 === 1 ? part : escapeControls(part)))
    .join('');
}
