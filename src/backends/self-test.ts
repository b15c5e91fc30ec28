import { planFromCensus } from '../core/analysis/plan.js';
import type { Backend } from '../core/backend.js';
import { COLOR_COUNT } from '../core/color/packed.js';
import { makeRecipe } from '../core/recipe.js';
import type { Plan } from '../core/types.js';

const SELF_TEST_COLORS = 4096;
/** A backend may be off by one code, never by more (docs/internals/model.md, Accuracy). */
const MAX_CODES_OFF = 1;

/**
 * Colors spread evenly over the cube, in an order that mixes them: multiples of an odd number near the golden section
 * of 2^24.
 */
export function spreadColors(count: number): Uint32Array {
  const colors = new Uint32Array(count);
  // A million of them by `Array.from` would hold up a window.
  for (let i = 0; i < count; i++) colors[i] = Math.imul(i, 10_368_889) & (COLOR_COUNT - 1);
  return colors;
}

/** Colors of a self-test in a process that may live half a second: the js backend is slow until its code is compiled. */
export const HASTY_SELF_TEST_COLORS = 256;

/** A plan that takes every path: rows of all kinds, both strength branches, W above 1, a grey and an out-of-gamut target. */
export function makeTestPlan(): Plan {
  return planOf([
    'oklch(0.7 0.3 140);60;90',
    '#3060c0;40;150',
    'gray;30;60',
    '#c05030 -> teal;~0.3;100',
    'keep pink;~0.2;80',
  ]);
}

/** A plan like most: two attractors, little outside the gamut. */
export function makeTimingPlan(): Plan {
  return planOf(['#c85a28;40;80', '#3060c0;50;70']);
}

function planOf(rows: readonly string[]): Plan {
  const colors = spreadColors(HASTY_SELF_TEST_COLORS);
  const census = { colors, counts: new Float64Array(colors.length).fill(1) };
  return planFromCensus(census, makeRecipe(rows), 'srgb');
}

/**
 * Compares a backend with the js backend on spread colors.
 *
 * @param count default 4,096
 * @returns what is wrong, as a part of a sentence; undefined when it passed
 * @throws what the backend throws
 */
export async function selfTest(
  backend: Backend,
  js: Backend,
  plan: Plan,
  count: number = SELF_TEST_COLORS,
): Promise<string | undefined> {
  const colors = spreadColors(count);
  const got = new Uint32Array(count);
  const wanted = new Uint32Array(count);
  await backend.evaluate(colors, plan, got);
  await js.evaluate(spreadColors(count), plan, wanted);
  const max = largestDifference(got, wanted);
  return max > MAX_CODES_OFF ? `it is ${max}/255 off the reference` : undefined;
}

/**
 * A look at a finished evaluation: some of its colors again, by the js backend. A lost GPU context gives zeros or
 * garbage without a word.
 */
export async function spotCheck(colors: Uint32Array, plan: Plan, out: Uint32Array, js: Backend): Promise<boolean> {
  const step = Math.max(1, Math.floor(colors.length / SPOTS));
  const at = Uint32Array.from({ length: Math.ceil(colors.length / step) }, (_, i) => i * step);
  const wanted = new Uint32Array(at.length);
  await js.evaluate(
    at.map((i) => colors[i] as number),
    plan,
    wanted,
  );
  const got = at.map((i) => out[i] as number);
  return largestDifference(got, wanted) <= MAX_CODES_OFF;
}
const SPOTS = 256;

/** Largest difference of one byte of the packed colors; the fourth byte must be 0 in both. */
function largestDifference(got: Uint32Array, wanted: Uint32Array): number {
  let max = 0;
  for (let i = 0; i < wanted.length; i++) {
    for (let shift = 0; shift < 32; shift += 8) {
      const p = ((got[i] as number) >>> shift) & 255;
      const q = ((wanted[i] as number) >>> shift) & 255;
      if (Math.abs(p - q) > max) max = Math.abs(p - q);
    }
  }
  return max;
}
