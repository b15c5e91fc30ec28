import type { Matrix3 } from './color/matrices.js';
import { gamutMatrices } from './color/oklab.js';
import { POWERLESS_CHROMA, straightOklab } from './color/powerless.js';
import { canonicalOrder, centerOf, SHADELESS_LIGHTNESS } from './pull.js';
import { weightLine } from './row/influence.js';
import { kindOf, type RowKind } from './row/kind.js';
import type { Plan, PlanRow } from './types.js';

/** Numbers for each row in the array of a compiled plan. */
export const ROW_STRIDE = 13;

/**
 * A plan laid out for hot loops: no objects, rows that cannot act left out. Keep rows come first, then repaint rows, then
 * attractors, each kind in canonical order.
 */
export interface CompiledPlan {
  readonly toLms: Matrix3;
  readonly fromLms: Matrix3;
  readonly luminance: boolean;
  readonly saturation: boolean;
  readonly hue: boolean;
  /** Whether attractors blend straight (`oklab`). */
  readonly isStraight: boolean;
  /** Rows of each kind. */
  readonly keeps: number;
  readonly repaints: number;
  readonly attractors: number;
  /**
   * Per row, at multiples of ROW_STRIDE: center L, a, b (0 to 2); three numbers of its kind (3 to 5); radius, weight floor, weight
   * gain (6 to 8); shade (9 to 12).
   *
   * Of its kind: attractors have chroma, hue vote x and y, or, where they blend straight, 0, a and b; repaint rows what lies between
   * center and target in L, a, b. Shade: slope and offset over L of what is darker than the center, then over 1 - L of what is lighter; the
   * smaller of the two lines counts.
   */
  readonly rows: Float64Array;
}

export function compilePlan(plan: Plan): CompiledPlan {
  const isStraight = plan.blend === 'oklab';
  const active = canonicalOrder(plan.rows).filter(({ radius, strength }) => radius > 0 && strength > 0);
  const rows = new Float64Array(active.length * ROW_STRIDE);
  active.forEach((row, i) => {
    const { floor, gain } = weightLine(row.strength);
    const center = centerOf(row).oklab;
    const ofKind =
      kindOf(row) === 'attractor' ? voteOf(row, isStraight) : row.oklab.map((x, k) => x - (center[k] as number));
    rows.set([...center, ...ofKind, row.radius, floor, gain, ...shadeLines(center[0])], i * ROW_STRIDE);
  });
  const countOf = (kind: RowKind): number => active.filter((row) => kindOf(row) === kind).length;
  const { toLms, fromLms } = gamutMatrices(plan.gamut);
  const counts = { keeps: countOf('keep'), repaints: countOf('repaint'), attractors: countOf('attractor') };
  return { toLms, fromLms, ...plan.channels, isStraight, ...counts, rows };
}

/** What an attractor gives to the blend besides its lightness. */
function voteOf({ oklab, powerlessHue }: PlanRow, isStraight: boolean): readonly number[] {
  if (isStraight) return [0, ...straightOklab(oklab, powerlessHue).slice(1)];
  const [, a, b] = oklab;
  const chroma = Math.sqrt(a * a + b * b);
  // A plan from outside may call a grey's hue powerful; dividing by its chroma would give NaN.
  return powerlessHue || chroma < POWERLESS_CHROMA ? [chroma, 0, 0] : [chroma, a / chroma, b / chroma];
}

function shadeLines(L: number): readonly number[] {
  const darker = L < SHADELESS_LIGHTNESS ? [0, 1] : [1 / L, 0];
  const lighter = L > 1 - SHADELESS_LIGHTNESS ? [0, 1] : [1 / (1 - L), 0];
  return [...darker, ...lighter];
}
