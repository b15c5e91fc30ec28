import { ColorshineError, type ErrorCode, quote } from '../errors.js';
import { formatDecimal, parseDecimal, STRENGTH_RANGE, TOLERANCE_RANGE } from '../options.js';
import type { Attractor } from '../types.js';
import { checkColor } from './color.js';

/**
 * Reads `color;tolerance;strength`, the form of the command line and of pasted recipes. The color may be a `{token.path}`.
 *
 * @throws INVALID_ATTRACTOR for a wrong number of parts, INVALID_COLOR, INVALID_TOLERANCE, INVALID_STRENGTH
 */
export function parseAttractor(text: string): Attractor {
  const parts = text.split(';');
  if (parts.length !== 3) {
    throw new ColorshineError(
      'INVALID_ATTRACTOR',
      `attractor: expected 3 parts "color;tolerance;strength" such as "blue;50;70", got ${parts.length} in ${quote(text)}`,
    );
  }
  const [color = '', tolerance = '', strength = ''] = parts.map((part) => part.trim());
  checkColor(color);
  return {
    color,
    tolerance: readNumber(tolerance, text, 'tolerance', TOLERANCE_RANGE, 'INVALID_TOLERANCE'),
    strength: readNumber(strength, text, 'strength', STRENGTH_RANGE, 'INVALID_STRENGTH'),
  };
}

/** The inverse of `parseAttractor`, to the last bit; whether it is enabled is not said. */
export function formatAttractor({ color, tolerance, strength }: Attractor): string {
  return `${color};${formatDecimal(tolerance)};${formatDecimal(strength)}`;
}

function readNumber(
  part: string,
  whole: string,
  name: string,
  range: { readonly min: number; readonly max: number },
  code: ErrorCode,
): number {
  const value = parseDecimal(part);
  if (value >= range.min && value <= range.max) return value;
  throw new ColorshineError(
    code,
    `${name}: expected a number from ${range.min} to ${range.max}, got ${quote(part)} in ${quote(whole)}`,
  );
}
