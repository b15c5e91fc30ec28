import { ColorshineError, quote } from '../errors.js';
import { checkObject, checkReach, checkStrength, checkTolerance, MAX_ROWS } from '../options.js';
import type { Row } from '../types.js';
import { checkedAs } from './checked-as.js';
import { checkColor } from './color.js';
import { kindOf } from './kind.js';
import { parseRow } from './parse.js';

/** Of a row in a file; those of version 1 come first. */
export const ROW_KEYS = ['color', 'tolerance', 'strength', 'enabled', 'from', 'keep', 'reach'] as const;

/**
 * A row as a file or a caller gives it.
 *
 * @param item "blue;50;70" or an object
 * @throws INVALID_RECIPE and the codes of its parts
 */
export function checkRow(item: unknown): Row {
  if (typeof item === 'string') return parseRow(item);
  const { color, tolerance, strength, enabled, from, keep, reach } = checkObject(
    item,
    'row',
    ROW_KEYS,
    'INVALID_RECIPE',
  );
  checkFlag('enabled', enabled);
  checkFlag('keep', keep);
  if (keep && from !== undefined) throw badKey('keep', 'no from beside it', from);
  if (tolerance !== undefined && reach !== undefined) {
    throw badKey('reach', 'either a tolerance or a reach', { tolerance, reach });
  }
  const row = {
    color: checkColor(color),
    ...(from !== undefined && { from: checkedAs('from', () => checkColor(from)) }),
    ...(keep === true && { keep: true as const }),
    ...(reach === undefined ? { tolerance: checkTolerance(tolerance) } : { reach: checkReach(reach) }),
    strength: checkStrength(strength),
    ...(enabled !== undefined && { enabled: enabled as boolean }),
  };
  if (reach === 'auto' && kindOf(row) === 'attractor')
    throw badKey('reach', 'auto on a repaint or keep row alone', reach);
  return row;
}

/** @throws INVALID_RECIPE or INVALID_PLAN for anything else than a list of `min` to MAX_ROWS */
export function checkRowList(
  value: unknown,
  name: string,
  code: 'INVALID_RECIPE' | 'INVALID_PLAN',
  min: 0 | 1 = 0,
): readonly unknown[] {
  if (Array.isArray(value) && value.length >= min && value.length <= MAX_ROWS) return value;
  const given = Array.isArray(value) ? `${value.length}` : quote(value);
  throw new ColorshineError(code, `${name}: expected a list of 1 to ${MAX_ROWS}, got ${given}`);
}

function checkFlag(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') throw badKey(name, 'true or false', value);
}

function badKey(name: string, expected: string, given: unknown): ColorshineError {
  return new ColorshineError('INVALID_RECIPE', `${name}: expected ${expected}, got ${quote(given)}`);
}
