import { weightLine } from './attractor/influence.js';
import type { Matrix3 } from './color/matrices.js';
import { gamutMatrices } from './color/oklab.js';
import { POWERLESS_CHROMA } from './color/powerless.js';
import { canonicalOrder } from './pull.js';
import type { Plan } from './types.js';

/** Numbers for each attractor in the arrays of a compiled plan, in this order. */
export const ATTRACTOR_STRIDE = 9;

/** A plan laid out for hot loops: no objects, attractors that cannot act left out, canonical order. */
export interface CompiledPlan {
  readonly toLms: Matrix3;
  readonly fromLms: Matrix3;
  readonly luminance: boolean;
  readonly saturation: boolean;
  readonly hue: boolean;
  readonly count: number;
  /** Per attractor: L, a, b, chroma, hue vote x, hue vote y, radius, weight floor, weight gain. */
  readonly attractors: Float64Array;
}

export function compilePlan(plan: Plan): CompiledPlan {
  const active = canonicalOrder(plan.attractors).filter(({ radius, strength }) => radius > 0 && strength > 0);
  const attractors = new Float64Array(active.length * ATTRACTOR_STRIDE);
  active.forEach(({ oklab: [L, a, b], powerlessHue, radius, strength }, i) => {
    const chroma = Math.sqrt(a * a + b * b);
    const { floor, gain } = weightLine(strength);
    // A plan from outside may call a grey's hue powerful; dividing by its chroma would give NaN.
    const vote = powerlessHue || chroma < POWERLESS_CHROMA ? [0, 0] : [a / chroma, b / chroma];
    attractors.set([L, a, b, chroma, ...vote, radius, floor, gain], i * ATTRACTOR_STRIDE);
  });
  const { toLms, fromLms } = gamutMatrices(plan.gamut);
  return { toLms, fromLms, ...plan.channels, count: active.length, attractors };
}
