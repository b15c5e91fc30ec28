import { straightOklab } from '../color/powerless.js';
import { ColorshineError } from '../errors.js';
import { parseColor } from '../row/color.js';
import type { Center } from '../row/distance.js';
import { kindOf } from '../row/kind.js';
import type { PlanRow, Recipe, Row } from '../types.js';

/** A row with its colors read. */
export interface PlanTarget extends Pick<PlanRow, 'oklab' | 'powerlessHue'> {
  readonly row: Row;
  readonly center: Center;
}

/** The rows of a recipe that act, in its order; what a plan has besides its radii. */
export interface Targets extends Pick<Recipe, 'channels' | 'blend'> {
  readonly targets: readonly PlanTarget[];
}

/** @throws NO_ROWS when the recipe has none, or none enabled; INVALID_COLOR */
export function readTargets({ rows, channels, blend }: Recipe): Targets {
  const enabled = rows.filter((row) => row.enabled !== false);
  if (enabled.length === 0) throw noRows();
  return { channels, blend, targets: enabled.map(readTarget) };
}

/** @throws INVALID_COLOR */
export function readTarget(row: Row): PlanTarget {
  const { oklab, powerlessHue } = parseColor(row.color);
  if (kindOf(row) === 'attractor') return { row, oklab, powerlessHue, center: { oklab, isSurface: false } };
  const straight = straightOklab(oklab, powerlessHue);
  const center = { oklab: row.from === undefined ? straight : readStraight(row.from), isSurface: true };
  return { row, oklab: straight, powerlessHue, center };
}

/** @param others what else would do, such as `, or --recipe FILE` */
export function noRows(others = ''): ColorshineError {
  const expected = `at least one such as "blue;50;70" or "blue -> teal;40;100"${others}`;
  return new ColorshineError('NO_ROWS', `rows: expected ${expected}, got 0`);
}

function readStraight(color: string): PlanRow['oklab'] {
  const { oklab, powerlessHue } = parseColor(color);
  return straightOklab(oklab, powerlessHue);
}
