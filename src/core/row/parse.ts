import { ColorshineError, type ErrorCode, quote } from '../errors.js';
import { formatDecimal, parseDecimal, REACH_RANGE, STRENGTH_RANGE, TOLERANCE_RANGE } from '../options.js';
import type { Row } from '../types.js';
import { checkedAs } from './checked-as.js';
import { checkColor } from './color.js';

const EXAMPLES = '"blue;50;70", "blue -> teal;40;100" or "keep pink;~0.1;100"';
/** `keep` and what it keeps; a color is never called so. */
const KEEP = /^keep(?=\s|$|\{|#)/i;
/** What stands between two colors; ` to ` survives URLs and shells. Tokens and functions are skipped, whatever they hold. */
const ARROW = /\{[^}]*\}?|\([^)]*\)?|(->|→|\sto(?=\s|$))/gi;

/**
 * Reads a row as the command line and pasted recipes have it: `color;reach;strength`, `from -> color;reach;strength` or
 * `keep color;reach;strength`. Colors may be `{token.path}`; reach is a tolerance (`40` or `40%`), a distance (`~0.12`), or `auto`.
 *
 * @throws INVALID_ROW for a wrong form, INVALID_COLOR, INVALID_TOLERANCE, INVALID_REACH, INVALID_STRENGTH
 */
export function parseRow(text: string): Row {
  const parts = text.split(';').map((part) => part.trim());
  const [colors = '', reach = '', strength = ''] = parts;
  const { color, from, keep } = readColors(colors, text);
  if (parts.length !== 3) {
    throw new ColorshineError(
      'INVALID_ROW',
      `row: expected 3 parts "color;reach;strength" such as ${EXAMPLES}, got ${parts.length} in ${quote(text)}`,
    );
  }
  return {
    color: checkColor(color),
    ...(from !== undefined && { from: checkedAs('from', () => checkColor(from)) }),
    ...(keep && { keep }),
    ...readReach(reach, text, keep || from !== undefined),
    strength: readNumber(strength, text, 'strength', STRENGTH_RANGE, 'INVALID_STRENGTH'),
  };
}

/** The inverse of `parseRow`, to the last bit; whether the row is enabled is not said. */
export function formatRow(row: Row): string {
  return `${formatColors(row)};${formatReach(row)};${formatDecimal(row.strength)}`;
}

/** The colors of a row, as `parseRow` reads them. */
export function formatColors({ color, from, keep }: Pick<Row, 'color' | 'from' | 'keep'>): string {
  if (keep) return `keep ${color}`;
  return from === undefined ? color : `${from} -> ${color}`;
}

/** The reach of a row, as `parseRow` reads it. */
export function formatReach({ tolerance = 0, reach }: Pick<Row, 'tolerance' | 'reach'>): string {
  if (reach === undefined) return formatDecimal(tolerance);
  return reach === 'auto' ? reach : `~${formatDecimal(reach)}`;
}

/** Whether a text was meant as a row, right or wrong: by its semicolons, an arrow, or the word keep. */
export function looksLikeRow(text: string): boolean {
  return text.includes(';') || KEEP.test(text.trim()) || splitAtArrows(text).length > 1;
}

/** The colors as written, unchecked. */
function readColors(part: string, whole: string): Pick<Row, 'color' | 'from' | 'keep'> {
  const kept = KEEP.test(part);
  const [first = '', second, ...more] = splitAtArrows(kept ? part.slice('keep'.length) : part);
  if (kept && second !== undefined) throw badForm('keep', 'a color and no arrow, as in "keep pink;~0.1;100"', whole);
  if (more.length > 0) throw badForm('row', 'one arrow, as in "blue -> teal;40;100"', whole);
  if (kept && first === '') throw badForm('keep', 'a color after it, as in "keep pink;~0.1;100"', whole);
  if (second === undefined) return { color: first, ...(kept && { keep: true }) };
  if (first === '') throw badForm('from', 'a color before the arrow, as in "blue -> teal;40;100"', whole);
  if (second === '') throw badForm('color', 'a color after the arrow, as in "blue -> teal;40;100"', whole);
  return { color: second, from: first };
}

/** The pieces between arrows, trimmed. */
function splitAtArrows(text: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  for (const { index, 0: match, 1: arrow } of text.matchAll(ARROW)) {
    if (arrow === undefined) continue;
    pieces.push(text.slice(start, index));
    start = index + match.length;
  }
  return [...pieces, text.slice(start)].map((piece) => piece.trim());
}

function readReach(part: string, whole: string, mayBeAuto = false): Pick<Row, 'tolerance' | 'reach'> {
  if (part.toLowerCase() === 'auto') {
    if (mayBeAuto) return { reach: 'auto' };
    throw badForm(
      'reach',
      'auto on a repaint or keep row alone, a tolerance such as 40 or ~0.12 on an attractor',
      whole,
    );
  }
  if (!part.startsWith('~')) {
    const percent = part.endsWith('%') ? part.slice(0, -1).trimEnd() : part;
    return { tolerance: readNumber(percent, whole, 'tolerance', TOLERANCE_RANGE, 'INVALID_TOLERANCE', part) };
  }
  const distance = part.slice(1).trim();
  return { reach: readNumber(distance, whole, 'reach', REACH_RANGE, 'INVALID_REACH', part, ' after ~') };
}

function readNumber(
  part: string,
  whole: string,
  name: string,
  range: { readonly min: number; readonly max: number },
  code: ErrorCode,
  shown = part,
  place = '',
): number {
  const value = parseDecimal(part);
  if (value >= range.min && value <= range.max) return value;
  throw new ColorshineError(
    code,
    `${name}: expected a number from ${range.min} to ${range.max}${place}, got ${quote(shown)} in ${quote(whole)}`,
  );
}

function badForm(name: string, expected: string, whole: string): ColorshineError {
  return new ColorshineError('INVALID_ROW', `${name}: expected ${expected}, got ${quote(whole)}`);
}
