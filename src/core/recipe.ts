import { checkColor, isNearDisplays, parseColor } from './attractor/color.js';
import { parseAttractor } from './attractor/parse.js';
import { ColorshineError, quote } from './errors.js';
import { checkChannels, checkObject, checkStrength, checkTolerance, MAX_ATTRACTORS, OKLAB_RANGE } from './options.js';
import type { Attractor, Channels, Gamut, Plan, PlanAttractor, Recipe } from './types.js';

/** Version of the recipe and plan formats. A file with another one is refused. */
export const RECIPE_VERSION = 1;

const RECIPE_KEYS = ['$schema', 'version', 'name', 'attractors', 'channels'] as const;
const ATTRACTOR_KEYS = ['color', 'tolerance', 'strength', 'enabled'] as const;
const PLAN_KEYS = ['$schema', 'version', 'gamut', 'channels', 'attractors', 'pixels'] as const;
const PLAN_ATTRACTOR_KEYS = [...ATTRACTOR_KEYS, 'oklab', 'powerlessHue', 'radius', 'share'] as const;

/** What a caller may write: a recipe, or attractors as strings or objects with optional channels. */
export interface RecipeInput {
  readonly version?: 1;
  readonly name?: string;
  readonly attractors: readonly (string | Attractor)[];
  readonly channels?: Partial<Channels>;
}

/**
 * Checks a recipe and fills in defaults.
 *
 * @param value a recipe object, or an array of attractors ("blue;50;70" or objects)
 * @throws INVALID_RECIPE and the codes of its parts, each naming the place
 */
export function makeRecipe(value: RecipeInput | readonly (string | Attractor)[]): Recipe {
  return readRecipe(Array.isArray(value) ? { attractors: value } : value);
}

/** Reads a recipe from its JSON text. @throws INVALID_RECIPE */
export function parseRecipe(json: string): Recipe {
  return readRecipe(parseJson(json, 'recipe', 'INVALID_RECIPE'), true);
}

/** JSON text of a recipe, with a trailing newline. */
export function formatRecipe(recipe: Recipe): string {
  return `${JSON.stringify({ ...recipe }, null, 2)}\n`;
}

/** Reads a plan from its JSON text. @throws INVALID_PLAN */
export function parsePlan(json: string): Plan {
  return checkPlan(parseJson(json, 'plan', 'INVALID_PLAN'));
}

/** Checks a plan that came from outside. @throws INVALID_PLAN */
export function checkPlan(value: unknown): Plan {
  const plan = checkObject(value, 'plan', PLAN_KEYS, 'INVALID_PLAN');
  checkVersion(plan.version, 'plan', 'INVALID_PLAN');
  if (plan.gamut !== 'srgb' && plan.gamut !== 'display-p3') {
    throw new ColorshineError('INVALID_PLAN', `plan: gamut: expected srgb or display-p3, got ${quote(plan.gamut)}`);
  }
  const attractors = checkList(plan.attractors, 'plan', 'INVALID_PLAN', 1).map((item, i) =>
    checkPlanAttractor(item, i),
  );
  return {
    version: RECIPE_VERSION,
    gamut: plan.gamut,
    channels: checkChannels(plan.channels),
    attractors,
    pixels: finite(plan.pixels, 'plan: pixels', 0),
  };
}

/** The plan itself. @throws INVALID_PLAN when its gamut is not the picture's */
export function checkGamut(plan: Plan, gamut: Gamut): Plan {
  if (plan.gamut === gamut) return plan;
  throw new ColorshineError('INVALID_PLAN', `plan: expected gamut ${gamut}, as the image has, got ${plan.gamut}`);
}

/** True for something that claims to be a plan: frozen radii instead of tolerances alone. */
export function isPlan(value: unknown): value is Plan {
  return typeof value === 'object' && value !== null && 'gamut' in value;
}

function readRecipe(value: unknown, versionRequired = false): Recipe {
  const recipe = checkObject(value, 'recipe', RECIPE_KEYS, 'INVALID_RECIPE');
  if (versionRequired || recipe.version !== undefined) checkVersion(recipe.version, 'recipe', 'INVALID_RECIPE');
  const attractors = checkList(recipe.attractors, 'recipe', 'INVALID_RECIPE').map((item, i) => checkAttractor(item, i));
  if (attractors.length === 0) {
    throw new ColorshineError('NO_ATTRACTORS', 'attractors: expected at least one such as "blue;50;70", got 0');
  }
  if (recipe.name !== undefined && typeof recipe.name !== 'string') {
    throw new ColorshineError('INVALID_RECIPE', `recipe: name: expected text, got ${quote(recipe.name)}`);
  }
  return {
    version: RECIPE_VERSION,
    ...(recipe.name !== undefined && { name: recipe.name }),
    attractors,
    channels: checkChannels(recipe.channels),
  };
}

function checkAttractor(item: unknown, index: number): Attractor {
  const place = `attractor ${index + 1}`;
  return prefixed(place, () => {
    if (typeof item === 'string') return parseAttractor(item);
    const { color, tolerance, strength, enabled } = checkObject(item, place, ATTRACTOR_KEYS, 'INVALID_RECIPE');
    if (enabled !== undefined && typeof enabled !== 'boolean') {
      throw new ColorshineError('INVALID_RECIPE', `enabled: expected true or false, got ${quote(enabled)}`);
    }
    return {
      color: checkColor(color),
      tolerance: checkTolerance(tolerance),
      strength: checkStrength(strength),
      ...(enabled !== undefined && { enabled }),
    };
  });
}

function checkPlanAttractor(item: unknown, index: number): PlanAttractor {
  const place = `plan: attractor ${index + 1}`;
  return prefixed(place, () => {
    const given = checkObject(item, place, PLAN_ATTRACTOR_KEYS, 'INVALID_PLAN');
    const { oklab, powerlessHue, radius, share, ...attractor } = given;
    parseColor(attractor.color);
    if (!Array.isArray(oklab) || oklab.length !== 3 || !isNearDisplays(oklab) || !oklab.every(Number.isFinite)) {
      throw new ColorshineError(
        'INVALID_PLAN',
        `oklab: expected three numbers from ${OKLAB_RANGE.min} to ${OKLAB_RANGE.max}, got ${quote(oklab)}`,
      );
    }
    if (typeof powerlessHue !== 'boolean') {
      throw new ColorshineError('INVALID_PLAN', `powerlessHue: expected true or false, got ${quote(powerlessHue)}`);
    }
    return {
      ...checkAttractor(attractor, index),
      oklab: oklab as unknown as [number, number, number],
      powerlessHue,
      radius: finite(radius, 'radius', 0),
      share: finite(share, 'share', 0),
    };
  });
}

function checkList(
  value: unknown,
  name: string,
  code: 'INVALID_RECIPE' | 'INVALID_PLAN',
  min: 0 | 1 = 0,
): readonly unknown[] {
  if (Array.isArray(value) && value.length >= min && value.length <= MAX_ATTRACTORS) return value;
  const given = Array.isArray(value) ? `${value.length}` : quote(value);
  throw new ColorshineError(code, `${name}: attractors: expected a list of 1 to ${MAX_ATTRACTORS}, got ${given}`);
}

function checkVersion(version: unknown, name: string, code: 'INVALID_RECIPE' | 'INVALID_PLAN'): void {
  if (version === RECIPE_VERSION) return;
  throw new ColorshineError(code, `${name}: version: expected ${RECIPE_VERSION}, got ${quote(version)}`);
}

function finite(value: unknown, name: string, min: number): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= min) return value;
  throw new ColorshineError('INVALID_PLAN', `${name}: expected a number from ${min}, got ${quote(value)}`);
}

function parseJson(json: string, name: string, code: 'INVALID_RECIPE' | 'INVALID_PLAN'): unknown {
  try {
    return JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new ColorshineError(code, `${name}: expected JSON, got ${quote(json.trim().slice(0, 60))}`, { cause });
  }
}

/** Runs a check and puts the place before its message. */
function prefixed<T>(place: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ColorshineError) || error.message.startsWith(place)) throw error;
    throw new ColorshineError(error.code, `${place}: ${error.message}`, { cause: error });
  }
}
