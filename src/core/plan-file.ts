import { ColorshineError, quote } from './errors.js';
import { checkBlend, checkChannels, checkObject, OKLAB_RANGE } from './options.js';
import { checkVersion, parseJson, rowsKey } from './recipe.js';
import { checkRow, checkRowList, ROW_KEYS } from './row/check-row.js';
import { checkedAs } from './row/checked-as.js';
import { isNearDisplays, parseColor } from './row/color.js';
import { kindOf } from './row/kind.js';
import type { Gamut, Plan, PlanRow, Recipe, Row } from './types.js';
import { RECIPE_VERSION } from './version.js';

const PLAN_KEYS = ['$schema', 'version', 'gamut', 'channels', 'blend', 'rows', 'attractors', 'pixels'] as const;
const PLAN_ROW_KEYS = [...ROW_KEYS, 'oklab', 'center', 'powerlessHue', 'radius', 'share'] as const;

/** Reads a plan from its JSON text, of any version. @throws INVALID_PLAN */
export function parsePlan(json: string): Plan {
  return checkPlan(parseJson(json, 'plan', 'INVALID_PLAN'));
}

/** Checks a plan that came from outside, of any version. @throws INVALID_PLAN */
export function checkPlan(value: unknown): Plan {
  const plan = checkObject(value, 'plan', PLAN_KEYS, 'INVALID_PLAN');
  const key = rowsKey(plan, 'plan', 'INVALID_PLAN', true);
  if (plan.gamut !== 'srgb' && plan.gamut !== 'display-p3') {
    throw new ColorshineError('INVALID_PLAN', `plan: gamut: expected srgb or display-p3, got ${quote(plan.gamut)}`);
  }
  const rows = checkRowList(plan[key], `plan: ${key}`, 'INVALID_PLAN', 1).map((item, i) => checkPlanRow(item, i));
  const made: Plan = {
    version: RECIPE_VERSION,
    gamut: plan.gamut,
    channels: checkChannels(plan.channels),
    blend: checkBlend(plan.blend),
    rows,
    pixels: finite(plan.pixels, 'plan: pixels', 0),
  };
  checkVersion(plan, made, 'plan', 'INVALID_PLAN');
  return made;
}

/** The plan itself. @throws INVALID_PLAN when its gamut is not the picture's */
export function checkGamut(plan: Plan, gamut: Gamut): Plan {
  if (plan.gamut === gamut) return plan;
  throw new ColorshineError('INVALID_PLAN', `plan: expected gamut ${gamut}, as the image has, got ${plan.gamut}`);
}

/** True for something that claims to be a plan: frozen radii instead of reaches alone. */
export function isPlan(value: unknown): value is Plan {
  return typeof value === 'object' && value !== null && 'gamut' in value;
}

/** What a plan was made of, without what was measured. */
export function recipeOf({ rows, channels, blend }: Plan): Recipe {
  const written = rows.map(({ oklab, center, powerlessHue, radius, share, ...row }): Row => row);
  return { version: RECIPE_VERSION, rows: written, channels, blend };
}

function checkPlanRow(item: unknown, index: number): PlanRow {
  const place = `plan: row ${index + 1}`;
  return checkedAs(place, () => {
    const given = checkObject(item, place, PLAN_ROW_KEYS, 'INVALID_PLAN');
    const { oklab, center, powerlessHue, radius, share, ...written } = given;
    for (const color of [written.color, written.from]) if (color !== undefined) parseColor(color);
    const row = checkRow(written);
    if (typeof powerlessHue !== 'boolean') {
      throw new ColorshineError('INVALID_PLAN', `powerlessHue: expected true or false, got ${quote(powerlessHue)}`);
    }
    return {
      ...row,
      oklab: checkOklab(oklab, 'oklab'),
      ...(kindOf(row) === 'repaint' && { center: checkOklab(center, 'center') }),
      powerlessHue,
      radius: finite(radius, 'radius', 0),
      ...(share !== undefined && { share: finite(share, 'share', 0) }),
    };
  });
}

function checkOklab(value: unknown, name: string): [number, number, number] {
  if (Array.isArray(value) && value.length === 3 && isNearDisplays(value) && value.every(Number.isFinite)) {
    return value as [number, number, number];
  }
  throw new ColorshineError(
    'INVALID_PLAN',
    `${name}: expected three numbers from ${OKLAB_RANGE.min} to ${OKLAB_RANGE.max}, got ${quote(value)}`,
  );
}

function finite(value: unknown, name: string, min: number): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= min) return value;
  throw new ColorshineError('INVALID_PLAN', `${name}: expected a number from ${min}, got ${quote(value)}`);
}
